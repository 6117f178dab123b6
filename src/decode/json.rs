//! JSON strings to text: escapes, with the map back to the line they stand in.

use std::borrow::Cow;

use crate::span::SpanMap;

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
    use crate::span::TextSpan;

    #[test]
    fn unescapes_and_maps() {
        let raw = r#""a\n\"gak\" 🙏 \ud83d b""#;
        let mut map = SpanMap::default();
        let text = string(raw, 0, &mut map);
        assert_eq!(text, "a\n\"gak\" 🙏 \u{fffd} b");
        let at = text.find("gak").unwrap();
        let span = map.locate(TextSpan::new(at..at + 3));
        assert_eq!((span.start, span.end), (6, 9));
        let raw = r#""\ud83d\ude4f!""#;
        let mut map = SpanMap::default();
        assert_eq!(string(raw, 0, &mut map), "🙏!");
        assert_eq!(map.locate(TextSpan::new(0..4)).end, 13);
    }
}
