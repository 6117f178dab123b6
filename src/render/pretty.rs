//! `pretty`: annotated findings for a person at a terminal, drawn by ariadne.
//!
//! Findings of one rule in one row share a drawing; what a rule asks for is said once a message.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects};
use ariadne::Color;

use super::drawing::{Drawing, wrap};
use super::{FileHead, FileTail, Render, Style};
use crate::report::{Finding, MessageReport};
use crate::rule::Severity;
use crate::texts::Key;

/// The renderer.
#[derive(Debug)]
pub(super) struct Pretty(pub(super) Style);

impl Render for Pretty {
    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        for note in &message.notes {
            self.note(file, note, out);
        }
        let mut explained: Vec<&str> = Vec::new();
        let mut rest = message.findings.as_slice();
        while let Some(first) = rest.first() {
            let same = |found: &&Finding| {
                found.rule == first.rule
                    && found.place.start.line == first.place.start.line
                    && found.line.text == first.line.text
            };
            let group = rest.iter().take_while(same).count();
            let (group, later) = rest.split_at(group);
            rest = later;
            self.draw(file, group, out);
            if !explained.contains(&first.rule.as_ref()) {
                explained.push(&first.rule);
                self.explain(first, out);
            }
            out.push('\n');
        }
        if let Some((line, error)) = &message.error {
            let label = self.paint(self.0.lang.text(Key::LabelUnreadable), AnsiColor::Red);
            let _ = writeln!(out, "{label} {}:{line}: {error}\n", file.path);
        }
    }

    fn close(&self, file: FileHead<'_>, tail: FileTail<'_>, out: &mut String) {
        for note in tail.notes {
            self.note(file, note, out);
        }
    }
}

impl Pretty {
    fn note(&self, file: FileHead<'_>, note: &str, out: &mut String) {
        let label = self.paint(self.0.lang.text(Key::LabelNote), AnsiColor::Cyan);
        let text = format!("{}: {note}", file.path);
        let head = self.0.lang.text(Key::LabelNote).chars().count() + 1;
        let _ = writeln!(out, "{label} {}\n", wrap(&text, &" ".repeat(head), head));
    }

    /// One drawing for findings of one rule in one row.
    fn draw(&self, file: FileHead<'_>, group: &[Finding], out: &mut String) {
        let first = &group[0];
        let (word, color) = match first.severity {
            Severity::Error => (Key::SeverityError, Color::Red),
            Severity::Warning => (Key::SeverityWarning, Color::Yellow),
            Severity::Info => (Key::SeverityInfo, Color::Cyan),
        };
        let start = first.place.start;
        let drawing = Drawing {
            kind: (self.0.lang.text(word), color, Some(&first.rule)),
            message: &first.message,
            place: &format!("{}:{}:{}", file.path, start.line, start.column),
            line: start.line,
            row: &first.line.text,
            marks: group.iter().map(|found| (found.line.range.clone(), self.label(found))).collect(),
            color: self.0.color,
        };
        out.push_str(&drawing.draw());
    }

    /// What stands at the mark: the replacement, or what it is about.
    fn label(&self, found: &Finding) -> String {
        let new = found.fix.as_ref().filter(|fix| fix.edits.len() == 1).map(|fix| fix.edits[0].1.trim());
        match new {
            Some(new) if !new.contains('\n') && !new.is_empty() => format!("→ {new}"),
            _ => self.0.lang.text(Key::LabelHere).to_owned(),
        }
    }

    /// How to mend it, and which statement of the guideline asks for it.
    fn explain(&self, found: &Finding, out: &mut String) {
        let lang = self.0.lang;
        let mut line = |key: Key, text: &str| {
            let label = lang.text(key);
            let head = label.chars().count() + 6;
            let painted = self.paint(&format!("{label}:"), AnsiColor::Green);
            let _ = writeln!(out, "    {painted} {}", wrap(text, &" ".repeat(head), head));
        };
        if !found.help.is_empty() {
            line(Key::LabelHelp, &found.help);
        }
        let title = found.guideline.map(|(id, title)| format!("{} ({id})", title.get(lang)));
        let basis = (!found.basis.is_empty()).then(|| found.basis.join("; "));
        let sources: Vec<String> = title.into_iter().chain(basis).collect();
        if !sources.is_empty() {
            line(Key::LabelGuideline, &sources.join(" · "));
        }
    }

    fn paint(&self, text: &str, color: AnsiColor) -> String {
        if !self.0.color {
            return text.to_owned();
        }
        let style = color.on_default().effects(Effects::BOLD);
        format!("{style}{text}{style:#}")
    }
}
