//! `jsonl`: one line of JSON a message, in the order of the input.

use serde::Serialize;

use super::json::{self, JsonFinding, JsonStatement, VERSION};
use super::{FileHead, FileTail, Render, Style};
use crate::report::MessageReport;

/// The renderer.
#[derive(Debug)]
pub(super) struct JsonLines(pub(super) Style);

#[derive(Serialize)]
struct Line<'m> {
    version: u32,
    path: &'m str,
    index: u64,
    id: Option<&'m serde_json::value::RawValue>,
    channel: Option<&'static str>,
    diagnostics: Vec<JsonFinding<'m>>,
    notes: &'m [String],
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checklist: Option<Vec<JsonStatement<'m>>>,
}

impl Render for JsonLines {
    fn is_by_message(&self) -> bool {
        true
    }

    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        let lang = self.0.lang;
        let line = Line {
            version: VERSION,
            path: file.path,
            index: message.index,
            id: json::id(message),
            channel: message.channel.map(|(channel, _)| channel.name()),
            diagnostics: message.findings.iter().map(|found| json::finding(found, lang)).collect(),
            notes: &message.notes,
            error: json::error(message, lang),
            checklist: json::checklist(message, lang),
        };
        json::push(out, &line);
        out.push('\n');
    }

    fn close(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        let Some(error) = tail.error else { return };
        let line = Line {
            version: VERSION,
            path: file.path,
            index: 0,
            id: None,
            channel: None,
            diagnostics: Vec::new(),
            notes: tail.notes,
            error: Some(error.to_owned()),
            checklist: None,
        };
        json::push(out, &line);
        out.push('\n');
    }
}
