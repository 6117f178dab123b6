//! A source in windows: bytes with the offset and the line at which they begin, and positions within them.
//!
//! Files of any size pass through windows, so everything is counted in `u64` from the start of the source.

use std::borrow::Cow;

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
    /// Whether nothing came before.
    pub first: bool,
    /// Whether nothing comes after.
    pub last: bool,
}

/// A window as text, and where each byte of the text came from.
#[derive(Clone, Debug)]
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
}

/// Turns bytes of the source into lines and columns. Asking in rising order costs one pass over the text in all.
#[derive(Debug)]
pub struct Locator<'t> {
    text: &'t Text<'t>,
    at: usize,
    place: Position,
}

impl<'t> Locator<'t> {
    /// A locator that stands at the start of `text`.
    #[must_use]
    pub fn new(text: &'t Text<'t>) -> Self {
        Self { text, at: 0, place: Position { line: text.line, column: 1, utf16: 1 } }
    }

    /// The line and column of the source's byte `offset`.
    pub fn position(&mut self, offset: u64) -> Position {
        let target = floor_boundary(&self.text.text, self.text.map.text_at(offset) as usize);
        if target < self.at {
            self.back(target);
        }
        let passed = self.text.text.get(self.at..target).unwrap_or_default();
        if let Some(newline) = memchr::memrchr(b'\n', passed.as_bytes()) {
            self.place.line += memchr::memchr_iter(b'\n', passed.as_bytes()).count() as u64;
            (self.place.column, self.place.utf16) = (1, 1);
            self.count(passed.get(newline + 1..).unwrap_or_default());
        } else {
            self.count(passed);
        }
        self.at = target;
        self.place
    }

    /// Goes back to the start of the line of byte `target`, counting no more than lies between.
    fn back(&mut self, target: usize) {
        let text = self.text.text.as_bytes();
        let start = memchr::memrchr(b'\n', &text[..target]).map_or(0, |newline| newline + 1);
        self.place.line -= memchr::memchr_iter(b'\n', &text[start..self.at]).count() as u64;
        (self.place.column, self.place.utf16) = (1, 1);
        self.at = start;
    }

    /// Where `span` begins and ends.
    pub fn positions(&mut self, span: Span) -> (Position, Position) {
        (self.position(span.start), self.position(span.end))
    }

    fn count(&mut self, passed: &str) {
        for c in passed.chars() {
            self.place.column += 1;
            self.place.utf16 += c.len_utf16() as u64;
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

/// The nearest character boundary at or before `at`.
#[must_use]
pub fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
