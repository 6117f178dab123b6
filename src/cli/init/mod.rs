//! `lint init`: writes a `santun.toml` with what is known of the agency, asked for or given by options.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::args::{base, flag, lang_option, option};
use super::{Outcome, output, problem, whole};
use crate::config::FILE_NAME;
use crate::locale::Lang;
use crate::open::unreadable;
use crate::report::shown;
use crate::schema;
use crate::texts::Key;

mod answers;
mod file;

use answers::{Answers, QUESTIONS, Question, Sort};

/// What is to be written, and where.
#[derive(Debug)]
pub(super) struct Init {
    folder: PathBuf,
    /// What options say.
    answers: Answers,
    /// Whether questions may be asked.
    asks: bool,
    force: bool,
    /// Whether the schema of the file is wanted in place of a file.
    schema: bool,
}

/// The command and its options.
pub(super) fn command(lang: Lang) -> Command {
    let folder = Arg::new("folder")
        .value_name(lang.text(Key::ValueFolder))
        .value_parser(value_parser!(PathBuf))
        .help(lang.text(Key::OptInitFolder))
        .help_heading(lang.text(Key::HeadingArguments));
    let facts = QUESTIONS.iter().map(|question| match question.sort {
        Sort::YesNo => flag(lang, question.option, question.help),
        Sort::Many | Sort::Domains => {
            option(lang, question.option, Key::ValueText, question.help).action(ArgAction::Append)
        }
        Sort::Zone => option(lang, question.option, Key::ValueZone, question.help),
        Sort::Hours => option(lang, question.option, Key::ValueHours, question.help),
    });
    base(Command::new("init"), lang)
        .about(lang.text(Key::AboutInit))
        .override_usage(lang.text(Key::UsageInit))
        .arg(folder)
        .args(facts)
        .arg(flag(lang, "yes", Key::OptInitYes).short('y'))
        .arg(flag(lang, "force", Key::OptInitForce))
        .arg(flag(lang, "schema", Key::OptInitSchema))
        .arg(lang_option(lang))
}

impl Init {
    /// What was said on the command line.
    pub(super) fn from_matches(lang: Lang, matches: &ArgMatches) -> Result<Self, String> {
        let mut answers = Answers::default();
        for question in QUESTIONS {
            if question.sort == Sort::YesNo {
                if matches.get_flag(question.option) {
                    answers.set(question.key, true);
                }
                continue;
            }
            for value in matches.get_many::<String>(question.option).into_iter().flatten() {
                answers.put(question, value, lang)?;
            }
        }
        Ok(Self {
            asks: answers.is_empty() && !matches.get_flag("yes"),
            folder: matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default(),
            answers,
            force: matches.get_flag("force"),
            schema: matches.get_flag("schema"),
        })
    }
}

/// Writes the file, or prints its schema.
pub(super) fn run(lang: Lang, chosen: Option<Lang>, task: &Init) -> Outcome {
    if task.schema {
        return output::print(&output::pretty_json(&schema::config()));
    }
    let path = task.folder.join(FILE_NAME);
    let folder = if task.folder.as_os_str().is_empty() { Path::new(".") } else { &task.folder };
    if let Err(error) = std::fs::read_dir(folder) {
        problem::say(lang, &unreadable(lang, folder, &error));
        return Outcome::Trouble;
    }
    if !task.force && path.symlink_metadata().is_ok() {
        return exists(lang, &path);
    }
    let mut answers = task.answers.clone();
    if task.asks && io::stdin().is_terminal() && io::stderr().is_terminal() {
        // Questions go to standard error: what is redirected is the result.
        match ask(lang, &mut io::stdin().lock(), &mut io::stderr(), &mut answers) {
            Ok(true) => {}
            Ok(false) => {
                problem::line(&format!("\n{}", lang.text(Key::AskLeft)));
                return Outcome::Trouble;
            }
            Err(error) => {
                problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
                return Outcome::Trouble;
            }
        }
    }
    let text = file::text(lang, chosen, &answers);
    let write = if task.force { whole::write } else { whole::write_new };
    match write(&path, text.as_bytes()) {
        Ok(()) => {
            let path = shown(&path.display().to_string());
            output::print(&(lang.fill(Key::InitWritten, &[("path", &path)]) + "\n"))
        }
        // It came into being while questions were answered.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => exists(lang, &path),
        Err(error) => {
            problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
            Outcome::Trouble
        }
    }
}

