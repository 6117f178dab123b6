//! `pretty`: annotated findings for a person at a terminal, drawn by ariadne.
//!
//! ariadne gets one row of the message at a time, already masked and cropped, since it would print whole lines as they
//! are. Findings of one rule in one row share a drawing; what a rule asks for is said once a message.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects};
use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind, Source};

use super::{FileHead, FileTail, Render, Style};
use crate::report::{Finding, MessageReport};
use crate::rule::Severity;
use crate::texts::Key;

/// The renderer.
#[derive(Debug)]
pub(super) struct Pretty(pub(super) Style);

/// Stands for the source's name in a drawing until its place is known. ariadne counts columns within the row; people
/// want those of their file.
const NAME: &str = "\u{1}";

/// How wide texts are at most, in columns.
const WIDTH: usize = 78;

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
        let indent = " ".repeat(self.0.lang.text(Key::LabelNote).chars().count() + 1);
        let _ = writeln!(out, "{label} {}\n", wrap(&text, &indent));
    }

    /// One drawing for findings of one rule in one row.
    fn draw(&self, file: FileHead<'_>, group: &[Finding], out: &mut String) {
        let first = &group[0];
        let lang = self.0.lang;
        let (word, color) = match first.severity {
            Severity::Error => (Key::SeverityError, Color::Red),
            Severity::Warning => (Key::SeverityWarning, Color::Yellow),
            Severity::Info => (Key::SeverityInfo, Color::Cyan),
        };
        let config =
            Config::new().with_color(self.0.color).with_index_type(IndexType::Byte).with_char_set(CharSet::Unicode);
        let span = |found: &Finding| (NAME, found.line.range.clone());
        let mut report = Report::build(ReportKind::Custom(lang.text(word), color), span(first))
            .with_config(config)
            .with_code(&first.rule)
            .with_message(&first.message);
        for found in group {
            report = report.with_label(Label::new(span(found)).with_color(color).with_message(self.label(found)));
        }
        let source = Source::from(first.line.text.as_str());
        let mut drawing = Vec::new();
        // Drawing into memory fails only if ariadne itself does; the finding is then still told in short.
        if report.finish().write((NAME, source), &mut drawing).is_err() {
            let _ = writeln!(out, "{}", first.message);
            return;
        }
        let start = first.place.start;
        let place = format!("{}:{}:{}", file.path, start.line, start.column);
        let drawing = with_place(&String::from_utf8_lossy(&drawing), &place, start.line);
        if self.0.color {
            out.push_str(&drawing);
        } else {
            // A kind of report of one's own keeps its colour whatever the configuration says.
            out.push_str(&anstream::adapter::strip_str(&drawing).to_string());
        }
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
            let indent = " ".repeat(label.chars().count() + 6);
            let _ = writeln!(out, "    {} {}", self.paint(&format!("{label}:"), AnsiColor::Green), wrap(text, &indent));
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

/// Puts the place of the finding where ariadne wrote the name, line and column of the row, and the number of the line where
/// it counted from 1.
fn with_place(drawing: &str, place: &str, line: u64) -> String {
    let number = format!(" {line} ");
    let gap = " ".repeat(number.len() - 3);
    let mut out = String::new();
    let mut numbered = false;
    for (index, row) in drawing.lines().map(str::trim_end).enumerate() {
        if index == 0 {
            out.push_str(row);
        } else if let Some((before, after)) = row.split_once(NAME) {
            let rest = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
            out.push_str(&format!("{gap}{before}{place}{rest}"));
        } else if let Some((before, after)) = row.split_once(" 1 ").filter(|_| !numbered) {
            numbered = true;
            out.push_str(&format!("{before}{number}{after}"));
        } else if !is_empty_gutter(row) {
            out.push_str(&format!("{gap}{row}"));
        } else {
            continue;
        }
        out.push('\n');
    }
    out
}

/// Whether a row of a drawing holds nothing but its frame.
fn is_empty_gutter(row: &str) -> bool {
    anstream::adapter::strip_str(row).to_string().chars().all(|c| matches!(c, ' ' | '│' | '─' | '╯'))
}

/// Breaks `text` into lines of at most `WIDTH` columns, the later ones behind `indent`.
fn wrap(text: &str, indent: &str) -> String {
    let room = WIDTH.saturating_sub(indent.len());
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let len = unicode_width::UnicodeWidthStr::width(word);
        if width > 0 && width + 1 + len > room {
            out.push('\n');
            out.push_str(indent);
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += len;
    }
    out
}
