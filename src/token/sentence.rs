//! Where sentences of a text end.

use crate::span::TextSpan;

/// Abbreviations after whose full stop a sentence goes on.
const ABBREVIATIONS: &[&str] = &[
    "blk", "bpk", "dll", "dr", "drg", "drs", "ds", "dsb", "dsn", "dst", "gd", "gg", "hj", "hlm", "ir", "jl", "jln",
    "kab", "kav", "kec", "kel", "km", "kp", "lt", "nip", "no", "ny", "prof", "rp", "rt", "rw", "sdr", "sdri", "st",
    "tel", "telp", "tgl", "tn", "wr", "ybs", "yth",
];

/// How far a sentence is sought, so that text without full stops costs no more than its length.
const SENTENCE_BYTES: usize = 1000;

/// The sentence of `text` around `span`. It ends at `.`, `!` or `?` before a blank, or at an empty line; not after an
/// abbreviation, an initial or a number.
#[must_use]
pub fn sentence_around(text: &str, span: TextSpan) -> TextSpan {
    let (start, end) = (span.start as usize, span.end as usize);
    let floor = start.saturating_sub(SENTENCE_BYTES);
    let first = (floor..start).rev().find(|at| ends_sentence(text, *at)).map_or(floor, |at| at + 1);
    let ceiling = (end + SENTENCE_BYTES).min(text.len());
    let last = (end..ceiling).find(|at| ends_sentence(text, *at)).map_or(ceiling, |at| at + 1);
    TextSpan::new(first..last)
}

/// Offsets at which a sentence of `text` has ended.
pub fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'.' | b'!' | b'?' | b'\n'));
    ends.filter(|(at, _)| ends_sentence(text, *at)).map(|(at, _)| at + 1)
}

/// Whether byte `at` of `text` is the last of a sentence.
pub(crate) fn ends_sentence(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let next = bytes.get(at + 1);
    match bytes[at] {
        b'\n' => ends_at_line(text, at),
        b'.' if next.is_none_or(u8::is_ascii_whitespace) => {
            let word = text.get(..at).unwrap_or_default();
            let start = word.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
            let word = word.get(at - start..).unwrap_or_default();
            let rest = text.get(at + 1..).unwrap_or_default().trim_start();
            let goes_on = rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
            let short = word.len() == 1 || ABBREVIATIONS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok();
            !(short || goes_on)
        }
        b'!' | b'?' => next.is_none_or(u8::is_ascii_whitespace),
        _ => false,
    }
}

/// Whether the line break at byte `at` ends a sentence: before an empty line or an item of a list, after a colon, a
/// semicolon or a comma, and after a line too short to have been broken for its length.
fn ends_at_line(text: &str, at: usize) -> bool {
    /// Lines that are broken for their length are longer.
    const BROKEN: usize = 45;
    let line = text.get(..at).unwrap_or_default();
    let start = memchr::memrchr(b'\n', &line.as_bytes()[at.saturating_sub(BROKEN + 4)..]);
    let short = start.is_some() || at <= BROKEN;
    let next = text.get(at + 1..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
    let digits = next.bytes().take_while(u8::is_ascii_digit).count();
    let marker = if digits > 0 { digits } else { usize::from(next.starts_with(|c: char| c.is_ascii_lowercase())) };
    let numbered = marker > 0 && matches!(next.as_bytes().get(marker), Some(b'.' | b')'));
    let item = next.starts_with(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '"' | '\'' | '“' | '‘'));
    short || numbered || item || next.is_empty() || line.trim_end().ends_with([':', ';', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn a_sentence_is_sought_no_further_than_it_may_reach() {
        let text = "kata ".repeat(10_000);
        let around = sentence_around(&text, TextSpan { start: 25_000, end: 25_004 });
        assert!(around.end - around.start < 2_100, "{around:?}");
    }
}
