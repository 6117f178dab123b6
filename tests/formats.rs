//! Formats for programs: what they look like, that they are whole and true to their definitions whatever the texts and names
//! hold, and that nothing of a message gives orders to whoever reads them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use serde_json::Value;
use tempfile::TempDir;

const FORMATS: &[&str] = &["sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"];

/// Standard output of a run in `folder`.
fn lint(folder: &Path, arguments: &[&str], input: &str) -> String {
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/packs/formats.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder)
        .args(["--isolated", "--no-builtin", "--pack", pack])
        .args(arguments)
        .env_remove("SANTUN_LANG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// Two files with several messages, findings over several lines and in several bytes a character, and a line that is no message;
/// and one that is not there.
fn files() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("surel")).unwrap();
    let draft = "Halo 😀 gak,\nmulai <i>\n100% selesai. NIK 3678011207900003\nAnda datang, lalu kamu ditemui.\n";
    fs::write(folder.path().join("surel/satu, 100%.txt"), draft).unwrap();
    let lines = [
        r#"{"id": "a\"1", "channel": "chat", "turns": [{"body": "gak"}, {"body": "gak, é gak\nTerima kasih"}]}"#,
        "bukan JSON",
        r#"{"id": 7, "channel": "chat", "body": "Terima kasih"}"#,
    ];
    fs::write(folder.path().join("surel/kumpulan.jsonl"), lines.join("\n")).unwrap();
    folder
}

const PATHS: &[&str] = &["surel", "tidak-ada.txt"];

fn snapshot(format: &str) -> String {
    let folder = files();
    lint(folder.path(), &[&["--format", format], PATHS].concat(), "")
}

/// JSON as people can read it.
fn pretty(json: &str) -> String {
    let json: Value = serde_json::from_str(json).unwrap();
    serde_json::to_string_pretty(&json).unwrap().replace(env!("CARGO_PKG_VERSION"), "[version]")
}

#[test]
fn sarif() {
    insta::assert_snapshot!(pretty(&snapshot("sarif")));
}

#[test]
fn github() {
    insta::assert_snapshot!(snapshot("github"));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(snapshot("gitlab"));
}

#[test]
fn junit() {
    insta::assert_snapshot!(snapshot("junit"));
}

#[test]
fn checkstyle() {
    insta::assert_snapshot!(snapshot("checkstyle"));
}

#[test]
fn rdjson() {
    insta::assert_snapshot!(pretty(&snapshot("rdjson")));
}

static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/sarif-2.1.0.json")).unwrap();
    // One of its patterns has a bracket too much.
    let schema = serde_json::from_str(&schema.replace("{2}]?$", "{2}$")).unwrap();
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap()
});

/// That all of them differ.
fn differ<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let mut seen = BTreeSet::new();
    texts.into_iter().all(|text| seen.insert(text.to_owned()))
}

/// What is wrong with the output of a format, if anything.
fn flaw(format: &str, output: &str) -> Option<String> {
    match format {
        "sarif" => sarif_flaw(output),
        "github" => output.split_terminator('\n').find_map(github_flaw),
        "gitlab" => gitlab_flaw(output),
        "junit" => junit_flaw(output),
        "checkstyle" => Document::parse(output).err().map(|error| error.to_string()),
        _ => rdjson_flaw(output),
    }
}

fn sarif_flaw(output: &str) -> Option<String> {
    let json: Value = match serde_json::from_str(output) {
        Ok(json) => json,
        Err(error) => return Some(error.to_string()),
    };
    if let Some(error) = SARIF.iter_errors(&json).next() {
        return Some(format!("{}: {error}", error.instance_path()));
    }
    let run = &json["runs"][0];
    let results = run["results"].as_array().unwrap();
    let rules: BTreeSet<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    if !results.iter().all(|result| rules.contains(result["ruleId"].as_str().unwrap())) {
        return Some("a result of a rule that is not told".to_owned());
    }
    let prints = results.iter().map(|result| result["partialFingerprints"]["santun/v1"].as_str().unwrap());
    (!differ(prints)).then(|| "a fingerprint stands twice".to_owned())
}

/// A command is told from its text by the first `::` behind its name; its properties by commas.
fn github_flaw(line: &str) -> Option<String> {
    let command = ["::error ", "::warning ", "::notice "].iter().find_map(|name| line.strip_prefix(name));
    let properties = command.and_then(|rest| rest.split_once("::")).map(|(properties, _)| properties);
    let known = |property: &str| {
        let (name, value) = property.split_once('=').unwrap_or_default();
        let numeric = matches!(name, "line" | "endLine" | "col" | "endColumn");
        (numeric && value.parse::<u64>().is_ok()) || (matches!(name, "file" | "title") && !value.contains(':'))
    };
    let sound = properties.is_some_and(|properties| properties.split(',').all(known)) && !line.contains('\r');
    (!sound).then(|| line.to_owned())
}

