//! `--watch`: a change is checked, and Ctrl-C ends it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// `lint --watch chat.txt` with more options, in a folder.
fn watching(folder: &Path, options: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder)
        .args(["--isolated", "--lang", "en", "--format", "short", "--watch", "chat.txt"])
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn interrupt(lint: &Child) {
    let ended = Command::new("kill").args(["-INT", &lint.id().to_string()]).status().unwrap();
    assert!(ended.success());
}

#[test]
fn the_report_is_no_change() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("chat.txt"), "Selamat pagi, Bu. Berkasnya gak lengkap.\n").unwrap();
    let mut lint = watching(folder.path(), &["--output", "laporan.txt"]);
    let mut said = BufReader::new(lint.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(said.by_ref().any(|line| line.starts_with("Waiting")));
    std::thread::sleep(Duration::from_secs(1));
    interrupt(&lint);
    let more: Vec<String> = said.collect();
    assert!(more.is_empty(), "{more:?}");
    assert_eq!(lint.wait().unwrap().code(), Some(130));
}

#[test]
fn a_change_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("chat.txt");
    fs::write(&draft, "Selamat pagi, Bu. Saya Rina dari Dinas Dukcapil Kota X. Berkasnya gak lengkap.\n").unwrap();
    let mut lint = watching(folder.path(), &[]);
    let mut said = BufReader::new(lint.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut until_waiting =
        || said.by_ref().take_while(|line| !line.starts_with("Waiting")).collect::<Vec<_>>().join("\n");
    let first = until_waiting();
    assert!(first.contains("Findings: 0 to be mended, 1 to be reviewed"), "{first}");
    fs::write(&draft, "Selamat pagi, Bu. Saya Rina dari Dinas Dukcapil Kota X. Berkasnya tidak lengkap.\n").unwrap();
    let second = until_waiting();
    assert!(second.contains("No findings"), "{second}");
    interrupt(&lint);
    assert_eq!(lint.wait().unwrap().code(), Some(130));
}
