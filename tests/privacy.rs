//! Personal numbers stay where they are: 2,000 of them, in every form and place, through every output.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use tempfile::TempDir;

/// How many numbers there are.
const NUMBERS: usize = 2_000;
/// How many digits in a row give a number away: of the shortest, two at each end may be shown.
const TELLING: usize = 9;

/// Chance that is the same every time (a linear congruential generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }
}

/// A made-up number: what it is called, its digits, and how many stand together where it is grouped.
struct Number {
    label: &'static str,
    digits: String,
    groups: &'static [usize],
}

/// Numbers of every kind. Some structures want a label, which all have here.
fn numbers() -> Vec<Number> {
    let mut chance = Chance(20_261_126);
    let mut number = |index: usize| {
        let (year, month, day) = (chance.below(100), 1 + chance.below(12), 1 + chance.below(28));
        let region = format!("{}{:02}{:02}", 31 + chance.below(6), 1 + chance.below(29), 1 + chance.below(29));
        let serial = 1 + chance.below(9000);
        let (label, digits, groups): (_, _, &'static [usize]) = match index % 8 {
            0 => ("NIK", format!("{region}{day:02}{month:02}{year:02}{serial:04}"), &[4, 4, 4, 4]),
            1 => ("NIK", format!("{region}{:02}{month:02}{year:02}{serial:04}", day + 40), &[6, 6, 4]),
            2 => ("Nomor KK", format!("{region}{day:02}{month:02}{year:02}{serial:04}"), &[4, 4, 4, 4]),
            3 => ("NPWP", format!("0{}", chance.digits(15)), &[4, 4, 4, 4]),
            4 => ("rekening BRI", format!("{}{}", 1 + chance.below(9), chance.digits(14)), &[4, 4, 4, 3]),
            5 => ("HP", format!("08{}{}", 1 + chance.below(9), chance.digits(9)), &[4, 4, 4]),
            6 => (
                "NIP",
                format!(
                    "19{}{month:02}{day:02}20{}{month:02}1{:03}",
                    60 + chance.below(40),
                    10 + chance.below(15),
                    chance.below(900)
                ),
                &[8, 6, 1, 3],
            ),
            _ => ("nomor BPJS", format!("000{}", chance.digits(10)), &[4, 4, 5]),
        };
        Number { label, digits, groups }
    };
    (0..NUMBERS).map(&mut number).collect()
}

impl Number {
    /// The number in one of the forms that people and programs give it.
    fn written(&self, form: usize) -> String {
        let parted = |by: &str| {
            let mut rest = self.digits.as_str();
            let mut parts = Vec::new();
            for length in self.groups {
                let (part, more) = rest.split_at(*length);
                parts.push(part);
                rest = more;
            }
            parts.join(by)
        };
        let full_width = |c: char| char::from_u32(0xff10 + c.to_digit(10).unwrap()).unwrap();
        match form % 9 {
            0 | 1 => self.digits.clone(),
            2 => parted(" "),
            3 => parted("-"),
            4 => parted("."),
            5 => self.digits.chars().map(full_width).collect(),
            6 => parted("\u{a0}"),
            7 => parted("\u{2011}"),
            _ => self.digits.chars().flat_map(|c| [c, '\u{200b}']).collect(),
        }
    }
}

/// A sentence with a number, and with words that rules find, so that lines are shown.
fn sentence(number: &Number, form: usize) -> String {
    format!("Maaf, ini gak bisa, {} {} belum masuk.", number.label, number.written(form))
}

/// What a mail program makes of a text: quoted-printable with soft breaks anywhere, or base64.
fn encoded(text: &str, index: usize) -> (&'static str, String) {
    if index.is_multiple_of(2) {
        let lines: Vec<String> = BASE64_STANDARD
            .encode(text)
            .as_bytes()
            .chunks(60)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect();
        return ("base64", lines.join("\r\n"));
    }
    let mut out = String::new();
    for (at, byte) in text.bytes().enumerate() {
        if at % 23 == 22 {
            out += "=\r\n";
        }
        match byte {
            b'\n' => out += "\r\n",
            b' '..=b'~' if byte != b'=' => out.push(char::from(byte)),
            _ => write!(out, "={byte:02X}").unwrap(),
        }
    }
    ("quoted-printable", out)
}

