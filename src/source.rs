//! A source in windows: bytes with the offset and the line at which they begin, and positions within them.
//!
//! Files of any size pass through windows, so everything is counted in `u64` from the start of the source.

use std::borrow::Cow;
use std::sync::Arc;

use crate::span::{Span, SpanMap, TextSpan};

/// A run of bytes of a source that can be read by itself: a whole file, or whole lines of one.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// The bytes as they lie in the source.
    pub bytes: Vec<u8>,
    /// Offset of the first byte in the source.
    pub base: u64,
    /// Line of the first byte, from 1.
    pub line: u64,
    /// How many messages came before.
    pub index: u64,
    /// What the first window told of all: how a table is separated, and its header. Empty in the first, and where there is
    /// nothing to tell.
    pub head: Arc<[u8]>,
    /// Whether nothing came before.
    pub first: bool,
    /// Whether nothing comes after.
    pub last: bool,
}

impl Window {
    /// All of a source.
    #[must_use]
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), line: 1, first: true, last: true, ..Self::default() }
    }

    /// The same place in the source with other bytes.
    #[must_use]
    pub fn holding(&self, bytes: Vec<u8>) -> Self {
        let Self { base, line, index, ref head, first, last, .. } = *self;
        Self { bytes, base, line, index, head: Arc::clone(head), first, last }
    }
}

/// A window as text, and where each byte of the text came from.
#[derive(Clone, Debug, Default)]
pub struct Text<'w> {
    /// The characters.
    pub text: Cow<'w, str>,
    /// From the text to bytes of the source.
    pub map: SpanMap,
    /// The encoding that was found.
    pub encoding: &'static str,
    /// Line of the first character, from 1.
    pub line: u64,
}

/// A place as people and editors count it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column in Unicode scalar values, from 1.
    pub column: u64,
    /// Column in UTF-16 code units, from 1.
    pub utf16: u64,
    /// Column in bytes of UTF-8, from 1, whatever the encoding of the source.
    #[serde(skip)]
    pub utf8: u64,
}

/// Turns bytes of the source into lines and columns. Asking in rising order costs one pass over the text in all.
#[derive(Debug)]
pub struct Locator<'t> {
    bytes: &'t [u8],
    origin: Origin<'t>,
    at: usize,
    place: Position,
}

/// How a byte of the source becomes an offset in what is counted.
#[derive(Debug)]
enum Origin<'t> {
    Text(&'t Text<'t>),
    Base(u64),
}

impl<'t> Locator<'t> {
    /// A locator that stands at the start of `text`.
    #[must_use]
    pub fn new(text: &'t Text<'t>) -> Self {
        Self::at_start(text.text.as_bytes(), Origin::Text(text), text.line)
    }

    /// A locator for the bytes of `window` as they are: what is no UTF-8 counts as one character a byte.
    #[must_use]
    pub fn of_bytes(window: &'t Window) -> Self {
        Self::at_start(&window.bytes, Origin::Base(window.base), window.line)
    }

    fn at_start(bytes: &'t [u8], origin: Origin<'t>, line: u64) -> Self {
        Self { bytes, origin, at: 0, place: Position { line, column: 1, utf16: 1, utf8: 1 } }
    }

    /// The line and column of the source's byte `offset`.
    pub fn position(&mut self, offset: u64) -> Position {
        let target = match self.origin {
            Origin::Text(text) => floor_boundary(&text.text, text.map.text_at(offset) as usize),
            Origin::Base(base) => {
                usize::try_from(offset.saturating_sub(base)).unwrap_or(usize::MAX).min(self.bytes.len())
            }
        };
        if target < self.at {
            self.back(target);
        }
        let bytes = self.bytes;
        let passed = &bytes[self.at..target];
        if let Some(newline) = memchr::memrchr(b'\n', passed) {
            self.place.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.begin_line();
            self.count(&passed[newline + 1..]);
        } else {
            self.count(passed);
        }
        self.at = target;
        self.place
    }

    /// Goes back to the start of the line of byte `target`, counting no more than lies between.
    fn back(&mut self, target: usize) {
        let start = memchr::memrchr(b'\n', &self.bytes[..target]).map_or(0, |newline| newline + 1);
        self.place.line -= memchr::memchr_iter(b'\n', &self.bytes[start..self.at]).count() as u64;
        self.begin_line();
        self.at = start;
    }

    fn begin_line(&mut self) {
        (self.place.column, self.place.utf16, self.place.utf8) = (1, 1, 1);
    }

    /// Where `span` begins and ends.
    pub fn positions(&mut self, span: Span) -> (Position, Position) {
        (self.position(span.start), self.position(span.end))
    }

    fn count(&mut self, passed: &[u8]) {
        self.place.utf8 += passed.len() as u64;
        for chunk in passed.utf8_chunks() {
            let broken = chunk.invalid().len() as u64;
            self.place.column += chunk.valid().chars().count() as u64 + broken;
            self.place.utf16 += chunk.valid().chars().map(|c| c.len_utf16() as u64).sum::<u64>() + broken;
        }
    }
}

/// The line of `text` around byte `at`, without its line end, as a span.
#[must_use]
pub fn line_around(text: &str, at: usize) -> TextSpan {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |n| n + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
    let end = if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
    TextSpan::new(start..end)
}

/// What lies of the line around byte `at` within `reach` bytes to both sides, so that an endless line costs no more.
#[must_use]
pub fn line_near(text: &str, at: usize, reach: usize) -> TextSpan {
    let at = at.min(text.len());
    let from = floor_boundary(text, at.saturating_sub(reach));
    let to = floor_boundary(text, at.saturating_add(reach)).max(at);
    let line = line_around(TextSpan::new(from..to).of(text), at - from);
    let from = TextSpan::new(0..from).end;
    TextSpan { start: from + line.start, end: from + line.end }
}

/// The nearest character boundary at or before `at`.
#[must_use]
pub fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_no_further_than_asked() {
        let text = "satu\r\ndua tiga\nempat";
        let near = |at, reach| line_near(text, at, reach).of(text);
        assert_eq!(near(8, 100), "dua tiga");
        assert_eq!(near(2, 100), "satu");
        assert_eq!(near(text.len(), 3), "pat");
        let endless = "é".repeat(100_000);
        assert!(line_near(&endless, 100_000, 50).of(&endless).len() <= 102);
    }
}
