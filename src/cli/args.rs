//! Arguments: what may be said, and what was said.
//!
//! clap reads them; its help and its errors are given in the language of the interface, with texts of our own.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::init::{self, Init};
use super::mend::Mending;
use super::{Outcome, completions, man, problem, terminal, wildcard};
use crate::config::FailOn;
use crate::diagnostic::Safety;
use crate::locale::Lang;
use crate::message::Channel;
use crate::project::Setup;
use crate::read::{Column, FORMATS, Format};
use crate::render::{OUTPUTS, Output};
use crate::report::{Masking, channel_names, shown};
use crate::texts::Key;

/// What was said.
#[derive(Debug)]
pub(super) struct Arguments {
    /// What all commands share.
    pub(super) common: Common,
    /// What is to be done.
    pub(super) task: Task,
}

/// What all commands share.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// The language, if it was chosen.
    pub(super) lang: Option<Lang>,
    /// Whether standard output may have colours.
    pub(super) color: bool,
    /// Packs of one's own.
    pub(super) packs: Vec<PathBuf>,
    /// Whether the embedded packs are left out.
    pub(super) no_builtin: bool,
    /// The configuration, if it was named.
    pub(super) config: Option<PathBuf>,
    /// Whether no configuration is searched.
    pub(super) isolated: bool,
}

impl Common {
    /// What is said about rules and configurations.
    pub(super) fn setup(&self) -> Setup {
        let Self { lang, packs, no_builtin, config, isolated, .. } = self.clone();
        Setup { lang, packs, no_builtin, config, isolated }
    }
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Task {
    /// Check messages.
    Check(Box<Check>),
    /// Explain a rule.
    Explain {
        /// Its id.
        rule: String,
    },
    /// List the rules.
    ListRules {
        /// Whether as JSON.
        as_json: bool,
    },
    /// Run the cases inside the packs.
    TestRules {
        /// Those of these alone; none for those of all.
        packs: Vec<PathBuf>,
    },
    /// Print the schema of packs.
    PackSchema,
    /// Write a configuration.
    Init(Box<Init>),
    /// Serve an editor.
    Serve,
    /// Print what a shell completes.
    Completions {
        /// Its name.
        shell: String,
    },
    /// Print the manual, or write its pages.
    Man {
        /// Where to.
        output: Option<PathBuf>,
    },
}

/// How to check.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent options")]
pub(super) struct Check {
    pub(super) paths: Vec<PathBuf>,
    pub(super) channel: Option<Channel>,
    pub(super) input_format: Option<&'static Format>,
    pub(super) stdin_filename: Option<String>,
    /// Senders of conversations whose turns are ours.
    pub(super) me: Vec<String>,
    /// Which columns of tables hold what, by their names.
    pub(super) columns: Vec<(Column, String)>,
    pub(super) output_format: &'static Output,
    pub(super) output: Option<PathBuf>,
    pub(super) select: Vec<String>,
    pub(super) ignore: Vec<String>,
    pub(super) fail_on: Option<FailOn>,
    /// Whether findings are counted in place of being shown, and how their senders are called then.
    pub(super) statistics: bool,
    /// Whether it is told how the guideline's statements stand.
    pub(super) checklist: bool,
    pub(super) jobs: usize,
    /// Whether no file can switch rules off for itself.
    pub(super) no_suppressions: bool,
    pub(super) quiet: bool,
    /// Whether it is checked again after each change.
    pub(super) watch: bool,
    /// What is done with fixes, if anything.
    pub(super) mending: Option<Mending>,
    /// The least certain fixes that are taken.
    pub(super) most: Safety,
    /// A file of findings that do not count.
    pub(super) baseline: Option<PathBuf>,
    /// A file to which all findings are written, for the next runs.
    pub(super) write_baseline: Option<PathBuf>,
    /// Whether personal data stands in a diff as it is.
    pub(super) masking: Masking,
}

impl Arguments {
    /// Reads the arguments. Help, the version and complaints are printed here; the outcome is then all that is left.
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, Outcome> {
        let lang = language(arguments);
        let matches = match command(lang).try_get_matches_from(arguments) {
            Ok(matches) => matches,
            Err(error) => return Err(answer(lang, &error)),
        };
        Self::from_matches(lang, &matches).map_err(|text| {
            problem::say(lang, &text);
            Outcome::Trouble
        })
    }

