//! Positions: every span of a finding is the word it is about, in bytes of the source, in characters of the decoded field,
//! and in lines and columns, whatever stands around it and however it was written down.

#![allow(clippy::string_slice, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::Config;
use santun::facts::Facts;
use santun::lint::{Detail, Linter, WindowReport};
use santun::locale::Lang;
use santun::message::Field;
use santun::read::{FORMATS, Format, Hints};
use santun::render::{FileHead, FileTail, Gathered, LeftOut, OUTPUTS, RunTail, Style};
use santun::report::{Finding, ShownPlace, shown};
use santun::ruleset::{Choice, RuleSet, Selection};
use santun::source::{Text, Window};
use santun::span::{Span, SpanMap};
use serde_json::Value;

/// Words of our own, so that no change of the embedded ones matters.
static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    let mut rules = RuleSet::embedded();
    let words = ["package", "jadwal", "blokir akun"].map(str::to_owned);
    assert!(rules.add_terms("language/slang", &words).unwrap());
    rules
});
static WORDS: LazyLock<Selection> = LazyLock::new(|| {
    let select = vec!["language/slang".to_owned()];
    RULES.select(&Choice { select, ignore: Vec::new() }, &[])
});
static LATE: LazyLock<Selection> = LazyLock::new(|| {
    let select = vec!["chat/reply-late".to_owned()];
    RULES.select(&Choice { select, ignore: Vec::new() }, &[])
});
static ALL: LazyLock<Selection> = LazyLock::new(|| RULES.select(&Choice::default(), &[]));

fn config() -> Config {
    Config { cases: 200, failure_persistence: None, ..Config::default() }
}

fn lint(selection: &Selection, format: &Format, bytes: &[u8]) -> WindowReport {
    let facts = Facts::default();
    let linter = Linter { lang: Lang::En, detail: Detail::Lines, ..Linter::new(&RULES, selection, &facts) };
    let window = Window::whole(bytes);
    linter.lint(format, &window, &Hints::default())
}

fn format(name: &str) -> &'static Format {
    Format::by_name(name).unwrap()
}

/// Pieces of a body: words that are found, and all that could shift a position. The flag asks for `\u` escapes in JSON.
fn piece() -> impl Strategy<Value = (String, bool)> {
    let text = prop_oneof![
        3 => prop::sample::select(vec!["package", "jadwal", "PACKAGE", "Jadwal", "blokir akun", "blokir\nakun", "Blokir  Akun"]),
        3 => prop::sample::select(vec![" ", " ", "\n", "\r\n", ", ", "\n\n", "\t", "“", "\"", "\\", "/"]),
        2 => prop::sample::select(vec!["warga", "é", "e\u{301}", "Å", "ﬁ", "🙏", "👨‍👩‍👧", "🏳️‍🌈", "1️⃣", "\u{200b}", "\u{feff}", "\u{ad}", "\u{2028}"]),
    ];
    let other = any::<char>().prop_map(|c| c.to_string());
    prop_oneof![6 => text.prop_map(str::to_owned), 1 => other].prop_flat_map(|text| (Just(text), any::<bool>()))
}

/// Pieces of HTML: words that are found, tags, references, constructs, and all that could shift a position.
fn html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["package", "jadwal", "p&#97;ckage", "JADW<b>AL</b>", "blokir akun", "blokir <i>akun</i>", "blokir&nbsp;akun"]),
        4 => prop::sample::select(vec![" ", "\n", "\r\n  ", ", ", "é", "🙏", "\u{a0}", "&nbsp;", "&amp;", "&eacute;", "&#x1F64F;", "&copy", "&", " < ", "https://x.go.id/?a=1&amp;b=2"]),
        3 => prop::sample::select(vec!["<p>", "</p>", "<b>", "</b>", "<br>", "<div class='x'>", "</div>", "<td>", "</td><td>", "<tr>", "</table>", "<!-- package -->", "<span hidden>jadwal</span>", "<style>a{}</style>", "<a title=\"jadwal\">"]),
        2 => prop::sample::select(vec!["{{ package }}", "{{ $a->b['c'] }}", "{!! $a !!}", "{% if jadwal < 2 %}", " @if($a < 1)", " @endif", "{{-- jadwal --}}", "<?php jadwal ?>", "{nama}", "[nama_desa]"]),
    ];
    let other = any::<char>().prop_map(|c| c.to_string());
    prop::collection::vec(prop_oneof![12 => piece.prop_map(str::to_owned), 1 => other], 0..60)
        .prop_map(|pieces| pieces.concat())
}

