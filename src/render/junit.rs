//! `junit`: test reports, a suite for each source.
//!
//! Readers show one failure of a test case and pass over its others, some even count such a case as passed. So every finding is a
//! case of its own; a message without findings is one case that passed.

use std::collections::HashMap;

use super::{FileHead, FileTail, Render, RunTail, Style, path, xml};
use crate::report::MessageReport;

/// The renderer.
#[derive(Debug)]
pub(super) struct JUnit(pub(super) Style);

/// The type of what could not be read.
const UNREADABLE: &str = "santun/unreadable";

impl JUnit {
    fn path(&self, file: FileHead<'_>) -> String {
        path::tidy(file.path, &self.0.root)
    }
}

/// How a message is called: by its position from 1, the turn of a conversation, and its own id.
fn name(message: &MessageReport) -> String {
    let mut name = format!("#{}", message.index + 1);
    if message.turn > 0 {
        name.extend([".", &(message.turn + 1).to_string()]);
    }
    if let Some(id) = message.shown_id() {
        name.extend([" (", &id, ")"]);
    }
    name
}

/// Begins a case.
fn case(out: &mut String, path: &str, name: &str, line: Option<u64>) {
    out.push_str("    <testcase");
    xml::attribute(out, "name", name);
    xml::attribute(out, "classname", path);
    xml::attribute(out, "file", path);
    if let Some(line) = line {
        xml::attribute(out, "line", &line.to_string());
    }
}

/// Ends a case with what went wrong.
fn problem(out: &mut String, element: &str, kind: &str, message: &str, text: &str) {
    out.extend([">\n      <", element]);
    xml::attribute(out, "message", message);
    xml::attribute(out, "type", kind);
    out.push('>');
    xml::text(out, text);
    out.extend(["</", element, ">\n    </testcase>\n"]);
}

impl Render for JUnit {
    fn counts_first(&self) -> bool {
        true
    }

    fn start(&self, out: &mut String) {
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
        xml::attribute(out, "name", "santun");
        out.push_str(">\n");
    }

    fn head(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        let tally = tail.tally;
        let failures = tally.errors + tally.warnings + tally.infos;
        let errors = tally.unreadable + u64::from(tail.error.is_some());
        out.push_str("  <testsuite");
        xml::attribute(out, "name", &self.path(file));
        for (name, count) in
            [("tests", tally.clean + failures + errors), ("failures", failures), ("errors", errors), ("skipped", 0)]
        {
            xml::attribute(out, name, &count.to_string());
        }
        out.push_str(">\n");
    }

    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        let (path, own) = (self.path(file), name(message));
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for found in &message.findings {
            // Cases of the same name take each other's place, and a name with a line would change with each line before it.
            let nth = seen.entry(&found.rule).or_default();
            *nth += 1;
            let name = if *nth > 1 { format!("{own} {} {nth}", found.rule) } else { format!("{own} {}", found.rule) };
            let start = found.place.start;
            case(out, &path, &name, Some(start.line));
            let (severity, told) = (found.severity.name(), found.told());
            let text = format!("{path}:{}:{}: {severity}[{}] {told}", start.line, start.column, found.rule);
            problem(out, "failure", &found.rule, &found.message, &text);
        }
        if let Some((line, error)) = &message.error {
            case(out, &path, &own, Some(*line));
            problem(out, "error", UNREADABLE, error, &format!("{path}:{line}: {error}"));
        } else if message.findings.is_empty() {
            case(out, &path, &own, None);
            out.push_str("/>\n");
        }
    }

    fn close(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        if let Some(error) = tail.error {
            let path = self.path(file);
            case(out, &path, UNREADABLE, None);
            problem(out, "error", UNREADABLE, error, &format!("{path}: {error}"));
        }
        if !tail.notes.is_empty() {
            out.push_str("    <system-out>");
            xml::text(out, &tail.notes.join("\n"));
            out.push_str("</system-out>\n");
        }
        out.push_str("  </testsuite>\n");
    }

    fn finish(&self, _run: RunTail<'_>, out: &mut String) {
        out.push_str("</testsuites>\n");
    }
}
