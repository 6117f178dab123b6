//! Replacements that fit what stands around them: no halves of compounds, no word twice in a row.

use std::ops::Range;

use crate::diagnostic::{Edit, Fix, Place, Safety};
use crate::message::Field;
use crate::span::TextSpan;
use crate::token::fold;

/// What may follow a word behind a hyphen and belongs to no compound.
const ENDINGS: [&str; 8] = ["an", "kah", "kan", "ku", "lah", "mu", "nya", "pun"];

/// The fix that puts `new` in the place of `span`; none where it would break the word that the span is a part of.
pub(super) fn replacing(field: &Field<'_>, span: TextSpan, new: &str, safety: Safety) -> Option<Fix> {
    let around = Around::of(&field.text, span);
    if around.is_in_name() || !around.keeps_compound(new) {
        return None;
    }
    let (range, new, safety) = match around.doubled(new) {
        // The word stands there already, so the other one goes. Whether it was written twice for a reason, a person sees.
        Some((range, new)) => (range, new, Safety::Review),
        None => (around.with_ending(new), new, safety),
    };
    Some(Fix { safety, edits: vec![Edit { place: Place::new(field, TextSpan::new(range)), new: new.to_owned() }] })
}

/// A stretch of a text and the words beside it.
struct Around<'t> {
    old: &'t str,
    range: Range<usize>,
    before: &'t str,
    after: &'t str,
}

impl<'t> Around<'t> {
    fn of(text: &'t str, span: TextSpan) -> Self {
        let range = span.range();
        let (before, after) = (text.get(..range.start), text.get(range.end..));
        Self { old: span.of(text), range, before: before.unwrap_or_default(), after: after.unwrap_or_default() }
    }

    /// Whether signs join the stretch to a name of machines: a host, an address, a file, a variable.
    fn is_in_name(&self) -> bool {
        const SIGNS: [char; 9] = ['@', '_', '=', '\\', '#', '$', '%', '&', '~'];
        let mut before = self.before.chars().rev();
        let mut after = self.after.chars();
        let (left, further) = (before.next(), before.next());
        let (right, next) = (after.next(), after.next());
        // A capital letter behind a full stop opens a sentence before which a blank was forgotten.
        let opens = self.old.starts_with(char::is_uppercase);
        let host = left == Some('.') && further.is_some_and(char::is_alphanumeric) && !opens
            || right == Some('.') && next.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
        let signed = |sign: Option<char>, beyond: Option<char>| {
            sign.is_some_and(|c| SIGNS.contains(&c)) && beyond.is_some_and(char::is_alphanumeric)
        };
        host || signed(left, further) || signed(right, next)
    }

    /// Whether `new` leaves whole what hyphens join the stretch to: both halves of a doubled word change alike, and endings
    /// go with any word.
    fn keeps_compound(&self, new: &str) -> bool {
        let (old, new) = (fold(self.old), fold(new));
        let alike = |half: &str| {
            let half = fold(half);
            (is_alike(&half, &old) || is_alike(&half, &new)) && !new.contains([' ', '-'])
        };
        let left = self.before.strip_suffix('-').map(last_word).filter(|word| !word.is_empty());
        let right = self.after.strip_prefix('-').map(first_word).filter(|word| !word.is_empty());
        let ends = |word: &str| ENDINGS.contains(&fold(word).as_ref());
        left.is_none_or(alike) && right.is_none_or(|word| ends(word) || alike(word))
    }

    /// What is replaced by `new`, which may bring along the ending that stands behind the stretch: of “yaudalah”, no “sudahlahlah”
    /// is made.
    fn with_ending(&self, new: &str) -> Range<usize> {
        let ending = first_word(self.after);
        let both = ENDINGS.contains(&ending) && new.ends_with(ending) && !self.old.ends_with(ending);
        self.range.start..self.range.end + if both { ending.len() } else { 0 }
    }