    fn from_matches(lang: Lang, matches: &ArgMatches) -> Result<Self, String> {
        let (inner, task) = match matches.subcommand() {
            Some(("explain", inner)) => (inner, Task::Explain { rule: text(inner, "rule").unwrap_or_default() }),
            Some(("rules", rules)) => match rules.subcommand() {
                Some(("test", inner)) => (inner, Task::TestRules { packs: paths(inner, "packs") }),
                Some(("list", inner)) => {
                    (inner, Task::ListRules { as_json: text(inner, "format").as_deref() == Some("json") })
                }
                Some(("schema", inner)) => (inner, Task::PackSchema),
                _ => (rules, Task::ListRules { as_json: false }),
            },
            Some(("init", inner)) => (inner, Task::Init(Box::new(Init::from_matches(lang, inner)?))),
            Some(("lsp", inner)) => (inner, Task::Serve),
            Some(("completions", inner)) => {
                (inner, Task::Completions { shell: text(inner, "shell").unwrap_or_default() })
            }
            Some(("man", inner)) => (inner, Task::Man { output: inner.get_one::<PathBuf>("output").cloned() }),
            Some(("check", inner)) => (inner, Task::Check(Box::new(Check::from_matches(lang, inner)?))),
            _ => (matches, Task::Check(Box::new(Check::from_matches(lang, matches)?))),
        };
        Ok(Self { common: Common::from_matches(inner), task })
    }
}

impl Common {
    /// Not every command has all of them.
    fn from_matches(matches: &ArgMatches) -> Self {
        let has = |name: &str| matches.try_contains_id(name).is_ok();
        // Only in builds with debug assertions does clap know that a command has no such flag; elsewhere it has one without a value,
        // over which `get_flag` panics.
        let is_set = |name: &str| matches.try_get_one::<bool>(name).ok().flatten().is_some_and(|set| *set);
        let color = match Some("color").filter(|name| has(name)).and_then(|name| text(matches, name)).as_deref() {
            Some("always") => true,
            Some("never") => false,
            _ => may_color(),
        };
        Self {
            lang: text(matches, "lang").or_else(|| std::env::var("SANTUN_LANG").ok()).as_deref().and_then(Lang::parse),
            color,
            packs: if has("pack") { paths(matches, "pack") } else { Vec::new() },
            no_builtin: is_set("no-builtin"),
            config: matches.try_get_one::<PathBuf>("config").ok().flatten().cloned(),
            isolated: is_set("isolated"),
        }
    }
}

/// Whether standard output is a terminal that wants colours (<https://no-color.org>).
fn may_color() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    terminal::obeys(&std::io::stdout())
        && !set("NO_COLOR")
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Formats that have a place for the checklist; the report in HTML always has it.
const CHECKLISTS: [&str; 5] = ["pretty", "short", "json", "jsonl", "html"];

impl Check {
    fn from_matches(lang: Lang, matches: &ArgMatches) -> Result<Self, String> {
        let paths = wildcard::expanded(paths(matches, "paths"));
        if paths.is_empty() {
            let key = if terminal::closes() { Key::ErrorNothingDropped } else { Key::ErrorNoPaths };
            return Err(lang.text(key).to_owned());
        }
        if matches.get_flag("watch") && paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(lang.text(Key::ErrorWatchStdin).to_owned());
        }
        let output_format = text(matches, "format").as_deref().and_then(Output::by_name).unwrap_or(&OUTPUTS[0]);
        let statistics = matches.get_flag("statistics");
        if statistics && !output_format.tells_statistics() {
            let other = format!("--format {}", output_format.name);
            return Err(lang.fill(Key::ErrorConflict, &[("option", "--statistics"), ("other", &other)]));
        }
        let checklist = matches.get_flag("checklist");
        if checklist && !CHECKLISTS.contains(&output_format.name) {
            let values = [("format", output_format.name), ("formats", &CHECKLISTS.join(", "))];
            return Err(lang.fill(Key::ErrorChecklistFormat, &values));
        }
        let jobs = matches.get_one::<usize>("jobs").copied().unwrap_or(0);
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            paths,
            channel: text(matches, "channel").as_deref().and_then(Channel::parse),
            input_format: text(matches, "input-format").as_deref().and_then(Format::by_name),
            stdin_filename: text(matches, "stdin-filename"),
            me: names(matches, "me"),
            columns: names(matches, "columns").iter().map(|pair| column(lang, pair)).collect::<Result<_, _>>()?,
            output_format,
            output: matches.get_one::<PathBuf>("output").cloned(),
            select: names(matches, "select"),
            ignore: names(matches, "ignore"),
            fail_on: text(matches, "fail-on").as_deref().and_then(FailOn::parse),
            statistics,
            checklist,
            jobs: if jobs == 0 { all() } else { jobs },
            no_suppressions: matches.get_flag("no-suppressions"),
            quiet: matches.get_flag("quiet"),
            watch: matches.get_flag("watch"),
            mending: match (matches.get_flag("fix"), matches.get_flag("diff")) {
                (true, _) => Some(Mending::InPlace),
                (_, true) => Some(Mending::Diff),
                _ => None,
            },
            most: if matches.get_flag("unsafe-fixes") { Safety::Review } else { Safety::Safe },
            baseline: matches.get_one::<PathBuf>("baseline").cloned(),
            write_baseline: matches.get_one::<PathBuf>("write-baseline").cloned(),
            masking: if matches.get_flag("show-sensitive") { Masking::Lifted } else { Masking::On },
        })
    }
}

