//! What strangers write never gives orders: not to a terminal, not to a viewer, not to whoever reads a report.
//!
//! Every string of [`SIGNS`] is put wherever a stranger can put one: into texts, names, headers, packs, configurations and arguments. What the
//! command says is then looked through, on both streams and in every form.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use unicode_properties::UnicodeEmoji;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a terminal obeys, what a viewer obeys, what hides or turns text around, and what begins a command for those who read line by line.
const SIGNS: &[&str] = &[
    "\u{1b}[2J\u{1b}[1;1H",
    "\u{1b}]0;judul\u{7}",
    "\u{1b}]8;;https://jahat.example\u{1b}\\klik\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;cm0gLXJm\u{7}",
    "\u{1b}P$q\"p\u{1b}\\",
    "\u{1b}c",
    "\u{9b}31m",
    "\u{9d}52;c;cm0=\u{9c}",
    "\u{90}$q\u{9c}",
    "semu\rasli",
    "semu\u{8}\u{8}\u{8}\u{8}asli",
    "\u{7f}",
    "\u{85}",
    "\u{202e}gpj.exe",
    "\u{2066}x\u{2069}\u{2067}",
    "\u{200e}\u{200f}\u{61c}",
    "re\u{200b}s\u{200c}m\u{200d}i",
    "\u{feff}\u{2060}\u{180e}\u{ad}\u{3164}",
    "\u{e0001}\u{e0061}\u{e0062}\u{e007f}",
    "a\u{fe00}\u{fe0f}\u{e0100}\u{e01ef}",
    "baris\u{2028}baru\u{2029}",
    "\u{fff9}a\u{fffa}b\u{fffb}",
    "%0A::error::x",
    "\r\n::add-mask::x",
    "\n##[error]x",
    "<script>alert(1)</script>]]>&\"'",
    "\u{fffe}\u{ffff}",
    "](https://jahat.example)",
];

/// The forms of the report.
const FORMATS: &[&str] =
    &["pretty", "short", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "html"];

/// Whether nobody sees a character, or it turns text around or begins a line.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{3164}' | '\u{feff}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The first character that must not come out, with what stands before it. What joins emoji and chooses how they look is fine.
fn sign_in(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let picture = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_some_and(|c| !c.is_ascii() && (c.is_emoji_char() || *c == '\u{fe0f}'))
    };
    let at = (0..chars.len()).find(|at| match chars[*at] {
        '\n' => false,
        '\u{200d}' => !(picture(at.checked_sub(1)) && picture(Some(at + 1))),
        '\u{fe0f}' => !at.checked_sub(1).is_some_and(|at| chars[at].is_emoji_char()),
        c => c.is_control() || is_unseen(c),
    })?;
    let before: String = chars[at.saturating_sub(60)..at].iter().collect();
    Some(format!("{before}{}", chars[at].escape_unicode()))
}

/// The command in a folder.
fn lint(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lint"));
    command.current_dir(folder).env_remove("SANTUN_LANG").env("COLUMNS", "80").stdin(Stdio::null());
    command
}

/// What the command writes, of which no character is an order. Colours are our own and are taken away where they are asked for.
fn said(output: &Output, context: &str) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{context}: {err}");
    for (stream, text) in [("standard output", &out), ("standard error", &err)] {
        assert_eq!(sign_in(text), None, "{context}, {stream}");
    }
    out
}

/// A text that is a name as well: no file can have strokes or NUL in it.
fn as_name(sign: &str) -> String {
    sign.replace('/', "∕")
}

