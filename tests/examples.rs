//! The drafts under `examples/`, as a reader finds them: good ones pass, bad ones do not, and a batch comes out in order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Standard output of a run without any configuration, which must have understood everything.
fn lint(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(root())
        .args(["--isolated", "--lang", "en"])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert_ne!(output.status.code(), Some(2), "lint {arguments:?} had trouble");
    String::from_utf8(output.stdout).unwrap()
}

/// The files of a run of `--format json`.
fn files(arguments: &[&str]) -> Vec<Value> {
    let json: Value = serde_json::from_str(&lint(&[&["--format", "json"], arguments].concat())).unwrap();
    json["files"].as_array().unwrap().clone()
}

fn diagnostics(file: &Value) -> Vec<&Value> {
    file["messages"].as_array().unwrap().iter().flat_map(|message| message["diagnostics"].as_array().unwrap()).collect()
}

fn readable(file: &Value, found: &Value) -> String {
    let (line, column) = (&found["start"]["line"], &found["start"]["column"]);
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    format!(
        "{}:{line}:{column}: {}[{}] {}: {}",
        file["path"].as_str().unwrap(),
        text("severity"),
        text("rule"),
        text("message"),
        text("excerpt")
    )
}

/// The channel that the name of an example begins with.
fn channel_of(path: &str) -> &'static str {
    let name = Path::new(path).file_name().unwrap().to_str().unwrap();
    match name.split('-').next().unwrap() {
        "email" => "email",
        // Exports of conversations; those of Slack are named after a day.
        "chat" | "percakapan" | "2026" => "chat",
        "post" => "social",
        "surat" => "letter",
        other => panic!("{path}: the name begins with no channel: {other}"),
    }
}

#[test]
fn good_drafts_pass() {
    let files = files(&["examples/good"]);
    assert!(files.len() >= 15);
    let mut wrong = Vec::new();
    for file in &files {
        let grave = diagnostics(file).into_iter().filter(|found| found["severity"] != "info");
        wrong.extend(grave.map(|found| readable(file, found)));
    }
    assert!(wrong.is_empty(), "good drafts with errors or warnings:\n{}", wrong.join("\n"));
}

#[test]
fn channels_are_found_by_themselves() {
    for file in files(&["examples/good", "examples/bad"]) {
        let path = file["path"].as_str().unwrap();
        assert_eq!(file["messages"][0]["channel"], channel_of(path), "{path}");
    }
}