    /// What is replaced, and by what, where `new` would stand beside itself.
    fn doubled<'n>(&self, new: &'n str) -> Option<(Range<usize>, &'n str)> {
        if new.contains(' ') || !new.chars().all(char::is_alphabetic) {
            return None;
        }
        let blank = |gap: &str| !gap.is_empty() && gap.chars().all(|c| c == ' ');
        let head = self.before.trim_end_matches(' ');
        let same = |word: &str| fold(word) == fold(new);
        if blank(self.before.get(head.len()..)?) && same(last_word(head)) {
            return Some((head.len()..self.range.end, ""));
        }
        let tail = self.after.trim_start_matches(' ');
        let gap = self.after.len() - tail.len();
        let next = first_word(tail);
        (blank(self.after.get(..gap)?) && same(next))
            .then(|| (self.range.start..self.range.end + gap + next.len(), new))
    }
}

/// Whether two words are the same but for an ending.
fn is_alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || ENDINGS.contains(&rest))
}

/// The word that the text ends with.
fn last_word(text: &str) -> &str {
    let len = text.chars().rev().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>();
    text.get(text.len() - len..).unwrap_or_default()
}

/// The word that the text begins with.
fn first_word(text: &str) -> &str {
    let len = text.chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>();
    text.get(..len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Part;
    use crate::span::SpanMap;

    /// The text with its first `old` replaced, and whether that is safe; none where there is no fix.
    fn replaced(text: &str, old: &str, new: &str) -> Option<(String, bool)> {
        let field = Field::new(Part::Body, text.to_owned().into(), SpanMap::verbatim(0, text.len()));
        let at = text.find(old)?;
        let fix = replacing(&field, TextSpan::new(at..at + old.len()), new, Safety::Safe)?;
        let safe = fix.safety == Safety::Safe;
        let made = fix.edits.iter().rev().fold(text.to_owned(), |mut made, edit| {
            made.replace_range(edit.place.text().range(), &edit.new);
            made
        });
        Some((made, safe))
    }

    #[test]
    fn compounds_stay_whole() {
        let safe = |text, old, new| replaced(text, old, new).filter(|(_, safe)| *safe).map(|(made, _)| made);
        assert_eq!(safe("temen-temen", "temen", "teman").as_deref(), Some("teman-temen"));
        assert_eq!(safe("lihat-liat dulu", "liat", "lihat").as_deref(), Some("lihat-lihat dulu"));
        assert_eq!(safe("temen-temennya", "temen", "teman").as_deref(), Some("teman-temennya"));
        assert_eq!(safe("schedule-nya", "schedule", "jadwal").as_deref(), Some("jadwal-nya"));
        for (text, old, new) in [
            ("bolak-balik ke kantor", "balik ke", "kembali ke"),
            ("gk-papa", "gk", "tidak"),
            ("makasih-makasih", "makasih", "terima kasih"),
        ] {
            assert_eq!(replaced(text, old, new), None, "{text}");
        }
    }

    #[test]
    fn endings_stand_once() {
        assert_eq!(replaced("yaudalah", "yauda", "sudahlah"), Some(("sudahlah".to_owned(), true)));
        assert_eq!(replaced("bukunya", "buku", "kitab"), Some(("kitabnya".to_owned(), true)));
    }

    #[test]
    fn names_of_machines_stay() {
        for text in ["mail2.pdx.ne.jp", "surel org.id", "org_id", "a.org", "x=org&y", "admin@org"] {
            let old = if text.contains("org") { "org" } else { "mail2" };
            assert_eq!(replaced(text, old, "orang"), None, "{text}");
        }
        assert!(replaced("Selesai.Org itu", "Org", "Orang").is_some());
        assert!(replaced("_org_ itu", "org", "orang").is_some());
    }

    #[test]
    fn no_word_stands_twice_in_a_row() {
        for (text, made) in [("yang yg hadir", "yang hadir"), ("Yg yang hadir", "Yang hadir")] {
            let old = if text.starts_with('Y') { "Yg" } else { "yg" };
            let new = if text.starts_with('Y') { "Yang" } else { "yang" };
            assert_eq!(replaced(text, old, new), Some((made.to_owned(), false)));
        }
        assert_eq!(replaced("itu, yg hadir", "yg", "yang"), Some(("itu, yang hadir".to_owned(), true)));
    }
}