/// A string as TOML writes it, with escapes for what must have one.
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Messages of all sorts with `sign` wherever one can stand.
fn plant(folder: &Path, sign: &str, number: usize) {
    let own = folder.join(format!("{number}{}", as_name(sign)));
    fs::create_dir(&own).unwrap();
    let draft = format!(
        "Halo {sign} Bro!!\n\nKami gak {sign} bisa g{sign}ak. GIMANA {sign} CARANYA KAMU INI\u{1f468}\u{200d}\u{1f469}. {sign}\n"
    );
    let name = as_name(sign);
    fs::write(own.join(format!("chat{name}.txt")), &draft).unwrap();
    fs::write(own.join(format!("{name}.html")), format!("<p>{draft}</p><!-- santun-ignore {sign}/x: {sign} -->"))
        .unwrap();
    let line = json!({
        "id": sign, "channel": "chat", "subject": sign, "from": format!("{sign} <x@gmail.com>"), "body": draft, sign: sign,
    });
    let odd = json!({ "id": {"a": sign}, "channel": sign, "body": draft });
    // As it stands, since JSON escapes control characters alone.
    let talk = json!({ "id": 1, "channel": "chat", "turns": [{"from": sign, "body": draft}, {"from": "Admin", "body": draft}] });
    fs::write(own.join("pesan.jsonl"), format!("{line}\n{odd}\n{{\"{sign}\n{talk}\n")).unwrap();
    let cell = sign.replace('"', "\"\"");
    fs::write(own.join("tabel.csv"), format!("id,body,\"{cell}\"\n\"{cell}\",\"gak {cell}\",\"{cell}\"\n")).unwrap();
    fs::write(own.join("lain.csv"), format!("\"{cell}\",\"a{cell}\"\n\"{cell}\",\"gak {cell}\"\n")).unwrap();
    let header = sign.replace(['\r', '\n'], " ");
    let mail = format!(
        "From: \"{header}\" <a@{header}.go.id>\nTo: {header}\nSubject: {header} gak\nContent-Type: text/plain; charset={header}\n{header}: x\n\n{draft}"
    );
    fs::write(own.join("surel.eml"), mail).unwrap();
    fs::write(
        own.join("ekspor.txt"),
        format!(
            "[01/02/2025, 10.00.00] {header}: gak {header} bisa\n[01/02/2025, 10.01.00] Admin{header}: gak {header}\n"
        ),
    )
    .unwrap();
    let mut zip = ZipWriter::new(File::create(own.join("arsip.zip")).unwrap());
    for entry in [format!("{sign}.txt"), format!("../{sign}/b.txt"), format!("/{sign}")] {
        zip.start_file(entry, SimpleFileOptions::default()).unwrap();
        zip.write_all(draft.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

/// A folder in which every sign stands everywhere.
fn planted() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (number, sign) in SIGNS.iter().enumerate() {
        plant(folder.path(), sign, number);
    }
    folder
}

#[test]
fn messages_and_names_give_no_orders() {
    let folder = planted();
    let base = ["--isolated", "--fail-on", "never"];
    for format in FORMATS {
        let output = lint(folder.path()).args(base).args(["--format", format, "."]).output().unwrap();
        let out = said(&output, format);
        assert!(out.len() > 10_000, "{format} says next to nothing: {}", String::from_utf8_lossy(&output.stderr));
        match *format {
            "json" | "sarif" | "gitlab" | "rdjson" => drop(serde_json::from_str::<Value>(&out).unwrap()),
            "jsonl" => assert!(out.lines().all(|line| serde_json::from_str::<Value>(line).is_ok())),
            "junit" | "checkstyle" => drop(roxmltree::Document::parse(&out).unwrap()),
            "github" => {
                let known =
                    |line: &str| ["::error ", "::warning ", "::notice "].iter().any(|name| line.starts_with(name));
                assert_eq!(out.lines().find(|line| !known(line)), None);
            }
            "html" => assert!(!out.contains("<script") && out.contains("Content-Security-Policy")),
            _ => {}
        }
    }
    for options in [
        &["--statistics"][..],
        &["--statistics", "--format", "json"],
        &["--checklist"],
        &["--checklist", "--format", "short"],
        &["--lang", "en"],
        &["--diff", "--unsafe-fixes"],
        &["--diff", "--unsafe-fixes", "--show-sensitive"],
        &["--columns", "body=tidak ada"],
        &["--me", "tidak ada"],
        &["--quiet", "--write-baseline", "dasar.json"],
        &["--quiet", "--baseline", "dasar.json"],
        &["--fix", "--unsafe-fixes"],
    ] {
        let mut output = lint(folder.path()).args(base).args(options).arg(".").output().unwrap();
        if options[0] == "--diff" {
            // Line ends stay as they are in a diff.
            output.stdout = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n").into();
        }
        said(&output, &options.join(" "));
    }
}

/// Colours are ours, so only those that the command sets come out.
#[test]
fn colours_are_our_own() {
    let folder = planted();
    for options in [&["--color", "always"][..], &["--color", "always", "--diff", "--show-sensitive", "--unsafe-fixes"]]
    {
        let mut output = lint(folder.path()).args(["--isolated"]).args(options).arg(".").output().unwrap();
        let mut plain = String::new();
        for (index, piece) in String::from_utf8(output.stdout).unwrap().split("\u{1b}[").enumerate() {
            let rest = if index == 0 {
                Some(piece)
            } else {
                piece
                    .split_once('m')
                    .filter(|(codes, _)| codes.chars().all(|c| c.is_ascii_digit() || c == ';'))
                    .map(|(_, rest)| rest)
            };
            plain.push_str(rest.unwrap_or_else(|| panic!("an order that is no colour: {piece}")));
        }
        output.stdout = plain.replace("\r\n", "\n").into();
        said(&output, &options.join(" "));
    }
}

#[test]
fn arguments_give_no_orders() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("chat.txt"), "gak").unwrap();
    for sign in SIGNS {
        let option = format!("--{sign}");
        let missing = format!("tidak-ada{sign}");
        for arguments in [
            &[option.as_str(), "chat.txt"][..],
            &[&missing],
            &["--format", sign, "chat.txt"],
            &["--select", sign, "chat.txt"],
            &["--ignore", &missing, "chat.txt"],
            &["--columns", sign, "chat.txt"],
            &["--columns", &missing, "chat.txt"],
            &["--jobs", sign, "chat.txt"],
            &["--lang", sign, "chat.txt"],
            &["--pack", &missing, "chat.txt"],
            &["--config", &missing, "chat.txt"],
            &["--baseline", &missing, "chat.txt"],
            &["--output", &format!("{missing}/x"), "chat.txt"],
            &["--stdin-filename", sign, "-"],
            &["--watch", &missing, &format!("{missing}/a/b")],
            &["explain", sign],
            &["rules", "test", &missing],
            &["rules", "list", "--format", sign],
            &["rules", sign],
            &["init", &missing],
            &["init", "--domain", sign],
            &["init", "--zone", sign],
            &["init", "--hours", sign],
            &["completions", sign],
            &["man", "--output", &format!("chat.txt/{missing}")],
        ] {
            let output = lint(folder.path()).args(arguments).output().unwrap();
            said(&output, &format!("{arguments:?}"));
        }
    }
    let broken = OsStr::from_bytes(b"tidak\xff\x1b[31mada.txt");
    for arguments in [&[broken][..], &[OsStr::new("--format"), broken], &[OsStr::new("explain"), broken]] {
        said(&lint(folder.path()).args(arguments).output().unwrap(), &format!("{arguments:?}"));
    }
}

