//! Numbers that point at a person, told from those that do not: two tables of made-up messages.
//!
//! The numbers are drawn by chance from the structure that the agencies publish; they are nobody's.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Rules on the numbers of persons.
const RULES: &str = "privacy/nik,privacy/kk,privacy/npwp,privacy/card,privacy/bank-account,privacy/phone,privacy/nip";

/// Of each message, the rules that find something and the characters at which they do.
fn found(messages: &[String]) -> Vec<Vec<(String, (usize, usize))>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lint"));
    let mut child = command
        .args(["--isolated", "--format", "jsonl", "--input-format", "jsonl", "--select", RULES, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = String::new();
    for message in messages {
        input += &json!({"channel": "chat", "body": message}).to_string();
        input.push('\n');
    }
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let findings = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let at = |place: &Value, end: &str| usize::try_from(place["text"][end].as_u64().unwrap()).unwrap();
        let finding = |finding: &Value| {
            let rule = finding["rule"].as_str().unwrap().trim_start_matches("privacy/").to_owned();
            (rule, (at(finding, "start"), at(finding, "end")))
        };
        line["diagnostics"].as_array().unwrap().iter().map(finding).collect()
    };
    let all: Vec<_> = lines.lines().map(findings).collect();
    assert_eq!(all.len(), messages.len());
    all
}

fn entries(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

/// A message with the characters that its `<U+A>` and the like name.
fn spelt_out(text: &str) -> String {
    let mut plain = text.to_owned();
    while let Some(at) = plain.find("<U+") {
        let end = at + plain[at..].find('>').unwrap();
        let c = u32::from_str_radix(&plain[at + 3..end], 16).ok().and_then(char::from_u32).unwrap();
        plain.replace_range(at..=end, &c.to_string());
    }
    plain
}

/// A message without the brackets, and the characters between them.
fn marked(text: &str) -> (String, (usize, usize)) {
    let plain = spelt_out(text);
    let (before, rest) = plain.split_once('[').unwrap();
    let (number, after) = rest.split_once(']').unwrap();
    let start = before.chars().count();
    (format!("{before}{number}{after}"), (start, start + number.chars().count()))
}

#[test]
fn numbers_of_persons_are_found_where_they_stand() {
    let entries: Vec<_> = entries(include_str!("identifiers/are.tsv"))
        .map(|line| line.split_once('\t').map(|(rule, text)| (rule, marked(text))).unwrap())
        .collect();
    assert!(entries.len() >= 200);
    let messages: Vec<String> = entries.iter().map(|(_, (text, _))| text.clone()).collect();
    let wrong: Vec<String> = std::iter::zip(&entries, found(&messages))
        .filter(|((rule, (_, place)), found)| *found != [((*rule).to_owned(), *place)])
        .map(|((rule, (text, place)), found)| format!("{rule} {place:?}, not {found:?}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), entries.len(), wrong.join("\n"));
}

#[test]
fn numbers_of_things_are_left_alone() {
    let messages: Vec<String> = entries(include_str!("identifiers/are_not.txt")).map(spelt_out).collect();
    assert!(messages.len() >= 200);
    let wrong: Vec<String> = std::iter::zip(&messages, found(&messages))
        .filter(|(_, found)| !found.is_empty())
        .map(|(text, found)| format!("{found:?}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), messages.len(), wrong.join("\n"));
}
