//! Bytes to characters: UTF-8 with or without its mark, UTF-16 by its mark, anything else by detection.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::limits;
use crate::source::{Text, Window};
use crate::span::SpanMap;

/// First bytes of files that are no text although their start may hold no NUL.
const MAGIC: &[&[u8]] =
    &[b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"];

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether the bytes at the start of a file are those of no text.
#[must_use]
pub(crate) fn is_binary(head: &[u8]) -> bool {
    let probe = &head[..head.len().min(limits::BINARY_PROBE)];
    MAGIC.iter().any(|magic| head.starts_with(magic)) || (utf16(head).is_none() && memchr::memchr(0, probe).is_some())
}

/// The UTF-16 encoding whose mark opens the bytes.
pub(crate) fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The characters of UTF-16 behind its mark, mapped to the bytes.
pub(crate) fn marked_utf16(bytes: &[u8]) -> (String, SpanMap) {
    let encoding = utf16(bytes).unwrap_or(UTF_16LE);
    in_encoding(bytes.get(2..).unwrap_or_default(), 2, encoding)
}

/// About the characters of the start of a file, to find out what it is.
#[must_use]
pub(crate) fn head(bytes: &[u8]) -> Cow<'_, str> {
    match utf16(bytes) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes.get(2..).unwrap_or_default()).0,
        None => String::from_utf8_lossy(bytes),
    }
}

/// The characters of a window. Where lines end in CR alone, they end in LF in the text, which is as long.
#[must_use]
pub(crate) fn decode(window: &Window) -> Text<'_> {
    let mut text = decode_as_is(window);
    let bytes = text.text.as_bytes();
    // A window that ends a longer source is one of whole lines, which LF has ended.
    if window.first && memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        text.text = Cow::Owned(text.text.replace('\r', "\n"));
    }
    text
}

fn decode_as_is(window: &Window) -> Text<'_> {
    let bytes = window.bytes.as_slice();
    if window.first
        && let Some(encoding) = utf16(bytes)
    {
        return legacy(window, 2, encoding);
    }
    let mark = if window.first && bytes.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
    if let Ok(text) = std::str::from_utf8(&bytes[mark..]) {
        let map = SpanMap::verbatim(window.base + mark as u64, text.len());
        return Text { text: Cow::Borrowed(text), map, encoding: UTF_8.name(), line: window.line };
    }
    if mostly_utf8(&bytes[mark..]) {
        let (text, map) = damaged_utf8(&bytes[mark..], window.base + mark as u64);
        return Text { text: text.into(), map, encoding: UTF_8.name(), line: window.line };
    }
    legacy(window, 0, detected(bytes))
}

/// The characters of `bytes`, which stand at `base`, in the encoding that a mail names by `label`; where it names none, ASCII, or
/// one that nobody knows, UTF-8 if that fits, else as detected.
#[must_use]
pub(crate) fn text_of(bytes: &[u8], base: u64, label: Option<&str>) -> (String, SpanMap) {
    let label = label.map(str::trim).filter(|label| !ASCII.iter().any(|ascii| label.eq_ignore_ascii_case(ascii)));
    match label.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) if encoding != UTF_8 => in_encoding(bytes, base, encoding),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), SpanMap::verbatim(base, text.len())),
            Err(_) if mostly_utf8(bytes) => damaged_utf8(bytes, base),
            Err(_) => in_encoding(bytes, base, detected(bytes)),
        },
    }
}

/// Names of ASCII, under which mail programs send anything.
const ASCII: [&str; 4] = ["us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit"];

/// The encoding that the bytes seem to be in.
fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether more characters beyond ASCII are whole than broken.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken
}

fn damaged_utf8(bytes: &[u8], base: u64) -> (String, SpanMap) {
    let mut text = String::with_capacity(bytes.len());
    let mut map = SpanMap::default();
    let mut at = base;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        map.push_verbatim(chunk.valid().len(), at);
        at += chunk.valid().len() as u64;
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            map.push_atomic(char::REPLACEMENT_CHARACTER.len_utf8(), at, chunk.invalid().len());
            at += chunk.invalid().len() as u64;
        }
    }
    (text, map)
}

fn legacy<'w>(window: &'w Window, skip: usize, encoding: &'static Encoding) -> Text<'w> {
    let (text, map) = in_encoding(&window.bytes[skip..], window.base + skip as u64, encoding);
    Text { text: text.into(), map, encoding: encoding.name(), line: window.line }
}