/// The body of HTML.
fn html_body<'w>(text: &'w Text<'w>, window: &'w Window) -> Field<'w> {
    let mut readings = format("html").read(text, window, &Hints::default());
    readings.remove(0).unwrap().messages.remove(0).fields.remove(0)
}

fn as_text(source: &str) -> Text<'_> {
    Text { text: source.into(), map: SpanMap::verbatim(0, source.len()), encoding: "UTF-8", line: 1 }
}

/// What is seen of a piece of HTML, with single blanks.
fn html_text(bytes: &[u8]) -> String {
    let source = format!("<p>{}</p>", plain_text(bytes));
    single_blanks(&html_body(&as_text(&source), &Window::default()).text)
}

fn single_blanks(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn body() -> impl Strategy<Value = Vec<(String, bool)>> {
    prop::collection::vec(piece(), 0..60)
}

fn text_of(body: &[(String, bool)]) -> String {
    body.iter().map(|(text, _)| text.as_str()).collect()
}

/// The body as a JSON string, with the escapes that it must have, and with `\u` where the pieces ask for it.
fn json_of(body: &[(String, bool)]) -> String {
    let mut json = String::from('"');
    for (text, escaped) in body {
        if *escaped {
            json.extend(text.encode_utf16().map(|unit| format!("\\u{unit:04x}")));
        } else {
            let plain = serde_json::to_string(text).unwrap();
            json.push_str(&plain[1..plain.len() - 1]);
        }
    }
    json.push('"');
    json
}

fn slice(source: &[u8], place: &ShownPlace) -> Vec<u8> {
    let (start, end) = (usize::try_from(place.span.start).unwrap(), usize::try_from(place.span.end).unwrap());
    assert!(start <= end && end <= source.len(), "span {start}..{end} of {} bytes", source.len());
    source[start..end].to_vec()
}

/// Line, column and UTF-16 column of a byte, counted from the start. The mark of UTF-8 is no column, and CR ends lines where
/// LF ends none.
fn naive(source: &[u8], at: u64) -> (u64, u64, u64) {
    let before = String::from_utf8(source[..usize::try_from(at).unwrap()].to_vec()).unwrap();
    let before = before.strip_prefix('\u{feff}').unwrap_or(&before);
    let end = if source.contains(&b'\n') { '\n' } else { '\r' };
    let line = before.rsplit(end).next().unwrap();
    let utf16: usize = line.chars().map(char::len_utf16).sum();
    (before.matches(end).count() as u64 + 1, line.chars().count() as u64 + 1, utf16 as u64 + 1)
}

/// Whether every place of the finding is where it says it is. `read` turns bytes of the source into text.
fn assert_place(source: &[u8], field: &str, place: &ShownPlace, read: impl Fn(&[u8]) -> String) -> String {
    let (from, to) = (usize::try_from(place.text.0).unwrap(), usize::try_from(place.text.1).unwrap());
    assert!(from <= to && to <= field.chars().count(), "text {from}..{to} of {field:?}");
    let word: String = field.chars().skip(from).take(to - from).collect();
    assert_eq!(read(&slice(source, place)), word, "span and text differ");
    for (at, position) in [(place.span.start, place.start), (place.span.end, place.end)] {
        assert_eq!((position.line, position.column, position.utf16), naive(source, at), "place of byte {at}");
    }
    word
}

fn assert_finding(source: &[u8], field: &str, finding: &Finding, read: impl Fn(&[u8]) -> String + Copy) {
    let word = assert_place(source, field, &finding.place, read);
    assert_eq!(finding.excerpt, shown(&word), "the excerpt is not the word");
    for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
        assert_place(source, field, &edit.place, read);
    }
}

fn plain_text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json_text(bytes: &[u8]) -> String {
    serde_json::from_str(&format!("\"{}\"", plain_text(bytes))).unwrap()
}

