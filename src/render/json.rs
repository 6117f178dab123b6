//! `json`: one object for a run, version 1 of the contract. `jsonl` shares the shape of messages and findings.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::{FileHead, FileTail, Render, RunTail, Style};
use crate::checklist::{Entry, State};
use crate::harmless::{is_hidden, is_obeyed};
use crate::locale::Lang;
use crate::report::{Finding, MessageReport, ShownFix, ShownPlace};
use crate::source::Position;
use crate::span::Span;
use crate::tally::Tally;

/// The version of the format. A change of meaning makes the next one.
pub(super) const VERSION: u32 = 1;

/// The renderer.
#[derive(Debug)]
pub(super) struct Json(pub(super) Style);

/// The renderer by itself, for who needs no other.
#[must_use]
pub fn renderer(style: Style) -> Box<dyn Render> {
    Box::new(Json(style))
}

#[derive(Serialize)]
pub(super) struct JsonFinding<'f> {
    rule: &'f str,
    severity: &'static str,
    message: &'f str,
    help: Option<&'f str>,
    part: &'static str,
    role: &'static str,
    excerpt: &'f str,
    #[serde(flatten)]
    place: JsonPlace,
    fix: Option<JsonFix<'f>>,
    labels: Vec<JsonLabel<'f>>,
    guideline: Option<JsonGuideline<'f>>,
    basis: &'f [std::borrow::Cow<'static, str>],
    fingerprint: &'f str,
}

#[derive(Serialize)]
struct JsonPlace {
    span: Span,
    start: Position,
    end: Position,
    text: JsonRange,
}

#[derive(Serialize)]
struct JsonRange {
    start: u64,
    end: u64,
}

#[derive(Serialize)]
struct JsonFix<'f> {
    title: &'f str,
    safety: &'static str,
    edits: Vec<JsonEdit<'f>>,
}

#[derive(Serialize)]
struct JsonEdit<'f> {
    span: Span,
    text: JsonRange,
    new: &'f str,
}

#[derive(Serialize)]
struct JsonLabel<'f> {
    #[serde(flatten)]
    place: JsonPlace,
    message: &'f str,
}

#[derive(Serialize)]
struct JsonGuideline<'f> {
    id: &'static str,
    title: &'f str,
}

#[derive(Serialize)]
struct JsonMessage<'m> {
    index: u64,
    id: Option<&'m serde_json::value::RawValue>,
    channel: Option<&'static str>,
    notes: &'m [String],
    diagnostics: Vec<JsonFinding<'m>>,
    error: Option<String>,
    /// Only where it was asked for, so that the contract stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    checklist: Option<Vec<JsonStatement<'m>>>,
}

#[derive(Serialize)]
pub(super) struct JsonStatement<'m> {
    id: &'m str,
    section: &'m str,
    title: &'m str,
    state: &'static str,
    severity: Option<&'static str>,
    found: Vec<JsonFound<'m>>,
    unchecked: Vec<&'m str>,
}

#[derive(Serialize)]
struct JsonFound<'m> {
    rule: &'m str,
    findings: u64,
}

/// The guideline's statements as they stand for a message, if that is told.
pub(super) fn checklist(message: &MessageReport, lang: Lang) -> Option<Vec<JsonStatement<'_>>> {
    fn statement(entry: &Entry, lang: Lang) -> JsonStatement<'_> {
        let Entry { statement, state, found, unchecked } = entry;
        JsonStatement {
            id: &statement.id,
            section: statement.section.get(lang),
            title: statement.title.get(lang),
            state: state.name(),
            severity: if let State::ToMend(severity) = state { Some(severity.name()) } else { None },
            found: found.iter().map(|(rule, findings)| JsonFound { rule, findings: *findings }).collect(),
            unchecked: unchecked.iter().map(|(rule, _)| rule.as_ref()).collect(),
        }
    }
    message.checklist.as_ref().map(|list| list.entries.iter().map(|entry| statement(entry, lang)).collect())
}

fn place(place: &ShownPlace) -> JsonPlace {
    JsonPlace { span: place.span, start: place.start, end: place.end, text: range(place) }
}

fn range(place: &ShownPlace) -> JsonRange {
    JsonRange { start: place.text.0, end: place.text.1 }
}

fn fix(fix: &ShownFix) -> JsonFix<'_> {
    let edits =
        fix.edits.iter().map(|edit| JsonEdit { span: edit.place.span, text: range(&edit.place), new: &edit.new });
    JsonFix { title: &fix.title, safety: fix.safety.name(), edits: edits.collect() }
}

