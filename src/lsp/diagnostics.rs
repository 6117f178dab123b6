//! Findings as diagnostics of the protocol. What is shown of them was masked by the report.

use std::ops::Range;

use lsp_types::{Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message};
use serde_json::Value;

use super::positions::Places;
use crate::flaw::Flaw;
use crate::report::{Finding, ShownPlace};
use crate::rule::Severity;

/// Who found it.
const SOURCE: &str = "santun";

/// Makes diagnostics of what was found in one document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'w> {
    pub(super) uri: &'w str,
    pub(super) places: &'w Places<'w>,
    /// Whether the client shows other places with a finding.
    pub(super) relates: bool,
}

impl Writer<'_> {
    /// A finding in the message with that number.
    pub(super) fn finding(&self, message: u64, found: &Finding) -> Diagnostic {
        let help = if found.help.is_empty() { String::new() } else { format!("\n{}", found.help) };
        let related = found.labels.iter().map(|(place, says)| DiagnosticRelatedInformation {
            location: Location { uri: self.uri.into(), range: self.places.range(bytes(place)) },
            message: (*says).to_owned(),
        });
        Diagnostic {
            range: self.places.range(bytes(&found.place)),
            severity: Some(severity(found.severity)),
            code: Some(Code::String(found.rule.to_string())),
            related_information: (self.relates && !found.labels.is_empty()).then(|| related.collect()),
            data: Some(data(message, found)),
            ..said(format!("{}{help}", found.message))
        }
    }

    /// A line, from 1, that cannot be read.
    pub(super) fn unreadable(&self, line: u64, error: &str) -> Diagnostic {
        let line = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        let end = lsp_types::Position { line, character: u32::MAX };
        let start = self.places.byte(lsp_types::Position { line, character: 0 });
        let range = self.places.range(start..self.places.byte(end));
        Diagnostic { range, severity: Some(DiagnosticSeverity::Error), ..said(error.to_owned()) }
    }

    /// A remark about the document as a whole.
    pub(super) fn remark(severity: DiagnosticSeverity, text: &str) -> Diagnostic {
        Diagnostic { severity: Some(severity), ..said(text.to_owned()) }
    }

    /// What is wrong with a file of settings: the line alone in which it begins, since spans of whole tables are long.
    pub(super) fn flaw(&self, text: &str, flaw: &Flaw) -> Diagnostic {
        let span = flaw.span.clone().unwrap_or_default();
        let line = crate::source::line_around(text, span.start);
        let range = self.places.range(span.start..span.end.min(line.end as usize));
        Diagnostic { range, severity: Some(DiagnosticSeverity::Error), ..said(flaw.message.clone()) }
    }
}

fn said(message: String) -> Diagnostic {
    Diagnostic { source: Some(SOURCE.to_owned()), message: Message::String(message), ..Diagnostic::default() }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
    }
}

/// What tells a finding from the others of a document, which a client hands back with a request for actions.
pub(super) fn data(message: u64, found: &Finding) -> Value {
    Value::String(format!("{message}/{}", found.fingerprint))
}

/// The bytes of a place, in a document whose first byte is the source's.
pub(super) fn bytes(place: &ShownPlace) -> Range<usize> {
    let byte = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    byte(place.span.start)..byte(place.span.end)
}