/// What must hold for whatever bytes.
fn assert_bounds(source: &[u8], report: &WindowReport) {
    for finding in report.messages.iter().flat_map(|message| &message.findings) {
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| &edit.place));
        for place in std::iter::once(&finding.place).chain(finding.labels.iter().map(|(place, _)| place)).chain(edits) {
            slice(source, place);
            assert!(place.text.0 <= place.text.1, "{place:?}");
            assert!((place.start.line, place.start.column) <= (place.end.line, place.end.column), "{place:?}");
            assert!(
                place.start.line >= 1 && place.start.column >= 1 && place.start.utf16 >= place.start.column,
                "{place:?}"
            );
        }
        assert!(finding.line.text.get(finding.line.range.clone()).is_some(), "{:?}", finding.line);
    }
}

/// Every renderer can show it.
fn render(report: &WindowReport) {
    for output in OUTPUTS {
        let renderer = output.renderer(Style { lang: Lang::Id, color: true, ..Style::default() });
        let head = FileHead { path: "draf.txt", format: Some("plain") };
        let mut text = String::new();
        renderer.start(&mut text);
        renderer.open(head, true, &mut text);
        for message in &report.messages {
            renderer.message(head, message, &mut text);
        }
        let tail = FileTail { notes: &report.notes, error: None, tally: &report.tally };
        renderer.head(head, tail, &mut text);
        renderer.close(head, tail, &mut text);
        let (gathered, left_out) = (Gathered::default(), LeftOut::default());
        renderer.finish(RunTail { files: 1, tally: &report.tally, gathered: &gathered, left_out }, &mut text);
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn spans_of_drafts_are_the_words(body in body(), marked in any::<bool>(), headed in any::<bool>()) {
        let text = text_of(&body);
        let mark = if marked { "\u{feff}" } else { "" };
        let head = if headed { "Subjek: Perubahan jam 🙏\n\n" } else { "" };
        let source = format!("{mark}{head}{text}");
        // Without a mark of its own, the draft begins with what the body begins with.
        let field = if marked || headed { text.as_str() } else { text.strip_prefix('\u{feff}').unwrap_or(&text) };
        let report = lint(&WORDS, format("plain"), source.as_bytes());
        for finding in report.messages.iter().flat_map(|message| &message.findings).filter(|finding| finding.place.part == "body") {
            assert_finding(source.as_bytes(), field, finding, plain_text);
        }
    }

    #[test]
    fn spans_of_json_lines_are_the_words(bodies in prop::collection::vec(body(), 1..4), marked in any::<bool>(), ending in prop::sample::select(vec!["\n", "\r\n"])) {
        let lines: Vec<String> = bodies.iter().map(|body| format!("{{\"subject\": \"é 🙏\", \"body\": {} }}{ending}", json_of(body))).collect();
        let source = format!("{}{}", if marked { "\u{feff}" } else { "" }, lines.concat());
        let report = lint(&WORDS, format("jsonl"), source.as_bytes());
        prop_assert_eq!(report.messages.len(), bodies.len());
        for (message, body) in report.messages.iter().zip(&bodies) {
            prop_assert!(message.error.is_none(), "{:?}", &message.error);
            for finding in &message.findings {
                assert_finding(source.as_bytes(), &text_of(body), finding, json_text);
            }
        }
    }

    /// Every token of HTML, and every finding, stands where bytes stand that are read as it.
    #[test]
    fn spans_of_html_are_the_words(source in html()) {
        prop_assume!(!source.starts_with('\u{feff}'));
        let text = as_text(&source);
        let window = Window::default();
        let body = html_body(&text, &window);
        let place = |span: Span| usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
        for token in &body.tokens {
            let bytes = &source.as_bytes()[place(body.locate(token.span()))];
            prop_assert_eq!(html_text(bytes), single_blanks(token.of(&body.text)));
        }
        let report = lint(&WORDS, format("html"), source.as_bytes());
        for finding in report.messages.iter().flat_map(|message| &message.findings) {
            let word = single_blanks(&body.text.chars().skip(usize::try_from(finding.place.text.0).unwrap()).take(usize::try_from(finding.place.text.1 - finding.place.text.0).unwrap()).collect::<String>());
            prop_assert_eq!(html_text(&slice(source.as_bytes(), &finding.place)), word);
            for (at, position) in [(finding.place.span.start, finding.place.start), (finding.place.span.end, finding.place.end)] {
                prop_assert_eq!((position.line, position.column, position.utf16), naive(source.as_bytes(), at));
            }
            // What is replaced holds no tag.
            for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
                prop_assert!(!plain_text(&slice(source.as_bytes(), &edit.place)).contains('<'));
            }
        }
    }

    /// Our turns are linted, the other party's are not; a late answer and what waited for it are where they stand.
    #[test]
    fn spans_of_turns_are_the_words(turns in prop::collection::vec((body(), any::<bool>()), 1..5)) {
        let turn = |index: usize, body: &[(String, bool)], ours: bool| {
            format!("{{\"ours\": {ours}, \"date\": \"2025-10-{:02}T08:00\", \"body\": {}}}", 2 * index + 1, json_of(body))
        };
        let objects: Vec<String> = turns.iter().enumerate().map(|(index, (body, ours))| turn(index, body, *ours)).collect();
        let source = format!("\n{{\"channel\": \"chat\", \"turns\": [{}]}}\n", objects.join(", "));
        for selection in [&*WORDS, &*LATE] {
            let report = lint(selection, format("jsonl"), source.as_bytes());
            prop_assert_eq!(report.messages.len(), turns.len());
            for (index, (message, (body, ours))) in report.messages.iter().zip(&turns).enumerate() {
                prop_assert!(message.error.is_none(), "{:?}", &message.error);
                for finding in &message.findings {
                    prop_assert!(*ours);
                    assert_place(source.as_bytes(), &text_of(body), &finding.place, json_text);
                    for (place, _) in &finding.labels {
                        let asked = turns[..index].iter().map(|(body, _)| text_of(body));
                        let start = usize::try_from(place.span.start).unwrap();
                        let body = asked.zip(&objects).find(|(_, object)| start < source.find(object.as_str()).unwrap() + object.len());
                        assert_place(source.as_bytes(), &body.unwrap().0, place, json_text);
                    }
                }
            }
        }
    }

    /// The same body says the same in each of its forms.
    #[test]
    fn all_forms_of_a_body_are_judged_alike(body in body()) {
        let text = text_of(&body);
        // A mark at the start of a file is the file's, not the draft's.
        prop_assume!(!text.starts_with('\u{feff}'));
        let places = |report: &WindowReport| -> Vec<_> {
            report.messages[0].findings.iter().map(|finding| (finding.rule.clone(), finding.place.text, finding.excerpt.clone())).collect()
        };
        let plain = lint(&WORDS, format("plain"), format!("Kanal: chat\n\n{text}").as_bytes());
        let whole = lint(&WORDS, format("jsonl"), format!("{{\"channel\": \"chat\", \"body\": {}}}", serde_json::to_string(&text).unwrap()).as_bytes());
        let escaped = lint(&WORDS, format("jsonl"), format!("{{\"channel\": \"chat\", \"body\": {}}}", json_of(&body)).as_bytes());
        prop_assert_eq!(places(&whole), places(&escaped));
        prop_assert_eq!(places(&plain), places(&whole));
    }

    /// Between blanks, marks and emoji, every word is found, once.
    #[test]
    fn every_word_is_found(words in prop::collection::vec((prop::sample::select(vec!["package", "JADWAL", "blokir akun", "warga"]), prop::sample::select(vec![" ", ", ", "\n", " 🙏 ", "🙏", "\r\n", ". ", "!!! ", "\t", " (", ") ", " — "])), 0..40)) {
        let text: String = words.iter().flat_map(|(word, gap)| [*word, *gap]).collect();
        let expected: Vec<&str> = words.iter().map(|(word, _)| *word).filter(|word| *word != "warga").collect();
        let report = lint(&WORDS, format("plain"), text.as_bytes());
        let found: Vec<&str> = report.messages[0].findings.iter().map(|finding| finding.excerpt.as_str()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            let report = lint(&ALL, format, &bytes);
            assert_bounds(&bytes, &report);
            render(&report);
        }
    }

    /// Messages with something to find, cut and stirred.
    #[test]
    fn damaged_messages_can_be_read(
        seeds in prop::collection::vec(prop::sample::select(vec![
            "Dari: a@gmail.com\n", "Subjek: PENTING!!!\n", "\n", "Halo Bro, ", "gak bisa 🙏🙏🙏🙏 ", "NIK 3678011207900003 ", "Yth. Bapak Anton,\n\n", "{\"body\": \"", "\\ud83d", "\\n", "\"}",
            "> kutipan gak\n", "Salam hormat,\nBudi\n", "[NAMA] ", "TOLONG DIBACA DULU!! ", "di ganti ", "Terima kasih.\n", "\u{202e}", "[12/10/25 08.13] Ibu: gak\n", "--\n", "#CoblosNomor3 ", "{{ nama }}", "{{", "}}", "<p>", "<td hidden>", "@if(", "$a->b", "&nbsp;", "<style>",
        ]), 0..30),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        noise in any::<u8>(),
    ) {
        let mut bytes = seeds.concat().into_bytes();
        for cut in cuts {
            if !bytes.is_empty() {
                let at = cut.index(bytes.len());
                bytes[at] = noise;
            }
        }
        for format in FORMATS {
            let report = lint(&ALL, format, &bytes);
            assert_bounds(&bytes, &report);
            render(&report);
        }
    }
}

