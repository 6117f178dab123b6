//! Whose turns of a conversation are ours: as we were told, or by an informed guess, which is stated.

use super::Hints;
use crate::embedded::{CUES, Cue};
use crate::message::Note;
use crate::token::{self, fold};

/// What exports of a conversation with one person are called, in Indonesian and English; the person's name follows.
const NAMED_AFTER: [&str; 4] =
    ["whatsapp chat with ", "whatsapp chat dengan ", "chat whatsapp dengan ", "whatsapp chat - "];

/// Words in the names of senders who answer for an office.
const OFFICES: [&str; 12] = [
    "admin",
    "cs",
    "customer service",
    "helpdesk",
    "hotline",
    "humas",
    "layanan",
    "operator",
    "pelayanan",
    "pengaduan",
    "petugas",
    "resmi",
];

/// Which of the `senders`, of whom each is named once, in the order in which they first speak, are ours, and what has to be
/// said of it.
pub(super) fn find(senders: &[&str], hints: &Hints) -> (Vec<bool>, Option<Note>) {
    if !hints.me.is_empty() {
        let ours: Vec<bool> = senders.iter().map(|sender| hints.me.iter().any(|me| is_same(sender, me))).collect();
        let note = (!senders.is_empty() && !ours.contains(&true)).then_some(Note::NobodyOurs);
        return (ours, note);
    }
    let by = |ours: &dyn Fn(&str) -> bool| -> Vec<bool> { senders.iter().map(|sender| ours(sender)).collect() };
    let guesses: [&dyn Fn() -> Vec<bool>; 4] = [
        &|| by(&|sender| hints.own_names.iter().any(|own| is_same(sender, own))),
        &|| by(&is_office),
        &|| match (senders, partner(&hints.file_name)) {
            ([_, _], Some(partner)) => by(&|sender| !is_same(sender, &partner)),
            _ => Vec::new(),
        },
        // Who writes to an office speaks first.
        &|| match senders {
            [_] => vec![true],
            [_, _] => vec![false, true],
            _ => Vec::new(),
        },
    ];
    let guess = guesses
        .iter()
        .map(|guess| guess())
        .find(|ours| ours.contains(&true) && (ours.len() == 1 || ours.contains(&false)));
    match guess {
        Some(ours) => {
            let names: Vec<&str> =
                senders.iter().zip(&ours).filter(|(_, ours)| **ours).map(|(name, _)| *name).collect();
            (ours, Some(Note::TakenForOurs(names.join("”, “"))))
        }
        None => (vec![false; senders.len()], (!senders.is_empty()).then_some(Note::NobodyOurs)),
    }
}

/// A name without the marks that exports put around it.
pub(super) fn plain_name(name: &str) -> &str {
    name.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '~' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '@')
    })
}

/// Whether two names are the same but for capitals and marks; numbers, but for their spaces.
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (fold(plain_name(a)), fold(plain_name(b)));
    let digits = |name: &str| -> String { name.chars().filter(char::is_ascii_digit).collect() };
    let number = |name: &str| !name.chars().any(char::is_alphabetic) && digits(name).len() >= 8;
    a == b || number(&a) && number(&b) && digits(&a) == digits(&b)
}

/// Whether a sender's name is that of an office or of its staff.
fn is_office(name: &str) -> bool {
    let name = plain_name(name);
    let folded = fold(name);
    let tokens = token::tokens(name);
    let words: Vec<_> = tokens.iter().map(|token| fold(token.of(name))).collect();
    let named = OFFICES.iter().any(|office| {
        if office.contains(' ') { folded.contains(office) } else { words.iter().any(|word| word == office) }
    });
    let agency = |index: usize| {
        let mut found = false;
        CUES.matches_at(name, &tokens, index, &mut |hit| {
            found |= CUES.entries[hit.entry as usize].rule == Cue::Agency as u16;
        });
        found
    };
    named || (0..tokens.len()).any(agency)
}

/// The other party of the conversation that a file is named after.
fn partner(file_name: &str) -> Option<String> {
    let name = fold(file_name);
    let stem = [".zip", ".txt"].iter().fold(&*name, |stem, ending| stem.strip_suffix(ending).unwrap_or(stem));
    NAMED_AFTER.iter().find_map(|start| stem.strip_prefix(start)).map(|partner| partner.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(senders: &[&str], hints: &Hints) -> Vec<bool> {
        find(senders, hints).0
    }

    #[test]
    fn takes_the_word_of_who_is_asked() {
        let hints = Hints { me: vec!["budi santoso".into(), "+62 812-3456-7890".into()], ..Hints::default() };
        assert_eq!(ours(&["Sari", "~ Budi Santoso", "+62 812 3456 7890"], &hints), [false, true, true]);
        assert_eq!(find(&["Sari"], &hints), (vec![false], Some(Note::NobodyOurs)));
    }

    #[test]
    fn guesses_by_office_file_name_and_order() {
        let none = Hints::default();
        assert_eq!(ours(&["Sari", "Admin Dukcapil", "Tono"], &none), [false, true, false]);
        assert_eq!(ours(&["Puskesmas Melati", "Sari"], &none), [true, false]);
        let named = Hints { file_name: "WhatsApp Chat dengan Sari.txt".into(), ..Hints::default() };
        assert_eq!(ours(&["Budi", "Sari"], &named), [true, false]);
        assert_eq!(ours(&["Sari", "Budi"], &none), [false, true]);
        assert_eq!(find(&["A", "B", "C"], &none), (vec![false; 3], Some(Note::NobodyOurs)));
        let known = Hints { own_names: vec!["Budi".into()], ..Hints::default() };
        assert_eq!(ours(&["A", "Budi", "C"], &known), [false, true, false]);
    }
}
