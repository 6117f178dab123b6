//! The command as people run it: each file of `tests/cli` is one topic, with the commands, what they print and how they
//! end. Commands that read standard input stand in `.toml` files, the others in `.trycmd` files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use trycmd::TestCases;
use unicode_width::UnicodeWidthStr;

#[test]
fn commands_print_and_end_as_written() {
    TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "80")
        .register_bin("lint", trycmd::cargo::cargo_bin!("lint"))
        .case("tests/cli/*.trycmd")
        .case("tests/cli/*.toml");
}

fn lint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lint")).args(arguments).output().unwrap()
}

/// Every command there is.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["check"],
    &["explain"],
    &["rules"],
    &["rules", "list"],
    &["rules", "test"],
    &["rules", "schema"],
    &["init"],
    &["lsp"],
    &["completions"],
    &["man"],
];

/// The names of all options of all commands, without their dashes.
fn options() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for command in COMMANDS {
        let text = String::from_utf8(lint(&[*command, &["--help"]].concat()).stdout).unwrap();
        let (_, listed) = text.split_once("Opsi:").unwrap();
        let lines = listed.lines().filter(|line| line.trim_start().starts_with('-'));
        let named = lines.filter_map(|line| line.split_once("--")).map(|(_, name)| name.split(' ').next().unwrap());
        all.extend(named.map(str::to_owned));
    }
    all
}

/// Shells complete every command and option.
#[test]
fn completions_know_all_options() {
    let options = options();
    assert!(options.len() > 30, "{options:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = lint(&["completions", shell]);
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}");
        let dashes = if shell == "fish" { "-l " } else { "--" };
        for option in &options {
            assert!(script.contains(&format!("{dashes}{option}")), "{shell} does not complete --{option}");
        }
        // Not all of them complete values.
        let values = ["bash", "zsh", "fish"].contains(&shell).then_some(["jsonl", "language/slang"]);
        for word in ["explain", "schema"].into_iter().chain(values.into_iter().flatten()) {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
}

/// Where there is a shell, it understands its script.
#[test]
fn bash_reads_its_completions() {
    let script = lint(&["completions", "bash", "--lang", "en"]).stdout;
    let Ok(mut bash) = Command::new("bash").args(["--norc", "-n"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn()
    else {
        return;
    };
    bash.stdin.take().unwrap().write_all(&script).unwrap();
    let output = bash.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The manual tells of every command and option, in one language.
#[test]
fn the_manual_knows_all_options() {
    for (lang, foreign) in [("id", "SYNOPSIS"), ("en", "RINGKASAN")] {
        let page = String::from_utf8(lint(&["man", "--lang", lang]).stdout).unwrap().replace("\\-", "-");
        for option in options() {
            assert!(page.contains(&format!("--{option}\\fR")), "the manual does not know --{option}");
        }
        for command in &COMMANDS[1..] {
            let heading = format!("LINT {}", command.join(" ").to_uppercase());
            assert!(page.contains(&heading), "the manual does not know {command:?}");
        }
        assert!(!page.contains(foreign) && page.contains("OPTIONS") != (lang == "id"), "{lang}");
    }
}

/// Each command has a page of its own.
#[test]
fn the_manual_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let output = lint(&["man", "--output", pages.to_str().unwrap()]);
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(std::fs::read_dir(&pages).unwrap().count(), COMMANDS.len());
    let page = std::fs::read_to_string(pages.join("lint-rules-test.1")).unwrap();
    assert!(page.contains(".TH LINT\\-RULES\\-TEST 1") || page.contains(".TH LINT-RULES-TEST 1"), "{page}");
}

/// Help mixes no languages, and fits a terminal.
#[test]
fn help_keeps_to_its_language_and_to_80_columns() {
    let foreign: [(&str, &[&str]); 2] = [
        ("id", &["Options:", "Usage:", "Commands:", "Arguments:", "Print "]),
        ("en", &["Opsi:", "Cara pakai:", "Perintah:", "Argumen:"]),
    ];
    for (lang, words) in foreign {
        for command in COMMANDS {
            let output = lint(&[*command, &["--help", "--lang", lang]].concat());
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{command:?} --help");
            for line in text.lines() {
                assert!(line.width() <= 80, "{command:?} --help in {lang} is wider than 80 columns: {line}");
                assert!(!words.iter().any(|word| line.contains(word)), "{command:?} --help in {lang} says: {line}");
            }
        }
    }
}

/// Nothing but a terminal gets colours, whatever is printed.
#[test]
fn pipes_get_no_colours() {
    for arguments in [
        &["--isolated", "examples/bad/email-keluhan-ktp.txt"][..],
        &["--config", "tests/cli/config-broken.in/salah/santun.toml", "examples/bad/email-keluhan-ktp.txt"],
        &["--no-builtin", "--pack", "tests/cli/packs-broken.in/kunci.toml", "examples/bad/email-keluhan-ktp.txt"],
        &["--help"],
        &["explain", "privacy/nik"],
        &["rules"],
    ] {
        let output = lint(arguments);
        for (stream, bytes) in [("output", output.stdout), ("error", output.stderr)] {
            assert!(
                !bytes.contains(&0x1b),
                "lint {arguments:?} colours standard {stream}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}

/// Who asks for colours gets them through a pipe, too.
#[test]
fn colours_can_be_asked_for() {
    let output = lint(&["--isolated", "--color", "always", "examples/bad/email-keluhan-ktp.txt"]);
    assert!(output.stdout.contains(&0x1b));
}

/// No line of a list ends in blanks.
#[test]
fn lines_end_without_blanks() {
    for arguments in
        [&["rules"][..], &["explain", "language/slang"], &["--isolated", "examples/bad/email-keluhan-ktp.txt"]]
    {
        let text = String::from_utf8(lint(arguments).stdout).unwrap();
        let blank = text.lines().find(|line| line.ends_with(' '));
        assert_eq!(blank, None, "lint {arguments:?}");
    }
}