/// What each bad draft must be told, and at what: the rule and a piece of the excerpt. A rule may find more, and more rules
/// may find something.
const EXPECTED: &[(&str, &[(&str, &str)])] = &[
    (
        "email-berkas-kurang.eml",
        &[
            ("email/sender-official", "loket.melati@gmail.com"),
            ("email/greeting-formal", "Halo bro"),
            ("language/slang", "gak"),
            ("email/attachment-missing", "kami lampirkan"),
            ("privacy/nik", "3678"),
            ("email/signature-missing", ""),
        ],
    ),
    (
        "email-keluhan-ktp.txt",
        &[
            ("email/sender-official", "layanan.dukcapil.kotax@gmail.com"),
            ("email/subject-vague", "PENTING"),
            ("email/subject-caps", "PENTING"),
            ("email/greeting-formal", "Halo Bro"),
            ("email/signature-missing", ""),
            ("language/slang", "nggak"),
            ("language/slang", "udah"),
            ("language/abbreviation", "yg"),
            ("language/spelling", "silahkan"),
            ("language/joined-words", "diatas"),
            ("language/affix", "infoin"),
            ("tone/punctuation", "!!!"),
            ("tone/shouting", "TOLONG DIBACA DULU"),
            ("tone/blame", "Itu salah bagian gudang"),
            ("tone/blame", "bukan urusan kami"),
            ("tone/emotional", "Kan sudah dibilang"),
            ("tone/emoji-excess", "😅"),
            ("privacy/nik", "3678"),
        ],
    ),
    (
        "email-undangan-rapat.txt",
        &[
            ("email/sender-official", "yahoo.com"),
            ("email/subject-vague", "Info"),
            ("email/greeting-formal", "Dear all"),
            ("language/foreign", "meeting"),
            ("language/foreign", "deadline"),
            ("language/wordiness", "adalah merupakan"),
            ("language/wordiness", "Agar supaya"),
            ("language/spelling", "ijin"),
            ("language/spelling", "terimakasih"),
            ("language/joined-words", "Dimana"),
            ("language/joined-words", "di kirim"),
            ("language/reduplication", "bahan2"),
            ("language/time-form", "08:00"),
        ],
    ),
    (
        "email-data-penerima.txt",
        &[
            ("privacy/nik", "3678"),
            ("privacy/kk", "3678"),
            ("privacy/phone", "0840"),
            ("privacy/birth", "••"),
            ("privacy/bank-account", "0000"),
            ("privacy/credential", ""),
            ("privacy/home-address", "Kenari"),
            ("privacy/mother-name", "•••"),
            ("privacy/health", ""),
            ("privacy/unofficial-contact", "gmail.com"),
        ],
    ),
    (
        "email-izin-reklame.txt",
        &[
            ("email/sender-official", "outlook.com"),
            ("email/signature-missing", ""),
            ("integrity/private-gain", "uang rokok"),
            ("integrity/placeholder", "[NOMOR REGISTRASI]"),
            ("privacy/bank-account", "00••"),
            ("privacy/credential-request", "OTP"),
            ("language/spelling", "ijin"),
        ],
    ),
    (
        "chat-air-keruh.txt",
        &[
            ("chat/identity-missing", ""),
            ("email/greeting-formal", "Woi"),
            ("tone/emotional", ""),
            ("tone/blame", "bukan urusan kami"),
            ("tone/shouting", "JANGAN ASAL NGOMONG DI GRUP"),
            ("tone/punctuation", "!!!"),
            ("tone/emoji-excess", "😡"),
            ("language/slang", "aja"),
            ("language/stretched", "lebayyy"),
            ("language/reduplication", "Bapak2"),
            ("language/abbreviation", "krn"),
            ("language/affix", "dibenerin"),
        ],
    ),
    (
        "chat-terusan-warga.txt",
        &[
            ("chat/forwarded-private", ""),
            ("chat/identity-missing", ""),
            ("social/hoax-forward", "iralkan"),
            ("social/unsourced-claim", "Katanya"),
            ("privacy/phone", "0840"),
        ],
    ),
    (
        "chat-aktivasi-ikd.txt",
        &[
            ("privacy/nik", "3678"),
            ("privacy/credential", ""),
            ("email/greeting-formal", "Hai Kak"),
            ("language/slang", "nggak"),
            ("language/joined-words", "di ganti"),
            ("privacy/credential-request", "kode OTP"),
        ],
    ),
    (
        "chat-jadwal-posyandu.txt",
        &[
            ("language/stretched", "lupaaa"),
            ("language/leetspeak", "s3ru"),
            ("language/leetspeak", "b4nget"),
            ("language/pronoun", "Kamu"),
            ("language/mixed-address", "Kamu"),
            ("tone/emoji-excess", ""),
            ("chat/identity-missing", ""),
            ("email/greeting-formal", "Haiii"),
            ("privacy/health", "gizi buruk"),
        ],
    ),
    (
        "percakapan-telegram.json",
        &[
            ("chat/reply-late", "Sabar dong Pak"),
            ("chat/identity-missing", ""),
            ("tone/blame", "bukan urusan kami"),
            ("tone/punctuation", "!!!"),
            ("language/slang", "gak"),
        ],
    ),
    (
        "post-kampanye.txt",
        &[
            ("neutrality/endorsement", "coblos nomor 3"),
            ("neutrality/hashtag", "#CoblosNomor3"),
            ("neutrality/hashtag", "#SalamTigaJari"),
            ("neutrality/campaign-term", "paslon"),
            ("social/personal-opinion", "Menurut saya"),
        ],
    ),
    (
        "post-hoaks-bansos.txt",
        &[
            ("social/hoax-forward", "SEBARKAN"),
            ("social/hoax-forward", "grup sebelah"),
            ("social/unsourced-claim", "Katanya"),
            ("tone/punctuation", "!!!"),
            ("tone/shouting", "SEBARKAN KE SEMUA GRUP"),
        ],
    ),
    (
        "post-balasan-komentar.txt",
        &[
            ("tone/insult", "bodoh"),
            ("tone/insult", "sampah"),
            ("tone/blame", "Anda yang salah"),
            ("social/debate-bait", ""),
            ("social/personal-opinion", "Menurut saya"),
            ("tone/hate", "kaum pendatang"),
        ],
    ),
    (
        "post-dokumen-internal.txt",
        &[
            ("integrity/internal-document", "nota dinas"),
            ("integrity/internal-document", "INTERNAL"),
            ("tone/disparage", "payah"),
            ("social/personal-topic", "healing"),
            ("privacy/nip", "1982"),
            ("social/correction-complete", ""),
        ],
    ),
    (
        "percakapan-whatsapp.txt",
        &[
            ("chat/reply-late", "Sabar dong"),
            ("chat/reply-unanswered", "Kok gitu jawabnya"),
            ("chat/identity-missing", ""),
            ("tone/emotional", "kan sudah dibilang"),
            ("tone/blame", "bukan urusan kami"),
            ("tone/punctuation", "!!!"),
            ("privacy/credential-request", "OTP"),
            ("language/spelling", "silahkan"),
            ("language/slang", "aja"),
            ("language/abbreviation", "yg"),
        ],
    ),
    (
        "surat-undangan-rapat.txt",
        &[
            ("integrity/placeholder", "[NOMOR SURAT]"),
            ("email/greeting-form", "YTH"),
            ("email/greeting-form", "Dengan Hormat"),
            ("language/spelling", "ijin"),
            ("language/spelling", "jadual"),
            ("language/spelling", "resiko"),
            ("language/spelling", "terimakasih"),
        ],
    ),
];

