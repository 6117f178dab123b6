//! `format=flowed` (RFC 3676): lines that end with a blank go on in the next one, and stuffed blanks come off.

use crate::span::SpanMap;

/// The paragraphs of flowed `text`, mapped to it. `delsp` says that the blank at the break is not part of the text.
pub(crate) fn text(text: &str, delsp: bool) -> (String, SpanMap) {
    let mut joined = String::with_capacity(text.len());
    let mut map = SpanMap::default();
    let mut at = 0;
    // How deeply the line before is quoted, if it goes on.
    let mut goes_on: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let quoted = content.bytes().take_while(|b| *b == b'>').count();
        let unquoted = content.get(quoted..).unwrap_or_default();
        let unstuffed = unquoted.strip_prefix(' ').unwrap_or(unquoted);
        let skipped = content.len() - unstuffed.len();
        let signature = unstuffed == "-- ";
        if goes_on != Some(quoted) || signature {
            if let (Some(_), Some(end)) = (goes_on, line_end(text, at)) {
                // The line before should have gone on and does not.
                joined.push_str(end);
                map.push_verbatim(end.len(), (at - end.len()) as u64);
            }
            joined.push_str(content.get(..quoted).unwrap_or_default());
            map.push_verbatim(quoted, at as u64);
        }
        let soft = unstuffed.ends_with(' ') && !signature;
        let kept = if soft && delsp { unstuffed.len() - 1 } else { unstuffed.len() };
        joined.push_str(unstuffed.get(..kept).unwrap_or_default());
        map.push_verbatim(kept, (at + skipped) as u64);
        if soft {
            goes_on = Some(quoted);
        } else {
            goes_on = None;
            let end = line.get(content.len()..).unwrap_or_default();
            joined.push_str(end);
            map.push_verbatim(end.len(), (at + content.len()) as u64);
        }
        at += line.len();
    }
    (joined, map)
}

/// The line end right before byte `at`.
fn line_end(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let content = before.strip_suffix('\n')?;
    let content = content.strip_suffix('\r').unwrap_or(content);
    before.get(content.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Span, TextSpan};

    #[test]
    fn joins_what_goes_on() {
        let source = "Berkas sudah \r\nkami terima.\r\n> kapan \r\n> selesai?\r\n> a \r\n>> b\r\n  dua blanko\r\n-- \r\nBudi \r\n";
        let (joined, map) = text(source, false);
        assert_eq!(joined, "Berkas sudah kami terima.\r\n>kapan selesai?\r\n>a \r\n>>b\r\n dua blanko\r\n-- \r\nBudi ");
        let at = joined.find("selesai").unwrap();
        let start = source.find("selesai").unwrap() as u64;
        assert_eq!(map.locate(TextSpan::new(at..at + 7)), Span { start, end: start + 7 });
        let at = joined.find("\r\n>>b").unwrap();
        let start = source.find("\r\n>> b").unwrap() as u64;
        assert_eq!(map.locate(TextSpan::new(at..at + 2)), Span { start, end: start + 2 });
        assert_eq!(text("kata \nlain", true).0, "katalain");
    }
}