/// A folder in which the numbers lie: in drafts, mail, tables, exports, and in names of files.
fn folder(numbers: &[Number]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let parts: Vec<&[Number]> = numbers.chunks(numbers.len() / 8).collect();
    for (index, some) in parts[0].chunks(10).enumerate() {
        let body: Vec<String> = some.iter().enumerate().map(|(form, number)| sentence(number, form)).collect();
        let name = format!("chat {} {}.txt", some[0].label, some[0].written(index % 5));
        write(&name, &body.join("\n\n"));
    }
    for (index, some) in parts[1].chunks(10).enumerate() {
        let body: Vec<String> = some.iter().skip(3).enumerate().map(|(form, number)| sentence(number, form)).collect();
        let (encoding, body) = encoded(&body.join("\n\n"), index);
        let subject = BASE64_STANDARD.encode(format!("Data {} {}", some[1].label, some[1].written(index)));
        let mail = format!(
            "From: {0} <{1}@warga.example>\r\nTo: dinas@x.example\r\nSubject: =?utf-8?B?{subject}?=\r\nX-Catatan: {2}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n",
            some[0].written(2),
            some[0].digits,
            some[2].written(0),
        );
        write(&format!("surel-{index}.eml"), &mail);
    }
    let mut lines = String::new();
    for (index, number) in parts[2].iter().enumerate() {
        let line = json!({"channel": "chat", "from": number.written(0), "subject": sentence(number, index + 1), "body": sentence(number, index)});
        writeln!(lines, "{line}").unwrap();
    }
    write("arsip.jsonl", &lines);
    let mut table = String::from("pengirim,pesan\n");
    for (index, number) in parts[3].iter().enumerate() {
        writeln!(table, "\"{}\",\"{}\"", number.written(1), sentence(number, index)).unwrap();
    }
    write("tabel.csv", &table);
    let mut export = String::new();
    for (index, number) in parts[4].iter().enumerate() {
        let who = if index.is_multiple_of(3) { number.written(0) } else { "Dinas X".to_owned() };
        writeln!(export, "12/01/26 10.{:02} - {who}: {}", index % 60, sentence(number, index)).unwrap();
    }
    write("WhatsApp Chat dengan Warga.txt", &export);
    let paragraph = |(index, number): (usize, &Number)| {
        format!("<p title=\"{0}\">{1}</p>\n", number.digits, sentence(number, index))
    };
    write(
        "halaman.html",
        &format!("<html><body>\n{}</body></html>\n", parts[5].iter().enumerate().map(paragraph).collect::<String>()),
    );
    let turns: Vec<_> = parts[6]
        .iter()
        .enumerate()
        .map(|(index, number)| json!({"from": number.written(0), "body": sentence(number, index)}))
        .collect();
    write("percakapan.jsonl", &format!("{}\n", json!({"channel": "chat", "turns": turns})));
    let mut template = String::new();
    for (index, number) in parts[7].iter().enumerate() {
        writeln!(
            template,
            "{{{{-- santun-ignore {}: {} --}}}}\n{}\n",
            number.digits,
            number.written(index),
            sentence(number, index)
        )
        .unwrap();
    }
    write("templat.blade.php", &template);
    folder
}

/// Digits in a row, whatever stands between them that people put into numbers.
fn rows(text: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    for c in text.chars() {
        let full = u32::from(c).wrapping_sub(0xff10);
        let value = c.to_digit(10).or((full < 10).then_some(full));
        match value {
            Some(value) => rows.last_mut().unwrap().push(char::from_digit(value, 10).unwrap()),
            None if matches!(c, ' ' | '-' | '.' | '\u{a0}' | '\u{2011}' | '\u{200b}' | '\u{b7}') => {}
            None => rows.push(String::new()),
        }
    }
    rows.retain(|row| row.len() >= TELLING);
    rows
}

fn windows(row: &str) -> impl Iterator<Item = &str> {
    (0..=row.len() - TELLING).map(|at| &row[at..at + TELLING])
}

/// What an output says of numbers that it must not.
fn told(output: &str, secrets: &HashSet<String>) -> Vec<String> {
    let rows = rows(output);
    rows.iter().filter(|row| windows(row).any(|window| secrets.contains(window))).cloned().collect()
}

