//! Characters that a terminal or a viewer obeys in place of showing them, and those that nobody sees.

/// Whether a terminal or a viewer may obey `c`: control characters, also those of eight bits, and separators of lines.
pub(crate) fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether nobody sees `c`: what is ignorable by default in Unicode, such as marks of direction, characters without width, tags and
/// selectors of variants, and the marks of annotations. Text can be hidden in them or turned around by them.
pub(crate) const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether all of `text` is seen as it stands, and stands in one line.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| is_obeyed(c) || is_hidden(c) && !matches!(c, '\u{200d}' | '\u{fe0f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_seen_in_one_line() {
        for plain in ["", "Yth. Ibu é – 🙏", "👨\u{200d}👩", "❤\u{fe0f}"] {
            assert!(is_plain(plain), "{plain:?}");
        }
        for odd in ["a\nb", "a\u{1b}b", "a\u{85}b", "a\u{2028}b", "a\u{200b}b", "a\u{202e}b", "a\u{ad}b", "a\u{e0041}b"]
        {
            assert!(!is_plain(odd), "{odd:?}");
        }
    }
}
