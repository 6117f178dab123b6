//! The tutorial, in both languages: its files are written and its commands run in a folder of their own, and what it shows must be
//! what they print. `SANTUN_WRITE_DOCS=1 cargo test --test tutorial` writes down what they print now.
//!
//! A block of the page that names a file (`toml file=paket/x.toml`) is that file; one that adds to it (`toml add=paket/x.toml`) is its
//! next part. A `console` block holds commands behind `$ `, and what each prints.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The pages, the language in which they let the command speak, and how they name its exit code.
const PAGES: [(&str, &str, &str); 2] =
    [("docs/tutorial.md", "en", "exit code"), ("docs/id/tutorial.md", "id", "kode keluar")];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap().replace("\r\n", "\n")
}

/// A piece of a page: prose, or a block with what stands behind its fence.
enum Piece<'p> {
    Prose(&'p str),
    Block { info: &'p str, body: &'p str },
}

fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (at, part) in page.split("```").enumerate() {
        pieces.push(if at % 2 == 0 {
            Piece::Prose(part)
        } else {
            let (info, body) = part.split_once('\n').unwrap();
            Piece::Block { info, body }
        });
    }
    pieces
}

/// The files of a page as its blocks make them, by name, with every state of each.
fn files(page: &str) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for piece in pieces(page) {
        let Piece::Block { info, body } = piece else { continue };
        if let Some((name, text)) = written(info, body, |name| files.get(name).and_then(|all| all.last()).cloned()) {
            files.entry(name).or_default().push(text);
        }
    }
    files
}

/// The file that a block writes, and what it then says.
fn written(info: &str, body: &str, before: impl Fn(&str) -> Option<String>) -> Option<(String, String)> {
    let word = info.split(' ').nth(1)?;
    if let Some(name) = word.strip_prefix("file=") {
        return Some((name.to_owned(), body.to_owned()));
    }
    let name = word.strip_prefix("add=")?;
    Some((name.to_owned(), format!("{}\n{body}", before(name).unwrap())))
}

/// What a command prints, and how it ends. Only `lint` is run; `>` writes into a file.
fn run(folder: &Path, lang: &str, exit_code: &str, command: &str) -> String {
    let (words, target) = command.split_once(" > ").map_or((command, None), |(words, target)| (words, Some(target)));
    let mut words = words.split_whitespace();
    assert_eq!(words.next(), Some("lint"), "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_lint"))
        .args(words)
        .current_dir(folder)
        .env("SANTUN_LANG", lang)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    if let Some(target) = target {
        let target = folder.join(target);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, &output.stdout).unwrap();
    }
    let mut text = if target.is_none() { String::from_utf8(output.stdout).unwrap() } else { String::new() };
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    match output.status.code().unwrap() {
        0 => {}
        code => writeln!(text, "[{exit_code} {code}]").unwrap(),
    }
    text
}

/// The page with what its commands print now.
fn played(page: &str, lang: &str, exit_code: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut out = String::new();
    for piece in pieces(page) {
        let (info, body) = match piece {
            Piece::Prose(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Block { info, body } => (info, body),
        };
        if let Some((name, text)) = written(info, body, |name| fs::read_to_string(folder.path().join(name)).ok()) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let shown = if info == "console" {
            let commands = body.lines().filter_map(|line| line.strip_prefix("$ "));
            let blocks =
                commands.map(|command| format!("$ {command}\n{}", run(folder.path(), lang, exit_code, command)));
            blocks.collect::<Vec<_>>().join("\n")
        } else {
            body.to_owned()
        };
        let _ = write!(out, "```{info}\n{shown}```");
    }
    out
}

#[test]
fn the_tutorial_shows_what_commands_print() {
    for (name, lang, exit_code) in PAGES {
        let page = read(name);
        let now = played(&page, lang, exit_code);
        if std::env::var_os("SANTUN_WRITE_DOCS").is_some() {
            fs::write(root().join(name), now).unwrap();
            continue;
        }
        let differs = page.lines().zip(now.lines()).enumerate().find(|(_, (page, now))| page != now);
        assert!(
            page == now,
            "{name} does not show what its commands print, first at {differs:?}; SANTUN_WRITE_DOCS=1 cargo test --test tutorial renews it"
        );
    }
}

#[test]
fn the_pack_of_the_tutorial_is_an_example() {
    let pack = read("examples/packs/pustaka-arunika.toml");
    for (name, ..) in PAGES {
        let files = files(&read(name));
        assert_eq!(files["paket/pustaka-arunika.toml"].last(), Some(&pack), "{name}");
    }
}

#[test]
fn both_languages_write_the_same_files_and_run_the_same_commands() {
    let [(english, ..), (indonesian, ..)] = PAGES;
    let (english, indonesian) = (read(english), read(indonesian));
    assert_eq!(files(&english), files(&indonesian));
    let commands =
        |page: &str| page.lines().filter(|line| line.starts_with("$ ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(commands(&english), commands(&indonesian));
    assert!(commands(&english).len() > 8, "the commands are not read");
}

/// Whoever follows a link finds something.
#[test]
fn links_of_the_tutorial_lead_somewhere() {
    for (name, ..) in PAGES {
        let page = read(name);
        let folder = root().join(name).parent().unwrap().to_owned();
        let links = page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.starts_with("http")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { root().join(name) } else { folder.join(file) };
            let text = fs::read_to_string(&target).unwrap_or_else(|error| panic!("{name}: {link}: {error}"));
            let slug = |line: &str| {
                let words = line.trim_start_matches('#').trim().to_lowercase();
                words
                    .chars()
                    .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'))
                    .collect::<String>()
                    .replace(' ', "-")
            };
            let headings = text.lines().filter(|line| line.starts_with('#')).map(slug);
            assert!(heading.is_empty() || headings.into_iter().any(|known| known == heading), "{name}: {link}");
        }
    }
}
