//! `identifier`: numbers that point at a person, by structure, checksum and label, never by digits alone.
//!
//! The same detectors mask whatever is shown, whichever rules run (`secret`).

use serde::Deserialize;

use super::digits::{Written, has_number, runs};
use super::structure::Number;
use super::{Check, Context, Findings};
use crate::facts::under_domain;
use crate::message::Field;
use crate::rule::Severity;
use crate::source::{floor_boundary, line_near};
use crate::span::TextSpan;
use crate::token::{BEYOND_ASCII, Signs, TokenKind};

/// The options of the kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifier {
    /// What number is found.
    identifier: Number,
    /// Words that name it, besides the usual ones.
    #[serde(default)]
    labels: Vec<String>,
    /// Words that excuse it in its line.
    #[serde(default)]
    unless: Vec<String>,
    /// Severity of a number that has the structure but no label.
    bare: Option<Severity>,
    /// Domains at which persons have their mail. Where they are given, a number is an office's that stands in a line with, or
    /// next to, a site or an address elsewhere.
    #[serde(default)]
    personal_mail: Vec<String>,
}

/// Words that say what the number after them is; the nearest one counts.
const LABELS: &[(&str, Number)] = &[
    ("nik", Number::Nik),
    ("nomor induk kependudukan", Number::Nik),
    ("no ktp", Number::Nik),
    ("no. ktp", Number::Nik),
    ("nomor ktp", Number::Nik),
    ("ktp", Number::Nik),
    ("kk", Number::Kk),
    ("nkk", Number::Kk),
    ("kartu keluarga", Number::Kk),
    ("npwp", Number::Npwp),
    ("wajib pajak", Number::Npwp),
    ("kartu kredit", Number::Card),
    ("kartu debit", Number::Card),
    ("nomor kartu", Number::Card),
    ("no. kartu", Number::Card),
    ("rekening", Number::BankAccount),
    ("norek", Number::BankAccount),
    ("no. rek", Number::BankAccount),
    ("no rek", Number::BankAccount),
    ("rek", Number::BankAccount),
    ("bca", Number::BankAccount),
    ("bni", Number::BankAccount),
    ("bri", Number::BankAccount),
    ("btn", Number::BankAccount),
    ("bsi", Number::BankAccount),
    ("mandiri", Number::BankAccount),
    ("nip", Number::Nip),
    ("telepon", Number::Phone),
    ("telp", Number::Phone),
    ("hp", Number::Phone),
    ("wa", Number::Phone),
    ("whatsapp", Number::Phone),
    ("bpjs", Number::Document),
    ("jkn", Number::Document),
    ("kis", Number::Document),
    ("sim", Number::Document),
    ("paspor", Number::Document),
    ("billing", Number::Other),
    ("kode bayar", Number::Other),
    ("virtual account", Number::Other),
    ("va", Number::Other),
    ("nib", Number::Other),
    ("nop", Number::Other),
    ("resi", Number::Other),
    ("tiket", Number::Other),
    ("invoice", Number::Other),
    ("nomor surat", Number::Other),
    ("nomor register", Number::Other),
    ("registrasi", Number::Other),
    ("nisn", Number::Other),
    ("npsn", Number::Other),
    ("imei", Number::Other),
];

/// How far before a number its label is sought, in bytes.
const LABEL_REACH: usize = 60;

/// The words before a number in which its label is sought: at most one line further up.
pub(super) fn words_before(text: &str, span: TextSpan) -> String {
    let start = span.start as usize;
    let from = floor_boundary(text, start.saturating_sub(LABEL_REACH));
    let before = text.get(from..start).unwrap_or_default();
    let mut breaks = before.rmatch_indices('\n').map(|(at, _)| at).skip(1);
    let before = breaks.next().map_or(before, |at| before.get(at..).unwrap_or_default());
    before.to_lowercase()
}

/// The offset in `haystack` of the last occurrence of `word` that is no part of a longer word.
fn last_word(haystack: &str, word: &str) -> Option<usize> {
    let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let (bytes, word) = (haystack.as_bytes(), word.as_bytes());
    // The haystack is short and words are many, so that a searcher for each would be most of the work.
    memchr::memrchr_iter(*word.first()?, bytes).find(|at| {
        let before = at.checked_sub(1).and_then(|i| bytes.get(i));
        bytes.get(*at..).is_some_and(|rest| rest.starts_with(word))
            && !letter(before)
            && !letter(bytes.get(at + word.len()))
    })
}