/// Both streams of a run.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lint"));
    let output = command.current_dir(folder).args(["--isolated", "--lang", "id"]).args(arguments).output().unwrap();
    assert!(output.status.code().is_some_and(|code| code <= 2), "{arguments:?}");
    format!("{}\n{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn no_output_tells_a_number() {
    let numbers = numbers();
    let folder = folder(&numbers);
    let secrets: HashSet<String> =
        numbers.iter().flat_map(|number| windows(&number.digits).map(str::to_owned).collect::<Vec<_>>()).collect();
    let formats =
        ["pretty", "short", "json", "jsonl", "html", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"];
    let mut runs: Vec<Vec<&str>> = formats.iter().map(|format| vec!["--format", *format, "."]).collect();
    // Whichever rules run.
    runs.extend(["pretty", "json", "html"].map(|format| vec!["--select", "language/slang", "--format", format, "."]));
    runs.extend([
        vec!["--statistics", "."],
        vec!["--statistics", "--format", "json", "."],
        vec!["--checklist", "."],
        vec!["--diff", "--unsafe-fixes", "."],
        vec!["--quiet", "."],
        vec!["--write-baseline", "dasar.json", "."],
        vec!["--baseline", "dasar.json", "--format", "json", "."],
    ]);
    let mut leaks = Vec::new();
    for arguments in &runs {
        let output = run(folder.path(), arguments);
        assert!(arguments.contains(&"--quiet") || output.len() > 1000, "{arguments:?}: {output}");
        let told = told(&output, &secrets);
        if let Some(first) = told.first() {
            let at = output.lines().find(|line| rows(line).contains(first)).unwrap_or_default();
            leaks.push(format!(
                "{arguments:?}: {} times, first {first} in {}",
                told.len(),
                at.chars().take(400).collect::<String>()
            ));
        }
    }
    let baseline = fs::read_to_string(folder.path().join("dasar.json")).unwrap();
    assert_eq!(told(&baseline, &secrets), Vec::<String>::new(), "the baseline");
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn errors_tell_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let secrets: HashSet<String> = windows("3273014107900001").map(str::to_owned).collect();
    fs::write(
        folder.path().join("rusak.jsonl"),
        "{\"body\": \"x\"}\n{\"3273014107900001\": 1}\n{\"channel\": \"3273014107900001\", \"body\": \"x\"}\n",
    )
    .unwrap();
    fs::write(folder.path().join("NIK 3273014107900001.toml"), "3273014107900001 = 3273014107900001\n").unwrap();
    for arguments in [
        vec!["NIK 3273014107900001.txt"],
        vec!["--select", "3273014107900001", "."],
        vec!["--channel", "3273014107900001", "."],
        vec!["--3273014107900001"],
        vec!["--config", "NIK 3273014107900001.toml", "."],
        vec!["--pack", "NIK 3273014107900001.toml", "."],
        vec!["--baseline", "NIK 3273014107900001.json", "."],
        vec!["--output", "tidak-ada/NIK 3273014107900001.json", "."],
        vec!["explain", "3273014107900001"],
        vec!["rusak.jsonl"],
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(told(&output, &secrets), Vec::<String>::new(), "{arguments:?}: {output}");
    }
}

#[test]
fn masks_are_lifted_on_request_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("NIK 3273014107900001.txt"), "Maaf, NIK 3273014107900001 gak ada.\n").unwrap();
    for format in ["pretty", "short", "json", "html", "sarif"] {
        let masked = run(folder.path(), &["--format", format, "."]);
        let lifted = run(folder.path(), &["--format", format, "--show-sensitive", "."]);
        assert!(!masked.contains("3273014107900001"), "{format}: {masked}");
        assert!(lifted.contains("3273014107900001"), "{format}: {lifted}");
        assert!(!lifted.contains("disamarkan."), "{format} does not say what is not so: {lifted}");
    }
    let path = "NIK 3273014107900001.txt";
    run(folder.path(), &["--write-baseline", "a.json", path]);
    run(folder.path(), &["--show-sensitive", "--write-baseline", "b.json", path]);
    let hashes = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(hashes("a.json"), hashes("b.json"), "what is hashed is masked in any case");
}

/// A number has so little chance in it that a hash of the whole could be undone by trying.
#[test]
fn hashes_know_no_masked_digit() {
    let folder = tempfile::tempdir().unwrap();
    let hashed = |nik: &str| {
        fs::write(folder.path().join("chat.txt"), format!("Maaf, NIK {nik} gak ada.\n")).unwrap();
        let report = run(folder.path(), &["--format", "json", "chat.txt"]);
        let report: serde_json::Value = serde_json::from_str(report.trim()).unwrap();
        let found = report["files"][0]["messages"][0]["diagnostics"].as_array().unwrap();
        assert!(found.iter().any(|found| found["rule"] == "privacy/nik"), "{nik}: {report}");
        let fingerprints: Vec<_> = found.iter().map(|found| found["fingerprint"].clone()).collect();
        run(folder.path(), &["--write-baseline", "dasar.json", "chat.txt"]);
        (fingerprints, fs::read_to_string(folder.path().join("dasar.json")).unwrap())
    };
    assert_eq!(hashed("3273014107900109"), hashed("3273014107900209"));
    assert_eq!(hashed("3273014107900109"), hashed("3273125512850109"));
}
