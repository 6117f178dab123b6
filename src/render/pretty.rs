//! `pretty`: annotated findings for a person at a terminal, drawn by ariadne.
//!
//! Findings of one rule in one row share a drawing, and so do words of one theme that are to be replaced, so that a message
//! full of slang stays readable; what a rule asks for is said once a message.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects};
use ariadne::Color;

use super::drawing::{Drawing, wrap};
use super::{FileHead, FileTail, Render, Style};
use crate::report::{Finding, MessageReport, harmless};
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
        for row in message.findings.chunk_by(same_row) {
            for group in groups(row) {
                self.draw(file, &group, out);
                let mixed = is_mixed(&group);
                for found in group {
                    if !explained.contains(&found.rule.as_ref()) {
                        explained.push(&found.rule);
                        self.explain(found, mixed, out);
                    }
                }
                out.push('\n');
            }
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

/// Whether two findings, one after the other, stand in the same row. Rows of an endless line may read alike, but within one,
/// marks go on as places do.
fn same_row(a: &Finding, b: &Finding) -> bool {
    let goes_on = a.place.text.0.cmp(&b.place.text.0) == a.line.range.start.cmp(&b.line.range.start);
    a.place.start.line == b.place.start.line && a.place.part == b.place.part && goes_on && a.line.text == b.line.text
}

/// The findings of a row that share a drawing, in the order of the first of each.
fn groups(row: &[Finding]) -> Vec<Vec<&Finding>> {
    let theme = |found: &Finding| found.rule.split('/').next().unwrap_or_default().to_owned();
    let replaces = |found: &Finding| new_words(found).is_some();
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for found in row {
        let belongs = |group: &&mut Vec<&Finding>| {
            let first = group[0];
            let alike = replaces(first) && replaces(found) && theme(first) == theme(found);
            first.severity == found.severity && (first.rule == found.rule || alike)
        };
        match groups.iter_mut().find(belongs) {
            Some(group) => group.push(found),
            None => groups.push(vec![found]),
        }
    }
    groups
}

fn is_mixed(group: &[&Finding]) -> bool {
    group.iter().any(|found| found.rule != group[0].rule)
}

/// What would mend the finding, where that is a few words in one place.
fn offered(found: &Finding) -> Option<String> {
    let fix = found.fix.as_ref().filter(|fix| fix.edits.len() == 1)?;
    let new = fix.edits[0].new.trim();
    (!new.is_empty() && !new.contains('\n')).then(|| harmless(new))
}

/// A few words that would stand in the place of the finding.
fn new_words(found: &Finding) -> Option<String> {
    offered(found).filter(|_| found.fix.iter().all(|fix| fix.edits[0].place.span == found.place.span))
}

/// More marks than this in one row are drawn without arrows, and what replaces them is listed below.
const CROWD: usize = 3;

impl Pretty {
    fn note(&self, file: FileHead<'_>, note: &str, out: &mut String) {
        let label = self.paint(self.0.lang.text(Key::LabelNote), AnsiColor::Cyan);
        let text = format!("{}: {note}", file.path);
        let head = self.0.lang.text(Key::LabelNote).chars().count() + 1;
        let _ = writeln!(out, "{label} {}\n", wrap(&text, &" ".repeat(head), head));
    }

    /// One drawing for findings that share a row.
    fn draw(&self, file: FileHead<'_>, group: &[&Finding], out: &mut String) {
        let first = group[0];
        let (theme, _) = first.rule.split_once('/').unwrap_or((&first.rule, ""));
        let mixed = is_mixed(group);
        let count = group.len().to_string();
        let summary = self.0.lang.fill(Key::GroupSummary, &[("count", &count)]);
        let crowded = group.len() > CROWD && group.iter().all(|found| new_words(found).is_some());
        let (word, color) = match first.severity {
            Severity::Error => (Key::SeverityError, Color::Red),
            Severity::Warning => (Key::SeverityWarning, Color::Yellow),
            Severity::Info => (Key::SeverityInfo, Color::Cyan),
        };
        let start = first.place.start;
        let drawing = Drawing {
            kind: (self.0.lang.text(word), color, Some(if mixed { theme } else { &first.rule })),
            message: if mixed { &summary } else { &first.message },
            place: &format!("{}:{}:{}", file.path, start.line, start.column),
            line: start.line,
            row: &first.line.text,
            marks: group.iter().map(|found| (found.line.range.clone(), self.label(found))).collect(),
            crowded,
            color: self.0.color,
        };
        out.push_str(&drawing.draw());
        if crowded {
            let pair = |found: &&Finding| format!("{} → {}", found.excerpt, new_words(found).unwrap_or_default());
            let mut pairs: Vec<String> = group.iter().map(pair).collect();
            let mut seen = std::collections::HashSet::new();
            pairs.retain(|pair| seen.insert(pair.to_lowercase()));
            self.line(self.0.lang.text(Key::LabelReplace), &pairs.join("; "), out);
        }
    }

    /// A line below a drawing, behind its label.
    fn line(&self, label: &str, text: &str, out: &mut String) {
        let head = label.chars().count() + 6;
        let painted = self.paint(&format!("{label}:"), AnsiColor::Green);
        let _ = writeln!(out, "    {painted} {}", wrap(text, &" ".repeat(head), head));
    }

    /// What stands at the mark: the replacement, or what it is about.
    fn label(&self, found: &Finding) -> String {
        offered(found).map_or_else(|| self.0.lang.text(Key::LabelHere).to_owned(), |new| format!("→ {new}"))
    }

    /// How to mend it, and which statement of the guideline asks for it. Where several rules share a drawing, each is named.
    fn explain(&self, found: &Finding, mixed: bool, out: &mut String) {
        if !found.help.is_empty() {
            self.line(if mixed { &found.rule } else { self.0.lang.text(Key::LabelHelp) }, &found.help, out);
        }
        let title = found.guideline.map(|(id, title)| format!("{} ({id})", title.get(self.0.lang)));
        let basis = (!found.basis.is_empty()).then(|| found.basis.join("; "));
        let sources: Vec<String> = title.into_iter().chain(basis).collect();
        if !sources.is_empty() {
            self.line(self.0.lang.text(Key::LabelGuideline), &sources.join(" · "), out);
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
