//! The report in HTML and the checklist: well-formed whatever the input says, without a secret, and true.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use html5gum::{Token, Tokenizer};
use roxmltree::{Document, Node, ParsingOptions};

fn lint(arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("SANTUN_LANG")
        .output()
        .unwrap();
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn report(arguments: &[&str], folder: &Path) -> String {
    lint(&[&["--isolated", "--format", "html"], arguments].concat(), folder)
}

/// Reads the page as XML, which forgives nothing, and as HTML; `look` sees each of its elements.
fn parsed(page: &str, mut look: impl FnMut(Node<'_, '_>)) {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}\n{page}"));
    document.descendants().filter(Node::is_element).for_each(&mut look);
    for token in Tokenizer::new(page).flatten() {
        assert!(!matches!(&token, Token::Error(_)), "{token:?}");
    }
}

/// The elements that a report is made of, and all the attributes that they may have.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "h4", "nav", "ul", "li",
    "main", "section", "dl", "dt", "dd", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect",
    "span", "bdi", "strong", "code", "pre", "mark", "sup", "article", "details", "summary", "footer",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "href",
    "aria-label",
    "id",
    "aria-hidden",
    "viewBox",
    "preserveAspectRatio",
    "x",
    "width",
    "height",
    "scope",
    "colspan",
    "data-head",
    "dir",
];

/// Nothing but what the renderer makes itself stands in the page as markup.
fn is_plain(page: &str) {
    let mut headings = vec![1];
    parsed(page, |node| {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        for attribute in node.attributes() {
            assert!(ATTRIBUTES.contains(&attribute.name()), "<{name} {}>", attribute.name());
            let is_inside = attribute.name() != "href" || attribute.value().starts_with('#');
            assert!(is_inside, "a link leads out of the page: {}", attribute.value());
        }
        if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<usize>().ok()) {
            let last = *headings.last().unwrap();
            assert!(level <= last + 1, "a heading of level {level} follows one of level {last}");
            headings.push(level);
        }
    });
    let sign = page.chars().find(|c| {
        c.is_control() && *c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200f}')
    });
    assert_eq!(sign, None);
}

#[test]
fn a_small_report() {
    let folder = tempfile::tempdir().unwrap();
    let draft = "Dari: Sari <sari@gmail.com>\nSubjek: Jadwal\n\nYth. Bapak Budi,\n\nNIK 3678011207900003 gak ada & <b>gak</b> jelas!!\n";
    fs::write(folder.path().join("surel.txt"), draft).unwrap();
    let pack = root().join("tests/packs/render.toml");
    let arguments = ["--no-builtin", "--pack", pack.to_str().unwrap(), "--lang", "id", "surel.txt"];
    let page = report(&arguments, folder.path());
    is_plain(&page);
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let hash = head.find("sha256-").unwrap();
    assert!(head.get(hash..).unwrap().starts_with("sha256-") && head.contains("default-src 'none'"));
    insta::assert_snapshot!(body.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn examples_give_reports_in_both_languages() {
    for lang in ["id", "en"] {
        for paths in [&["examples/bad"][..], &["examples/good"], &["examples/bad/email-keluhan-ktp.txt"], &["examples"]]
        {
            let page = report(&[&["--lang", lang], paths].concat(), root());
            assert!(page.contains(&format!("<html lang=\"{lang}\">")));
            is_plain(&page);
        }
    }
}

/// Texts that would be markup, close what they stand in, or turn what follows.
const HOSTILE: &str = "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & &lt; &#x3c; ]]> <!-- --> {{x}} \u{202e}gak\u{2066} \u{1b}[31m \u{0} \u{7} \u{fffe} gak!!";

#[test]
fn hostile_texts_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a<script>alert(1)</script>&'\u{202e}\"".replace('/', "∕") + ".jsonl";
    let line = serde_json::json!({
        "id": HOSTILE, "channel": "email", "subject": HOSTILE, "from": format!("{HOSTILE} <x@gmail.com>"), "body": HOSTILE,
    });
    // A NUL as it is would make the file a binary one.
    let raw = HOSTILE.replace('\0', "");
    fs::write(folder.path().join(&name), format!("{line}\n{{\"id\": \"</p>\", {raw}\n")).unwrap();
    let pack = folder.path().join("paket.toml");
    // A pack with what a terminal obeys or nobody sees would be refused.
    let quoted =
        serde_json::to_string(&HOSTILE.replace(['\u{0}', '\u{7}', '\u{1b}', '\u{202e}', '\u{2066}', '\u{fffe}'], ""))
            .unwrap();
    fs::write(
        &pack,
        format!(
            "[pack]\nid = \"p\"\ntitle = {quoted}\n[[rule]]\nid = \"r\"\nkind = \"terms\"\nseverity = \"error\"\n\
             message = {quoted}\nhelp = {quoted}\nbasis = [{quoted}]\nguideline = \"chat-2\"\n\
             terms = [{{ term = \"gak\", replace = \"</p>\" }}]\n"
        ),
    )
    .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_lint"));
    command.current_dir(folder.path()).args(["--isolated", "--format", "html", "--pack"]).arg(&pack).arg(&name);
    let page = String::from_utf8(command.output().unwrap().stdout).unwrap();
    is_plain(&page);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
}

#[test]
fn no_nik_is_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let mut body = String::from("Halo Bro, PIN: 493027\n");
    for nik in ["3678011207900003", "3678 0112 0790 0003", "3678-0112-0790-0003", "3678.0112.0790.0003"] {
        body.extend([nik, " gak, NIK: ", nik, "\r\n\n", nik, "\n"]);
    }
    fs::write(folder.path().join("NIK 3678011207900003.txt"), format!("Subjek: {body}\n\n{body}")).unwrap();
    for select in [&[][..], &["--select", "language/slang"]] {
        let page = report(&[select, &["."]].concat(), folder.path());
        let plain = page.replace([' ', '-', '.', '\n'], "");
        assert!(!plain.contains("1207900003") && !page.contains("493027"), "{page}");
        is_plain(&page);
    }
}

