//! Switches in the comments of a template, which turn rules off for a line or for the whole file, with a reason.
//!
//! `{# santun-ignore language/slang: nama program #}` holds for its own line and the next one, `santun-ignore-file` for the file.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::message::Note;
use crate::ruleset::{RuleSet, Selection};
use crate::source::{Text, floor_boundary};
use crate::span::TextSpan;

/// How a switch begins.
const MARK: &str = "santun-ignore";

/// Themes that nobody can switch off for himself.
const PROTECTED: [&str; 2] = ["privacy", "neutrality"];

/// Whether nobody can switch rules of the theme off for himself.
#[cfg(feature = "cli")]
pub(crate) fn is_protected(theme: &str) -> bool {
    PROTECTED.contains(&theme)
}

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

/// How long a comment with a switch is at most, so that many that nothing ends cost no more than their length.
const COMMENT: usize = 4 << 10;

/// The switches of a source.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    all: Vec<Switch>,
    /// Those for lines, by number: their ranges rise.
    lines: Vec<usize>,
    /// What those for the whole file name, and whether that turned something off.
    file: HashMap<String, Cell<bool>>,
}

#[derive(Debug)]
struct Switch {
    /// Line in the source, from 1.
    line: u64,
    /// Bytes of the source for which it holds; none where that is the whole file.
    range: Option<Range<u64>>,
    /// The rules and themes that it names, and whether it turned something of them off.
    names: Vec<(String, Cell<bool>)>,
    reason: bool,
}

impl Switches {
    /// The switches in the comments of `text`.
    pub(crate) fn of(text: &Text<'_>) -> Self {
        let source: &str = &text.text;
        let mut switches = Self::default();
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
            let range = (!whole).then(|| {
                let span = text.map.locate(TextSpan::new(lines_around(source, &comment)));
                span.start..span.end
            });
            let names = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
            let names: Vec<_> = names.map(|name| (name, Cell::new(false))).collect();
            let reason = !reason.trim().is_empty();
            match range {
                Some(_) => switches.lines.push(switches.all.len()),
                None if reason => switches.file.extend(names.iter().cloned()),
                None => {}
            }
            switches.all.push(Switch { line, range, names, reason });
        }
        switches
    }

    /// Takes away the findings that are switched off.
    pub(crate) fn apply(&self, findings: &mut Vec<Diagnostic<'_>>) {
        if !self.all.is_empty() {
            findings.retain(|found| !self.turns_off(found));
        }
    }

    fn turns_off(&self, found: &Diagnostic<'_>) -> bool {
        let (id, theme, at) = (found.rule.id.as_ref(), found.rule.theme(), found.place.span().start);
        if PROTECTED.contains(&theme) {
            return false;
        }
        let mut off = false;
        let mut turn_off = |used: &Cell<bool>| {
            used.set(true);
            off = true;
        };
        [id, theme].into_iter().filter_map(|name| self.file.get(name)).for_each(&mut turn_off);
        let range = |number: &usize| self.all[*number].range.clone().unwrap_or_default();
        let first = self.lines.partition_point(|number| range(number).end <= at);
        let near = self.lines[first..].iter().take_while(|number| range(number).start <= at);
        let holding = near.map(|number| &self.all[*number]).filter(|switch| switch.reason);
        let named = holding.flat_map(|switch| &switch.names).filter(|(name, _)| name == id || name == theme);
        named.for_each(|(_, used)| turn_off(used));
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
                let used = if switch.range.is_some() { used.get() } else { self.file.get(name).is_some_and(Cell::get) };
                let theme = name.split('/').next().unwrap_or_default();
                if PROTECTED.contains(&theme) {
                    notes.push(Note::SwitchProtected(line, theme.to_owned()));
                } else if !rules.knows(name) {
                    notes.push(Note::SwitchUnknown(line, name.clone()));
                } else if !used && rules.is_on(name, selection) {
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
    let rest = source.get(at..)?;
    let len = rest.get(..floor_boundary(rest, COMMENT))?.find(close)?;
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
            let range = switch.range.clone().unwrap_or(0..source.len() as u64);
            let span = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
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