fn exists(lang: Lang, path: &Path) -> Outcome {
    let path = shown(&path.display().to_string());
    problem::say(lang, &lang.fill(Key::ErrorInitExists, &[("path", &path)]));
    Outcome::Trouble
}

/// Asks one question after the other; an empty line skips one, and an answer that cannot be is asked for again. False where the
/// input ended before the last answer.
fn ask(lang: Lang, input: &mut dyn BufRead, output: &mut dyn Write, answers: &mut Answers) -> io::Result<bool> {
    writeln!(output, "{}\n", lang.text(Key::AskIntroduction))?;
    for question in QUESTIONS {
        loop {
            match put_answer(lang, question, input, output, answers)? {
                Reply::Taken => break,
                Reply::Wrong => {}
                // A terminal tells its end once, so it is not asked for it again.
                Reply::Gone => return Ok(false),
            }
        }
    }
    Ok(true)
}

/// What came of a question.
enum Reply {
    Taken,
    Wrong,
    Gone,
}

/// Asks once.
fn put_answer(
    lang: Lang,
    question: &Question,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    answers: &mut Answers,
) -> io::Result<Reply> {
    write!(output, "{} ", lang.text(question.ask))?;
    output.flush()?;
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(Reply::Gone);
    }
    let line = line.trim();
    let parts: Vec<&str> = if question.sort == Sort::Many { line.split(';').collect() } else { vec![line] };
    for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        if let Err(complaint) = answers.put(question, part, lang) {
            writeln!(output, "{complaint}")?;
            return Ok(Reply::Wrong);
        }
    }
    Ok(Reply::Taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn asked(lang: Lang, said: &str) -> (bool, Answers, String) {
        let (mut answers, mut output) = (Answers::default(), Vec::new());
        let done = ask(lang, &mut said.as_bytes(), &mut output, &mut answers).unwrap();
        (done, answers, String::from_utf8(output).unwrap())
    }

    #[test]
    fn what_is_answered_stands_in_the_file() {
        let said = "Dinas Pangan, Tani, dan \"Laut\" Kota Y; Dinas X\nhttps://www.DinasX.go.id/\n(0209) 555-0199\nYanto\n\n\
                    1-4,6 07.30-15:30\nwita\ny\n";
        let (done, answers, _) = asked(Lang::Id, said);
        assert!(done);
        let text = file::text(Lang::Id, None, &answers);
        let facts = Config::parse(&text).unwrap().agency;
        assert_eq!(facts.names, ["Dinas Pangan, Tani, dan \"Laut\" Kota Y", "Dinas X"]);
        assert_eq!(facts.domains, ["dinasx.go.id"]);
        assert_eq!((facts.people.as_slice(), facts.positions.is_empty()), (&["Yanto".to_owned()][..], true));
        assert!(facts.election && text.contains("reply_clock = \"working\"") && text.contains("zone = \"WITA\""));
        assert!(text.contains("hours = { days = \"1-4,6\", from = \"07:30\", to = \"15:30\" }"), "{text}");
    }

    #[test]
    fn what_cannot_be_is_asked_again() {
        let (done, answers, output) = asked(Lang::En, "\nnot a domain\ndinasx.go.id\n\n\n\n8 to 4\n\nWIBB\nwib\nno\n");
        assert!(done, "{output}");
        assert_eq!(output.matches("“not”").count(), 1, "{output}");
        assert_eq!(output.matches("“8 to 4”").count(), 1, "{output}");
        assert_eq!(output.matches("Did you mean WIB?").count(), 1, "{output}");
        assert!(!Config::parse(&file::text(Lang::En, None, &answers)).unwrap().agency.election);
    }

    #[test]
    fn who_leaves_gets_no_file() {
        assert!(!asked(Lang::Id, "Dinas X\n").0);
        assert!(asked(Lang::Id, &"\n".repeat(QUESTIONS.len())).0);
    }
}
