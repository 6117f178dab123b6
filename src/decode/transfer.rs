//! Transfer encodings of mail to the bytes that they stand for: quoted-printable and base64, each with its map.

use crate::span::{Layer, SpanMap};

/// How the content of a part travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// As it is: 7bit, 8bit, binary, and what nobody knows.
    #[default]
    Identity,
    QuotedPrintable,
    Base64,
}

impl Transfer {
    /// The encoding that a header names.
    pub(crate) fn named(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "quoted-printable" => Self::QuotedPrintable,
            "base64" => Self::Base64,
            _ => Self::Identity,
        }
    }

    /// The bytes behind `encoded`, which stands at `base`.
    pub(crate) fn decode(self, encoded: &[u8], base: u64) -> (Vec<u8>, SpanMap) {
        match self {
            Self::Identity => (encoded.to_vec(), SpanMap::verbatim(base, encoded.len())),
            Self::QuotedPrintable => quoted_printable(encoded, base),
            Self::Base64 => base64(encoded, base),
        }
    }
}

/// `=C3=A9` as its bytes; soft breaks vanish, and so do blanks at the end of a line, which transport may have added. What is no
/// escape stays as it stands.
fn quoted_printable(encoded: &[u8], base: u64) -> (Vec<u8>, SpanMap) {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut map = SpanMap::default();
    let mut at = 0;
    for line in encoded.split_inclusive(|b| *b == b'\n') {
        let content = line.trim_ascii_end();
        let (content, soft) = match content {
            [content @ .., b'='] => (content, true),
            _ => (content, false),
        };
        escapes(content, b'=', base + at as u64, &mut decoded, &mut map);
        if !soft && let Some(end) = line_end(line) {
            decoded.extend_from_slice(end);
            map.push_verbatim(end.len(), base + (at + line.len() - end.len()) as u64);
        }
        at += line.len();
    }
    (decoded, map.wrapped(Layer::QuotedPrintable))
}

/// The line end of a line.
fn line_end(line: &[u8]) -> Option<&[u8]> {
    let len = if line.ends_with(b"\r\n") { 2 } else { usize::from(line.ends_with(b"\n")) };
    line.get(line.len() - len..).filter(|end| !end.is_empty())
}