fn text(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

fn paths(matches: &ArgMatches, name: &str) -> Vec<PathBuf> {
    matches.get_many::<PathBuf>(name).into_iter().flatten().cloned().collect()
}

fn names(matches: &ArgMatches, name: &str) -> Vec<String> {
    let given = matches.get_many::<String>(name).into_iter().flatten();
    given.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect()
}

/// What `part=name` says of a column.
fn column(lang: Lang, pair: &str) -> Result<(Column, String), String> {
    let (part, name) = pair.split_once('=').unwrap_or((pair, ""));
    let parts = Column::ALL.map(Column::name).join(", ");
    let Some(column) = Column::parse(part) else {
        let wrong = lang.fill(Key::ErrorColumnPart, &[("part", &shown(part.trim())), ("parts", &parts)]);
        return Err(lang.with_nearest(wrong, part, Column::ALL.map(Column::name)));
    };
    let name = name.trim();
    if name.is_empty() {
        return Err(lang.fill(Key::ErrorColumnName, &[("part", column.name())]));
    }
    Ok((column, name.to_owned()))
}

/// The language that the arguments or the environment ask for, before they are understood.
pub(super) fn language(arguments: &[OsString]) -> Lang {
    let texts: Vec<&str> = arguments.iter().filter_map(|a| a.to_str()).collect();
    let joined = texts.iter().find_map(|text| text.strip_prefix("--lang="));
    let apart = texts.iter().position(|text| *text == "--lang").and_then(|at| texts.get(at + 1)).copied();
    let variable = std::env::var("SANTUN_LANG").ok();
    joined.or(apart).or(variable.as_deref()).and_then(Lang::parse).unwrap_or_default()
}

/// The whole command, with its texts in `lang`.
pub(super) fn command(lang: Lang) -> Command {
    let t = |key: Key| lang.text(key);
    let root = base(Command::new("lint"), lang)
        .about(t(Key::AboutLint))
        .after_help(t(Key::HelpExamples))
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .args_conflicts_with_subcommands(true)
        .subcommand_help_heading(t(Key::HeadingCommands))
        .subcommand_value_name(t(Key::ValueCommand))
        .override_usage(t(Key::UsageLint))
        .args(common_args(lang))
        .args(check_args(lang))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(t(Key::OptVersion))
                .help_heading(t(Key::HeadingOptions)),
        );
    let check = base(Command::new("check"), lang).about(t(Key::AboutCheck)).override_usage(t(Key::UsageCheck));
    let explain = base(Command::new("explain"), lang).about(t(Key::AboutExplain)).override_usage(t(Key::UsageExplain));
    let lsp = base(Command::new("lsp"), lang).about(t(Key::AboutLsp)).override_usage(t(Key::UsageLsp));
    let list = base(Command::new("list"), lang).about(t(Key::AboutRulesList)).override_usage(t(Key::UsageRulesList));
    let test = base(Command::new("test"), lang).about(t(Key::AboutRulesTest)).override_usage(t(Key::UsageRulesTest));
    let schema = base(Command::new("schema"), lang)
        .about(t(Key::AboutRulesSchema))
        .override_usage(t(Key::UsageRulesSchema))
        .arg(lang_option(lang));
    let list_format = option(lang, "format", Key::ValueFormat, Key::OptListFormat).value_parser(["text", "json"]);
    let packs = Arg::new("packs")
        .value_name(t(Key::ValuePacks))
        .num_args(0..)
        .value_parser(value_parser!(PathBuf))
        .help(t(Key::OptTestPacks))
        .help_heading(t(Key::HeadingArguments));
    let rules = base(Command::new("rules"), lang)
        .about(t(Key::AboutRules))
        .override_usage(t(Key::UsageRules))
        .disable_help_subcommand(true)
        .subcommand_help_heading(t(Key::HeadingCommands));
    root.subcommand(check.args(common_args(lang)).args(check_args(lang)))
        .subcommand(
            explain.args(common_args(lang)).arg(
                Arg::new("rule")
                    .value_name(t(Key::ValueRule))
                    .required(true)
                    .help(t(Key::OptRule))
                    .help_heading(t(Key::HeadingArguments)),
            ),
        )
        .subcommand(
            rules
                .args(common_args(lang))
                .subcommand(list.args(common_args(lang)).arg(list_format))
                .subcommand(test.args(common_args(lang)).arg(packs))
                .subcommand(schema),
        )
        .subcommand(init::command(lang))
        .subcommand(lsp.args(common_args(lang)).arg(stdio(lang)))
        .subcommand(completions::command(lang))
        .subcommand(man::command(lang))
}

