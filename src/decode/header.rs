//! Values of mail headers: folded lines, encoded words (RFC 2047) and raw characters become text, with the map back.

use std::ops::Range;

use super::charset;
use super::transfer::{base64, q_word};
use crate::span::{Layer, Span, SpanMap, TextSpan};

/// The text of a header's value, which stands at `base`.
pub(crate) fn text(value: &[u8], base: u64) -> (String, SpanMap) {
    let (raw, map) = charset::text_of(value, 0, None);
    let words = words(&raw);
    let mut text = String::with_capacity(raw.len());
    // From the text to the value.
    let mut whole = SpanMap::default();
    let mut at = 0;
    let mut next = 0;
    while let Some(first) = words.get(next) {
        unfold(&raw, at..first.whole.start, &map, &mut text, &mut whole);
        // A character may be split between words of one encoding, so their bytes are joined first.
        let run = words.get(next..).unwrap_or_default().chunk_by(|a, b| joins(&raw, a, b) && a.charset == b.charset);
        let run = run.into_iter().next().unwrap_or_default();
        let mut bytes = Vec::new();
        let mut bytes_map = SpanMap::default();
        for word in run {
            // Raw characters in a word are in its own encoding, so its bytes count and not what they were read as.
            let Span { start, end } = map.locate(TextSpan::new(word.encoded.clone()));
            let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(value.len());
            let decode = if word.is_base64 { base64 } else { q_word };
            let (decoded, map) = decode(&value[at(start)..at(end)], start);
            bytes.extend_from_slice(&decoded);
            bytes_map.append(&map);
        }
        let (decoded, map) = charset::text_of(&bytes, 0, Some(first.charset));
        text.push_str(&decoded);
        whole.append(&map.behind(&bytes_map));
        next += run.len();
        at = run.last().map_or(first.whole.end, |last| last.whole.end);
        // Blanks between two encoded words part nothing.
        if let (Some(last), Some(following)) = (run.last(), words.get(next))
            && joins(&raw, last, following)
        {
            at = following.whole.start;
        }
    }
    unfold(&raw, at..raw.len(), &map, &mut text, &mut whole);
    if text.is_empty() {
        // An empty value has a place, too.
        let mut place = SpanMap::default();
        place.push_verbatim(0, 0);
        whole.append(&place.wrapped(Layer::Header));
    }
    (text, whole.behind(&SpanMap::verbatim(base, value.len())))
}

/// An encoded word, by its place in the raw value.
struct Word<'r> {
    whole: Range<usize>,
    charset: &'r str,
    is_base64: bool,
    encoded: Range<usize>,
}

/// Every `=?charset?encoding?content?=` of the value.
fn words(raw: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.find("=?")) {
        let start = at + found;
        match word(raw, start) {
            Some(word) => {
                at = word.whole.end;
                words.push(word);
            }
            None => at = start + 2,
        }
    }
    words
}

fn word(raw: &str, start: usize) -> Option<Word<'_>> {
    /// Longer than the name of any encoding with its language.
    const NAME: usize = 60;
    let rest = raw.get(start + 2..)?;
    let name = rest.bytes().take(NAME).position(|b| b == b'?')?;
    let charset = rest.get(..name).filter(|name| !name.is_empty() && !name.contains([' ', '\r', '\n']))?;
    // RFC 2231 lets the language follow.
    let charset = charset.split_once('*').map_or(charset, |(charset, _)| charset);
    let encoding = rest.get(name + 1..name + 3)?;
    let is_base64 = match encoding {
        "B?" | "b?" => true,
        "Q?" | "q?" => false,
        _ => return None,
    };
    let content = rest.get(name + 3..)?;
    let len = content.find("?=")?;
    // A word ends in its line, or it is none.
    content.get(..len).filter(|content| !content.contains(['\r', '\n']))?;
    let from = start + 2 + name + 3;
    Some(Word { whole: start..from + len + 2, charset, is_base64, encoded: from..from + len })
}

/// Whether nothing but blanks stands between two words.
fn joins(raw: &str, first: &Word<'_>, second: &Word<'_>) -> bool {
    raw.get(first.whole.end..second.whole.start).is_some_and(|between| between.trim().is_empty())
}