/// Encodings by their numbers in [`Layers::charset`](crate::span::Layers::charset); the first is UTF-8.
static ENCODINGS: [&Encoding; 39] = [
    UTF_8,
    encoding_rs::BIG5,
    encoding_rs::EUC_JP,
    encoding_rs::EUC_KR,
    encoding_rs::GB18030,
    encoding_rs::GBK,
    encoding_rs::IBM866,
    encoding_rs::ISO_2022_JP,
    encoding_rs::ISO_8859_2,
    encoding_rs::ISO_8859_3,
    encoding_rs::ISO_8859_4,
    encoding_rs::ISO_8859_5,
    encoding_rs::ISO_8859_6,
    encoding_rs::ISO_8859_7,
    encoding_rs::ISO_8859_8,
    encoding_rs::ISO_8859_8_I,
    encoding_rs::ISO_8859_10,
    encoding_rs::ISO_8859_13,
    encoding_rs::ISO_8859_14,
    encoding_rs::ISO_8859_15,
    encoding_rs::ISO_8859_16,
    encoding_rs::KOI8_R,
    encoding_rs::KOI8_U,
    encoding_rs::MACINTOSH,
    encoding_rs::SHIFT_JIS,
    UTF_16BE,
    UTF_16LE,
    encoding_rs::WINDOWS_874,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1253,
    encoding_rs::WINDOWS_1254,
    encoding_rs::WINDOWS_1255,
    encoding_rs::WINDOWS_1256,
    encoding_rs::WINDOWS_1257,
    encoding_rs::WINDOWS_1258,
    encoding_rs::X_MAC_CYRILLIC,
    encoding_rs::X_USER_DEFINED,
];

/// Whether the encoding of that number is one of UTF-16.
pub(crate) fn is_utf16(number: u8) -> bool {
    ENCODINGS.get(usize::from(number)).is_some_and(|encoding| [UTF_16LE, UTF_16BE].contains(encoding))
}

/// `text` in the encoding of that number. Characters that it lacks become `references`, as HTML has them; without, there is no
/// way to write it.
pub(crate) fn encode(text: &str, number: u8, references: bool) -> Option<Vec<u8>> {
    let encoding = *ENCODINGS.get(usize::from(number))?;
    if is_utf16(number) {
        let bytes = if encoding == UTF_16LE { u16::to_le_bytes } else { u16::to_be_bytes };
        return Some(text.encode_utf16().flat_map(bytes).collect());
    }
    let (bytes, _, lacks) = encoding.encode(text);
    (!lacks || references).then(|| bytes.into_owned())
}

