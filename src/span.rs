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
    /// The span of `range`. Texts are shorter than 4 GiB (`Limits::source_bytes`), so offsets fit.
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
    /// Stored, since equal lengths do not prove that bytes were copied.
    form: Form,
    layers: Layers,
}

/// What a text was wrapped in on its way into the source, and what a new text must be wrapped in to be read as itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Text between the tags of HTML, where a break is a tag.
    Html,
    /// Text between the tags of Markdown or of a template without blocks, where a break is a break.
    HtmlLines,
    /// A string with escapes as in JSON.
    Json,
    /// A string in single quotation marks, of which two are one.
    Single,
    /// A cell in quotation marks, of which two are one.
    Cell,
    /// A value that no marks enclose, so that it stands in one line and holds nothing that would end it.
    Bare,
    /// A message that travels in an address: its breaks are `%0A`.
    Address,
    /// The value of a mail header outside encoded words, which is ASCII.
    Header,
    /// An encoded word of a mail header, of the kind Q.
    Word,
    /// Quoted-printable.
    QuotedPrintable,
    /// Base64, into which nothing can be put without writing all of it anew.
    Base64,
}

/// The layers around a stretch of text, and the encoding of its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    set: u16,
    /// A number of [`crate::decode`]'s; 0 is UTF-8.
    charset: u8,
}

impl Layers {
    /// Whether `layer` is among them.
    #[must_use]
    pub const fn has(self, layer: Layer) -> bool {
        self.set & (1 << layer as u16) != 0
    }

    /// The number of the encoding.
    #[must_use]
    pub const fn charset(self) -> u8 {
        self.charset
    }

    /// Both together, of which `self` lies within.
    const fn within(self, outer: Self) -> Self {
        let charset = if outer.charset == 0 { self.charset } else { outer.charset };
        Self { set: self.set | outer.set, charset }
    }
}

/// How a stretch of a text came out of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Copied as it is, so that a position inside maps to a position inside.
    Verbatim,
    /// Made as a whole, so that a position inside widens to it.
    Atomic,
    /// Base64 without a break: three bytes of text for four characters of the source. The text begins with this byte of
    /// the first three.
    Quanta(u8),
}

impl Piece {
    fn text_end(&self) -> u32 {
        self.text + self.text_len
    }

    fn source_end(&self) -> u64 {
        self.source + u64::from(self.source_len)
    }

    /// Where in the source byte `at` of the piece begins.
    fn start_of(&self, at: u32) -> u64 {
        match self.form {
            Form::Verbatim => self.source + u64::from(at),
            Form::Atomic => self.source,
            // Byte k of three comes from characters k and k + 1 of four.
            Form::Quanta(phase) => {
                let byte = u64::from(phase) + u64::from(at);
                self.source + byte / 3 * 4 + byte % 3
            }
        }
    }

    /// Where in the source the first `len` bytes of the piece end.
    fn end_of(&self, len: u32) -> u64 {
        match self.form {
            Form::Verbatim => self.source + u64::from(len),
            Form::Atomic => self.source_end(),
            Form::Quanta(_) => len.checked_sub(1).map_or(self.source, |last| self.start_of(last) + 2),
        }
    }

