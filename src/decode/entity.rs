//! Character references of HTML: `&amp;`, `&#233;`, with or without their semicolon.

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// The characters that the reference at the start of `text` stands for, and its length.
pub(super) fn decode(text: &str) -> Option<(String, usize)> {
    /// Longer than any name.
    const LONGEST: usize = 40;
    let bytes = text.as_bytes();
    let name = bytes.iter().skip(1).take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    if name == 0 {
        return None;
    }
    let closed = bytes.get(name + 1) == Some(&b';');
    let len = name + 1 + usize::from(closed);
    let reference = text.get(..len)?;
    let decoded = match reference {
        "&nbsp;" => "\u{a0}".to_owned(),
        "&amp;" => "&".to_owned(),
        _ => parsed(reference)?,
    };
    // Without its semicolon a name may be a part of a longer word: what is left of the word stands as it is.
    let ends = || decoded.bytes().rev().zip(reference.bytes().rev()).take_while(|(a, b)| a == b).count();
    let first = decoded.chars().next().map_or(0, char::len_utf8);
    let rest = if decoded.len() > first { ends().min(decoded.len() - first) } else { 0 };
    let head = decoded.get(..decoded.len() - rest)?;
    (reference != decoded && !head.is_empty()).then(|| (head.to_owned(), len - rest))
}

/// What the parser makes of a reference.
fn parsed(reference: &str) -> Option<String> {
    let mut decoded = Vec::new();
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<()> {
        if let CallbackEvent::String { value } = event {
            decoded.extend_from_slice(value);
        }
        None
    });
    Tokenizer::new_with_emitter(reference, emitter).for_each(drop);
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_for_characters_and_all_else_for_itself() {
        for (text, stands) in [
            ("&amp; x", Some(("&", 5))),
            ("&nbsp;", Some(("\u{a0}", 6))),
            ("&#233;t", Some(("é", 6))),
            ("&#xE9;", Some(("é", 6))),
            ("&eacute", Some(("é", 7))),
            ("&NotEqualTilde;", Some(("\u{2242}\u{338}", 15))),
            ("&notit;", Some(("¬", 4))),
            ("&xyzzy;", None),
            ("&", None),
            ("& x", None),
            ("&;", None),
        ] {
            assert_eq!(decode(text), stands.map(|(text, len)| (text.to_owned(), len)), "{text}");
        }
    }
}