/// What the nearest label before a number says it is.
pub(super) fn label_before(before: &str, own: Number, more: &[String]) -> Option<Number> {
    let known = LABELS.iter().filter_map(|(word, number)| Some((last_word(before, word)? + word.len(), *number)));
    let added = more.iter().filter_map(|word| Some((last_word(before, &word.to_lowercase())? + word.len(), own)));
    known.chain(added).max_by_key(|(end, _)| *end).map(|(_, number)| number)
}

/// How sure it is that a number is what it is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    Labelled,
    Bare,
}

/// How sure it is that what is written is the number, with this label before it.
fn evidence(number: Number, written: &Written<'_>, plus: bool, label: Option<Number>) -> Option<Evidence> {
    if label == Some(number) {
        return number.fits(written, plus).then_some(Evidence::Labelled);
    }
    let mistaken = match number {
        // A mobile number is one by its form, whatever word stands before it; only bills and accounts differ.
        Number::Phone => matches!(label, Some(Number::Other | Number::BankAccount)),
        // Nothing else is written in its way.
        Number::Npwp => false,
        // The number on a health insurance's card may be its bearer's.
        Number::Nik => label.is_some_and(|label| label != Number::Document),
        _ => label.is_some(),
    };
    (!mistaken && number.shows(written, plus)).then_some(Evidence::Bare)
}

impl Check for Identifier {
    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        for field in context.fields() {
            if field.signs & (DIGITS | BEYOND_ASCII) == 0 || !has_number(&field.text) {
                continue;
            }
            for run in runs(&field.text) {
                // Many readings of a run begin at one place, and have one label.
                let mut label = None;
                run.numbers(|written| self.judge_one(context, field, &written, &mut label, findings));
            }
        }
    }
}

/// A place, and the label before it.
type LabelAt = Option<(u32, Option<Number>)>;

impl Identifier {
    /// Whether what is written is the number; it is told if nothing excuses it.
    fn judge_one(
        &self,
        context: &Context<'_, '_>,
        field: &Field<'_>,
        written: &Written<'_>,
        known: &mut LabelAt,
        findings: &mut Findings<'_, '_>,
    ) -> bool {
        let text: &str = &field.text;
        let digits = written.span();
        let plus = has_plus(text, digits);
        if !self.identifier.fits(written, plus) {
            return false;
        }
        let label = match *known {
            Some((start, label)) if start == digits.start => label,
            _ => label_before(&words_before(text, digits), self.identifier, &self.labels),
        };
        *known = Some((digits.start, label));
        let Some(evidence) = evidence(self.identifier, written, plus, label) else { return false };
        if is_glued(text, digits, written.digits.len(), self.identifier) {
            return false;
        }
        let span = TextSpan { start: digits.start - u32::from(plus), ..digits };
        if !self.tells(evidence) {
            return true;
        }
        let is_free = context.reads(field, span.start) && !context.facts.is_contact(span.of(text));
        if is_free && !self.is_excused(text, span) && !self.is_of_office(field, span) {
            findings.add_graded(field, span, if evidence == Evidence::Bare { self.bare } else { None });
        }
        true
    }

    /// Whether a number is told: without a label only one that shows what it is, or where the rule says how grave it is then.
    fn tells(&self, evidence: Evidence) -> bool {
        let shows_by_itself = matches!(self.identifier, Number::Card | Number::Phone | Number::Nip);
        evidence == Evidence::Labelled || shows_by_itself || self.bare.is_some()
    }

    /// Whether the lines around the number tell an office's site or address, as a letterhead does.
    fn is_of_office(&self, field: &Field<'_>, span: TextSpan) -> bool {
        /// How many lines are read above and below, empty ones among them.
        const LINES: usize = 2;
        /// How far each is read, so that many numbers in one endless line stay cheap.
        const REACH: usize = 500;
        if self.personal_mail.is_empty() {
            return false;
        }
        let line = |at: u32| line_near(&field.text, at as usize, REACH);
        let mut around = line(span.start);
        for _ in 0..LINES {
            around.start = line(around.start.saturating_sub(1)).start;
            around.end = line(around.end + 1).end;
        }
        field.tokens_in(around).iter().any(|token| match token.kind {
            TokenKind::Link => is_site(token.of(&field.text)),
            TokenKind::Mail => token
                .of(&field.text)
                .rsplit_once('@')
                .is_some_and(|(_, domain)| !self.personal_mail.iter().any(|own| under_domain(domain, own))),
            _ => false,
        })
    }