/// Keys of a pack and what may stand there. Its texts are shown as they stand, so a pack with a sign in one is refused; all else is shown
/// harmless.
#[test]
fn packs_give_no_orders() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("chat.txt"), "Kami gak bisa. Halo Bro!!").unwrap();
    let plain = [
        ("id", quoted("p")),
        ("title", quoted("Judul")),
        ("rule", quoted("r")),
        ("message", quoted("Pesan {match}")),
        ("help", quoted("Bantuan")),
        ("basis", quoted("Dasar")),
        ("guideline", quoted("chat-2")),
        ("term", quoted("gak")),
        ("replace", quoted("tidak")),
        ("severity", quoted("error")),
        ("extend", quoted("language/slang")),
        ("extend message", quoted("Pesan")),
        ("extend help", quoted("Bantuan")),
        ("extend basis", quoted("Dasar")),
        ("case", quoted("gak")),
        ("finds", quoted("gak")),
        ("key", "lain".to_owned()),
        ("version", quoted("1.0.0")),
        ("licence", quoted("CC0-1.0")),
        ("kind", quoted("terms")),
        ("lexicon", quoted("tidak-ada")),
    ];
    // With what a terminal obeys, which TOML lets in by escapes alone, and without, as it stands.
    for sign in [SIGNS.concat().as_str(), &SIGNS.concat().replace(char::is_control, "")] {
        for (changed, _) in &plain {
            let value = |key: &str| {
                let (_, own) = plain.iter().find(|(known, _)| *known == key).unwrap();
                if *changed == key { quoted(&format!("gak {sign}")) } else { own.clone() }
            };
            let lexicon =
                if *changed == "lexicon" { format!("lexicon = [{}]\n", value("lexicon")) } else { String::new() };
            let text = format!(
                "[pack]\nid = {}\ntitle = {}\nversion = {}\nlicence = {}\n[[rule]]\nid = {}\nkind = {}\nseverity = {}\nmessage = {}\nhelp = {}\n\
                 basis = [{}]\nguideline = {}\n{lexicon}terms = [{{ term = {}, replace = {} }}]\n[[rule.case]]\nbad = {}\nfinds = [{}]\n\
                 [[extend]]\nrule = {}\nmessage = {}\nhelp = {}\nbasis = {}\n[{}]\nx = 1\n",
                value("id"),
                value("title"),
                value("version"),
                value("licence"),
                value("rule"),
                value("kind"),
                value("severity"),
                value("message"),
                value("help"),
                value("basis"),
                value("guideline"),
                value("term"),
                value("replace"),
                value("case"),
                value("finds"),
                value("extend"),
                value("extend message"),
                value("extend help"),
                value("extend basis"),
                value("key"),
            );
            let text = if *changed == "key" { text } else { text.replace("[lain]\nx = 1\n", "") };
            // Without the embedded rules, which take their time, where there is nothing to be changed of them.
            let (own, extension) = text.split_once("[[extend]]").unwrap();
            let extends = changed.starts_with("extend") || *changed == "key";
            let text = if extends { format!("{own}[[extend]]{extension}") } else { own.to_owned() };
            let pack = folder.path().join(format!("{}.toml", as_name(sign).chars().take(80).collect::<String>()));
            fs::write(&pack, &text).unwrap();
            for command in [
                &["--isolated", "--format", "short"][..],
                &["--isolated", "--format", "html"],
                &["rules", "list"],
                &["rules", "list", "--format", "json"],
                &["rules", "test"],
                &["explain", "p/r"],
                &["explain", "language/slang"],
            ] {
                let mut lint = lint(folder.path());
                lint.args(command).arg("--pack").arg(&pack);
                if !extends {
                    lint.arg("--no-builtin");
                }
                if command[0].starts_with("--") {
                    lint.arg("chat.txt");
                }
                said(&lint.output().unwrap(), &format!("{command:?} with {changed} {sign:?}"));
            }
            fs::remove_file(pack).unwrap();
        }
    }
}

