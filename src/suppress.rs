//! Switches in the comments of a template, which turn rules off for a line or for the whole file, with a reason.
//!
//! `{# santun-ignore language/slang: nama program #}` holds for its own line and the next one, `santun-ignore-file` for the file.

use std::cell::Cell;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::message::Note;
use crate::ruleset::{RuleSet, Selection};
use crate::source::Text;
use crate::span::TextSpan;

/// How a switch begins.
const MARK: &str = "santun-ignore";

/// Themes that nobody can switch off for himself.
const PROTECTED: [&str; 2] = ["privacy", "neutrality"];

/// How comments begin and end.
const COMMENTS: [(&str, &str); 8] = [
    ("<!--", "-->"),
    ("{{--", "--}}"),
    ("{{!--", "--}}"),
    ("{{!", "}}"),
    ("{#", "#}"),
    ("<%#", "%>"),
    ("{% comment %}", "{% endcomment %}"),
    ("/*", "*/"),
];

/// The switches of a source.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    all: Vec<Switch>,
}

#[derive(Debug)]
struct Switch {
    /// Line in the source, from 1.
    line: u64,
    /// Bytes of the source for which it holds.
    range: Range<u64>,
    /// The rules and themes that it names, and whether it turned something of them off.
    names: Vec<(String, Cell<bool>)>,
    reason: bool,
}

impl Switches {
    /// The switches in the comments of `text`.
    pub(crate) fn of(text: &Text<'_>) -> Self {
        let source: &str = &text.text;
        let mut all = Vec::new();
        let (mut line, mut counted) = (text.line, 0);
        for at in memchr::memmem::find_iter(source.as_bytes(), MARK) {
            let Some(comment) = comment_around(source, at) else { continue };
            let said = source.get(at + MARK.len()..comment.end).unwrap_or_default();
            let (said, whole) = match said.strip_prefix("-file") {
                Some(rest) => (rest, true),
                None => (said, false),
            };
            let (names, reason) = said.split_once(':').unwrap_or((said, ""));
            line += memchr::memchr_iter(b'\n', source.as_bytes().get(counted..at).unwrap_or_default()).count() as u64;
            counted = at;
            let lines = if whole { 0..source.len() } else { lines_around(source, &comment) };
            let span = text.map.locate(TextSpan::new(lines));
            all.push(Switch {
                line,
                range: span.start..span.end,
                names: names
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .map(|name| (name.to_owned(), Cell::new(false)))
                    .collect(),
                reason: !reason.trim().is_empty(),
            });
        }
        Self { all }
    }

    /// Takes away the findings that are switched off.
    pub(crate) fn apply(&self, findings: &mut Vec<Diagnostic<'_>>) {
        if !self.all.is_empty() {
            findings.retain(|found| !self.turns_off(found));
        }
    }

    fn turns_off(&self, found: &Diagnostic<'_>) -> bool {
        let (id, theme, at) = (found.rule.id.as_ref(), found.rule.theme(), found.place.span().start);
        let holds = |switch: &&Switch| switch.reason && switch.range.contains(&at) && !PROTECTED.contains(&theme);
        let mut off = false;
        for (name, used) in self.all.iter().filter(holds).flat_map(|switch| &switch.names) {
            if name == id || name == theme {
                used.set(true);
                off = true;
            }
        }
        off
    }

    /// What is to be said of switches that turn nothing off. Rules that are not on in this run say nothing about them.
    pub(crate) fn remarks(&self, rules: &RuleSet, selection: &Selection) -> Vec<Note> {
        let mut notes = Vec::new();
        for switch in &self.all {
            let line = switch.line;
            if !switch.reason {
                notes.push(Note::SwitchWithoutReason(line));
                continue;
            }
            for (name, used) in &switch.names {
                let theme = name.split('/').next().unwrap_or_default();
                if PROTECTED.contains(&theme) {
                    notes.push(Note::SwitchProtected(line, theme.to_owned()));
                } else if !rules.knows(name) {
                    notes.push(Note::SwitchUnknown(line, name.clone()));
                } else if !used.get() && rules.is_on(name, selection) {
                    notes.push(Note::SwitchUnused(line, name.clone()));
                }
            }
        }
        notes
    }
}

/// The comment that begins right before byte `at`, but for blanks, up to its end mark.
fn comment_around(source: &str, at: usize) -> Option<Range<usize>> {
    let before = source.get(..at)?.trim_end();
    let (open, close) =
        COMMENTS.iter().filter(|(open, _)| before.ends_with(open)).max_by_key(|(open, _)| open.len())?;
    let len = source.get(at..)?.find(close)?;
    Some(before.len() - open.len()..at + len)
}

/// The lines in which the comment stands, and the next one.
fn lines_around(source: &str, comment: &Range<usize>) -> Range<usize> {
    let bytes = source.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..comment.start]).map_or(0, |end| end + 1);
    let mut ends = memchr::memchr_iter(b'\n', &bytes[comment.end..]).map(|at| comment.end + at);
    let end = ends.nth(1).unwrap_or(bytes.len());
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::SpanMap;

    fn ranges(source: &str) -> Vec<(u64, String, bool)> {
        let map = SpanMap::verbatim(0, source.len());
        let text = Text { text: source.into(), map, encoding: "UTF-8", line: 1 };
        let shown = |switch: &Switch| {
            let span = usize::try_from(switch.range.start).unwrap()..usize::try_from(switch.range.end).unwrap();
            (switch.line, source.get(span).unwrap().to_owned(), switch.reason)
        };
        Switches::of(&text).all.iter().map(shown).collect()
    }

    #[test]
    fn a_switch_holds_for_its_line_and_the_next() {
        let source = "a\n<p>{# santun-ignore language/slang: nama #}b</p>\nc\nd\n{{-- santun-ignore tone --}}";
        assert_eq!(
            ranges(source),
            [
                (2, "<p>{# santun-ignore language/slang: nama #}b</p>\nc".to_owned(), true),
                (5, "{{-- santun-ignore tone --}}".to_owned(), false)
            ]
        );
        assert_eq!(ranges("<!--santun-ignore-file language: contoh -->\nx\ny")[0].1.lines().count(), 3);
        for none in ["santun-ignore language: x", "<!-- x santun-ignore language: x -->", "{# santun-ignore tone: x"] {
            assert!(ranges(none).is_empty(), "{none}");
        }
    }
}