fn gitlab_flaw(output: &str) -> Option<String> {
    let issues: Vec<Value> = match serde_json::from_str(output) {
        Ok(issues) => issues,
        Err(error) => return Some(error.to_string()),
    };
    let odd = issues.iter().find(|issue| {
        let text = |key: &str| issue[key].as_str().is_some_and(|text| !text.is_empty());
        let severity = ["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap());
        let path = issue["location"]["path"].as_str().unwrap_or_default();
        let placed =
            !path.is_empty() && !path.starts_with("./") && issue["location"]["lines"]["begin"].as_u64() > Some(0);
        !(text("description") && text("check_name") && text("fingerprint") && severity && placed)
    });
    if !differ(issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap())) {
        return Some("a fingerprint stands twice".to_owned());
    }
    odd.map(Value::to_string)
}

fn junit_flaw(output: &str) -> Option<String> {
    let document = match Document::parse(output) {
        Ok(document) => document,
        Err(error) => return Some(error.to_string()),
    };
    let count = |node: &Node<'_, '_>, tag: &str| node.descendants().filter(|inner| inner.has_tag_name(tag)).count();
    let mut suites = document.descendants().filter(|node| node.has_tag_name("testsuite"));
    suites.find_map(|suite| {
        let counts = [("tests", "testcase"), ("failures", "failure"), ("errors", "error")];
        let wrong = counts.iter().find(|(name, tag)| suite.attribute(*name) != Some(&count(&suite, tag).to_string()));
        let names = suite.children().filter(|case| case.has_tag_name("testcase"));
        let crowded = names.clone().find(|case| count(case, "failure") + count(case, "error") > 1);
        let twice = !differ(names.map(|case| case.attribute("name").unwrap()));
        (wrong.is_some() || crowded.is_some() || twice)
            .then(|| format!("{:?} {wrong:?} {crowded:?} {twice}", suite.attribute("name")))
    })
}

fn rdjson_flaw(output: &str) -> Option<String> {
    let json: Value = match serde_json::from_str(output) {
        Ok(json) => json,
        Err(error) => return Some(error.to_string()),
    };
    let position = |value: &Value| value["line"].as_u64() > Some(0) && value["column"].as_u64() != Some(0);
    let odd = json["diagnostics"].as_array().unwrap().iter().find(|diagnostic| {
        let location = &diagnostic["location"];
        let range = &location["range"];
        let placed =
            range.is_null() || position(&range["start"]) && (range["end"].is_null() || position(&range["end"]));
        let severity = ["ERROR", "WARNING", "INFO"].contains(&diagnostic["severity"].as_str().unwrap());
        !(placed && severity && location["path"].is_string() && diagnostic["message"].is_string())
    });
    odd.map(Value::to_string)
}

#[test]
fn formats_are_sound() {
    let folder = files();
    for format in FORMATS {
        let output = lint(folder.path(), &[&["--format", format], PATHS].concat(), "");
        assert_eq!(flaw(format, &output), None, "{format}: {output}");
    }
}

/// All findings of the embedded rules in the examples, also into a file.
#[test]
fn formats_are_sound_for_all_rules() {
    let folder = TempDir::new().unwrap();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    for format in FORMATS {
        let report = folder.path().join(format);
        let status = Command::new(env!("CARGO_BIN_EXE_lint"))
            .args(["--isolated", "--format", format, "--fail-on", "never", "--output"])
            .args([report.as_path(), Path::new(examples)])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        let output = fs::read_to_string(report).unwrap();
        assert!(output.len() > 10_000, "{format}: {output}");
        assert_eq!(flaw(format, &output), None, "{format}");
    }
}

/// A run over nothing, and one over a message without findings, give whole documents.
#[test]
fn nothing_found_is_a_whole_document() {
    let folder = TempDir::new().unwrap();
    for format in FORMATS {
        for output in [
            lint(folder.path(), &["--format", format, "."], ""),
            lint(folder.path(), &["--format", format, "-"], "Terima kasih."),
        ] {
            assert_eq!(flaw(format, &output), None, "{format}: {output}");
        }
    }
}

