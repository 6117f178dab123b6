//! Line ends of messages that are sent as part of an address: `%0A`.

use crate::span::{Layer, SpanMap};

/// How a line end is written, by itself or behind that of a carriage return.
const LINE_END: &str = "%0a";
const RETURN: &str = "%0d";

/// `text` with its line ends, and the map to it; none where nothing stands for one. Links keep theirs, for they are no prose.
pub(crate) fn lines(text: &str) -> Option<(String, SpanMap)> {
    let bytes = text.as_bytes();
    let is = |at: usize, escape: &str| {
        bytes.get(at..at + escape.len()).is_some_and(|found| found.eq_ignore_ascii_case(escape.as_bytes()))
    };
    let (mut plain, mut map) = (String::new(), SpanMap::default());
    // Where the run of characters without a blank began that is being read, and whether a link opens it.
    let (mut copied, mut link) = (0, false);
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_whitespace() {
            link = false;
        } else if *byte == b':' && bytes[at..].starts_with(b"://") {
            link = true;
        }
        if at < copied || link || *byte != b'%' || !is(at, LINE_END) {
            continue;
        }
        let start = if at >= copied + RETURN.len() && is(at - RETURN.len(), RETURN) { at - RETURN.len() } else { at };
        let end = at + LINE_END.len();
        plain.push_str(text.get(copied..start).unwrap_or_default());
        map.push_verbatim(start - copied, copied as u64);
        plain.push('\n');
        map.push_atomic(1, start as u64, end - start);
        copied = end;
    }
    if copied == 0 {
        return None;
    }
    plain.push_str(text.get(copied..).unwrap_or_default());
    map.push_verbatim(text.len() - copied, copied as u64);
    Some((plain, map.wrapped(Layer::Address)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Span, TextSpan};

    #[test]
    fn line_ends_of_links_stay() {
        let source = "Yth. Ibu,%0D%0a%0ABerkas siap. https://wa.me/62?text=a%0Ab Salam%0A";
        let (plain, map) = lines(source).unwrap();
        assert_eq!(plain, "Yth. Ibu,\n\nBerkas siap. https://wa.me/62?text=a%0Ab Salam\n");
        assert_eq!(map.locate(TextSpan { start: 9, end: 10 }), Span { start: 9, end: 15 });
        assert_eq!(map.locate(TextSpan { start: 11, end: 17 }), Span { start: 18, end: 24 });
        assert_eq!(map.text_len() as usize, plain.len());
        assert_eq!(lines("100 %0 A"), None);
        // A colon alone opens no link, and what was copied ends before what is next.
        assert_eq!(lines("Jam:%0A10").unwrap().0, "Jam:\n10");
        assert_eq!(lines("%0Aab%0D%0Ac").unwrap().0, "\nab\nc");
    }
}
