//! The forms of words under which they are compared.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::is_apostrophe;

/// The form under which words are compared: lower case, no marks over letters, full-width and styled letters as plain
/// ones, straight apostrophes.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c));
    Cow::Owned(plain.flat_map(char::to_lowercase).map(|c| if is_apostrophe(c) { '\'' } else { c }).collect())
}

/// The folded word with at most `most` of the same letter in a row: haloooo is halo or haloo.
#[must_use]
pub fn unstretched(word: &str, most: usize) -> String {
    let mut out = String::with_capacity(word.len());
    let (mut last, mut run) = (None, 0);
    for c in fold(word).chars() {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        if run <= most {
            out.push(c);
        }
    }
    out
}

/// `text` with blanks for the one or two marks that stand at the edge of words to emphasise them, as in *word* and _word_;
/// none where there are no such marks.
#[must_use]
pub fn without_emphasis(text: &str) -> Option<String> {
    /// A longer run is a line to fill in, a rule or a masked word.
    const MARKS: usize = 2;
    let is_mark = |b: u8| matches!(b, b'*' | b'_' | b'~');
    let bytes = text.as_bytes();
    let mut bare: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(offset) = memchr::memchr3(b'*', b'_', b'~', &bytes[at..]) {
        let start = at + offset;
        let end = start + bytes[start..].iter().take_while(|b| is_mark(**b)).count();
        at = end;
        let within = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
        let inside = within(start.checked_sub(1).and_then(|i| bytes.get(i))) && within(bytes.get(end));
        if end - start <= MARKS && !inside {
            bare.get_or_insert_with(|| bytes.to_vec())[start..end].fill(b' ');
        }
    }
    bare.and_then(|bytes| String::from_utf8(bytes).ok())
}