/// A command whose help follows the language.
pub(super) fn base(command: Command, lang: Lang) -> Command {
    let template = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}";
    command
        .disable_help_flag(true)
        .help_template(template.replace("{usage-heading}", lang.text(Key::HeadingUsage)))
        .max_term_width(80)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(lang.text(Key::OptHelp))
                .help_heading(lang.text(Key::HeadingOptions)),
        )
}

/// An option with a value.
pub(super) fn option(lang: Lang, name: &'static str, value: Key, help: Key) -> Arg {
    let formats = std::iter::once("auto").chain(FORMATS.iter().map(|f| f.name)).collect::<Vec<_>>().join(", ");
    let outputs = OUTPUTS.iter().map(|o| o.name).collect::<Vec<_>>().join(", ");
    let values = [
        ("channels", channel_names()),
        ("formats", formats),
        ("outputs", outputs),
        ("severities", FailOn::NAMES.join(", ")),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Arg::new(name)
        .long(name)
        .value_name(lang.text(value))
        .help(lang.fill(help, &values))
        .help_heading(lang.text(Key::HeadingOptions))
        .hide_possible_values(true)
        .hide_default_value(true)
}

/// An option without a value.
pub(super) fn flag(lang: Lang, name: &'static str, help: Key) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(lang.text(help))
        .help_heading(lang.text(Key::HeadingOptions))
}

/// What most editors pass to a language server: the streams are standard input and output, which is the only way.
fn stdio(lang: Lang) -> Arg {
    flag(lang, "stdio", Key::OptStdio).hide(true)
}

/// The language, which every command takes.
pub(super) fn lang_option(lang: Lang) -> Arg {
    option(lang, "lang", Key::ValueLang, Key::OptLang).value_parser(["id", "en"])
}

fn common_args(lang: Lang) -> Vec<Arg> {
    let path = value_parser!(PathBuf);
    vec![
        option(lang, "pack", Key::ValueFile, Key::OptPack).value_parser(path.clone()).action(ArgAction::Append),
        flag(lang, "no-builtin", Key::OptNoBuiltin),
        option(lang, "config", Key::ValueFile, Key::OptConfig).value_parser(path),
        flag(lang, "isolated", Key::OptIsolated),
        lang_option(lang),
        option(lang, "color", Key::ValueColor, Key::OptColor).value_parser(["auto", "always", "never"]),
    ]
}

fn check_args(lang: Lang) -> Vec<Arg> {
    let channels = Channel::ALL.map(Channel::name);
    let formats: Vec<&str> = std::iter::once("auto").chain(FORMATS.iter().map(|f| f.name)).collect();
    let outputs: Vec<&str> = OUTPUTS.iter().map(|o| o.name).collect();
    let path = value_parser!(PathBuf);
    let list = |arg: Arg| arg.value_delimiter(',').action(ArgAction::Append);
    vec![
        Arg::new("paths")
            .value_name(lang.text(Key::ValuePaths))
            .num_args(0..)
            .value_parser(path.clone())
            .help(lang.text(Key::OptPaths))
            .help_heading(lang.text(Key::HeadingArguments)),
        option(lang, "channel", Key::ValueChannel, Key::OptChannel).value_parser(channels),
        option(lang, "input-format", Key::ValueFormat, Key::OptInputFormat).value_parser(formats),
        option(lang, "stdin-filename", Key::ValueName, Key::OptStdinFilename),
        option(lang, "me", Key::ValueName, Key::OptMe).action(ArgAction::Append),
        list(option(lang, "columns", Key::ValueColumns, Key::OptColumns)),
        list(option(lang, "select", Key::ValueRules, Key::OptSelect)),
        list(option(lang, "ignore", Key::ValueRules, Key::OptIgnore)),
        option(lang, "format", Key::ValueFormat, Key::OptFormat).value_parser(outputs),
        option(lang, "output", Key::ValueFile, Key::OptOutput).value_parser(path.clone()),
        option(lang, "baseline", Key::ValueFile, Key::OptBaseline).value_parser(path.clone()),
        option(lang, "write-baseline", Key::ValueFile, Key::OptWriteBaseline)
            .value_parser(path)
            .conflicts_with("baseline"),
        flag(lang, "statistics", Key::OptStatistics),
        flag(lang, "checklist", Key::OptChecklist).conflicts_with("statistics"),
        option(lang, "fail-on", Key::ValueSeverity, Key::OptFailOn).value_parser(FailOn::NAMES),
        option(lang, "jobs", Key::ValueNumber, Key::OptJobs).value_parser(value_parser!(usize)),
        flag(lang, "no-suppressions", Key::OptNoSuppressions),
        flag(lang, "quiet", Key::OptQuiet).short('q'),
        flag(lang, "watch", Key::OptWatch).conflicts_with_all(["fix", "diff", "write-baseline"]),
        flag(lang, "fix", Key::OptFix).conflicts_with("diff"),
        flag(lang, "diff", Key::OptDiff).conflicts_with("statistics"),
        flag(lang, "unsafe-fixes", Key::OptUnsafeFixes),
        flag(lang, "show-sensitive", Key::OptShowSensitive),
    ]
}

/// Prints help, the version, or what is wrong with the arguments.
fn answer(lang: Lang, error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let text = if may_color() { error.render().ansi().to_string() } else { error.render().to_string() };
            // A reader who has gone away needs no help.
            let _ = std::io::stdout().write_all(text.as_bytes());
            Outcome::Clean
        }
        _ => {
            problem::say(lang, &complaint(lang, error));
            problem::hint(lang, lang.text(Key::HintHelp));
            Outcome::Trouble
        }
    }
}

