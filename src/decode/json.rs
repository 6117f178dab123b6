//! JSON strings to text: escapes, with the map back to the source; where values stand, and which keys a text begins with.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::source::Text;
use crate::span::{Span, SpanMap, TextSpan};

/// A text that holds JSON. Values are kept as pieces of it, so that each knows its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document<'w>(pub(crate) &'w Text<'w>);

impl<'w> Document<'w> {
    /// Where a piece of the text begins in it, in bytes.
    pub(crate) fn offset(self, piece: &str) -> usize {
        (piece.as_ptr() as usize).saturating_sub(self.0.text.as_ptr() as usize)
    }

    /// Where a piece of the text lies in the source.
    pub(crate) fn span(self, piece: &str) -> Span {
        let start = self.offset(piece);
        self.0.map.locate(TextSpan::new(start..start + piece.len()))
    }

    /// Where a piece of the text begins: in the source, where the text is the source; else in the text.
    pub(crate) fn place(self, piece: &str) -> u64 {
        let in_text = self.offset(piece) as u64;
        self.0.map.verbatim_base().map_or(in_text, |base| base + in_text)
    }

    /// The text of the JSON string `raw`, a piece of this text. `map` gains its pieces, which have to be `settled`.
    pub(crate) fn string(self, raw: &'w str, map: &mut SpanMap) -> Cow<'w, str> {
        string(raw, self.place(raw), map)
    }

    /// A map to places of this document as a map to the source.
    pub(crate) fn settled(self, map: SpanMap) -> SpanMap {
        if self.0.map.verbatim_base().is_some() { map } else { map.behind(&self.0.map) }
    }
}

/// What the parser says, without the line and column that it counted.
pub(crate) fn complaint(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(head, _)| head).to_owned()
}

/// The keys of `head`, the start of a text that may be JSON, each with how many brackets are open around it.
pub(crate) fn keys(head: &str) -> Vec<(usize, &str)> {
    let bytes = head.as_bytes();
    let mut keys = Vec::new();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at;
                at = end_of_string(bytes, start);
                let rest = bytes.get(at..).unwrap_or_default();
                if rest.trim_ascii_start().first() == Some(&b':') {
                    keys.extend(head.get(start..at - 1).map(|key| (depth, key)));
                }
            }
            _ => {}
        }
    }
    keys
}

/// Where the string has ended whose opening quotation mark stands before byte `at`: behind its closing one, or at the end of
/// all.
pub(crate) fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(stop) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        let escape = bytes.get(at + stop) == Some(&b'\\');
        at += stop + if escape { 2 } else { 1 };
        if !escape {
            return at;
        }
    }
    bytes.len()
}

/// The values of a list whose opening bracket ends `text[..start]`, as far as they can be read, and where reading ended.
pub(crate) fn salvaged(text: &str, start: usize) -> (Vec<&RawValue>, usize) {
    let mut values = Vec::new();
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let value = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        at += rest.len() - value.len();
        if value.is_empty() || value.starts_with(']') {
            return (values, at);
        }
        let mut stream = serde_json::Deserializer::from_str(value).into_iter::<&RawValue>();
        match stream.next() {
            Some(Ok(raw)) => values.push(raw),
            _ => return (values, at),
        }
        at += stream.byte_offset();
    }
}

