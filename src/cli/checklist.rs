//! The checklist at the terminal: every statement of one message; of many messages, how many of them stand how.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects};
use unicode_width::UnicodeWidthStr;

use crate::checklist::{Checklist, Entry, Standing, State, Totals};
use crate::embedded::GUIDELINE;
use crate::locale::Lang;
use crate::render::drawing::wrap;
use crate::render::standing::{note, reasons, state_key};
use crate::rule::Severity;
use crate::texts::Key;

/// The column in which statements begin.
const INDENT: usize = 22;
/// How wide a table is.
const WIDTH: usize = 80;

/// The checklists of a run as a person reads them.
pub(super) fn text(totals: &Totals, lang: Lang, color: bool) -> String {
    let page = Page { lang, color };
    match totals.only() {
        Some(checklist) => page.one(checklist),
        None if totals.messages() == 0 => String::new(),
        None => page.many(totals),
    }
}

struct Page {
    lang: Lang,
    color: bool,
}

/// The sign of a state, so that colour is not all that tells.
const fn sign(state: State) -> (&'static str, Option<AnsiColor>) {
    match state {
        State::Fulfilled => ("✓", Some(AnsiColor::Green)),
        State::ToMend(Severity::Error) => ("✗", Some(AnsiColor::Red)),
        State::ToMend(Severity::Warning) => ("!", Some(AnsiColor::Yellow)),
        State::ToMend(Severity::Info) => ("i", Some(AnsiColor::Cyan)),
        State::NotApplicable => ("–", None),
        State::NotChecked => ("?", None),
        State::NotVisible => ("○", None),
    }
}

impl Page {
    fn one(&self, checklist: &Checklist) -> String {
        let mut out = self.title();
        let mut totals = Totals::default();
        totals.count(checklist);
        for chapter in checklist.chapters() {
            self.chapter(chapter[0].statement.section.get(self.lang), &mut out);
            for entry in chapter {
                self.entry(entry, &mut out);
            }
        }
        out.push('\n');
        out.push_str(&wrap(&note(checklist, self.lang), "", 0));
        out.push('\n');
        out
    }

    fn title(&self) -> String {
        let title = self.lang.fill(Key::ChecklistTitle, &[("title", GUIDELINE.title.get(self.lang))]);
        let lines: Vec<String> = wrap(&title, "", 0).lines().map(|line| self.paint(line, None)).collect();
        lines.join("\n") + "\n"
    }

    fn chapter(&self, name: &str, out: &mut String) {
        out.extend(["\n", &self.paint(name, None), "\n"]);
    }

    fn entry(&self, entry: &Entry, out: &mut String) {
        let Entry { statement, state, .. } = entry;
        let (sign, color) = sign(*state);
        let head = format!("  {sign} {}", self.lang.text(state_key(*state)));
        let gap = " ".repeat(INDENT.saturating_sub(head.width()));
        let head = color.map_or_else(|| head.clone(), |color| self.paint(&head, Some(color)));
        out.extend([head, gap]);
        let indent = " ".repeat(INDENT);
        let mut paragraph = |text: &str, begun: bool| {
            if !begun {
                out.push_str(&indent);
            }
            out.push_str(&wrap(text, &indent, INDENT));
            out.push('\n');
        };
        paragraph(&format!("{} ({})", statement.title.get(self.lang), statement.id), true);
        // What is not meant for such a message teaches nothing here.
        if *state == State::NotApplicable {
            return;
        }
        paragraph(statement.text.get(self.lang), false);
        if !entry.found.is_empty() {
            let rules: Vec<Cow<'_, str>> = entry.found.iter().map(|(rule, count)| counted(rule, *count)).collect();
            paragraph(&format!("{}: {}", self.lang.text(Key::ChecklistFound), rules.join(", ")), false);
        }
        for reason in reasons(entry, self.lang) {
            paragraph(&reason, false);
        }
    }

    /// How many messages stand how, statement by statement.
    fn many(&self, totals: &Totals) -> String {
        let lang = self.lang;
        let mut out = self.title();
        let messages = totals.messages().to_string();
        out.push_str(&wrap(&lang.fill(Key::ChecklistMany, &[("messages", &messages)]), "", 0));
        out.push('\n');
        let heads = [
            Key::ChecklistFulfilled,
            Key::ChecklistError,
            Key::ChecklistWarning,
            Key::ChecklistInfo,
            Key::ChecklistUnchecked,
        ]
        .map(|key| lang.text(key));
        let cells = |s: &Standing| [s.fulfilled, s.errors, s.warnings, s.infos, s.not_checked];
        let widths = heads.map(|head| head.width().max(messages.len()) + 2);
        let names = WIDTH - widths.iter().sum::<usize>() - 2;
        let mut line = |name: &str, cells: [String; 5], heading: bool| {
            let mut rows: Vec<String> = wrapped(name, names).into_iter().map(|row| format!("  {row}")).collect();
            if heading {
                rows = vec![self.paint(name, None)];
            }
            let used = if heading { name.width() } else { rows[0].width() };
            let gap = (names + 2).saturating_sub(used);
            let mut row = format!("{}{}", rows[0], " ".repeat(gap));
            for (cell, width) in std::iter::zip(cells, widths) {
                // Writing to a string cannot fail.
                let _ = write!(row, "{}{cell}", " ".repeat(width.saturating_sub(cell.width())));
            }
            rows[0] = row;
            for row in rows {
                out.push_str(row.trim_end());
                out.push('\n');
            }
        };
        for (index, chapter) in totals.chapters().iter().enumerate() {
            line("", Default::default(), false);
            let section = chapter[0].0.section.get(lang);
            // The heads stand once, beside the first chapter.
            line(section, if index == 0 { heads.map(str::to_owned) } else { Default::default() }, true);
            for (statement, standing) in chapter {
                let name = format!("{} ({})", statement.title.get(lang), statement.id);
                let number = |n: u64| if n == 0 { "·".to_owned() } else { n.to_string() };
                line(&name, cells(standing).map(number), false);
            }
        }
        out
    }

    fn paint(&self, text: &str, color: Option<AnsiColor>) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = color.map(AnsiColor::on_default).unwrap_or_default().effects(Effects::BOLD);
        format!("{style}{text}{style:#}")
    }
}

/// A rule with how often it found something, if more than once.
fn counted(rule: &str, count: u64) -> Cow<'_, str> {
    if count > 1 { format!("{rule} ({count})").into() } else { rule.into() }
}

/// `text` in rows of at most so many columns, broken at blanks.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in text.split_whitespace() {
        let last = rows.len() - 1;
        let row = &mut rows[last];
        if row.is_empty() {
            row.push_str(word);
        } else if row.width() + 1 + word.width() <= columns {
            row.extend([" ", word]);
        } else {
            rows.push(word.to_owned());
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_broken_at_blanks() {
        assert_eq!(wrapped("satu dua tiga empat", 9), ["satu dua", "tiga", "empat"]);
        assert_eq!(wrapped("", 9), [""]);
    }

    #[test]
    fn nothing_is_said_of_no_message() {
        assert_eq!(text(&Totals::default(), Lang::Id, false), "");
    }
}