/// Decodes byte by byte, so that each character knows its bytes.
fn in_encoding(bytes: &[u8], base: u64, encoding: &'static Encoding) -> (String, SpanMap) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut map = SpanMap::default();
    let mut start = 0;
    for at in 0..bytes.len() {
        if at == start && encoding.is_single_byte() && bytes[at].is_ascii() {
            text.push(char::from(bytes[at]));
            map.push_verbatim(1, base + at as u64);
            start = at + 1;
            continue;
        }
        let before = text.len();
        text.reserve(8);
        let last = at + 1 == bytes.len();
        let (result, _) = decoder.decode_to_string_without_replacement(&bytes[at..=at], &mut text, last);
        if matches!(result, DecoderResult::Malformed(..)) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        if text.len() > before {
            map.push_atomic(text.len() - before, base + start as u64, at + 1 - start);
            start = at + 1;
        }
    }
    let number = ENCODINGS.iter().position(|known| *known == encoding).and_then(|at| u8::try_from(at).ok());
    (text, map.encoded(number.unwrap_or(u8::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Span, TextSpan};

    fn window(bytes: &[u8]) -> Window {
        Window::whole(bytes)
    }

    #[test]
    fn maps_utf16_back_to_its_bytes() {
        for little in [true, false] {
            let order = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
            let bytes: Vec<u8> = "\u{feff}é gak 🙏".encode_utf16().flat_map(order).collect();
            let window = window(&bytes);
            let text = decode(&window);
            assert_eq!(text.text, "é gak 🙏");
            assert_eq!(text.map.locate(TextSpan { start: 3, end: 6 }), Span { start: 6, end: 12 });
            assert_eq!(text.map.locate(TextSpan { start: 7, end: 11 }), Span { start: 14, end: 18 });
        }
    }

    #[test]
    fn reads_windows_1252_and_damaged_utf8() {
        let old = window(b"Jum\x92at, tidak \x93boleh\x94");
        let text = decode(&old);
        assert_eq!(text.text, "Jum’at, tidak “boleh”");
        assert_eq!(text.map.locate(TextSpan { start: 3, end: 6 }), Span { start: 3, end: 4 });
        let damaged = window("Ré — bé\u{e9}".as_bytes().iter().copied().chain([0xff]).collect::<Vec<_>>().as_slice());
        assert!(decode(&damaged).text.ends_with('\u{fffd}'));
        // As much that is broken as is whole speaks for an older encoding.
        assert_eq!(decode(&window(b"Jum\x92at di caf\xc3\xa9")).encoding, "windows-1252");
    }

    /// The text in the encoding of that name, and where `word` stands in its bytes, which stand at byte 100.
    fn named(bytes: &[u8], label: &str, word: &str) -> (String, Span) {
        let (text, map) = text_of(bytes, 100, Some(label));
        let start = text.find(word).unwrap();
        let span = map.locate(TextSpan::new(start..start + word.len()));
        (text, span)
    }

    #[test]
    fn heeds_the_encoding_that_a_mail_names() {
        let span = |start, end| Span { start, end };
        assert_eq!(named(b"\xc3\xa9a", " ISO-8859-1 ", "a"), ("Ã©a".to_owned(), span(102, 103)));
        assert_eq!(named(b"\xb1\xb6a", "iso-8859-2", "ś"), ("ąśa".to_owned(), span(101, 102)));
        for says_nothing in ["us-ascii", "ASCII", "utf-8", "x-none"] {
            assert_eq!(named("éa".as_bytes(), says_nothing, "a"), ("éa".to_owned(), span(102, 103)), "{says_nothing}");
            let damaged = named(b"\xc3\xa9\xc3\xa9\xffa", says_nothing, "a");
            assert_eq!(damaged, ("éé\u{fffd}a".to_owned(), span(105, 106)), "{says_nothing}");
        }
        assert_eq!(text_of(b"a\x82", 0, Some("shift_jis")).0, "a\u{fffd}");
        assert_eq!(text_of("éa".as_bytes(), 100, Some("utf-8")).1, SpanMap::verbatim(100, 3));
        let mut map = SpanMap::verbatim(100, 3);
        map.push_atomic(2, 103, 1);
        let number = ENCODINGS.iter().position(|known| *known == encoding_rs::ISO_8859_2).unwrap();
        assert_eq!(text_of(b"abc\xb1", 100, Some("iso-8859-2")).1, map.encoded(u8::try_from(number).unwrap()));
    }

    #[test]
    fn reads_damaged_utf8_behind_its_mark() {
        let damaged = window(b"\xef\xbb\xbf\xc3\xa9 \xc3\xa9 \xff gak");
        let text = decode(&damaged);
        assert_eq!(text.text, "é é \u{fffd} gak");
        let start = text.text.find("gak").unwrap();
        assert_eq!(text.map.locate(TextSpan::new(start..start + 3)), Span { start: 11, end: 14 });
        assert_eq!(decode(&window(b"caf\xc3\xa9 caf\xc3\xa9 \x93Jum\x92at\x94 x")).encoding, "windows-1252");
    }

    #[test]
    fn ends_lines_where_old_machines_ended_them() {
        let old = window("Yth. Ibu Sari,\r\rJum\u{e9}at libur.\r".as_bytes());
        let text = decode(&old);
        assert_eq!(text.text, "Yth. Ibu Sari,\n\nJum\u{e9}at libur.\n");
        assert_eq!(text.map, SpanMap::verbatim(0, old.bytes.len()));
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("a\rb".encode_utf16().flat_map(u16::to_le_bytes));
        let wide = window(&bytes);
        let text = decode(&wide);
        assert_eq!(text.text, "a\nb");
        assert_eq!(text.map.locate(TextSpan { start: 1, end: 2 }), Span { start: 4, end: 6 });
        assert_eq!(decode(&window(b"a\rb\n")).text, "a\rb\n");
        assert_eq!(head(&bytes), "a\rb");
    }

    #[test]
    fn tells_binary_files() {
        assert!(is_binary(b"a\0b"));
        assert!(is_binary(b"%PDF-1.7"));
        assert!(!is_binary(&[0xff, 0xfe, b'a', 0]));
    }
}