/// A finding in the shape of the contract.
pub(super) fn finding(found: &Finding, lang: Lang) -> JsonFinding<'_> {
    JsonFinding {
        rule: &found.rule,
        severity: found.severity.name(),
        message: &found.message,
        help: Some(found.help.as_str()).filter(|help| !help.is_empty()),
        part: found.place.part,
        role: found.place.role,
        excerpt: &found.excerpt,
        place: place(&found.place),
        fix: found.fix.as_ref().map(fix),
        labels: found.labels.iter().map(|(at, message)| JsonLabel { place: place(at), message }).collect(),
        guideline: found.guideline.map(|(id, title)| JsonGuideline { id, title: title.get(lang) }),
        basis: &found.basis,
        fingerprint: &found.fingerprint,
    }
}

/// The `id` of a message as it came.
pub(super) fn id(message: &MessageReport) -> Option<&serde_json::value::RawValue> {
    message.id.as_deref().and_then(|id| serde_json::from_str(id).ok())
}

/// The error of a line, with the line.
pub(super) fn error(message: &MessageReport, lang: Lang) -> Option<String> {
    let (line, error) = message.error.as_ref()?;
    Some(lang.fill(crate::texts::Key::ErrorLine, &[("line", &line.to_string()), ("error", error)]))
}

/// The key that says which tool wrote it.
pub(super) fn tool() -> String {
    format!("\"tool\":{{\"name\":\"santun\",\"version\":\"{}\"}}", env!("CARGO_PKG_VERSION"))
}

/// The counts of a run.
pub(super) fn summary(files: u64, tally: &Tally) -> serde_json::Value {
    serde_json::json!({
        "files": files,
        "messages": tally.messages,
        "errors": tally.errors,
        "warnings": tally.warnings,
        "infos": tally.infos,
        "fixable": tally.fixable,
        "interrupted": tally.interrupted,
    })
}

/// Appends `value` as JSON. The values here cannot fail to serialise.
pub(super) fn push(out: &mut String, value: &impl Serialize) {
    let mut json = Vec::new();
    let written = value.serialize(&mut serde_json::Serializer::with_formatter(&mut json, Harmless));
    if let (Ok(()), Ok(json)) = (written, String::from_utf8(json)) {
        out.push_str(&json);
    }
}

/// JSON on one line, in which characters stand as escapes that a terminal would obey or nobody sees: they mean the same, and may be
/// looked at.
struct Harmless;

impl Harmless {
    fn write<W: ?Sized + io::Write>(writer: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_obeyed(*c) || is_hidden(*c)) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

impl serde_json::ser::Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        Self::write(writer, fragment)
    }

    /// What is JSON already, as the `id` of a message: such characters stand in its strings only, but for blanks.
    fn write_raw_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        fragment.split_inclusive(['\n', '\r', '\t']).try_for_each(|piece| {
            let text = piece.trim_end_matches(['\n', '\r', '\t']);
            Self::write(writer, text)?;
            if text.len() < piece.len() { writer.write_all(b" ") } else { Ok(()) }
        })
    }
}

impl Render for Json {
    fn start(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{{\"version\":{VERSION},{},\"files\":[", tool());
    }

    fn open(&self, file: FileHead<'_>, first: bool, out: &mut String) {
        out.push_str(if first { "\n{\"path\":" } else { ",\n{\"path\":" });
        push(out, &file.path);
        out.push_str(",\"format\":");
        push(out, &file.format);
        out.push_str(",\"messages\":[");
    }

    fn message(&self, _file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        let lang = self.0.lang;
        let json = JsonMessage {
            index: message.index,
            id: id(message),
            channel: message.channel.map(|(channel, _)| channel.name()),
            notes: &message.notes,
            diagnostics: message.findings.iter().map(|found| finding(found, lang)).collect(),
            error: error(message, lang),
            checklist: checklist(message, lang),
        };
        push(out, &json);
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn close(&self, _file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        out.push_str("],\"notes\":");
        push(out, &tail.notes);
        out.push_str(",\"error\":");
        push(out, &tail.error);
        out.push('}');
    }

    fn finish(&self, run: RunTail<'_>, out: &mut String) {
        out.push_str("],\n\"summary\":");
        push(out, &summary(run.files, run.tally));
        out.push_str("}\n");
    }
}
