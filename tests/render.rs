//! What is shown: snapshots of the formats that people read, their width, and what no format may ever show.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use santun::render::OUTPUTS;
use unicode_width::UnicodeWidthStr;

const PACK: &[&str] = &["--isolated", "--no-builtin", "--pack", "tests/packs/render.toml"];

/// Standard output and standard error of a run on `input`.
fn lint(arguments: &[&str], input: &str) -> (String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .arg("-")
        .env_remove("SANTUN_LANG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A draft with forty findings: short lines, a very long one, emoji, wide characters, tabs, signs that a terminal would
/// obey.
fn crowded() -> String {
    let mut text = String::from(
        "Halo 👨‍👩‍👧 warga, gak apa? Gimana 🙏🙏 kabarnya!!\n\n\tgak\tgimana 漢字漢字 gak\u{1b}[31m merah\u{202e} gak\n\n",
    );
    for number in 0..16 {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "Jadwal ke-{number} gak berubah 🙏, loketnya tetap di lantai dua, gimana caranya ditanyakan. "
        );
    }
    text.push_str("\n\nNIK 3678011207900003 gak ada.");
    text
}

#[test]
fn pretty_shows_a_crowded_message() {
    let (text, _) = lint(&[PACK, &["--stdin-filename", "chat.txt"]].concat(), &crowded());
    insta::assert_snapshot!(text);
}

#[test]
fn pretty_in_english() {
    let draft = "Halo Bu,\n\ngak bisa hari ini!!\n";
    let (text, _) = lint(&[PACK, &["--lang", "en", "--stdin-filename", "chat.txt"]].concat(), draft);
    insta::assert_snapshot!(text);
}

#[test]
fn short_shows_a_line_a_finding() {
    let (text, _) = lint(&[PACK, &["--stdin-filename", "chat.txt", "--format", "short"]].concat(), &crowded());
    insta::assert_snapshot!(text);
    let (json, _) = lint(&[PACK, &["--stdin-filename", "chat.txt", "--format", "json"]].concat(), &crowded());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let found = json["files"][0]["messages"][0]["diagnostics"].as_array().unwrap().len();
    assert!(found >= 40, "{found} findings are no crowd");
    assert_eq!(text.lines().count(), found);
}

/// Rows of an endless line may read alike; drawn as one, their marks would be compared with each other.
#[test]
fn pretty_draws_rows_apart_that_read_alike() {
    let (text, _) = lint(&[PACK, &["--stdin-filename", "chat.txt"]].concat(), &"gak ".repeat(2000));
    let drawn = text.matches("╭─[").count();
    assert!(drawn > 50, "{drawn} rows");
}

/// Nothing that is drawn for a person is wider than a terminal, with the embedded rules as well.
#[test]
fn pretty_fits_into_80_columns() {
    let mut drafts =
        vec![crowded(), "x".repeat(5000), format!("gak {}", "a".repeat(300)), format!("{} gak gak", "漢".repeat(200))];
    for folder in ["examples/bad", "examples/good"] {
        for entry in std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
            drafts.push(std::fs::read_to_string(entry.unwrap().path()).unwrap());
        }
    }
    let mut wide = Vec::new();
    for draft in &drafts {
        for arguments in [PACK, &["--isolated"], &["--isolated", "--lang", "en"]] {
            let (text, _) = lint(&[arguments, &["--stdin-filename", "konsep.txt"]].concat(), draft);
            wide.extend(text.lines().filter(|line| line.width() > 80).map(|line| format!("{}: {line}", line.width())));
        }
    }
    wide.dedup();
    assert!(
        wide.is_empty(),
        "{} lines are wider than 80 columns:\n{}",
        wide.len(),
        wide[..wide.len().min(12)].join("\n")
    );
}

/// Forty findings in one line give a drawing in proportion, not the line forty times.
#[test]
fn pretty_stays_small() {
    let (text, _) = lint(PACK, &"gak bisa, gimana ini, ".repeat(100));
    assert!(text.len() < 60_000, "{} bytes for 200 findings in a line of 2 KB", text.len());
}

/// No sign that a terminal would obey passes from a message into what is shown.
#[test]
fn signs_of_a_message_do_not_reach_the_terminal() {
    let draft = "gak\u{1b}[2J\u{7}\u{9b}31m\u{202e}gak\u{200b}gak\r gak\u{8}!!\u{1b}]0;x\u{7}!!";
    let json = serde_json::json!({"channel": "chat", "body": draft}).to_string();
    for output in OUTPUTS {
        for input in [draft, json.as_str()] {
            let (text, _) = lint(&[PACK, &["--format", output.name]].concat(), input);
            let sign = text.chars().find(|c| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c));
            assert_eq!(sign, None, "--format {}: {text}", output.name);
        }
    }
}

/// Every way to write a NIK that the rules know.
const NIK: &[&str] = &["3678011207900003", "3678-0112-0790-0003", "3678.0112.0790.0003", "3678 0112 0790 0003"];

/// Whether the whole number stands in the text, with whatever between its digits.
fn shows(text: &str) -> bool {
    let text = text.replace(['-', '.', ' '], "");
    text.contains("3678011207900003") || text.contains("1207900003")
}

/// Drafts in which a NIK stands close to, within, or far from what is found.
fn drafts(nik: &str) -> Vec<String> {
    let body = [
        format!("NIK {nik} gak ditemukan!!"),
        format!("NIK{nik} gak, nik={nik}/gak ({nik}) gimana"),
        format!("Data warga: nama Sari, NIK: {nik}, gak lengkap, gimana selanjutnya?\n\nSalam"),
        format!("NO KTP {nik}\nHALO BRO TOLONG DIBACA DULU NIK {nik} INI YA"),
        format!("Halo Bro {nik}, di ganti {nik} {}", "kata ".repeat(60)),
        nik.to_owned(),
    ];
    let mut all = Vec::new();
    for body in body {
        all.push(format!("Subjek: NIK {nik}\nDari: {nik} <{nik}@gmail.com>\n\n{body}"));
        let nested = serde_json::json!({"subject": format!("PENTING NIK {nik}!!!"), "from": format!("{nik}@gmail.com"), "body": body});
        all.push(nested.to_string());
        all.push(serde_json::json!({"channel": format!("NIK {nik}"), "body": body}).to_string());
        all.push(body);
    }
    all.push(format!("{{\"body\": \"NIK {nik}\", gak}}"));
    all.push(format!("{{\"body\": {{\"NIK {nik}\": 1}}}}"));
    all
}

#[test]
fn no_format_shows_a_nik() {
    let embedded: &[&str] = &["--isolated"];
    let one: &[&str] = &["--isolated", "--select", "language,tone,email"];
    for nik in NIK {
        let draft_list = drafts(nik);
        for output in OUTPUTS {
            for arguments in [embedded, one, PACK] {
                for draft in &draft_list {
                    let (text, errors) = lint(&[arguments, &["--format", output.name]].concat(), draft);
                    for text in [text, errors] {
                        let line = text.lines().find(|line| shows(line));
                        assert_eq!(line, None, "{arguments:?} --format {} shows a NIK of {draft:?}", output.name);
                    }
                }
            }
        }
    }
}

/// A file whose name holds a NIK is named without it.
#[test]
fn no_format_shows_a_nik_of_a_path() {
    for output in OUTPUTS {
        let (text, errors) =
            lint(&["--isolated", "--format", output.name, "--stdin-filename", "NIK 3678011207900003.txt"], "gak!!");
        assert!(!shows(&text) && !shows(&errors), "--format {}: {text}{errors}", output.name);
    }
}
