//! `--watch`: a change is checked, and Ctrl-C ends it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_change_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("chat.txt");
    fs::write(&draft, "Selamat pagi, Bu. Saya Rina dari Dinas Dukcapil Kota X. Berkasnya gak lengkap.\n").unwrap();
    let mut lint = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder.path())
        .args(["--isolated", "--lang", "en", "--format", "short", "--watch", "chat.txt"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(lint.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut until_waiting =
        || said.by_ref().take_while(|line| !line.starts_with("Waiting")).collect::<Vec<_>>().join("\n");
    let first = until_waiting();
    assert!(first.contains("Findings: 0 to be mended, 1 to be reviewed"), "{first}");
    fs::write(&draft, "Selamat pagi, Bu. Saya Rina dari Dinas Dukcapil Kota X. Berkasnya tidak lengkap.\n").unwrap();
    let second = until_waiting();
    assert!(second.contains("No findings"), "{second}");
    let ended = Command::new("kill").args(["-INT", &lint.id().to_string()]).status().unwrap();
    assert!(ended.success());
    assert_eq!(lint.wait().unwrap().code(), Some(130));
}
