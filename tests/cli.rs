//! The command as people run it: each file of `tests/cli` is one topic, with the commands, what they print and how they
//! end. Commands that read standard input stand in `.toml` files, the others in `.trycmd` files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output};

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

/// Help mixes no languages, and fits a terminal.
#[test]
fn help_keeps_to_its_language_and_to_80_columns() {
    let foreign: [(&str, &[&str]); 2] = [
        ("id", &["Options:", "Usage:", "Commands:", "Arguments:", "Print "]),
        ("en", &["Opsi:", "Cara pakai:", "Perintah:", "Argumen:"]),
    ];
    for (lang, words) in foreign {
        for command in [&[][..], &["check"], &["explain"], &["rules"], &["rules", "list"], &["rules", "test"], &["lsp"]]
        {
            let output = lint(&[command, &["--help", "--lang", lang]].concat());
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
