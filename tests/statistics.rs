//! Statistics of archives: the same however many jobs there are, within 80 columns, and without anybody's name.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// Messages of so many senders, in several windows and folders. What lines say beside the message fills the windows.
fn archive(senders: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let padding = "x".repeat(3000);
    for name in ["januari", "februari"] {
        let mut lines = String::new();
        for number in 0..3 * senders {
            let from = format!("\"from\": \"petugas.{}@loket-{}.example\", ", number % senders, number % 7);
            let from = if number % 11 == 0 { "" } else { &from };
            let body = if number % 5 == 0 { "Jadwal gak tetap, gak pasti." } else { "Jadwal gak tetap." };
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{{{from}\"channel\": \"chat\", \"body\": \"{body}\", \"hal\": \"{padding}\"}}");
        }
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("arsip-surel-dinas.jsonl"), lines).unwrap();
    }
    folder
}

fn lint(folder: &tempfile::TempDir, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder.path())
        .args(["--isolated", "--statistics", "--select", "language/slang", "."])
        .args(arguments)
        .env_remove("SANTUN_LANG")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn counts_are_the_same_with_any_number_of_jobs() {
    let folder = archive(200);
    let one = lint(&folder, &["--jobs", "1", "--format", "json"]);
    assert_eq!(one, lint(&folder, &["--jobs", "4", "--format", "json"]));
    assert_eq!(one, lint(&folder, &["--jobs", "3", "--format", "jsonl"]));
    let json: Value = serde_json::from_str(&one).unwrap();
    let statistics = &json["statistics"];
    let sum = |lists: &[&str], key: &str| -> u64 {
        let rows = lists.iter().flat_map(|list| statistics[list].as_array().unwrap());
        rows.map(|row| row[key].as_u64().unwrap()).sum()
    };
    // Two files of 600 messages, each with a finding and every fifth with two.
    for lists in [&["rules"][..], &["themes"], &["channels"], &["senders", "folders"]] {
        assert_eq!(sum(lists, "findings"), 2 * (600 + 120), "{lists:?}");
        assert_eq!(sum(lists, "messages"), 2 * 600, "{lists:?}");
    }
    assert_eq!(json["summary"]["warnings"], 2 * (600 + 120));
}

#[test]
fn tables_fit_and_name_nobody() {
    let folder = archive(40);
    for lang in ["id", "en"] {
        let text = lint(&folder, &["--lang", lang]);
        for line in text.lines() {
            assert!(line.width() <= 80 && !line.ends_with(' '), "{line}");
        }
        assert!(!text.contains("petugas") && text.contains("p•••@loket-3.example"), "{text}");
        // Twenty senders, and a line for the others.
        let senders = text.lines().filter(|line| line.contains('@')).count();
        assert_eq!(senders, 20, "{text}");
    }
}
