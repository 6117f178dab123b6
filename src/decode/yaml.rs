//! YAML scalars to text: where a scalar that the parser found stands, and the map from its text back to it.

use saphyr_parser::{ScalarStyle, Span};

use super::json;
use crate::span::{Layer, SpanMap};

/// What is folded where lines end.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Bytes of a text by the numbers of its characters. Asking in rising order costs one pass over the text in all.
#[derive(Debug)]
pub(crate) struct Places<'w> {
    source: &'w str,
    chars: usize,
    bytes: usize,
}

impl<'w> Places<'w> {
    pub(crate) fn new(source: &'w str) -> Self {
        Self { source, chars: 0, bytes: 0 }
    }

    /// The scalar that the parser found at `span`.
    pub(crate) fn scalar(&mut self, span: Span, style: ScalarStyle) -> Scalar<'w> {
        if span.start.index() < self.chars {
            (self.chars, self.bytes) = (0, 0);
        }
        self.bytes += bytes_of(self.source.get(self.bytes..).unwrap_or_default(), span.start.index() - self.chars);
        self.chars = span.start.index();
        let node = self.source.get(self.bytes..).unwrap_or_default();
        let rest = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) { node } else { bare(node) };
        let skipped = node.len() - rest.len();
        let head = self.source.get(..self.bytes + skipped).unwrap_or_default();
        let len = match style {
            // The parser counts what follows the closing quotation mark, even a comment.
            ScalarStyle::DoubleQuoted => json::end_of_string(rest.as_bytes(), 1),
            ScalarStyle::SingleQuoted => end_of_single(rest),
            _ => bytes_of(node, span.end.index().saturating_sub(span.start.index())).saturating_sub(skipped),
        };
        Scalar { head, raw: rest.get(..len).unwrap_or(rest), style }
    }
}

/// How many bytes the first `chars` characters have.
fn bytes_of(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

/// A scalar that is no block without its tag and anchor, which the parser counts to it.
fn bare(node: &str) -> &str {
    let mut rest = node;
    let mut has_more = rest.starts_with(['!', '&']);
    while has_more {
        rest = rest.trim_start_matches(|c| !BLANKS.contains(&c)).trim_start_matches(BLANKS);
        // Behind them, a comment may stand before the scalar.
        has_more = rest.starts_with(['!', '&', '#']);
        if rest.starts_with('#') {
            rest = rest.trim_start_matches(|c| c != '\n');
        }
    }
    rest
}

/// Where a scalar in single quotes at the start of `text` has ended.
fn end_of_single(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(stop) = memchr::memchr(b'\'', bytes.get(at..).unwrap_or_default()) {
        at += stop + 1;
        if bytes.get(at) != Some(&b'\'') {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// A scalar as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar<'w> {
    /// All of the source before it.
    head: &'w str,
    /// Of a block, from the first character behind the indentation to where what follows it begins.
    raw: &'w str,
    style: ScalarStyle,
}

impl<'w> Scalar<'w> {
    /// The piece of the source that it is.
    pub(crate) fn piece(self) -> &'w str {
        self.raw.trim_end_matches(BLANKS)
    }

    /// From `text`, which the parser made of the scalar at byte `base`, to the scalar. The parser tells no more than the text, so
    /// both are walked side by side. Where they part, the scalar is mapped as a whole: a place that is too wide is still right.
    pub(crate) fn map(self, text: &str, base: u64) -> SpanMap {
        let mut map = SpanMap::default();
        if text.is_empty() {
            map.push_verbatim(0, base);
            return map;
        }
        let mut pair = Pair { text, map: SpanMap::default(), at: base };
        let walked = match self.style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.walk_block(&mut pair),
            _ => self.walk_flow(&mut pair),
        };
        let layer = match self.style {
            ScalarStyle::DoubleQuoted => Layer::Json,
            ScalarStyle::SingleQuoted => Layer::Single,
            _ => Layer::Bare,
        };
        if walked.is_some() && pair.text.is_empty() && pair.map.text_len() as usize == text.len() {
            return pair.map.wrapped(layer);
        }
        map.push_atomic(text.len(), base, self.piece().len());
        map.wrapped(layer)
    }

    fn walk_flow(self, pair: &mut Pair<'_>) -> Option<()> {
        let quote = match self.style {
            ScalarStyle::DoubleQuoted => "\"",
            ScalarStyle::SingleQuoted => "'",
            _ => "",
        };
        let mut rest = self.raw.strip_prefix(quote)?.strip_suffix(quote)?;
        pair.at += quote.len() as u64;
        let mark = match self.style {
            ScalarStyle::DoubleQuoted => Some('\\'),
            ScalarStyle::SingleQuoted => Some('\''),
            _ => None,
        };
        while let Some(c) = rest.chars().next() {
            let after = rest.trim_start_matches(BLANKS);
            if after.len() < rest.len() {
                let run = rest.strip_suffix(after)?;
                match breaks(run) {
                    0 => pair.verbatim(run)?,
                    1 => pair.atomic(" ", run.len())?,
                    count => pair.lines(count - 1, run.len())?,
                }
                rest = after;
            } else if Some(c) != mark {
                let end = rest.find(|c| BLANKS.contains(&c) || Some(c) == mark).unwrap_or(rest.len());
                let (same, after) = rest.split_at_checked(end)?;
                pair.verbatim(same)?;
                rest = after;
            } else if c == '\'' {
                pair.atomic("'", 2)?;
                rest = rest.strip_prefix("''")?;
            } else {
                let escaped = rest.strip_prefix('\\')?;
                let len = match escaped.chars().next()? {
                    'x' => 4,
                    'u' => 6,
                    'U' => 10,
                    // A break that is escaped joins two lines; empty lines behind it count.
                    '\n' | '\r' => {
                        let after = escaped.trim_start_matches(BLANKS);
                        let run = escaped.strip_suffix(after)?;
                        pair.lines(breaks(run).checked_sub(1)?, 1 + run.len())?;
                        rest = after;
                        continue;
                    }
                    c => 1 + c.len_utf8(),
                };
                pair.any(len)?;
                rest = rest.get(len..)?;
            }
        }
        Some(())
    }

    fn walk_block(self, pair: &mut Pair<'_>) -> Option<()> {
        let mut before = self.head.trim_end_matches(' ');
        let indent = self.head.len() - before.len();
        // Empty lines at the top lie before what the parser counts.
        let empty = pair.lines_due();
        if empty > 0 {
            for _ in 0..empty {
                before = before.strip_suffix('\n')?;
                before = before.strip_suffix('\r').unwrap_or(before).trim_end_matches(' ');
            }
            let len = self.head.len() - before.len();
            pair.at = pair.at.checked_sub(len as u64)?;
            pair.lines(empty, len)?;
        }
        // What lies between the last line with text and the next one, and how many breaks are in it.
        let (mut gap, mut count) = (0, 0);
        for (nth, line) in self.raw.split_inclusive('\n').enumerate() {
            let inner = line.strip_suffix('\n').map(|inner| inner.strip_suffix('\r').unwrap_or(inner));
            let broken = usize::from(inner.is_some());
            let inner = inner.unwrap_or(line);
            let spaces = inner.bytes().take(if nth == 0 { 0 } else { indent }).take_while(|b| *b == b' ').count();
            let own = inner.get(spaces..)?;
            if own.is_empty() {
                gap += line.len();
                count += broken;
                continue;
            }
            if nth > 0 {
                let due = pair.lines_due();
                if due == 0 && count == 1 {
                    pair.atomic(" ", gap + spaces)?;
                } else if due == count || due + 1 == count {
                    pair.lines(due, gap + spaces)?;
                } else {
                    return None;
                }
            }
            pair.verbatim(own)?;
            gap = inner.len().abs_diff(line.len());
            count = broken;
        }
        let due = pair.lines_due();
        if due > 0 { pair.lines(due, gap) } else { Some(()) }
    }
}

/// How many breaks are in a run of blanks.
fn breaks(run: &str) -> usize {
    let count = |mark: &str| run.matches(mark).count();
    count("\n") + count("\r") - count("\r\n")
}

/// What is left of a decoded text, and the place in the source that it has come to.
struct Pair<'t> {
    text: &'t str,
    map: SpanMap,
    at: u64,
}

