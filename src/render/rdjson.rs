//! `rdjson`: the Reviewdog Diagnostic Format, one object for a run. Its columns count bytes of UTF-8.

use serde_json::{Value, json};

use super::json::push;
use super::{FileHead, FileTail, Render, RunTail, Style, path};
use crate::report::{Finding, MessageReport, ShownPlace};
use crate::rule::Severity;
use crate::source::Position;

/// The renderer.
#[derive(Debug)]
pub(super) struct Rdjson(pub(super) Style);

fn position(position: Position) -> Value {
    json!({"line": position.line.max(1), "column": position.utf8.max(1)})
}

fn range(place: &ShownPlace) -> Value {
    json!({"start": position(place.start), "end": position(place.end)})
}

impl Rdjson {
    fn finding(&self, file: FileHead<'_>, found: &Finding) -> Value {
        let mut value = json!({
            "message": found.told(),
            "location": {"path": path::tidy(file.path, &self.0.root), "range": range(&found.place)},
            "severity": match found.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            "code": {"value": found.rule},
        });
        // Each suggestion can be taken by itself, so one that is half of a fix would do harm.
        if let Some([edit]) = found.fix.as_ref().map(|fix| fix.edits.as_slice()) {
            value["suggestions"] = json!([{"range": range(&edit.place), "text": edit.written}]);
        }
        value
    }

    /// A line, or a source, that could not be read.
    fn unreadable(&self, file: FileHead<'_>, line: Option<u64>, error: &str) -> Value {
        let mut location = json!({"path": path::tidy(file.path, &self.0.root)});
        if let Some(line) = line {
            location["range"] = json!({"start": {"line": line}});
        }
        json!({"message": error, "location": location, "severity": "ERROR", "code": {"value": "santun/unreadable"}})
    }
}

impl Render for Rdjson {
    fn is_flat(&self) -> bool {
        true
    }

    fn start(&self, out: &mut String) {
        out.push_str("{\"source\":{\"name\":\"santun\"},\"diagnostics\":[\n");
    }

    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        let findings = message.findings.iter().map(|found| self.finding(file, found));
        let errors = message.error.iter().map(|(line, error)| self.unreadable(file, Some(*line), error));
        for (index, diagnostic) in findings.chain(errors).enumerate() {
            if index > 0 {
                out.push_str(self.separator());
            }
            push(out, &diagnostic);
        }
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn close(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        if let Some(error) = tail.error {
            push(out, &self.unreadable(file, None, error));
        }
    }

    fn finish(&self, _run: RunTail<'_>, out: &mut String) {
        out.push_str("\n]}\n");
    }
}
