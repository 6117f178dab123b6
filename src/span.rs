//! Positions: bytes of a source, bytes of a decoded field, and the map from the second to the first.

use std::ops::Range;

/// A half-open range of bytes of a source, as it lies on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// A half-open range of bytes of a field's decoded text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextSpan {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl TextSpan {
    /// The span of `range`. Texts are shorter than 4 GiB (`limits::SOURCE_BYTES`), so offsets fit.
    #[must_use]
    pub fn new(range: Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: offset(range.start), end: offset(range.end.max(range.start)) }
    }

    /// The span as a range of byte offsets.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The piece of `text` under the span, empty where the span does not fit the text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether both spans share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// One stretch of a decoded text and the stretch of the source that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: u32,
    text_len: u32,
    source: u64,
    source_len: u32,
    /// Whether the bytes were copied as they are, so that a position inside maps to a position inside. Stored, since
    /// equal lengths do not prove it.
    verbatim: bool,
}

/// Where every byte of a decoded text came from.
///
/// Pieces follow each other in text and in source; the source may have gaps between them (soft line breaks, quotes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
    /// Offsets in the text at which the source holds something that no replacement may swallow: a tag.
    seams: Vec<u32>,
}

impl SpanMap {
    /// A text of `len` bytes that stands in the source as it is, from byte `base` on.
    #[must_use]
    pub fn verbatim(base: u64, len: usize) -> Self {
        let mut map = Self::default();
        map.push_verbatim(len, base);
        map
    }

    /// Appends `len` bytes of text that stand verbatim at `source`.
    pub fn push_verbatim(&mut self, len: usize, source: u64) {
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        if len == 0 && !self.pieces.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.verbatim && last.source + u64::from(last.source_len) == source => {
                last.text_len += len;
                last.source_len += len;
            }
            _ => {
                let text = self.text_len();
                self.pieces.push(Piece { text, text_len: len, source, source_len: len, verbatim: true });
            }
        }
    }

    /// Appends `len` bytes of text that came, as a whole, from `source_len` bytes at `source`.
    pub fn push_atomic(&mut self, len: usize, source: u64, source_len: usize) {
        if len == 0 {
            return;
        }
        let text = self.text_len();
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.pieces.push(Piece { text, text_len: fit(len), source, source_len: fit(source_len), verbatim: false });
    }

    /// Notes that the source holds here, behind the text so far, what no replacement may swallow.
    pub fn push_seam(&mut self) {
        let at = self.text_len();
        if self.seams.last() != Some(&at) {
            self.seams.push(at);
        }
    }

    /// Whether a seam lies within `span`, so that its source cannot be replaced as a whole.
    #[must_use]
    pub fn has_seam(&self, span: TextSpan) -> bool {
        let first = self.seams.partition_point(|at| *at <= span.start);
        self.seams.get(first).is_some_and(|at| *at < span.end)
    }

    /// Appends the pieces of a text that follows.
    pub fn append(&mut self, next: &SpanMap) {
        let base = self.text_len();
        self.seams.extend(next.seams.iter().map(|at| base + at));
        for piece in &next.pieces {
            if piece.verbatim {
                self.push_verbatim(piece.text_len as usize, piece.source);
            } else {
                self.push_atomic(piece.text_len as usize, piece.source, piece.source_len as usize);
            }
        }
    }

    /// Where in the source the text begins, if it stands there as it is, in one piece.
    #[must_use]
    pub fn verbatim_base(&self) -> Option<u64> {
        match self.pieces.as_slice() {
            [one] if one.verbatim => Some(one.source),
            _ => None,
        }
    }

    /// Length of the text that has been mapped, in bytes.
    #[must_use]
    pub fn text_len(&self) -> u32 {
        self.pieces.last().map_or(0, |p| p.text + p.text_len)
    }

    /// The bytes of the source behind `span`; a position inside an atomic piece widens to the whole piece.
    #[must_use]
    pub fn locate(&self, span: TextSpan) -> Span {
        let start = self.source_at(span.start, false);
        let end = if span.end > span.start { self.source_at(span.end, true) } else { start };
        Span { start, end: end.max(start) }
    }

    /// The offset in the text that the source's byte `at` gave, or the next one that the source gave.
    #[must_use]
    pub fn text_at(&self, at: u64) -> u32 {
        let index = self.pieces.partition_point(|p| p.source + u64::from(p.source_len) <= at);
        let Some(piece) = self.pieces.get(index) else { return self.text_len() };
        if piece.verbatim && at > piece.source {
            piece.text + u32::try_from(at - piece.source).unwrap_or(u32::MAX).min(piece.text_len)
        } else {
            piece.text
        }
    }

    /// The map of a text that was decoded by `self` from another text, which in turn came from the source by `outer`.
    #[must_use]
    pub fn behind(&self, outer: &SpanMap) -> Self {
        let mut map = Self { seams: self.seams.clone(), ..Self::default() };
        for piece in &self.pieces {
            if piece.verbatim {
                outer.slice_into(&mut map, piece.source, piece.text_len);
            } else {
                let start = u32::try_from(piece.source).unwrap_or(u32::MAX);
                let span = outer.locate(TextSpan { start, end: start.saturating_add(piece.source_len) });
                let source_len = usize::try_from(span.end - span.start).unwrap_or(usize::MAX);
                map.push_atomic(piece.text_len as usize, span.start, source_len);
            }
        }
        if let Some(first) = self.pieces.first().filter(|_| map.pieces.is_empty()) {
            // An empty text has a place, too.
            let start = u32::try_from(first.source).unwrap_or(u32::MAX);
            map.push_verbatim(0, outer.locate(TextSpan { start, end: start }).start);
        }
        map
    }

    /// The map of the piece `span` of the text.
    #[must_use]
    pub fn slice(&self, span: TextSpan) -> Self {
        let mut map = Self::default();
        self.slice_into(&mut map, u64::from(span.start), span.end.saturating_sub(span.start));
        let inner = |at: &&u32| **at >= span.start && **at <= span.end;
        map.seams = self.seams.iter().filter(inner).map(|at| at - span.start).collect();
        if map.pieces.is_empty() {
            map.push_verbatim(0, self.locate(span).start);
        }
        map
    }

    /// Appends to `map` the pieces of `self` behind `len` bytes of text at `text`.
    fn slice_into(&self, map: &mut SpanMap, text: u64, len: u32) {
        let start = u32::try_from(text).unwrap_or(u32::MAX);
        let end = start.saturating_add(len);
        let first = self.pieces.partition_point(|p| p.text + p.text_len <= start);
        for piece in self.pieces.get(first..).unwrap_or_default() {
            if piece.text >= end {
                break;
            }
            let from = piece.text.max(start);
            let to = (piece.text + piece.text_len).min(end);
            if piece.verbatim {
                map.push_verbatim((to - from) as usize, piece.source + u64::from(from - piece.text));
            } else {
                map.push_atomic((to - from) as usize, piece.source, piece.source_len as usize);
            }
        }
    }

    fn source_at(&self, at: u32, as_end: bool) -> u64 {
        let index = if as_end {
            self.pieces.partition_point(|p| p.text + p.text_len < at)
        } else {
            self.pieces.partition_point(|p| p.text + p.text_len <= at)
        };
        match self.pieces.get(index) {
            Some(p) if p.verbatim => p.source + u64::from(at.saturating_sub(p.text)),
            Some(p) if as_end => p.source + u64::from(p.source_len),
            Some(p) => p.source,
            None => self.pieces.last().map_or(0, |p| p.source + u64::from(p.source_len)),
        }
    }
}
