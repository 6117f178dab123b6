//! `checkstyle`: the XML of Checkstyle, which most servers for continuous integration read.

use super::{FileHead, FileTail, Render, RunTail, Style, path, xml};
use crate::report::MessageReport;

/// The renderer.
#[derive(Debug)]
pub(super) struct Checkstyle(pub(super) Style);

/// The version of Checkstyle whose reports look like this.
const VERSION: &str = "8.0";

/// One problem: where, how grave, what, and who says so.
fn error(out: &mut String, (line, column): (u64, Option<u64>), severity: &str, text: &str, source: &str) {
    out.push_str("    <error");
    xml::attribute(out, "line", &line.max(1).to_string());
    if let Some(column) = column {
        xml::attribute(out, "column", &column.to_string());
    }
    xml::attribute(out, "severity", severity);
    xml::attribute(out, "message", text);
    xml::attribute(out, "source", &format!("santun.{source}"));
    out.push_str("/>\n");
}

impl Render for Checkstyle {
    fn start(&self, out: &mut String) {
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle");
        xml::attribute(out, "version", VERSION);
        out.push_str(">\n");
    }

    fn open(&self, file: FileHead<'_>, _first: bool, out: &mut String) {
        out.push_str("  <file");
        xml::attribute(out, "name", &path::tidy(file.path, &self.0.root));
        out.push_str(">\n");
    }

    fn message(&self, _file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        for found in &message.findings {
            let start = found.place.start;
            error(out, (start.line, Some(start.column)), found.severity.name(), &found.told(), &found.rule);
        }
        if let Some((line, problem)) = &message.error {
            error(out, (*line, None), "error", problem, "unreadable");
        }
    }

    fn close(&self, _file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        if let Some(problem) = tail.error {
            error(out, (1, None), "error", problem, "unreadable");
        }
        out.push_str("  </file>\n");
    }

    fn finish(&self, _run: RunTail<'_>, out: &mut String) {
        out.push_str("</checkstyle>\n");
    }
}
