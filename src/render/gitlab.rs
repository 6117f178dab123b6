//! `gitlab`: a report of GitLab's Code Quality, one list of issues for a run.
//!
//! GitLab drops issues with a fingerprint that it has seen, and shows nothing of an issue but its description and place, so the
//! description names the rule.

use serde_json::{Value, json};

use super::json::push;
use super::{FileHead, FileTail, Render, RunTail, Style, fingerprint, path};
use crate::report::MessageReport;
use crate::rule::Severity;

/// The renderer.
#[derive(Debug)]
pub(super) struct GitLab(pub(super) Style);

/// What checks whether a source can be read.
const UNREADABLE: &str = "santun/unreadable";

impl GitLab {
    /// A line, or a source, that could not be read.
    fn unreadable(&self, file: FileHead<'_>, line: Option<u64>, error: &str) -> Value {
        let path = path::tidy(file.path, &self.0.root);
        json!({
            "description": format!("{error} ({UNREADABLE})"),
            "check_name": UNREADABLE,
            "fingerprint": fingerprint::of_error(&path, line),
            "severity": "blocker",
            "location": {"path": path, "lines": {"begin": line.unwrap_or(1)}},
        })
    }
}

impl Render for GitLab {
    fn is_flat(&self) -> bool {
        true
    }

    fn start(&self, out: &mut String) {
        out.push_str("[\n");
    }

    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        let path = path::tidy(file.path, &self.0.root);
        let findings = message.findings.iter().map(|found| {
            json!({
                "description": format!("{} ({})", found.told(), found.rule),
                "check_name": found.rule,
                "fingerprint": fingerprint::of(&path, message, found),
                "severity": match found.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                "location": {"path": path, "lines": {"begin": found.place.start.line.max(1)}},
            })
        });
        let errors = message.error.iter().map(|(line, error)| self.unreadable(file, Some(*line), error));
        for (index, issue) in findings.chain(errors).enumerate() {
            if index > 0 {
                out.push_str(self.separator());
            }
            push(out, &issue);
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
        out.push_str("\n]\n");
    }
}