/// Copies `range` of `raw`, which `map` maps, without the line ends of folded lines.
fn unfold(raw: &str, range: Range<usize>, map: &SpanMap, text: &mut String, whole: &mut SpanMap) {
    let mut at = range.start;
    for piece in raw.get(range).unwrap_or_default().split_inclusive(['\r', '\n']) {
        let kept = piece.trim_end_matches(['\r', '\n']);
        text.push_str(kept);
        if !kept.is_empty() {
            whole.append(&map.slice(TextSpan::new(at..at + kept.len())).wrapped(Layer::Header));
        }
        at += piece.len();
    }
}

/// The value without blanks and line ends around it; one that is blank stands behind the blank that parts it from its name.
pub(crate) fn trimmed(value: &[u8]) -> TextSpan {
    let filled = value.len() - value.trim_ascii_start().len();
    let start = if filled < value.len() { filled } else { usize::from(value.first() == Some(&b' ')) };
    TextSpan::new(start..start + value.trim_ascii().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(value: &str, word: &str) -> Span {
        let (text, map) = text(value.as_bytes(), 0);
        let start = text.find(word).unwrap_or_else(|| panic!("{word} in {text}"));
        map.locate(TextSpan::new(start..start + word.len()))
    }

    #[test]
    fn decodes_words_and_folds() {
        let text = |value: &str| text(value.as_bytes(), 0).0;
        assert_eq!(
            text("=?UTF-8?Q?Jadwal_p=C3=A9layanan?= =?utf-8?b?IGJhcnU=?=\r\n 2025"),
            "Jadwal pélayanan baru 2025"
        );
        // A character split between two words.
        assert_eq!(text("=?utf-8?B?w6k=?= =?utf-8?Q?=C3?=\r\n\t=?utf-8?Q?=A9?="), "éé");
        assert_eq!(text("=?iso-8859-1*id?Q?caf=E9?= (=?us-ascii?q?x?=)"), "café (x)");
        assert_eq!(text("a =?x?= =?utf-8?Z?a?= =?utf-8?Q?b"), "a =?x?= =?utf-8?Z?a?= =?utf-8?Q?b");
        assert_eq!(super::text("Perihal: caf\u{e9}".as_bytes(), 0).0, "Perihal: café");
        assert_eq!(super::text(b"caf\xe9 baru", 0).0, "café baru");
        // Bytes of two encodings are not joined, nor those on both sides of a word.
        assert_eq!(text("=?utf-8?Q?=C3=A9?= =?iso-8859-1?Q?=E9?= a =?iso-8859-1?Q?=E9?="), "éé a é");
        // What begins like a word may be followed by one at once.
        assert_eq!(text("Perihal =?x =?utf-8?Q?b?="), "Perihal =?x b");
        assert_eq!(text("=??Q?a?= =?u tf?Q?a?="), "=??Q?a?= =?u tf?Q?a?=");
        // Raw characters within a word.
        assert_eq!(super::text(b"=?iso-8859-1?Q?caf\xe9_baru?=", 0).0, "café baru");
    }

    #[test]
    fn maps_words_to_their_bytes() {
        let value = "Re: =?UTF-8?Q?Jadwal_gak_=C3=A9?= ok";
        assert_eq!(at(value, "gak"), Span { start: 21, end: 24 });
        assert_eq!(at(value, "é"), Span { start: 25, end: 31 });
        assert_eq!(at(value, "ok"), Span { start: 34, end: 36 });
        // "gak" in base64.
        assert_eq!(at("=?utf-8?b?Z2FrIG9r?=", "gak"), Span { start: 10, end: 14 });
    }

    #[test]
    fn values_are_trimmed_and_blank_ones_have_a_place() {
        for (value, place) in
            [(&b"  a b \r\n"[..], 2..5), (b"\ta", 1..2), (b"a", 0..1), (b" \r\n", 1..1), (b"\r\n", 0..0), (b"", 0..0)]
        {
            assert_eq!(trimmed(value), TextSpan::new(place), "{value:?}");
        }
    }
}