impl Pair<'_> {
    fn verbatim(&mut self, same: &str) -> Option<()> {
        self.text = self.text.strip_prefix(same)?;
        self.map.push_verbatim(same.len(), self.at);
        self.at += same.len() as u64;
        Some(())
    }

    /// `len` bytes of the source became `made`.
    fn atomic(&mut self, made: &str, len: usize) -> Option<()> {
        self.text = self.text.strip_prefix(made)?;
        self.map.push_atomic(made.len(), self.at, len);
        self.at += len as u64;
        Some(())
    }

    /// `len` bytes of the source became one character, whichever.
    fn any(&mut self, len: usize) -> Option<()> {
        let c = self.text.chars().next()?;
        self.atomic(c.encode_utf8(&mut [0; 4]), len)
    }

    /// `len` bytes of the source became `count` breaks, or nothing.
    fn lines(&mut self, count: usize, len: usize) -> Option<()> {
        let (made, rest) = self.text.split_at_checked(count)?;
        if made.bytes().any(|b| b != b'\n') {
            return None;
        }
        self.text = rest;
        self.map.push_atomic(count, self.at, len);
        self.at += len as u64;
        Some(())
    }

    /// How many breaks the text goes on with.
    fn lines_due(&self) -> usize {
        self.text.bytes().take_while(|b| *b == b'\n').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::TextSpan;

    /// The map of a scalar at byte 10.
    fn map(raw: &str, style: ScalarStyle, text: &str) -> SpanMap {
        Scalar { head: "", raw, style }.map(text, 10)
    }

    #[test]
    fn each_style_is_written_in_its_way() {
        for (style, raw, layer) in [
            (ScalarStyle::DoubleQuoted, "\"gak\"", Layer::Json),
            (ScalarStyle::SingleQuoted, "'gak'", Layer::Single),
            (ScalarStyle::Plain, "gak", Layer::Bare),
        ] {
            let layers = map(raw, style, "gak").layers_of(TextSpan::new(0..3)).unwrap();
            assert!(layers.has(layer), "{raw}");
        }
    }

    #[test]
    fn empty_lines_above_a_block_are_part_of_it() {
        let scalar = Scalar { head: "a: |\n\n\n  ", raw: "gak\n", style: ScalarStyle::Literal };
        let map = scalar.map("\n\ngak\n", 8);
        let place = |start, end| {
            let place = map.locate(TextSpan { start, end });
            (place.start, place.end)
        };
        assert_eq!(place(2, 5), (8, 11));
        assert_eq!(place(0, 2), (4, 8));
    }

    #[test]
    fn what_is_not_as_the_parser_read_it_is_mapped_as_a_whole() {
        for (raw, text, start, end) in
            [("abc de", "abc de", 14, 16), ("abc", "abx", 10, 13), ("abc d", "abc", 10, 15), ("ab", "abc", 10, 12)]
        {
            let place = map(raw, ScalarStyle::Plain, text).locate(TextSpan::new(text.len() - 2..text.len()));
            assert_eq!((place.start, place.end), (start, end), "{raw} as {text}");
        }
    }
}
