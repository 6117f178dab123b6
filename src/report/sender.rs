//! Who sent a message: what tells senders apart, and what may be shown of them.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{EXCERPT, Masking, crop};
use crate::message::{Message, Part};

/// What stands for the part of a name that is not shown. Always as long, so that it does not tell how long the name is.
const HIDDEN: &str = "•••";

/// The sender of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownSender {
    key: u64,
    name: String,
    masking: Masking,
}

impl ShownSender {
    /// The sender that a message names, if it does.
    pub(super) fn of(message: &Message<'_>, masking: Masking) -> Option<Self> {
        let text = message.field(Part::From)?.text.trim();
        if text.is_empty() {
            return None;
        }
        // The same address may come with a name and without, and in any capitals.
        let text = address(text).map_or(text.into(), |(whole, _)| Cow::Owned(whole.to_lowercase()));
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Some(Self { key: hasher.finish(), name: masking.shown(&text), masking })
    }

    /// Tells senders apart whose names look the same once they are masked.
    #[must_use]
    pub fn key(&self) -> u64 {
        self.key
    }

    /// The first letter and the domain of an address; of a name, the first letter of each word. All of it, where masks are lifted.
    #[must_use]
    pub fn shown(&self) -> String {
        let masked = match address(&self.name) {
            _ if self.masking == Masking::Lifted => self.name.clone(),
            Some((_, (local, domain))) => format!("{}@{domain}", initial(local)),
            None => self.name.split_whitespace().map(initial).collect::<Vec<_>>().join(" "),
        };
        crop(&masked, EXCERPT)
    }
}

/// The first address in `text`: the whole of it, and what stands before and behind its sign.
fn address(text: &str) -> Option<(&str, (&str, &str))> {
    let pieces = text.split(|c: char| c.is_whitespace() || "<>(),;\"'".contains(c));
    pieces
        .filter_map(|piece| Some((piece, piece.rsplit_once('@')?)))
        .find(|(_, (local, domain))| !local.is_empty() && !domain.is_empty())
}

/// A word of which all but its first letter is hidden. Signs before the letter stay.
fn initial(word: &str) -> String {
    let Some((at, first)) = word.char_indices().find(|(_, c)| c.is_alphanumeric()) else { return word.to_owned() };
    let end = at + first.len_utf8();
    let start = word.get(..end).unwrap_or_default();
    if end == word.len() { start.to_owned() } else { format!("{start}{HIDDEN}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(name: &str) -> String {
        ShownSender { key: 0, name: name.to_owned(), masking: Masking::On }.shown()
    }

    #[test]
    fn shows_first_letters_and_domains() {
        for (name, expected) in [
            ("sari.dewi@dinas.example", "s•••@dinas.example"),
            ("\"Sari Dewi\" <sari@dinas.example>", "s•••@dinas.example"),
            ("Sari Dewi (sari@dinas.example)", "s•••@dinas.example"),
            ("Sari Dewi", "S••• D•••"),
            ("Admin 2", "A••• 2"),
            ("@dinas_x", "@d•••"),
            ("+62 812 0000", "+6••• 8••• 0•••"),
            ("081200000000@pesan.example", "0•••@pesan.example"),
        ] {
            assert_eq!(masked(name), expected, "{name}");
        }
    }
}
