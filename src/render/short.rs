//! `short`: `path:line:column: severity[rule] message`, one finding a line; remarks as `path: note …`.

use std::fmt::Write as _;

use super::{FileHead, FileTail, Render};
use crate::report::MessageReport;

/// The renderer.
#[derive(Debug)]
pub(super) struct Short;

impl Render for Short {
    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        for note in &message.notes {
            let _ = writeln!(out, "{}: note {note}", file.path);
        }
        for found in &message.findings {
            let start = found.place.start;
            let severity = found.severity.name();
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "{}:{}:{}: {severity}[{}] {}",
                file.path, start.line, start.column, found.rule, found.message
            );
        }
        if let Some((line, error)) = &message.error {
            let _ = writeln!(out, "{}:{line}:1: error {error}", file.path);
        }
    }

    fn close(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        for note in tail.notes {
            let _ = writeln!(out, "{}: note {note}", file.path);
        }
    }
}