/// What is shown is bounded, what is counted is not, and neither depends on the threads.
#[test]
fn a_large_archive_gives_a_bounded_report() {
    let folder = tempfile::tempdir().unwrap();
    let line = serde_json::json!({"channel": "chat", "body": "gak ".repeat(10)}).to_string() + "\n";
    fs::write(folder.path().join("arsip.jsonl"), line.repeat(2000)).unwrap();
    for number in 0..600 {
        fs::write(folder.path().join(format!("bersih-{number}.txt")), "Yth. Bapak,\n").unwrap();
    }
    let one = report(&["--select", "language/slang", "--jobs", "1", "."], folder.path());
    let two = report(&["--select", "language/slang", "--jobs", "2", "."], folder.path());
    assert!(one == two, "the report depends on the threads");
    is_plain(&one);
    let shown = one.matches("<article").count();
    assert!((200..400).contains(&shown), "{shown} messages");
    assert!(one.contains(&format!("ditampilkan: {}.", 2000 - shown)), "what is left out is told");
    assert!(one.contains("<dd>2600</dd>") && one.contains("<dd>20000</dd>"), "all is counted");
    assert!(one.contains("tidak disebut di sini: 100."), "sources without findings are counted");
    let counted = report(&["--select", "language/slang", "--statistics", "."], folder.path());
    assert!(!counted.contains("<article") && counted.contains("<dd>20000</dd>"));
}

/// The state of a statement in the first message.
fn state(arguments: &[&str], statement: &str) -> String {
    let json = lint(&[&["--isolated", "--checklist", "--format", "json"], arguments].concat(), root());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let list = json["files"][0]["messages"][0]["checklist"].as_array().unwrap();
    assert!(list.len() > 40);
    let entry = list.iter().find(|entry| entry["id"] == statement).unwrap();
    let severity = entry["severity"].as_str().map(|severity| format!(" {severity}")).unwrap_or_default();
    format!("{}{severity}", entry["state"].as_str().unwrap())
}

#[test]
fn statements_stand_as_the_message_has_them() {
    let (bad, good) = ("examples/bad/email-keluhan-ktp.txt", "examples/good/email-lampu-jalan.eml");
    for (arguments, statement, wanted) in [
        (&[bad][..], "email-3", "to-mend error"),
        (&[bad], "chat-5", "to-mend warning"),
        (&[bad], "chat-1", "not-applicable"),
        (&[bad], "email-6", "not-checked"),
        (&[bad], "do-4", "not-visible"),
        (&[bad, "--ignore", "email"], "email-3", "to-mend info"),
        (&[good], "email-1", "fulfilled"),
        (&[good], "email-3", "fulfilled"),
        (&[good], "p5", "fulfilled"),
        (&[good, "--ignore", "email/greeting-missing"], "email-3", "not-checked"),
        (&[good, "--select", "language"], "p5", "not-checked"),
        (&["examples/good/chat-ktp-siap.txt"], "email-1", "not-applicable"),
        (&["examples/good/chat-ktp-siap.txt"], "chat-1", "fulfilled"),
        (&["examples/good/chat-ktp-siap.txt"], "chat-3", "not-checked"),
    ] {
        assert_eq!(state(arguments, statement), wanted, "{arguments:?} {statement}");
    }
}

/// What a comment of the file switches off is not praised.
#[test]
fn switched_off_findings_leave_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let template = "<!-- santun-ignore language/slang: kutipan -->\n<p>Berkas gak lengkap.</p>\n";
    fs::write(folder.path().join("chat.html"), template).unwrap();
    let path = folder.path().join("chat.html");
    let arguments = ["--channel", "chat", "--select", "language/slang", path.to_str().unwrap()];
    let json = lint(&[&["--isolated", "--checklist", "--format", "json"], &arguments[..]].concat(), root());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let message = &json["files"][0]["messages"][0];
    assert_eq!(message["diagnostics"].as_array().unwrap().len(), 0);
    let entry = message["checklist"].as_array().unwrap().iter().find(|entry| entry["id"] == "do-3").unwrap();
    assert!(entry["unchecked"].as_array().unwrap().iter().any(|rule| rule == "language/slang"), "{entry}");
}

/// Without the option, version 1 of the contract has the keys that it has always had.
#[test]
fn json_without_the_option_has_no_checklist() {
    for format in ["json", "jsonl"] {
        let json = lint(&["--isolated", "--format", format, "examples/bad/chat-air-keruh.txt"], root());
        assert!(!json.contains("\"checklist\""));
        let json = lint(&["--isolated", "--checklist", "--format", format, "examples/bad/chat-air-keruh.txt"], root());
        assert!(json.contains("\"checklist\":[{\"id\":\"p1\""));
    }
}