/// The bytes of a region are those that its lines and columns tell.
#[test]
fn sarif_tells_the_same_place_in_two_ways() {
    let folder = files();
    let output = lint(folder.path(), &["--format", "sarif", "surel/satu, 100%.txt"], "");
    let json: Value = serde_json::from_str(&output).unwrap();
    let text = fs::read_to_string(folder.path().join("surel/satu, 100%.txt")).unwrap();
    let lines: Vec<Vec<u16>> = text.split_inclusive('\n').map(|line| line.encode_utf16().collect()).collect();
    let offset = |line: &Value, column: &Value| {
        let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap() - 1;
        let before: usize = lines[..number(line)].iter().map(|line| String::from_utf16(line).unwrap().len()).sum();
        let rest = lines.get(number(line)).map_or(&[][..], |line| &line[..number(column)]);
        before + String::from_utf16(rest).unwrap().len()
    };
    let results = json["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["relatedLocations"].is_array()));
    for result in results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let (start, end) =
            (offset(&region["startLine"], &region["startColumn"]), offset(&region["endLine"], &region["endColumn"]));
        assert_eq!(region["byteOffset"], start, "{region}");
        assert_eq!(region["byteLength"], end - start, "{region}");
    }
}

/// What a fix of SARIF writes in place of bytes is what `--fix` writes.
#[test]
fn fixes_of_sarif_mend() {
    let folder = files();
    let path = "surel/kumpulan.jsonl";
    let output = lint(folder.path(), &["--format", "sarif", "--select", "probe/word", path], "");
    let json: Value = serde_json::from_str(&output).unwrap();
    let mut text = fs::read_to_string(folder.path().join(path)).unwrap();
    for result in json["runs"][0]["results"].as_array().unwrap().iter().rev() {
        let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        let number = |key: &str| usize::try_from(replacement["deletedRegion"][key].as_u64().unwrap()).unwrap();
        let start = number("byteOffset");
        text.replace_range(
            start..start + number("byteLength"),
            replacement["insertedContent"]["text"].as_str().unwrap(),
        );
    }
    lint(folder.path(), &["--fix", "--select", "probe/word", path], "");
    assert_eq!(text, fs::read_to_string(folder.path().join(path)).unwrap());
}

/// Columns of rdjson count bytes.
#[test]
fn rdjson_counts_bytes() {
    let folder = files();
    let output = lint(folder.path(), &["--format", "rdjson", "--select", "probe/word", "surel/satu, 100%.txt"], "");
    let json: Value = serde_json::from_str(&output).unwrap();
    let range = &json["diagnostics"][0]["location"]["range"];
    assert_eq!(range["start"]["column"], "Halo 😀 ".len() + 1);
    assert_eq!(range["end"]["column"], "Halo 😀 gak".len() + 1);
}

/// Names of files are written by strangers as well.
#[cfg(unix)]
#[test]
fn names_of_files_give_no_orders() {
    let folder = TempDir::new().unwrap();
    let hostile = [
        "a\n::error file=x::b.txt",
        "::set-output name=x::y.txt",
        "\"kutip\" & <b>]]>.txt",
        "satu, dua: 100%0A.txt",
        "##[error]x.txt",
        "NIK 3678011207900003.txt",
        "a\\b.txt",
    ];
    for name in hostile {
        fs::write(folder.path().join(name), "gak mulai\nselesai").unwrap();
    }
    let arguments = [&["tidak\n::error::ada.txt"][..], &hostile].concat();
    for format in FORMATS {
        for paths in [&["."][..], &arguments] {
            let output = lint(folder.path(), &[&["--format", format, "--"], paths].concat(), "");
            assert_eq!(flaw(format, &output), None, "{format}: {output}");
            assert!(!output.contains("3678011207900003"), "{format}: {output}");
        }
    }
}

/// Paths below the folder of the run are told relative to it, since servers know files of the repository only.
#[test]
fn paths_are_relative_where_they_can_be() {
    let folder = files();
    let absolute = folder.path().canonicalize().unwrap().join("surel");
    for format in FORMATS {
        let told = |path: &str| lint(folder.path(), &["--format", format, path], "");
        let relative = told("surel");
        assert_eq!(told("./surel"), relative, "{format}");
        assert_eq!(told(absolute.to_str().unwrap()), relative, "{format}");
    }
}

/// Texts with what the rules find and what formats might trip over.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("gak ".to_owned()),
        Just("mulai ".to_owned()),
        Just("selesai\n".to_owned()),
        Just("NIK 3678011207900003 ".to_owned()),
        Just("Anda kamu ".to_owned()),
        Just("]]> <![CDATA[ &amp; \" ' ".to_owned()),
        Just("\r\n::error::x%0A, ".to_owned()),
        Just("\u{1b}[31m\u{0}\u{ffff}\u{202e}".to_owned()),
        Just("{\"body\": \"gak \\u0001\"}\n".to_owned()),
        ".{0,20}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_under_any_name_is_told_soundly(text in texts(), name in "[^\u{0}]{1,24}") {
        let folder = std::env::temp_dir();
        for format in FORMATS {
            let output = lint(&folder, &["--format", format, &format!("--stdin-filename={name}"), "-"], &text);
            prop_assert_eq!(flaw(format, &output), None, "{}: {}", format, output);
            prop_assert!(!output.contains("3678011207900003"), "{}: {}", format, output);
        }
    }
}