    /// The byte of the text that the source's byte `at`, which lies in the piece, gave.
    fn text_of(&self, at: u64) -> u32 {
        let into = at.saturating_sub(self.source);
        let inside = match self.form {
            Form::Verbatim => into,
            Form::Atomic => 0,
            Form::Quanta(phase) => (into / 4 * 3 + (into % 4).min(2)).saturating_sub(u64::from(phase)),
        };
        self.text + u32::try_from(inside).unwrap_or(u32::MAX).min(self.text_len)
    }
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
        self.verbatim_in(len, source, Layers::default());
    }

    fn verbatim_in(&mut self, len: usize, source: u64, layers: Layers) {
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        if len == 0 && !self.pieces.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.form == Form::Verbatim && last.source_end() == source && last.layers == layers => {
                last.text_len += len;
                last.source_len += len;
            }
            _ => {
                let text = self.text_len();
                let form = Form::Verbatim;
                self.pieces.push(Piece { text, text_len: len, source, source_len: len, form, layers });
            }
        }
    }

    /// Appends `len` bytes of text that came, as a whole, from `source_len` bytes at `source`.
    pub fn push_atomic(&mut self, len: usize, source: u64, source_len: usize) {
        self.atomic_in(len, source, source_len, Layers::default());
    }

    fn atomic_in(&mut self, len: usize, source: u64, source_len: usize, layers: Layers) {
        if len == 0 {
            return;
        }
        let text = self.text_len();
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (text_len, source_len) = (fit(len), fit(source_len));
        self.pieces.push(Piece { text, text_len, source, source_len, form: Form::Atomic, layers });
    }

    /// Appends `len` bytes of text that came from base64 without a break, of which the first is byte `phase` (0 to 2) of the
    /// three that the four characters at `source` stand for.
    pub fn push_quanta(&mut self, len: usize, source: u64, phase: u8) {
        self.quanta_in(len, source, phase, Layers::default());
    }

    fn quanta_in(&mut self, len: usize, source: u64, phase: u8, layers: Layers) {
        let text_len = u32::try_from(len).unwrap_or(u32::MAX);
        if text_len == 0 {
            return;
        }
        let text = self.text_len();
        let mut piece = Piece { text, text_len, source, source_len: 0, form: Form::Quanta(phase), layers };
        if let Some(last) = self.pieces.last_mut()
            && let Form::Quanta(first) = last.form
            && last.layers == layers
        {
            let bytes = u64::from(first) + u64::from(last.text_len);
            if last.source + bytes / 3 * 4 == source && bytes % 3 == u64::from(phase) {
                last.text_len += text_len;
                last.source_len = u32::try_from(last.end_of(last.text_len) - last.source).unwrap_or(u32::MAX);
                return;
            }
        }
        piece.source_len = u32::try_from(piece.end_of(text_len) - source).unwrap_or(u32::MAX);
        self.pieces.push(piece);
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
            self.push(piece.form, piece.text_len, piece.source, piece.source_len, piece.layers);
        }
    }

    fn push(&mut self, form: Form, len: u32, source: u64, source_len: u32, layers: Layers) {
        match form {
            Form::Verbatim => self.verbatim_in(len as usize, source, layers),
            Form::Atomic => self.atomic_in(len as usize, source, source_len as usize, layers),
            Form::Quanta(phase) => self.quanta_in(len as usize, source, phase, layers),
        }
    }

    /// The map of a text that was wrapped in `layer`.
    #[must_use]
    pub fn wrapped(mut self, layer: Layer) -> Self {
        for piece in &mut self.pieces {
            piece.layers.set |= 1 << layer as u16;
        }
        self
    }

    /// The map of a text whose bytes are in the encoding of that number.
    #[must_use]
    pub fn encoded(mut self, charset: u8) -> Self {
        for piece in &mut self.pieces {
            piece.layers.charset = charset;
        }
        self
    }

    /// The layers around `span`; none where they differ within it. What is put between two pieces is put behind the first.
    #[must_use]
    pub fn layers_of(&self, span: TextSpan) -> Option<Layers> {
        let first = if span.start == span.end {
            self.pieces.partition_point(|piece| piece.text_end() < span.start)
        } else {
            self.pieces.partition_point(|piece| piece.text_end() <= span.start)
        };
        let pieces = self.pieces.get(first..).unwrap_or_default();
        let mut all = pieces.iter().take_while(|piece| piece.text < span.end).map(|piece| piece.layers);
        let layers = all.next().or_else(|| pieces.first().or(self.pieces.last()).map(|piece| piece.layers))?;
        all.all(|other| other == layers).then_some(layers)
    }

    /// Where in the source the text begins, if it stands there as it is, in one piece.
    #[must_use]
    pub fn verbatim_base(&self) -> Option<u64> {
        match self.pieces.as_slice() {
            [one] if one.form == Form::Verbatim && one.layers == Layers::default() => Some(one.source),
            _ => None,
        }
    }

    /// Length of the text that has been mapped, in bytes.
    #[must_use]
    pub fn text_len(&self) -> u32 {
        self.pieces.last().map_or(0, Piece::text_end)
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
        let index = self.pieces.partition_point(|p| p.source_end() <= at);
        self.pieces.get(index).map_or_else(|| self.text_len(), |piece| piece.text_of(at))
    }

    /// The map of a text that was decoded by `self` from another text, which in turn came from the source by `outer`.
    #[must_use]
    pub fn behind(&self, outer: &SpanMap) -> Self {
        let mut map = Self { seams: self.seams.clone(), ..Self::default() };
        for piece in &self.pieces {
            let layers = piece.layers;
            match (piece.form, outer.verbatim_base()) {
                (Form::Verbatim, _) => outer.slice_into(&mut map, piece.source, piece.text_len, layers),
                (form, Some(base)) => map.push(form, piece.text_len, base + piece.source, piece.source_len, layers),
                (Form::Atomic, None) => {
                    outer.atomic_into(&mut map, piece.text_len, piece.source..piece.source_end(), layers);
                }
                (Form::Quanta(_), None) => {
                    for at in 0..piece.text_len {
                        outer.atomic_into(&mut map, 1, piece.start_of(at)..piece.end_of(at + 1), layers);
                    }
                }
            }
        }
        if let Some(first) = self.pieces.first().filter(|_| map.pieces.is_empty()) {
            // An empty text has a place, too.
            let start = u32::try_from(first.source).unwrap_or(u32::MAX);
            let place = TextSpan { start, end: start };
            let layers = first.layers.within(outer.layers_of(place).unwrap_or_default());
            map.verbatim_in(0, outer.locate(place).start, layers);
        }
        map
    }

    /// The map of the piece `span` of the text.
    #[must_use]
    pub fn slice(&self, span: TextSpan) -> Self {
        let mut map = Self::default();
        self.slice_into(&mut map, u64::from(span.start), span.end.saturating_sub(span.start), Layers::default());
        let inner = |at: &&u32| **at >= span.start && **at <= span.end;
        map.seams = self.seams.iter().filter(inner).map(|at| at - span.start).collect();
        if map.pieces.is_empty() {
            map.verbatim_in(0, self.locate(span).start, self.layers_of(span).unwrap_or_default());
        }
        map
    }

    /// Appends to `map` the pieces of `self` behind `len` bytes of text at `text`, which `layers` lie within.
    fn slice_into(&self, map: &mut SpanMap, text: u64, len: u32, layers: Layers) {
        let start = u32::try_from(text).unwrap_or(u32::MAX);
        let end = start.saturating_add(len);
        let first = self.pieces.partition_point(|p| p.text_end() <= start);
        for piece in self.pieces.get(first..).unwrap_or_default() {
            if piece.text >= end {
                break;
            }
            let from = piece.text.max(start);
            let (to, skipped) = (piece.text_end().min(end), from - piece.text);
            let layers = layers.within(piece.layers);
            match piece.form {
                Form::Verbatim => map.verbatim_in((to - from) as usize, piece.start_of(skipped), layers),
                Form::Atomic => map.atomic_in((to - from) as usize, piece.source, piece.source_len as usize, layers),
                Form::Quanta(phase) => {
                    let byte = u32::from(phase) + skipped;
                    let phase = u8::try_from(byte % 3).unwrap_or_default();
                    map.quanta_in((to - from) as usize, piece.source + u64::from(byte / 3 * 4), phase, layers);
                }
            }
        }
    }

    /// Appends to `map` an atomic piece of `len` bytes, from what lies behind the bytes `behind` of the text.
    fn atomic_into(&self, map: &mut SpanMap, len: u32, behind: Range<u64>, layers: Layers) {
        let fit = |at: u64| u32::try_from(at).unwrap_or(u32::MAX);
        let behind = TextSpan { start: fit(behind.start), end: fit(behind.end) };
        let span = self.locate(behind);
        let layers = layers.within(self.layers_of(behind).unwrap_or_default());
        map.atomic_in(len as usize, span.start, usize::try_from(span.end - span.start).unwrap_or(usize::MAX), layers);
    }

    fn source_at(&self, at: u32, as_end: bool) -> u64 {
        let index = if as_end {
            self.pieces.partition_point(|p| p.text_end() < at)
        } else {
            self.pieces.partition_point(|p| p.text_end() <= at)
        };
        match self.pieces.get(index) {
            Some(p) if as_end => p.end_of(at.saturating_sub(p.text)),
            Some(p) => p.start_of(at.saturating_sub(p.text)),
            None => self.pieces.last().map_or(0, Piece::source_end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_base64_come_from_two_characters() {
        let mut map = SpanMap::default();
        map.push_quanta(6, 10, 0);
        map.push_quanta(2, 18, 0);
        let at = |start, end| map.locate(TextSpan { start, end });
        assert_eq!(at(0, 3), Span { start: 10, end: 14 });
        assert_eq!(at(1, 2), Span { start: 11, end: 13 });
        assert_eq!(at(2, 7), Span { start: 12, end: 20 });
        assert_eq!(at(7, 8), Span { start: 19, end: 21 });
        let sliced = map.slice(TextSpan { start: 4, end: 8 });
        assert_eq!(sliced.locate(TextSpan { start: 0, end: 1 }), at(4, 5));
        assert_eq!(sliced.locate(TextSpan { start: 1, end: 4 }), at(5, 8));
        assert_eq!(map.text_at(15), 4);
    }
}