/// What is checked alike in a large file and in a line alone.
fn compared(line: &Value, bytes: u64, lines: u64) -> Value {
    let moved = |place: &Value| {
        let at = |key: &str| place["span"][key].as_u64().unwrap() - bytes;
        let row = |key: &str| {
            (place[key]["line"].as_u64().unwrap() - lines, place[key]["column"].clone(), place[key]["utf16"].clone())
        };
        serde_json::json!([at("start"), at("end"), row("start"), row("end"), place["text"]])
    };
    let found = line["diagnostics"].as_array().unwrap();
    let found: Vec<Value> =
        found.iter().map(|d| serde_json::json!([d["rule"], d["excerpt"], d["fingerprint"], moved(d)])).collect();
    serde_json::json!([line["id"], line["channel"], found, line["error"].is_null()])
}

/// The lines of output for `input` on standard input.
fn command(input: &[u8]) -> Vec<Value> {
    let arguments = [
        "--isolated",
        "--select",
        "language/slang",
        "--input-format",
        "jsonl",
        "--format",
        "jsonl",
        "--jobs",
        "2",
        "-",
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_lint"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_large_file_is_judged_like_its_lines() {
    let variants = [
        r#"{"id": 1, "channel": "chat", "body": "Jadwal gak berubah 🙏"}"#.to_owned(),
        r#"{"id": "dua", "channel": "email", "subject": "Jadwal 🙏 gak", "body": "Yth. Ibu,\n\n\u0067ak \ud83d\ude4f gak.\r\nSalam"}"#.to_owned(),
        String::new(),
        r#"{"id": 3, "channel": "chat", "body": "tetap""#.to_owned(),
        format!(r#"{{"id": {{"n": 4}}, "channel": "social", "body": "{} gak"}}"#, "Jadwal layanan tetap 🙏 é. ".repeat(40)),
        r#"  {"id": null, "channel": "letter", "body": "gak"}  "#.to_owned(),
    ];
    let mut lines: Vec<String> = Vec::new();
    let mut size = 0;
    while size < 5 << 19 {
        let line = variants[lines.len() % variants.len()].clone();
        size += line.len() + 1;
        lines.push(line);
    }
    // A line that is longer than a window, and a last one without an end.
    lines.insert(2000, format!(r#"{{"id": "long", "channel": "chat", "body": "{}gak"}}"#, "tetap ".repeat(250_000)));
    lines.push(variants[0].clone());
    let source = lines.join("\n");
    assert!(source.len() > 2 << 20);

    let together = command(source.as_bytes());
    let filled: Vec<usize> = (0..lines.len()).filter(|index| !lines[*index].trim().is_empty()).collect();
    assert_eq!(together.len(), filled.len(), "one line of output for each filled line of input");
    let mut alone: Vec<(&str, Value)> = Vec::new();
    let mut offset = 0;
    let mut results = together.iter().enumerate();
    for (number, line) in lines.iter().enumerate() {
        if !line.trim().is_empty() {
            let (index, result) = results.next().unwrap();
            assert_eq!(result["index"], index, "line {}", number + 1);
            let known = alone.iter().find(|(text, _)| text == line).map(|(_, value)| value.clone());
            let expected = known.unwrap_or_else(|| {
                let value = compared(&command(line.as_bytes())[0], 0, 0);
                alone.push((line, value.clone()));
                value
            });
            assert_eq!(compared(result, offset, number as u64), expected, "line {}", number + 1);
        }
        offset += line.len() as u64 + 1;
    }
}
