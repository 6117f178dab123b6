//! What is seen of HTML as text, and what stands between: blanks, lines, paragraphs, cells.

use std::ops::Range;

use super::super::construct::Construct;
use super::super::entity;
use super::tags::{Gap, gap_of};
use crate::span::SpanMap;

/// What stands in the present line of the source, where lines count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineHolds {
    Nothing,
    /// Directives alone: the line vanishes with them.
    Directives,
    Text,
}

/// Writes what is seen, and what stands between: a gap is owed until something follows it.
pub(super) struct Writer<'s> {
    source: &'s str,
    constructs: &'s [Construct],
    by_lines: bool,
    pub(super) text: String,
    pub(super) map: SpanMap,
    gap: Gap,
    /// Where in the source the gap began, and the blanks at its start.
    gap_at: Range<usize>,
    /// What the gap holds: line breaks by tags and in the source, the edge of a cell, the edge of a row.
    breaks: u32,
    newlines: u32,
    cell: bool,
    row: bool,
    line: LineHolds,
    preformatted: u32,
    tables: u32,
}

impl<'s> Writer<'s> {
    pub(super) fn new(source: &'s str, constructs: &'s [Construct], by_lines: bool) -> Self {
        Self {
            source,
            constructs,
            by_lines,
            text: String::with_capacity(source.len() / 2),
            map: SpanMap::default(),
            gap: Gap::None,
            gap_at: 0..0,
            breaks: 0,
            newlines: 0,
            cell: false,
            row: false,
            line: LineHolds::Nothing,
            preformatted: 0,
            tables: 0,
        }
    }

    pub(super) fn tag(&mut self, name: &[u8], at: usize, opens: bool) {
        self.map.push_seam();
        let count = |n: u32| if opens { n.saturating_add(1) } else { n.saturating_sub(1) };
        match name {
            b"br" => {
                self.breaks += 1;
                let gap = if self.breaks > 1 { Gap::Paragraph } else { Gap::Line };
                self.owe(gap, at..at);
            }
            b"pre" | b"textarea" => self.preformatted = count(self.preformatted),
            b"td" | b"th" => self.cell = true,
            b"tr" => self.row = true,
            b"table" => {
                self.row = true;
                self.tables = count(self.tables);
            }
            _ => {}
        }
        self.owe(gap_of(name), at..at);
    }

    fn owe(&mut self, gap: Gap, at: Range<usize>) {
        if self.gap == Gap::None {
            self.gap_at = at;
        }
        self.gap = self.gap.max(gap);
    }

    /// Writes the gap that is owed before `next`.
    fn settle(&mut self, next: u8) {
        let at = self.gap_at.clone();
        let gap = std::mem::take(&mut self.gap);
        let beside = std::mem::take(&mut self.cell) & !std::mem::take(&mut self.row);
        (self.breaks, self.newlines) = (0, 0);
        if self.text.is_empty() {
            return;
        }
        // A colon in a cell of its own stands between a word and its value, as in a line.
        let joins = beside && (next == b':' || self.text.ends_with(':'));
        let written = match gap {
            Gap::None => return,
            Gap::Paragraph if !beside => "\n\n",
            Gap::Line | Gap::Paragraph if !joins => "\n",
            Gap::Cell if !joins => "\t",
            _ => " ",
        };
        self.text.push_str(written);
        if self.source.get(at.clone()) == Some(written) {
            self.map.push_verbatim(written.len(), at.start as u64);
        } else {
            self.map.push_atomic(written.len(), at.start as u64, at.len());
        }
    }

    /// Copies bytes of the source.
    fn verbatim(&mut self, range: Range<usize>) {
        let Some(piece) = self.source.get(range.clone()).filter(|piece| !piece.is_empty()) else { return };
        self.settle(piece.as_bytes()[0]);
        self.text.push_str(piece);
        self.map.push_verbatim(piece.len(), range.start as u64);
        self.line = LineHolds::Text;
    }

    /// A run of text between tags.
    pub(super) fn run(&mut self, range: Range<usize>) {
        let first = self.constructs.partition_point(|c| c.span.range().end <= range.start);
        let mut at = range.start;
        for construct in self.constructs.iter().skip(first) {
            let span = construct.span.range();
            if span.start >= range.end {
                break;
            }
            self.plain(at..span.start.max(at));
            if construct.value {
                self.verbatim(span.start.max(at)..span.end);
            } else {
                self.map.push_seam();
                if self.line == LineHolds::Nothing {
                    self.line = LineHolds::Directives;
                }
            }
            at = span.end;
        }
        self.plain(at..range.end.max(at));
    }

    /// Text without constructs: blanks collapse, entities are decoded.
    fn plain(&mut self, range: Range<usize>) {
        let Some(piece) = self.source.get(range.clone()) else { return };
        let bytes = piece.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let blanks = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            if blanks > 0 {
                self.blanks(range.start + at..range.start + at + blanks);
                at += blanks;
            } else if bytes[at] == b'&' {
                let len = self.entity(range.start + at, piece.get(at..).unwrap_or_default());
                at += len;
            } else if bytes[at..].starts_with("\u{a0}".as_bytes()) {
                self.hard_blank(range.start + at..range.start + at + 2);
                at += 2;
            } else {
                let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'&' | 0xc2);
                let len = bytes[at + 1..].iter().position(ends).map_or(bytes.len() - at, |n| n + 1);
                self.verbatim(range.start + at..range.start + at + len);
                at += len;
            }
        }
    }

    fn blanks(&mut self, range: Range<usize>) {
        if self.preformatted > 0 {
            if !self.text.is_empty() && self.gap <= Gap::Blank {
                self.verbatim(range);
            }
            return;
        }
        if self.by_lines && self.tables == 0 {
            let piece = self.source.get(range.clone()).unwrap_or_default();
            for _ in memchr::memchr_iter(b'\n', piece.as_bytes()) {
                let vanishes = std::mem::replace(&mut self.line, LineHolds::Nothing) == LineHolds::Directives;
                self.newlines += u32::from(!vanishes);
            }
        }
        let gap = match self.newlines {
            0 => Gap::Blank,
            1 => Gap::Line,
            _ => Gap::Paragraph,
        };
        self.owe(gap, range);
    }

    /// A blank that is not broken at: in prose it is one as any other.
    fn hard_blank(&mut self, range: Range<usize>) {
        if self.preformatted > 0 {
            self.decoded(" ", range);
        } else {
            self.owe(Gap::Blank, range);
        }
    }

    fn decoded(&mut self, text: &str, range: Range<usize>) {
        self.settle(text.as_bytes()[0]);
        self.text.push_str(text);
        self.map.push_atomic(text.len(), range.start as u64, range.len());
        self.line = LineHolds::Text;
    }

    /// Writes the character reference at the start of `rest`, or its first byte if it is none. How many bytes that took.
    fn entity(&mut self, at: usize, rest: &str) -> usize {
        let Some((text, len)) = entity::decode(rest) else {
            self.verbatim(at..at + 1);
            return 1;
        };
        match text.as_str() {
            "\u{a0}" => self.hard_blank(at..at + len),
            blank if blank.trim_ascii().is_empty() && self.preformatted == 0 => self.owe(Gap::Blank, at..at + len),
            text => self.decoded(text, at..at + len),
        }
        len
    }
}
