//! What must not be shown of a text, whichever rules run: numbers that point at a person, and passwords.

use super::digits::{Written, has_digits, has_number, runs};
use super::identifier::{has_plus, label_before, words_before};
use super::structure::{Number, is_even};
use crate::source::floor_boundary;
use crate::span::TextSpan;

/// Words before a secret, and the marks between the two.
const SECRETS: &[&str] = &["password", "kata sandi", "sandi", "pin", "otp", "kode otp", "pass", "passwd"];

/// How few digits the number of a passport has.
const PASSPORT: usize = 6;

/// What stands in every verb of [`value_after`], in either case.
const SAID: &[&str] = &["alah", "ALAH", "yaitu", "YAITU", "Yaitu", "yakni", "YAKNI", "Yakni"];

/// Every stretch of `text` that must not be shown: numbers that have the structure of an identifier, or a label of one, and
/// secrets with their label. More is hidden than rules find, since to hide too much does no harm.
pub(crate) fn identifiers_in(text: &str) -> Vec<TextSpan> {
    let mut all = Vec::new();
    if has_number(text) {
        for run in runs(text) {
            // Where numbers stand side by side, nobody can tell for sure where one ends.
            all.extend(run.all_readings().filter(|written| is_hidden(text, written)).map(|written| written.span()));
        }
    }
    all.extend(secrets(text));
    if has_digits(text, PASSPORT) {
        all.extend(passports(text));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Every number in a name that stands by itself, without words that would tell what it is.
pub(crate) fn numbers_in(name: &str) -> Vec<TextSpan> {
    let mut all = identifiers_in(name);
    for run in runs(name) {
        all.extend(run.all_readings().map(|written| written.span()));
    }
    all.sort_unstable();
    all
}

fn is_hidden(text: &str, written: &Written<'_>) -> bool {
    /// What is as long is the number of somebody more often than of something, and nobody misses it where it is shown.
    const LONG: usize = 13;
    let plus = has_plus(text, written.span());
    written.digits.len() >= LONG && is_even(written) && written.shape().all(|length| length >= 3)
        || Number::Npwp.shows(written, plus)
        || [Number::Nik, Number::Card, Number::Phone, Number::Nip].iter().any(|number| number.fits(written, plus))
        || is_labelled(text, written)
}

/// Whether a label of a person's number stands before it. Telephones of offices have labels, too, and no structure of their own.
fn is_labelled(text: &str, written: &Written<'_>) -> bool {
    let label = label_before(&words_before(text, written.span()), Number::Other, &[]);
    is_even(written) && label.is_some_and(|label| !matches!(label, Number::Other | Number::Phone))
}

/// Values after `password:`, `PIN =`, `kata sandinya adalah` and the like.
fn secrets(text: &str) -> Vec<TextSpan> {
    // Most of what is shown says of nothing what it is.
    let says = |word: &&str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if memchr::memchr2(b':', b'=', text.as_bytes()).is_none() && !SAID.iter().any(says) {
        return Vec::new();
    }
    let lower = text.to_ascii_lowercase();
    let mut all = Vec::new();
    for word in SECRETS {
        let mut reached = 0;
        for (at, _) in lower.match_indices(word) {
            let begins = !at.checked_sub(1).and_then(|i| lower.as_bytes().get(i)).is_some_and(u8::is_ascii_alphabetic);
            // What stands within a value is hidden with it, and a word of nothing but secrets is read once.
            if at < reached || !begins {
                continue;
            }
            let Some(start) = value_after(&lower, at + word.len()) else { continue };
            let value = text.get(start..).unwrap_or_default().split(char::is_whitespace).next().unwrap_or_default();
            let value = value.trim_end_matches([',', '.', ';', ')', '*', '_']);
            if !value.is_empty() {
                reached = start + value.len();
                all.push(TextSpan::new(start..reached));
            }
        }
    }
    all
}

/// Where the value begins that a word before `at` names, if a sign or a verb says that it does.
fn value_after(lower: &str, at: usize) -> Option<usize> {
    const WHOSE: &[&str] = &["nya", "anda", "saya", "bapak", "ibu", "akun"];
    const IS: &[&str] = &["adalah", "ialah", "yaitu", "yakni"];
    let mut rest = lower.get(at..)?;
    let mut said = false;
    loop {
        let marks = rest.len() - rest.trim_start_matches([' ', '*', '_', ':', '=']).len();
        let (gap, after) = rest.split_at(marks);
        said |= gap.contains([':', '=']);
        rest = after;
        let word = |words: &[&str]| words.iter().find(|word| begins_with_word(after, word)).map(|word| word.len());
        match (word(IS), word(WHOSE)) {
            (Some(length), _) if !said => {
                said = true;
                rest = after.get(length..)?;
            }
            (None, Some(length)) if !said => rest = after.get(length..)?,
            _ => return said.then(|| lower.len() - rest.len()),
        }
    }
}

fn begins_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// Numbers of passports, which have letters: `A1234567`, near the word.
fn passports(text: &str) -> Vec<TextSpan> {
    /// How far behind the word the number stands at most, in bytes.
    const REACH: usize = 40;
    let lower = text.to_ascii_lowercase();
    let mut all = Vec::new();
    for word in ["paspor", "passport"] {
        for (at, _) in lower.match_indices(word) {
            let from = at + word.len();
            let near = text.get(from..floor_boundary(text, from + REACH)).unwrap_or_default();
            let line = near.split('\n').next().unwrap_or_default();
            let mut start = from;
            for piece in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
                let token = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                let digits = token.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                let letters = token.len() - digits.len();
                if (1..=2).contains(&letters)
                    && (PASSPORT..=PASSPORT + 1).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
                {
                    all.push(TextSpan::new(start..start + token.len()));
                }
                start += piece.len();
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_within_a_secret_is_not_read_again() {
        assert_eq!(secrets("otp=pin=otp=1 pin: 2"), [8..13, 19..20, 4..13].map(TextSpan::new));
        assert_eq!(secrets(&"pin=".repeat(1000)).len(), 1);
    }

    #[test]
    fn days_and_hours_are_shown() {
        for text in ["12.08.2025 08.00-10.00", "Senin, 12-08-2025 13.30 s.d. 15.30", "1.1.02.01.01.0024.001"] {
            assert_eq!(hidden_of(text), Vec::<&str>::new(), "{text}");
        }
    }

    /// The stretches that are hidden, each as a whole.
    fn hidden_of(text: &str) -> Vec<&str> {
        let mut whole: Vec<TextSpan> = Vec::new();
        for span in identifiers_in(text) {
            match whole.last_mut().filter(|last| span.start <= last.end) {
                Some(last) => last.end = last.end.max(span.end),
                None => whole.push(span),
            }
        }
        whole.into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn masks_what_is_labelled_or_structured() {
        let text = "NIK 3273014107900001, nomor surat 4008/12/2025, PIN: 123456, rek BCA 1234567890";
        let found: Vec<&str> = identifiers_in(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["3273014107900001", "123456", "1234567890"]);
    }

    #[test]
    fn masks_what_rules_would_not_find() {
        for (text, hidden) in [
            ("https://wa.me/6281234567890", "6281234567890"),
            ("Kata sandinya adalah Rahasia123!", "Rahasia123!"),
            ("password akun anda: Rahasia123.", "Rahasia123"),
            ("Sandi: ibu kota", "ibu"),
            ("Sandi: adalah benar", "adalah"),
            ("Sandinya adalah ialah benar", "ialah"),
            ("No. paspor: C1234567 a.n. Budi", "C1234567"),
            ("NIK 1234567890123456", "1234567890123456"),
            ("Kode 7234567890123, baris 2", "7234567890123"),
            ("Data: 01.234.567.8-901.234", "01.234.567.8-901.234"),
            ("BPJS 0001234567890", "0001234567890"),
            ("３２７３０１４１０７９００００１", "３２７３０１４１０７９００００１"),
            ("3\u{fe0f}\u{20e3}27301\u{200b}4107\u{ad}900001", "3\u{fe0f}\u{20e3}27301\u{200b}4107\u{ad}900001"),
            ("NIK 3273 0141\n0790 0001 benar", "3273 0141\n0790 0001"),
            ("3273014107900001, 3273014107900002", "3273014107900001|3273014107900002"),
            ("3678-0112-0790-0003\n3678 0112 0790 0003", "3678-0112-0790-0003\n3678 0112 0790 0003"),
        ] {
            assert_eq!(hidden_of(text).join("|"), hidden, "{text}");
        }
        for text in [
            "Rapat 08.12.2025 10.30 WIB",
            "Jadwal 12.08.2025 08.00-10.00",
            "PIN akan dikirim",
            "Telepon (021) 5201234",
            "Paspor lama, dan juga salinan dari surat pengantar A1234567",
        ] {
            assert_eq!(identifiers_in(text), [], "{text}");
        }
    }
}
