//! The row of a line in which something stands, as it may be shown: lines may be endless, and terminals are 80 columns wide.

use std::cell::Cell;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::masking::{Shown, merged};
use crate::check::identifiers_in;
use crate::diagnostic::Place;
use crate::message::{Field, Part};
use crate::source::{floor_boundary, line_around};
use crate::span::TextSpan;

/// A stretch of a line, and where in it the finding stands, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// The finding.
    pub range: Range<usize>,
}

/// How wide a row is at most, in columns of a terminal, so that it fits into 80 with its frame.
const ROW: usize = 70;
/// How much wider than the others a row may be, so that words fit.
const BALANCE: usize = 10;
/// The line in which the last finding stood: the next one often stands there, too, and lines may be endless.
pub(super) type LastLine = Cell<Option<(Part, TextSpan)>>;

/// The row around a finding: its line, broken into rows as a terminal would show them, so that neighbours share a row.
pub(super) fn row_around(field: Option<&Field<'_>>, secrets: &[TextSpan], place: Place, last: &LastLine) -> Excerpt {
    let Some(field) = field else { return Excerpt::default() };
    let (text, span): (&str, _) = (&field.text, place.text());
    let known =
        last.get().filter(|(part, line)| *part == place.part() && (line.start..=line.end).contains(&span.start));
    let line = known.map_or_else(|| line_around(text, span.start as usize), |(_, line)| line);
    last.set(Some((place.part(), line)));
    row_of(text, line, span, secrets)
}

/// The row of `text` around `span`, as it may be shown.
#[must_use]
pub fn row_in(text: &str, span: TextSpan) -> Excerpt {
    row_of(text, line_around(text, span.start as usize), span, &merged(identifiers_in(text)))
}

fn row_of(text: &str, line: TextSpan, span: TextSpan, secrets: &[TextSpan]) -> Excerpt {
    let row = rows(text, line, span.start).find(|row| span.start < row.end || row.end == line.end).unwrap_or(line);
    let end = span.end.clamp(span.start, row.end);
    let shown = Shown::of(text, row, secrets, &[span.start, end]);
    let (before, after) = (if row.start > line.start { "…" } else { "" }, if row.end < line.end { "…" } else { "" });
    let at = |index: usize| before.len() + shown.offsets.get(index).copied().unwrap_or(shown.text.len());
    Excerpt { range: at(0)..at(1), text: format!("{before}{}{after}", shown.text.trim_end()) }.clipped()
}

/// The rows of `line` around `at`, of about the same width. Breaking begins anew now and then, so that an endless line costs
/// no more than its part.
fn rows(text: &str, line: TextSpan, at: u32) -> impl Iterator<Item = TextSpan> {
    const PART: u32 = 4096;
    let part = line.start + (at - line.start) / PART * PART;
    let boundary = |at: u32| TextSpan::new(0..floor_boundary(text, at as usize)).end;
    let part = TextSpan { start: boundary(part), end: boundary((part + PART).min(line.end)) };
    let width = part.of(text).width();
    let room = (width / width.div_ceil(ROW).max(1) + BALANCE).min(ROW);
    let mut start = part.start;
    std::iter::from_fn(move || {
        let rest = TextSpan { start, end: line.end }.of(text);
        if rest.is_empty() {
            return None;
        }
        let (mut width, mut blank, mut len) = (0, None, rest.len());
        for (index, c) in rest.char_indices() {
            width += c.width().unwrap_or(1);
            if width > room {
                len = blank.unwrap_or(index).max(c.len_utf8());
                break;
            }
            if c == ' ' {
                blank = Some(index + 1);
            }
        }
        let row = TextSpan { start, end: start + TextSpan::new(0..len).end };
        start = row.end;
        Some(row)
    })
}

impl Excerpt {
    /// The same with a range that lies within the text.
    fn clipped(self) -> Self {
        let len = self.text.len();
        let start = floor_boundary(&self.text, self.range.start.min(len));
        let end = floor_boundary(&self.text, self.range.end.min(len)).max(start);
        Self { range: start..end, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn breaks_long_lines_at_words() {
        let text = format!("{} gak {}", "kata ".repeat(50), "kata ".repeat(50));
        let field = Field::new(Part::Body, Cow::Borrowed(text.as_str()), crate::span::SpanMap::verbatim(0, text.len()));
        let at = text.find("gak").unwrap();
        let excerpt =
            row_around(Some(&field), &[], Place::new(&field, TextSpan::new(at..at + 3)), &LastLine::default());
        assert_eq!(excerpt.text.get(excerpt.range.clone()), Some("gak"));
        assert!(excerpt.text.starts_with("…kata") && excerpt.text.ends_with("kata…"), "{}", excerpt.text);
        assert!(excerpt.text.width() <= ROW + 2);
    }
}