/// What is wrong with the arguments, in words of ours.
fn complaint(lang: Lang, error: &clap::Error) -> String {
    let context = |kind: ContextKind| {
        error.get(kind).map(|value| match value {
            ContextValue::String(text) => shown(text),
            ContextValue::Strings(texts) => texts.iter().map(|text| shown(text)).collect::<Vec<_>>().join(", "),
            other => shown(&other.to_string()),
        })
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let main = match error.kind() {
        ErrorKind::UnknownArgument => lang.fill(Key::ErrorUnknownOption, &[("option", &argument)]),
        ErrorKind::InvalidValue if value.is_empty() => lang.fill(Key::ErrorValueMissing, &[("option", &argument)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = context(ContextKind::ValidValue)
                .map(|all| lang.fill(Key::ErrorValidValues, &[("values", &all)]))
                .unwrap_or_default();
            lang.fill(Key::ErrorValue, &[("value", &value), ("option", &argument), ("valid", &valid)])
        }
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            lang.fill(Key::ErrorConflict, &[("option", &argument), ("other", &other)])
        }
        ErrorKind::InvalidSubcommand => {
            let command = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            lang.fill(Key::ErrorUnknownCommand, &[("command", &command)])
        }
        ErrorKind::MissingRequiredArgument => lang.fill(Key::ErrorMissing, &[("option", &argument)]),
        _ => lang.text(Key::ErrorArguments).to_owned(),
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    match near.into_iter().find_map(context) {
        Some(near) => format!("{main} {}", lang.fill(Key::HintNearest, &[("name", &near)])),
        None => main,
    }
}