    fn is_excused(&self, text: &str, span: TextSpan) -> bool {
        /// How far a line is read to both sides, so that one endless line stays cheap.
        const REACH: usize = 200;
        let mut line = line_near(text, span.start as usize, REACH);
        line.end = line_near(text, span.end as usize, REACH).end;
        let opens = TextSpan { start: line.start, end: span.start }.of(text).chars().all(|c| !c.is_alphanumeric());
        if opens && line.start > 0 {
            // A number that opens its line was broken off from the words before it.
            line.start = line_near(text, line.start as usize - 1, REACH).start;
        }
        let from = floor_boundary(text, (line.start as usize).max((span.start as usize).saturating_sub(REACH)));
        let line = text.get(from..line.end as usize).unwrap_or_default().to_lowercase();
        self.unless.iter().any(|word| last_word(&line, &word.to_lowercase()).is_some())
    }
}

/// Whether a link leads to a site; names of files look like links, too.
fn is_site(link: &str) -> bool {
    link.starts_with("www.")
        || link.contains("://")
        || [".id", ".com", ".net", ".org"].iter().any(|end| link.ends_with(end))
}

/// The ten digits.
const DIGITS: Signs = 0x3ff << b'0';

/// Whether a plus sign stands before a number.
pub(super) fn has_plus(text: &str, digits: TextSpan) -> bool {
    text.get(..digits.start as usize).is_some_and(|before| before.ends_with('+'))
}