/// What is shown as it stands holds nothing that hides; whoever wrote the pack is told where.
#[test]
fn packs_that_hide_something_are_refused() {
    let folder = TempDir::new().unwrap();
    for (key, text) in [
        ("title", "Judul\u{202e}"),
        ("message", "Pesan\u{1b}[2J"),
        ("help", "Bantuan\u{200b}"),
        ("basis", "Dasar\nbaru"),
    ] {
        let value = |name: &str| if name == key { quoted(text) } else { quoted("Teks 👨‍👩‍👧 “biasa”") };
        let pack = format!(
            "[pack]\nid = \"p\"\ntitle = {}\n[[rule]]\nid = \"r\"\nkind = \"terms\"\nseverity = \"error\"\nmessage = {}\nhelp = {}\nbasis = {}\nterms = [\"gak\"]\n",
            value("title"),
            value("message"),
            value("help"),
            value("basis"),
        );
        fs::write(folder.path().join("p.toml"), pack).unwrap();
        let output = lint(folder.path()).args(["rules", "--lang", "en", "--pack", "p.toml"]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("characters that nobody sees") && output.status.code() == Some(2), "{key}: {told}");
    }
}

#[test]
fn configurations_give_no_orders() {
    let folder = TempDir::new().unwrap();
    let draft = "Yth. Bapak Anton,\n\nKami gak bisa menerima {sign}.\n\nTerima kasih.\n";
    for sign in [SIGNS.concat().as_str(), &SIGNS.concat().replace(char::is_control, ""), "\u{9b}31m", "\u{1b}[2J"] {
        fs::write(folder.path().join("surel.txt"), draft.replace("{sign}", &sign.replace('\r', ""))).unwrap();
        let text = quoted(sign);
        for config in [
            format!("lang = {text}"),
            format!("fail-on = {text}"),
            format!("packs = [{text}]"),
            format!("packs = [\"{text}"),
            format!(
                "[agency]\nnames = [{text}]\ncontacts = [{text}]\npeople = [{text}]\npositions = [{text}]\ndomains = [{text}]"
            ),
            format!("[agency]\nzone = {text}\nhours = {text}"),
            format!("[agency]\nnow = {text}"),
            format!("[rules]\n{text} = \"error\""),
            format!("[rules]\n\"language/slang\" = {text}"),
            format!("[rules.\"language/slang\"]\nallow = [{text}]\n{text} = 1"),
            format!("[[paths]]\nfiles = [{text}]\n{text} = 1"),
            format!("[[paths]]\nfiles = [\"[\", {text}]\nchannel = {text}"),
            format!("[[paths]]\nfiles = [\"*\"]\nmessages = [{text}]"),
            format!("{text} = 1"),
            format!("# {sign}\nsalah = {text} {sign}"),
        ] {
            fs::write(folder.path().join("santun.toml"), &config).unwrap();
            for command in [
                &["surel.txt"][..],
                &["--format", "json", "surel.txt"],
                &["--diff", "--unsafe-fixes", "surel.txt"],
                &["rules"],
                &["explain", "language/slang"],
            ] {
                said(&lint(folder.path()).args(command).output().unwrap(), &format!("{command:?} with {config:?}"));
            }
        }
        let named = folder.path().join(format!("{}.toml", as_name(sign).chars().take(80).collect::<String>()));
        fs::write(&named, "salah = 1").unwrap();
        said(&lint(folder.path()).arg("--config").arg(&named).arg("surel.txt").output().unwrap(), sign);
    }
}