/// The text of the JSON string `raw`, which has its quotation marks and stands at byte `at` of the surrounding text. `map`
/// gains its pieces.
pub(crate) fn string<'r>(raw: &'r str, at: u64, map: &mut SpanMap) -> Cow<'r, str> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let base = at + 1;
    let Some(first) = memchr::memchr(b'\\', inner.as_bytes()) else {
        map.push_verbatim(inner.len(), base);
        return Cow::Borrowed(inner);
    };
    let mut text = String::with_capacity(inner.len());
    let mut verbatim = 0;
    let mut next = Some(first);
    while let Some(escape) = next {
        let plain = inner.get(verbatim..escape).unwrap_or_default();
        text.push_str(plain);
        map.push_verbatim(plain.len(), base + verbatim as u64);
        let (c, len) = unescape(inner.get(escape..).unwrap_or_default());
        text.push(c);
        map.push_atomic(c.len_utf8(), base + escape as u64, len);
        verbatim = escape + len;
        next = memchr::memchr(b'\\', inner.as_bytes().get(verbatim..).unwrap_or_default()).map(|n| verbatim + n);
    }
    let plain = inner.get(verbatim..).unwrap_or_default();
    text.push_str(plain);
    map.push_verbatim(plain.len(), base + verbatim as u64);
    Cow::Owned(text)
}

/// The character of the escape at the start of `text`, and the escape's length. A lone surrogate becomes U+FFFD.
fn unescape(text: &str) -> (char, usize) {
    let simple = match text.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode(text),
        Some(c) if c.is_ascii() => char::from(*c),
        _ => return (char::REPLACEMENT_CHARACTER, text.len().min(1)),
    };
    (simple, 2)
}

fn unicode(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        let marked = text.get(at..at + 2) == Some("\\u");
        marked.then(|| u16::from_str_radix(text.get(at + 2..at + 6)?, 16).ok()).flatten()
    };
    let Some(first) = unit(0) else { return (char::REPLACEMENT_CHARACTER, 2) };
    let units = [Some(first), unit(6)].into_iter().flatten();
    match char::decode_utf16(units).next() {
        Some(Ok(c)) => (c, 6 * c.len_utf16()),
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn unescapes_and_maps() {
        let raw = r#""a\n\"gak\" 🙏 \ud83d b""#;
        let mut map = SpanMap::default();
        let text = string(raw, 0, &mut map);
        assert_eq!(text, "a\n\"gak\" 🙏 \u{fffd} b");
        let at = text.find("gak").unwrap();
        let span = map.locate(TextSpan::new(at..at + 3));
        assert_eq!((span.start, span.end), (6, 9));
        assert_eq!(string(r#""\b\f\n\r\t\/\\\"\u0041""#, 0, &mut SpanMap::default()), "\u{8}\u{c}\n\r\t/\\\"A");
        let raw = r#""\ud83d\ude4f!""#;
        let mut map = SpanMap::default();
        assert_eq!(string(raw, 0, &mut map), "🙏!");
        assert_eq!(map.locate(TextSpan::new(0..4)).end, 13);
    }

    #[test]
    fn what_is_no_escape_of_json_is_replaced() {
        assert_eq!(string(r#""a\é b""#, 0, &mut SpanMap::default()), "a\u{fffd}é b");
        assert_eq!(string(r#""\u12x4""#, 0, &mut SpanMap::default()), "\u{fffd}12x4");
    }

    #[test]
    fn lists_are_read_as_far_as_they_can_be() {
        for (text, values, end) in [
            ("[1, \"a\" ,\n{\"b\": 2}]", &["1", "\"a\"", "{\"b\": 2}"][..], 18),
            ("[1, {\"b\": 2},\n x", &["1", "{\"b\": 2}"], 15),
            ("[1, {\"b\": ", &["1"], 4),
            ("[1 ,", &["1"], 4),
            ("[]", &[], 1),
        ] {
            let (found, at) = salvaged(text, 1);
            assert_eq!(found.iter().map(|value| value.get()).collect::<Vec<_>>(), values, "{text}");
            assert_eq!(at, end, "{text}");
        }
    }

    #[test]
    fn finds_keys_and_their_depth() {
        let head = r#"{"a": "b:", "c\"" : [{"d": "e"}, "f"], "g": {"h": "cut"#;
        assert_eq!(keys(head), [(1, "a"), (1, "c\\\""), (3, "d"), (1, "g"), (2, "h")]);
        assert_eq!(keys(r#""\"#), []);
    }
}
