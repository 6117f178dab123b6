//! Bytes of a text, and positions in it as the protocol counts them: lines, and units of the encoding that was agreed on.

use std::cell::Cell;
use std::ops::Range;

use lsp_types::Position;

/// What the columns of positions count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// What every client knows.
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// Those that are known, the one that costs least first.
    pub(super) const ALL: [Self; 3] = [Self::Utf8, Self::Utf16, Self::Utf32];

    /// Its name in the protocol.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// How many units a character has.
    fn units_of(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// How many units a piece of text has.
    fn units(self, piece: &str) -> usize {
        if self == Self::Utf8 || piece.is_ascii() { piece.len() } else { piece.chars().map(|c| self.units_of(c)).sum() }
    }
}

/// Where the lines of a text begin. A line ends in LF, in CR, or in both.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        Self { starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect() }
    }
}

/// A text with what it takes to find places in it.
#[derive(Debug)]
pub(super) struct Places<'t> {
    text: &'t str,
    lines: &'t Lines,
    encoding: Encoding,
    /// A byte whose line and column are known: lines may be endless, and places are mostly asked in rising order.
    known: Cell<(usize, usize, usize)>,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str, lines: &'t Lines, encoding: Encoding) -> Self {
        Self { text, lines, encoding, known: Cell::default() }
    }

    /// The position of byte `at`; one within a character, or between CR and LF, is that of the character or of the line's end.
    pub(super) fn position(&self, at: usize) -> Position {
        let at = crate::source::floor_boundary(self.text, at);
        let splits_end = self.text.get(..at).is_some_and(|before| before.ends_with('\r'))
            && self.text.get(at..).is_some_and(|behind| behind.starts_with('\n'));
        let at = at - usize::from(splits_end);
        let line = self.lines.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let start = self.lines.starts.get(line).copied().unwrap_or_default();
        let (known, known_line, units) = self.known.get();
        let (from, units) =
            if known_line == line && (start..=at).contains(&known) { (known, units) } else { (start, 0) };
        let units = units + self.encoding.units(self.text.get(from..at).unwrap_or_default());
        self.known.set((at, line, units));
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(units) }
    }

    /// The range of some bytes.
    pub(super) fn range(&self, bytes: Range<usize>) -> lsp_types::Range {
        let start = self.position(bytes.start);
        lsp_types::Range { start, end: self.position(bytes.end.max(bytes.start)) }
    }

    /// The byte of a position. One beyond a line's end is the line's end, one beyond the text is the text's.
    pub(super) fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.lines.starts.get(line).copied() else { return self.text.len() };
        let end = self.lines.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        for (at, c) in line.char_indices() {
            let units = self.encoding.units_of(c);
            if left < units {
                return start + at;
            }
            left -= units;
        }
        start + line.len()
    }

    /// The bytes of a range, whichever of its ends comes first.
    pub(super) fn bytes(&self, range: lsp_types::Range) -> Range<usize> {
        let (start, end) = (self.byte(range.start), self.byte(range.end));
        start.min(end)..start.max(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Halo 🙏 Bu\r\nsatu\rdua é\n\ntiga";

    fn with(encoding: Encoding, work: impl FnOnce(&Places<'_>)) {
        let lines = Lines::of(TEXT);
        work(&Places::new(TEXT, &lines, encoding));
    }

    #[test]
    fn every_byte_is_found_again() {
        for encoding in Encoding::ALL {
            with(encoding, |places| {
                for (at, _) in TEXT.char_indices().filter(|(_, c)| !matches!(c, '\n' | '\r')) {
                    assert_eq!(places.byte(places.position(at)), at, "{encoding:?}");
                }
            });
        }
    }

    #[test]
    fn columns_count_units_of_the_encoding() {
        for (encoding, column) in [(Encoding::Utf8, 10), (Encoding::Utf16, 8), (Encoding::Utf32, 7)] {
            with(encoding, |places| {
                let at = TEXT.find("Bu").unwrap();
                assert_eq!(places.position(at), Position { line: 0, character: column }, "{encoding:?}");
            });
        }
    }

    #[test]
    fn lines_end_as_the_protocol_says() {
        with(Encoding::Utf16, |places| {
            for (word, line) in [("satu", 1), ("dua", 2), ("tiga", 4)] {
                assert_eq!(places.position(TEXT.find(word).unwrap()), Position { line, character: 0 }, "{word}");
            }
        });
    }

    #[test]
    fn positions_beyond_an_end_are_clamped() {
        with(Encoding::Utf16, |places| {
            let byte = |line, character| places.byte(Position { line, character });
            assert_eq!(byte(0, 999), TEXT.find('\r').unwrap());
            assert_eq!(byte(3, 5), TEXT.find("tiga").unwrap() - 1);
            assert_eq!(byte(99, 0), TEXT.len());
            // Between the halves of a pair of surrogates.
            assert_eq!(byte(0, 6), 5);
        });
    }

    #[test]
    fn no_place_is_within_a_line_end() {
        with(Encoding::Utf16, |places| {
            let end = TEXT.find('\r').unwrap();
            assert_eq!(places.position(end + 1), places.position(end));
        });
    }

    #[test]
    fn places_may_be_asked_in_any_order() {
        with(Encoding::Utf16, |places| {
            let late = places.position(TEXT.find("Bu").unwrap());
            assert_eq!(places.position(0), Position { line: 0, character: 0 });
            assert_eq!(places.position(TEXT.find("Bu").unwrap()), late);
        });
    }
}