/// Whether a number of so many digits is part of a longer word, as codes and the numbers of letters are. What is as long as a NIK
/// is looked at even where it touches a letter.
fn is_glued(text: &str, digits: TextSpan, count: usize, number: Number) -> bool {
    /// How many digits behind a slash are a number by themselves.
    const NEXT: usize = 8;
    let before = text.get(..digits.start as usize).unwrap_or_default();
    let after = text.get(digits.end as usize..).unwrap_or_default();
    let word = before.len() - before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let word = before.get(before.len() - word..).unwrap_or_default();
    let named = LABELS.iter().any(|(label, of)| *of == number && label.eq_ignore_ascii_case(word));
    let behind = match after.strip_prefix('/') {
        Some(rest) => {
            let next = rest.chars().take_while(char::is_ascii_digit).take(NEXT).count();
            next < NEXT && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        }
        None => after.starts_with(|c: char| c.is_ascii_alphabetic()),
    };
    count < 15 && (!word.is_empty() && !named || before.ends_with('/') || behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_label_counts() {
        let own = ["Kode Warga".to_owned()];
        assert_eq!(label_before("nik saya, rekening bri", Number::Card, &[]), Some(Number::BankAccount));
        assert_eq!(label_before("rekening bri, nik", Number::Card, &[]), Some(Number::Nik));
        // It is the end that is near, not the start: a long label may begin before a short one.
        assert_eq!(label_before("kode warga nik", Number::Card, &own), Some(Number::Nik));
        assert_eq!(label_before("nik, kode warga", Number::Card, &own), Some(Number::Card));
        assert_eq!(label_before("no. kode warga nik", Number::Card, &own), Some(Number::Nik));
        assert_eq!(label_before("teknik", Number::Card, &[]), None);
    }

    #[test]
    fn sites_are_told_from_names_of_files() {
        for site in ["www.contoh.example", "https://contoh.example", "dinas.go.id", "contoh.com"] {
            assert!(is_site(site), "{site}");
        }
        assert!(!is_site("surat.pdf"));
    }

    #[test]
    fn labels_tell_what_a_number_is_and_what_it_is_not() {
        use Evidence::{Bare, Labelled};
        for (number, text, label, sure) in [
            (Number::Nik, "3273014107900001", None, Some(Bare)),
            (Number::Nik, "3273014107900001", Some(Number::Nik), Some(Labelled)),
            (Number::Nik, "3273014107900001", Some(Number::Document), Some(Bare)),
            (Number::Nik, "3273014107900001", Some(Number::Kk), None),
            (Number::Nik, "3245014107900001", Some(Number::Nik), Some(Labelled)),
            (Number::Nik, "3245014107900001", None, None),
            (Number::Npwp, "01.234.567.8-901.234", Some(Number::Other), Some(Bare)),
            (Number::Npwp, "012345678901234", Some(Number::Npwp), Some(Labelled)),
            (Number::Phone, "081234567890", Some(Number::Nik), Some(Bare)),
            (Number::Phone, "081234567890", Some(Number::Phone), Some(Labelled)),
            (Number::Phone, "081234567890", Some(Number::BankAccount), None),
            (Number::Phone, "081234567890", Some(Number::Other), None),
            (Number::Card, "4111 1111 1111 1111", Some(Number::Other), None),
            (Number::Card, "4111 1111 1111 1111", None, Some(Bare)),
            (Number::BankAccount, "034501002345678", None, None),
        ] {
            let runs = runs(text);
            let written = runs[0].all_readings().next().unwrap();
            assert_eq!(evidence(number, &written, false, label), sure, "{number:?} {text} {label:?}");
        }
    }

    #[test]
    fn a_number_without_a_label_is_told_where_it_shows_what_it_is() {
        for (options, tells) in [
            ("identifier = 'nik'", false),
            ("identifier = 'nik'\nbare = 'warning'", true),
            ("identifier = 'card'", true),
        ] {
            let rule: Identifier = toml::from_str(options).unwrap();
            assert!(rule.tells(Evidence::Labelled), "{options}");
            assert_eq!(rule.tells(Evidence::Bare), tells, "{options}");
        }
    }

    #[test]
    fn what_touches_letters_or_a_slash_is_part_of_a_word() {
        for (text, number, glued) in [
            ("081234567890", Number::Phone, false),
            ("A081234567890", Number::Phone, true),
            ("081234567890B", Number::Phone, true),
            ("wa081234567890", Number::Phone, false),
            ("WA081234567890", Number::Phone, false),
            ("bri081234567890", Number::Phone, true),
            ("bri081234567890", Number::BankAccount, false),
            ("005/081234567890", Number::Phone, true),
            ("081234567890/IX", Number::Phone, true),
            ("081234567890/2025", Number::Phone, true),
            ("081234567890/1234567", Number::Phone, true),
            ("081234567890/081234567891", Number::Phone, false),
            ("081234567890/12345678", Number::Phone, false),
            ("081234567890/ kantor", Number::Phone, false),
            ("A012345678901234", Number::Npwp, false),
            ("A01234567890123", Number::BankAccount, true),
        ] {
            let runs = runs(text);
            let written = runs[0].all_readings().next().unwrap();
            assert_eq!(is_glued(text, written.span(), written.digits.len(), number), glued, "{text} as {number:?}");
        }
    }

    #[test]
    fn what_excuses_a_number_stands_in_its_line_and_near() {
        let rule: Identifier = toml::from_str("identifier = \"nik\"\nunless = [\"contoh\"]").unwrap();
        let excused = |text: &str| {
            let start = text.find('3').unwrap();
            rule.is_excused(text, TextSpan::new(start..start + 16))
        };
        let far = "x ".repeat(101);
        let near = "x ".repeat(95);
        for (text, is) in [
            ("Contoh NIK 3273014107900001".to_owned(), true),
            ("NIK 3273014107900001 (contoh)".to_owned(), true),
            ("Contohnya NIK 3273014107900001".to_owned(), false),
            ("Contoh:\nNIK 3273014107900001".to_owned(), false),
            ("Contoh NIK\n3273014107900001".to_owned(), true),
            ("NIK 3273014107900001\ncontoh".to_owned(), false),
            (format!("contoh {near}3273014107900001"), true),
            (format!("contoh {far}3273014107900001"), false),
            (format!("3273014107900001 {near}contoh"), true),
            (format!("3273014107900001 {far}contoh"), false),
        ] {
            assert_eq!(excused(&text), is, "{text}");
        }
    }
}