/// Copies `bytes`, which stand at `base`, with the bytes for escapes such as `=C3`.
fn escapes(bytes: &[u8], mark: u8, base: u64, decoded: &mut Vec<u8>, map: &mut SpanMap) {
    let mut at = 0;
    while at < bytes.len() {
        let plain = memchr::memchr(mark, &bytes[at..]).unwrap_or(bytes.len() - at);
        let escape = bytes.get(at + plain..at + plain + 3).and_then(|escape| hex(escape[1], escape[2]));
        // A mark that opens no escape stands for itself.
        let verbatim = plain + usize::from(escape.is_none() && at + plain < bytes.len());
        decoded.extend_from_slice(&bytes[at..at + verbatim]);
        map.push_verbatim(verbatim, base + at as u64);
        at += verbatim;
        if let Some(byte) = escape {
            decoded.push(byte);
            map.push_atomic(1, base + at as u64, 3);
            at += 3;
        }
    }
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The content of a Q word of a header (RFC 2047): as quoted-printable, with `_` for a blank.
pub(crate) fn q_word(encoded: &[u8], base: u64) -> (Vec<u8>, SpanMap) {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut map = SpanMap::default();
    let mut at = 0;
    for piece in encoded.split_inclusive(|b| *b == b'_') {
        let plain = piece.strip_suffix(b"_").unwrap_or(piece);
        escapes(plain, b'=', base + at as u64, &mut decoded, &mut map);
        if plain.len() < piece.len() {
            decoded.push(b' ');
            map.push_atomic(1, base + (at + plain.len()) as u64, 1);
        }
        at += piece.len();
    }
    (decoded, map.wrapped(Layer::Word))
}

/// The bytes of base64, whatever stands between its characters.
pub(crate) fn base64(encoded: &[u8], base: u64) -> (Vec<u8>, SpanMap) {
    let mut decoded = Vec::with_capacity(encoded.len() / 4 * 3);
    let mut map = SpanMap::default();
    let (mut values, mut places, mut filled) = ([0_u32; 4], [0_u64; 4], 0);
    for (at, byte) in encoded.iter().enumerate() {
        let ends = *byte == b'=';
        if let Some(value) = sextet(*byte) {
            (values[filled], places[filled]) = (value, base + at as u64);
            filled += 1;
        }
        if filled == 4 || ends && filled > 0 {
            quantum(&values, &places, filled, &mut decoded, &mut map);
            filled = 0;
        }
    }
    quantum(&values, &places, filled, &mut decoded, &mut map);
    (decoded, map.wrapped(Layer::Base64))
}

/// Adds the bytes that up to four characters stand for.
fn quantum(values: &[u32; 4], places: &[u64; 4], filled: usize, decoded: &mut Vec<u8>, map: &mut SpanMap) {
    let Some(len) = filled.checked_sub(1).filter(|len| *len > 0) else { return };
    let known = |at: usize| if at < filled { values[at] } else { 0 };
    let bits = known(0) << 18 | known(1) << 12 | known(2) << 6 | known(3);
    let [_, bytes @ ..] = bits.to_be_bytes();
    decoded.extend_from_slice(&bytes[..len]);
    if places[filled - 1] - places[0] == len as u64 {
        map.push_quanta(len, places[0], 0);
        return;
    }
    for pair in places[..filled].windows(2) {
        let wide = usize::try_from(pair[1] - pair[0]).unwrap_or_default() + 1;
        map.push_atomic(1, pair[0], wide);
    }
}

/// The six bits of a character of base64, of which some write `-` and `_` for the last two.
fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Span, TextSpan};

    fn at(map: &SpanMap, start: u32, end: u32) -> (u64, u64) {
        let Span { start, end } = map.locate(TextSpan { start, end });
        (start, end)
    }

    #[test]
    fn quoted_printable_keeps_what_is_no_escape() {
        let (bytes, map) = Transfer::QuotedPrintable.decode(b"caf=C3=A9 == a=\r\nb=ZZ  \r\nc=", 100);
        assert_eq!(bytes, "café == ab=ZZ\r\nc".as_bytes());
        assert_eq!(at(&map, 3, 5), (103, 109));
        assert_eq!(at(&map, 9, 11), (113, 118));
        assert_eq!(at(&map, 16, 17), (125, 126));
    }

    #[test]
    fn base64_maps_each_byte() {
        let (bytes, map) = Transfer::Base64.decode(b"Z2FrIGJp\r\nc2E=", 0);
        assert_eq!(bytes, b"gak bisa");
        assert_eq!(at(&map, 0, 3), (0, 4));
        assert_eq!(at(&map, 4, 8), (5, 13));
        let (bytes, map) = Transfer::Base64.decode(b"Z2F\nrIGJpc2E", 0);
        assert_eq!(bytes, b"gak bisa");
        assert_eq!(at(&map, 2, 3), (2, 5));
        assert_eq!(Transfer::Base64.decode(b"!?=", 0).0, b"");
        assert_eq!(Transfer::Base64.decode(b"Z2E=Z2E=", 0).0, b"gaga");
        assert_eq!(Transfer::Base64.decode(b"Z", 0).0, b"");
    }

    #[test]
    fn blanks_of_words_have_their_place() {
        let (bytes, map) = q_word(b"a_bcd_=C3=A9_e", 100);
        assert_eq!(bytes, "a bcd é e".as_bytes());
        assert_eq!(at(&map, 1, 2), (101, 102));
        assert_eq!(at(&map, 5, 6), (105, 106));
        assert_eq!(at(&map, 6, 8), (106, 112));
        assert_eq!(at(&map, 8, 9), (112, 113));
    }
}
