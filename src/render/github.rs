//! `github`: workflow commands, which GitHub Actions turns into annotations.
//!
//! The runner reads commands line by line, so nothing that comes from elsewhere may begin a line or end a property.

use std::fmt::Write as _;

use super::{FileHead, FileTail, Render, Style, path};
use crate::report::{Finding, MessageReport};
use crate::rule::Severity;

/// The renderer.
#[derive(Debug)]
pub(super) struct GitHub(pub(super) Style);

/// The title of what is no finding.
const TITLE: &str = "santun";

/// A place in a file.
enum Place<'p> {
    Source,
    Line(u64),
    Finding(&'p Finding),
}

impl GitHub {
    fn command(&self, name: &str, file: FileHead<'_>, place: &Place<'_>, title: &str, text: &str, out: &mut String) {
        let _ = write!(out, "::{name} ");
        // There is no file of standard input that could be annotated; the text says where then.
        let mut lead = String::new();
        let (line, column) = match place {
            Place::Source => (None, None),
            Place::Line(line) => (Some(*line), None),
            Place::Finding(found) => (Some(found.place.start.line), Some(found.place.start.column)),
        };
        if file.path == path::STDIN {
            let numbers = [line, column].into_iter().flatten().map(|number| format!(":{number}"));
            lead = format!("{}{}: ", file.path, numbers.collect::<String>());
        } else {
            let _ = write!(out, "file={},", property(&path::tidy(file.path, &self.0.root)));
            if let Some(line) = line {
                let _ = write!(out, "line={line},");
            }
            if let Place::Finding(found) = place {
                out.push_str(&range(found));
            }
        }
        let _ = writeln!(out, "title={}::{}", property(title), data(&(lead + text)));
    }
}

/// Where a finding ends. Columns over several lines are refused together with the annotation, so they are left out then.
fn range(found: &Finding) -> String {
    let (start, end) = (found.place.start, found.place.end);
    if start.line == end.line {
        format!("endLine={},col={},endColumn={},", end.line, start.column, end.column)
    } else {
        format!("endLine={},", end.line)
    }
}

/// A text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Render for GitHub {
    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        for note in &message.notes {
            self.command("notice", file, &Place::Source, TITLE, note, out);
        }
        for found in &message.findings {
            let name = match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            self.command(name, file, &Place::Finding(found), &found.rule, &found.told(), out);
        }
        if let Some((line, error)) = &message.error {
            self.command("error", file, &Place::Line(*line), TITLE, error, out);
        }
    }

    fn close(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        for note in tail.notes {
            self.command("notice", file, &Place::Source, TITLE, note, out);
        }
        if let Some(error) = tail.error {
            self.command("error", file, &Place::Source, TITLE, error, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown has no line ends by then; a command would not end by one either.
    #[test]
    fn nothing_begins_a_line_or_ends_a_property() {
        assert_eq!(data("a\r\n::error::b%0A"), "a%0D%0A::error::b%250A");
        assert_eq!(property("a,line=1::b\n"), "a%2Cline=1%3A%3Ab%0A");
    }
}
