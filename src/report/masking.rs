//! Text as it may be shown: secrets masked, characters made harmless that a terminal would obey.

use unicode_properties::UnicodeEmoji;

use crate::check::{digit, identifiers_in, numbers_in};
use crate::harmless::{is_hidden as is_unseen, is_obeyed};
use crate::span::TextSpan;

/// Whether personal data is masked where it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Masking {
    /// It is.
    #[default]
    On,
    /// Somebody asked to see it as it is, with `--show-sensitive`.
    Lifted,
}

impl Masking {
    /// `text` as it may be shown.
    #[must_use]
    pub fn shown(self, text: &str) -> String {
        Shown::of(text, TextSpan::new(0..text.len()), &self.secrets_in(text), &[]).text
    }

    /// A name as it may be shown that stands by itself, without words that would tell what a number in it is: of a column, a rule,
    /// a person.
    #[must_use]
    pub fn name(self, name: &str) -> String {
        let secrets = if self == Self::On { merged(numbers_in(name)) } else { Vec::new() };
        Shown::of(name, TextSpan::new(0..name.len()), &secrets, &[]).text
    }

    /// What must not be shown of `text`, [`merged`].
    fn secrets_in(self, text: &str) -> Vec<TextSpan> {
        match self {
            Self::On => merged(identifiers_in(text)),
            Self::Lifted => Vec::new(),
        }
    }
}

/// A stretch of text as it may be shown, and where some offsets of the text went.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) offsets: Vec<usize>,
}

impl Shown {
    /// Shows `span` of `text`: secrets, which are [`merged`], masked, control characters made harmless. `offsets` are bytes
    /// of the text, rising.
    pub(super) fn of(text: &str, span: TextSpan, secrets: &[TextSpan], offsets: &[u32]) -> Self {
        // Most of what is shown is a plain word.
        let piece = span.of(text);
        let plain = offsets.is_empty() && piece.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if plain && !secrets.iter().any(|secret| secret.overlaps(span)) {
            return Self { text: piece.to_owned(), offsets: Vec::new() };
        }
        let mut out = String::new();
        let mut places = Vec::with_capacity(offsets.len());
        let passed = secrets.partition_point(|secret| secret.end <= span.start);
        let mut secrets = secrets.iter().skip(passed).peekable();
        let mut wanted = offsets.iter().peekable();
        let mut chars = span.of(text).char_indices().peekable();
        while let Some((index, c)) = chars.next() {
            let at = span.start + TextSpan::new(0..index).end;
            while wanted.next_if(|offset| **offset <= at).is_some() {
                places.push(out.len());
            }
            while secrets.next_if(|secret| secret.end <= at).is_some() {}
            let secret = secrets.peek().filter(|secret| secret.start <= at);
            let next = chars.peek().map(|(_, next)| *next);
            match secret {
                Some(secret) if is_hidden(text, **secret, at) => {
                    out.push(if c.is_ascii_punctuation() || c == ' ' { c } else { '•' });
                }
                _ => push_harmless(&mut out, c, next),
            }
        }
        places.extend(wanted.map(|_| out.len()));
        Self { text: out, offsets: places }
    }
}

/// Whether the character at byte `at` of a secret is masked: of a long number the first four and the last two digits show, of a
/// shorter one the first two and the last two, so that as many are hidden as nobody guesses.
fn is_hidden(text: &str, secret: TextSpan, at: u32) -> bool {
    /// What is longer, in bytes, is no number that a reader could know again, and is not counted for each of its characters.
    const NUMBER: u32 = 64;
    if secret.end - secret.start > NUMBER {
        return true;
    }
    let digits =
        |from: u32, to: u32| TextSpan { start: from, end: to }.of(text).chars().filter(|c| digit(*c).is_some()).count();
    let all = digits(secret.start, secret.end);
    let numeric = all * 2 > (secret.end - secret.start) as usize && all >= 10;
    let first = if all >= 12 { 4 } else { 2 };
    !numeric || (digits(secret.start, at) >= first && digits(at, secret.end) > 2)
}

/// Adds `c`, or what stands for it where a terminal or a viewer would obey it or not show it.
fn push_harmless(out: &mut String, c: char, next: Option<char>) {
    let is_picture = |c: char| !c.is_ascii() && c.is_emoji_char();
    match (c, out.chars().next_back()) {
        ('\n' | '\t' | '\u{a0}' | '\u{2028}' | '\u{2029}', _) => out.push(' '),
        ('\r', _) => {}
        // What makes one emoji of several, or chooses how one looks.
        ('\u{200d}', Some(last)) if (is_picture(last) || last == '\u{fe0f}') && next.is_some_and(is_picture) => {
            out.push(c);
        }
        ('\u{fe0e}' | '\u{fe0f}', Some(last)) if last.is_emoji_char() => out.push(c),
        _ if is_unseen(c) => out.push('\u{b7}'),
        _ if is_obeyed(c) => out.push('\u{fffd}'),
        _ => out.push(c),
    }
}

/// `text` as it may be shown, masked.
#[must_use]
pub fn shown(text: &str) -> String {
    Masking::On.shown(text)
}

/// `text` as it stands, but for what a terminal or a viewer would obey.
#[must_use]
pub fn harmless(text: &str) -> String {
    Shown::of(text, TextSpan::new(0..text.len()), &[], &[]).text
}

