//! What must hold of reports, whatever they are about.

use roxmltree::{Document, ParsingOptions};
use santun::checklist::Totals;
use santun::lint::{Detail, Linter, WindowReport};
use santun::locale::Lang;
use santun::read::FORMATS;
use santun::render::{FileHead, FileTail, Gathered, LeftOut, OUTPUTS, Output, RunTail, Style};
use santun::report::shown;
use santun::statistics::Statistics;

use crate::{chosen, hints, judges, linter, window};

/// Lints a source and renders the report. The first byte chooses the format of the source; the second one that of the report, its language
/// and whether it has colours; and the rest of the first line is the name of the source.
///
/// # Panics
///
/// Where what came of it is not what the format says.
pub fn render(bytes: &[u8]) {
    let Some((format, bytes)) = chosen(FORMATS, bytes) else { return };
    let Some((output, how)) = chosen(OUTPUTS, bytes).map(|(output, _)| (output, bytes[0])) else { return };
    let (name, bytes) = bytes.split_at(bytes.iter().position(|byte| *byte == b'\n').map_or(1, |end| end + 1));
    let path = shown(&String::from_utf8_lossy(name[1..].trim_ascii_end()));
    let lang = if how & 64 == 0 { Lang::Id } else { Lang::En };
    let style = Style { lang, color: how & 128 != 0, root: "/surat".to_owned(), ..Style::default() };
    let renderer = output.renderer(style.clone());
    let detail = if renderer.is_report() { Detail::Everything } else { Detail::Lines };
    let report = Linter { lang, ..linter(detail) }.lint(format, &window(bytes), &hints());
    let head = FileHead { path: &path, format: Some(format.name) };
    check(output, &style, &rendered(&*renderer, head, &report));
}

/// A run over one source, as the command puts it together.
fn rendered(renderer: &dyn santun::render::Render, head: FileHead<'_>, report: &WindowReport) -> String {
    let mut gathered = Gathered { checklists: totals(report), statistics: statistics(report), ..Gathered::default() };
    if renderer.ends_with_rules() {
        let judges = judges();
        gathered.rules =
            judges.rules.selected(&judges.selection).map(|rule| (rule.id.to_string(), rule.clone())).collect();
    }
    let left_out = LeftOut::default();
    let run = RunTail { files: 1, tally: &report.tally, gathered: &gathered, left_out };
    let tail = FileTail { notes: &report.notes, error: None, tally: &report.tally };
    let mut out = String::new();
    renderer.start(&mut out);
    if renderer.is_report() {
        renderer.overview(run, &mut out);
    }
    renderer.open(head, true, &mut out);
    if renderer.counts_first() {
        renderer.head(head, tail, &mut out);
    }
    let mut between = false;
    let mut entry = |text: &str, out: &mut String| {
        if !text.is_empty() {
            out.push_str(if between { renderer.separator() } else { "" });
            out.push_str(text);
            between = true;
        }
    };
    for message in &report.messages {
        let mut text = String::new();
        renderer.message(head, message, &mut text);
        entry(&text, &mut out);
    }
    let mut closing = String::new();
    renderer.close(head, tail, &mut closing);
    if renderer.is_flat() {
        entry(&closing, &mut out)
    } else {
        out.push_str(&closing)
    }
    renderer.finish(run, &mut out);
    out
}

fn totals(report: &WindowReport) -> Totals {
    let mut totals = Totals::default();
    report.messages.iter().filter_map(|message| message.checklist.as_ref()).for_each(|list| totals.count(list));
    totals
}

fn statistics(report: &WindowReport) -> Statistics {
    let mut statistics = Statistics::default();
    report.messages.iter().for_each(|message| statistics.count(message, "."));
    statistics
}

fn check(output: &Output, style: &Style, text: &str) {
    let name = output.name;
    let colours = name == "pretty" && style.color;
    let harmless = without_colours(text, colours);
    let bad = harmless.chars().find(|c| (c.is_control() && *c != '\n') || is_invisible(*c));
    assert_eq!(bad, None, "{name} says nothing that a terminal obeys: {text:?}");
    match name {
        "json" | "sarif" | "gitlab" | "rdjson" => {
            serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        }
        "jsonl" => {
            for line in text.lines() {
                serde_json::from_str::<serde_json::Value>(line)
                    .unwrap_or_else(|error| panic!("{name}: {error}\n{line}"));
            }
        }
        "junit" | "checkstyle" | "html" => {
            let options = ParsingOptions { allow_dtd: name == "html", ..ParsingOptions::default() };
            Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        }
        "github" => {
            for line in text.lines() {
                assert!(line.is_empty() || line.starts_with("::"), "{line:?} is a command");
            }
        }
        _ => {}
    }
}

/// A text without the sequences that colour it; where there may be none, as it stands.
fn without_colours(text: &str, colours: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[").filter(|_| colours) {
        out.push_str(before);
        let (codes, behind) = after.split_once('m').expect("a colour ends");
        assert!(codes.bytes().all(|b| b.is_ascii_digit() || b == b';'), "{codes:?} is a colour");
        rest = behind;
    }
    out + rest
}

/// Marks that turn the direction of a text around, or part words unseen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}