#[test]
fn bad_drafts_are_told_why() {
    let files = files(&["examples/bad"]);
    let mut wrong = Vec::new();
    for (name, expected) in EXPECTED {
        let path = format!("examples/bad/{name}");
        let Some(file) = files.iter().find(|file| file["path"] == *path) else {
            wrong.push(format!("{path} is not there"));
            continue;
        };
        let found = diagnostics(file);
        for (rule, piece) in *expected {
            let hit = found.iter().any(|d| d["rule"] == *rule && d["excerpt"].as_str().unwrap().contains(piece));
            if !hit {
                wrong.push(format!("{path}: {rule} does not find “{piece}”"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_bad_draft_is_expected_to_be_bad() {
    let named: BTreeSet<String> = EXPECTED.iter().map(|(name, _)| format!("examples/bad/{name}")).collect();
    let there: BTreeSet<String> =
        files(&["examples/bad"]).iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(named, there, "EXPECTED and examples/bad differ");
}

#[test]
fn templates_pass_or_fail_as_they_are_named() {
    for file in files(&["examples/templates"]) {
        let path = file["path"].as_str().unwrap();
        let grave: Vec<String> = diagnostics(&file)
            .into_iter()
            .filter(|found| found["severity"] != "info")
            .map(|found| readable(&file, found))
            .collect();
        let good = path.contains("/good-");
        assert_eq!(grave.is_empty(), good, "{path}:\n{}", grave.join("\n"));
        assert!(!good || file["notes"].as_array().unwrap().is_empty(), "{path}: {}", file["notes"]);
    }
}

#[test]
fn every_example_is_described() {
    let readme = std::fs::read_to_string(root().join("examples/README.md")).unwrap();
    for file in files(&["examples/good", "examples/bad"]) {
        let path = file["path"].as_str().unwrap().trim_start_matches("examples/");
        assert!(readme.contains(&format!("`{path}`")), "examples/README.md does not describe {path}");
    }
}

#[test]
fn a_batch_comes_out_in_order_whatever_the_jobs() {
    let input = std::fs::read_to_string(root().join("examples/batch.jsonl")).unwrap();
    let one = lint(&["--format", "jsonl", "--jobs", "1", "examples/batch.jsonl"]);
    let two = lint(&["--format", "jsonl", "--jobs", "2", "examples/batch.jsonl"]);
    assert_eq!(one, two);
    let lines: Vec<&str> = input.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(one.lines().count(), lines.len());
    for (index, (line, output)) in lines.iter().zip(one.lines()).enumerate() {
        let (line, output): (Value, Value) =
            (serde_json::from_str(line).unwrap(), serde_json::from_str(output).unwrap());
        assert_eq!((&output["index"], &output["id"]), (&Value::from(index), &line["id"]));
        assert!(line["channel"].is_null() || line["channel"] == output["channel"], "line {}", index + 1);
        assert_eq!((&output["error"], &output["path"]), (&Value::Null, &Value::from("examples/batch.jsonl")));
    }
}

/// Folders side by side, in every format: the same bytes whatever the jobs.
#[test]
fn folders_come_out_in_order_whatever_the_jobs() {
    for output in santun::render::OUTPUTS {
        let run = |jobs: &str| {
            lint(&["--format", output.name, "--jobs", jobs, "examples/bad", "examples/good", "examples/batch.jsonl"])
        };
        assert_eq!(run("1"), run("3"), "--format {}", output.name);
    }
}

/// Whatever the words, the shape of the JSON is version 1 of the contract.
#[test]
fn json_keeps_to_its_shape() {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let json: Value =
        serde_json::from_str(&lint(&["--format", "json", "examples/bad", "examples/batch.jsonl"])).unwrap();
    assert_eq!(keys(&json), set(&["version", "tool", "files", "summary"]));
    assert_eq!((&json["version"], &json["tool"]["name"]), (&Value::from(1), &Value::from("santun")));
    assert_eq!(
        keys(&json["summary"]),
        set(&["files", "messages", "errors", "warnings", "infos", "fixable", "interrupted"])
    );
    let (mut errors, mut messages) = (0, 0);
    for file in json["files"].as_array().unwrap() {
        assert_eq!(keys(file), set(&["path", "format", "notes", "error", "messages"]));
        for message in file["messages"].as_array().unwrap() {
            messages += 1;
            assert!(keys(message).is_superset(&set(&["index", "id", "channel", "notes", "diagnostics"])));
            for found in message["diagnostics"].as_array().unwrap() {
                errors += u64::from(found["severity"] == "error");
                let all = [
                    "rule", "severity", "message", "help", "part", "role", "excerpt", "span", "start", "end", "text",
                    "fix",
                ];
                assert_eq!(keys(found), set(&[&all[..], &["labels", "guideline", "basis", "fingerprint"]].concat()));
                assert_eq!(keys(&found["start"]), set(&["line", "column", "utf16"]));
                if !found["fix"].is_null() {
                    assert_eq!(keys(&found["fix"]), set(&["title", "safety", "edits"]));
                    assert_eq!(keys(&found["fix"]["edits"][0]), set(&["span", "text", "new"]));
                }
            }
        }
    }
    assert_eq!(
        (&json["summary"]["errors"], &json["summary"]["messages"]),
        (&Value::from(errors), &Value::from(messages))
    );
}