/// The line at `span` of a source, as it may be shown: `known` secrets and what else points at a person are masked. Blanks and
/// line ends stay as they are.
#[must_use]
pub fn masked_line(text: &str, span: TextSpan, known: &[TextSpan], masking: Masking) -> String {
    let line = span.of(text);
    let mut secrets = masking.secrets_in(line);
    let own = known.iter().filter(|secret| secret.overlaps(span));
    secrets.extend(own.map(|secret| TextSpan {
        start: secret.start.max(span.start) - span.start,
        end: secret.end.min(span.end) - span.start,
    }));
    harmless_line(line, &merged(secrets))
}

/// A line as it may be shown, but for `secrets`. Blanks and the line end stay as they are.
fn harmless_line(line: &str, secrets: &[TextSpan]) -> String {
    let content = line.strip_suffix('\n').map_or(line, |content| content.strip_suffix('\r').unwrap_or(content));
    let end = line.get(content.len()..).unwrap_or_default();
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    for piece in content.split_inclusive(['\t', '\u{a0}']) {
        let blank = piece.chars().next_back().filter(|c| matches!(c, '\t' | '\u{a0}'));
        let words = piece.len() - blank.map_or(0, char::len_utf8);
        out.push_str(&Shown::of(line, TextSpan::new(at..at + words), secrets, &[]).text);
        out.extend(blank);
        at += piece.len();
    }
    out + end
}

/// At most `limit` characters of `text`.
pub(super) fn crop(text: &str, limit: usize) -> String {
    if text.len() <= limit || text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit - 1).collect();
    format!("{head}…")
}

/// The spans in order, those that share a byte as one.
pub(super) fn merged(mut spans: Vec<TextSpan>) -> Vec<TextSpan> {
    spans.sort_unstable();
    spans.dedup_by(|span, last| {
        let overlaps = span.start < last.end;
        if overlaps {
            last.end = last.end.max(span.end);
        }
        overlaps
    });
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_makes_harmless() {
        assert_eq!(shown("NIK 3273014107900001"), "NIK 3273••••••••••01");
        assert_eq!(shown("NIK 3273-0141-0790-0001"), "NIK 3273-••••-••••-••01");
        assert_eq!(shown("NIK 3273 0141 0790 0001"), "NIK 3273 •••• •••• ••01");
        assert_eq!(shown("Rek. BCA 1234567890"), "Rek. BCA 12••••••90");
        assert_eq!(shown(&format!("PIN: {}", "12".repeat(32))), format!("PIN: 1212{}12", "•".repeat(58)));
        assert_eq!(shown(&format!("PIN: {}1", "12".repeat(32))), format!("PIN: {}", "•".repeat(65)));
        // Where digits are not most of the bytes, none shows: of two bytes each they are half.
        assert_eq!(shown("NIK ٣٢٧٣٠١٤١٠٧٩٠٠٠٠١"), format!("NIK {}", "•".repeat(16)));
        assert_eq!(shown("PIN: 123456"), "PIN: ••••••");
        assert_eq!(shown(&format!("PIN: {}", "12".repeat(50))), format!("PIN: {}", "•".repeat(100)));
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\n"), "a\u{fffd}[31mb\u{b7}c ");
        assert_eq!(shown("a\r\nb\rc\td\u{2028}e"), "a bc d e");
        for emoji in ["👨‍👩‍👧", "❤️", "❤️‍🔥", "1️⃣", "👩🏽‍⚕️"] {
            assert_eq!(shown(emoji), emoji);
        }
        assert_eq!(shown("a\u{200d}👩\u{200d}b"), "a·👩·b");
        assert_eq!(shown("a\u{200d}b\u{fe0f}c\u{e0100}\u{e0041}é\u{200d}é"), "a·b·c··é·é");
    }

    #[test]
    fn lines_are_masked_and_keep_their_blanks() {
        let text = "Yth. Ibu,\nNIK\t3273014107900001\u{a0}baru\t1234\r\nSalam";
        let line = TextSpan::new(10..text.len() - 5);
        let secret = TextSpan::new(text.find("1234\r").unwrap()..text.find("\r\n").unwrap());
        let masked = masked_line(text, line, &[TextSpan::new(0..4), secret], Masking::On);
        assert_eq!(masked, "NIK\t3273••••••••••01\u{a0}baru\t••••\r\n");
        assert_eq!(masked_line(text, TextSpan::new(0..10), &[TextSpan::new(0..4)], Masking::On), "•••. Ibu,\n");
    }

    #[test]
    fn long_texts_are_cropped() {
        for (text, limit, cropped) in [
            ("abcd", 4, "abcd"),
            ("abcde", 4, "abc…"),
            ("éééé", 4, "éééé"),
            ("ééééé", 4, "ééé…"),
            ("", 1, ""),
            ("ab", 1, "…"),
        ] {
            assert_eq!(crop(text, limit), cropped, "{text}");
        }
    }

    #[test]
    fn what_overlaps_is_one() {
        let span = |start, end| TextSpan { start, end };
        assert_eq!(
            merged(vec![span(8, 9), span(4, 6), span(0, 5), span(1, 3), span(9, 9), span(12, 14)]),
            [span(0, 6), span(8, 9), span(9, 9), span(12, 14)]
        );
    }
}
