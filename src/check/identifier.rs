//! `identifier`: numbers that point at a person, by structure, checksum and label, never by digits alone.
//!
//! The same detectors mask whatever is shown, whichever rules run. Structures: facts on NIK, KK, NPWP, cards, accounts,
//! telephones and NIP from the population, tax and civil-service agencies' published formats.

use serde::Deserialize;

use super::{Check, Context, Findings};
use crate::facts::under_domain;
use crate::message::Field;
use crate::rule::Severity;
use crate::source::{floor_boundary, line_near};
use crate::span::TextSpan;
use crate::token::{Signs, TokenKind};

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

/// What a number can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Number {
    /// Nomor induk kependudukan.
    Nik,
    /// Nomor kartu keluarga.
    Kk,
    /// Nomor pokok wajib pajak.
    Npwp,
    /// A payment card.
    Card,
    /// A bank account.
    BankAccount,
    /// A mobile telephone.
    Phone,
    /// Nomor induk pegawai.
    Nip,
    /// Something else that a label names: a letter, a bill, a ticket.
    Other,
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

/// First two digits of a NIK: codes of provinces (Kepmendagri 300.2.2-2138/2025).
fn is_province(code: u32) -> bool {
    matches!(code, 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81..=82 | 91..=96)
}

/// Whether 16 digits have the structure of a NIK: region, date of birth (day + 40 for women), serial. For a KK the date
/// is that of recording.
fn is_nik(digits: &[u8]) -> bool {
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |n, d| n * 10 + u32::from(*d));
    if digits.len() != 16 {
        return false;
    }
    let (regency, district) = (number(2, 4), number(4, 6));
    let (day, month, serial) = (number(6, 8), number(8, 10), number(12, 16));
    let day = if day > 40 { day - 40 } else { day };
    is_province(number(0, 2))
        && (1..=79).contains(&regency)
        && district > 0
        && (1..=31).contains(&day)
        && (1..=12).contains(&month)
        && !(month == 2 && day > 29)
        && !(matches!(month, 4 | 6 | 9 | 11) && day > 30)
        && serial > 0
}

/// Luhn's check over the digits of a card, and a known first digit.
fn is_card(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let doubled = u32::from(*d) << (i % 2);
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    (13..=19).contains(&digits.len())
        && matches!(digits[0], 2..=6)
        && sum.is_multiple_of(10)
        && digits.iter().any(|d| *d != digits[0])
}

/// `YYYYMMDD`, start of service, sex, serial. PPPK have a code instead of a month.
fn is_nip(digits: &[u8]) -> bool {
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |n, d| n * 10 + u32::from(*d));
    digits.len() == 18
        && (1940..=2015).contains(&number(0, 4))
        && (1..=12).contains(&number(4, 6))
        && (1..=31).contains(&number(6, 8))
        && (1960..=2100).contains(&number(8, 12))
        && matches!(digits[14], 1 | 2)
}

/// A mobile number: 08…, 628… or +628…, 10 to 13 digits in its 08 form.
fn is_phone(digits: &[u8], plus: bool) -> bool {
    let local = if digits.starts_with(&[6, 2, 8]) { digits.len() - 1 } else { digits.len() };
    let begins = digits.starts_with(&[0, 8]) && !plus || digits.starts_with(&[6, 2, 8]);
    begins && (10..=13).contains(&local)
}

/// A run of digits with what people put between them.
#[derive(Debug)]
struct Candidate {
    span: TextSpan,
    digits: Vec<u8>,
    plus: bool,
    /// Whether it is written as 99.999.999.9-999.999.
    npwp_form: bool,
}

/// Runs of at least eight digits, with single blanks, dots or dashes between groups.
fn candidates(text: &str) -> Vec<Candidate> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        let mut end = start;
        let mut digits = Vec::new();
        let mut next = start;
        while let Some(byte) = bytes.get(next) {
            if byte.is_ascii_digit() {
                digits.push(byte - b'0');
                next += 1;
                end = next;
            } else if matches!(byte, b' ' | b'.' | b'-') && bytes.get(next + 1).is_some_and(u8::is_ascii_digit) {
                next += 1;
            } else {
                break;
            }
        }
        at = end;
        let glued = start > 0 && (bytes[start - 1].is_ascii_alphabetic() || bytes[start - 1] == b'/')
            || bytes.get(end).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/');
        // What is as long as a NIK is looked at even where it touches a letter; shorter numbers are then codes.
        if digits.len() < 8 || glued && digits.len() < 15 {
            continue;
        }
        let plus = start > 0 && bytes[start - 1] == b'+';
        let written = text.get(start..end).unwrap_or_default();
        let shape: Vec<usize> = written.split(['.', '-']).map(str::len).collect();
        let npwp_form = shape == [2, 3, 3, 1, 3, 3];
        let span = TextSpan::new(start - usize::from(plus)..end);
        all.push(Candidate { span, digits, plus, npwp_form });
    }
    all
}

/// The words before a number in which its label is sought: at most one line further up.
fn words_before(text: &str, span: TextSpan) -> String {
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
fn label_before(before: &str, own: Number, more: &[String]) -> Option<Number> {
    let known = LABELS.iter().filter_map(|(word, number)| Some((last_word(before, word)? + word.len(), *number)));
    let added = more.iter().filter_map(|word| Some((last_word(before, &word.to_lowercase())? + word.len(), own)));
    known.chain(added).max_by_key(|(end, _)| *end).map(|(_, number)| number)
}

/// How sure it is that a candidate is the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    Labelled,
    Bare,
}

impl Candidate {
    fn evidence(&self, number: Number, label: Option<Number>) -> Option<Evidence> {
        let digits = &self.digits;
        let labelled = label == Some(number);
        let fits = match number {
            Number::Nik => is_nik(digits),
            Number::Kk => labelled && is_nik(digits),
            Number::Npwp => self.npwp_form || labelled && matches!(digits.len(), 15 | 16),
            Number::Card => is_card(digits) && (labelled || !is_nik(digits)),
            Number::BankAccount => labelled && (10..=16).contains(&digits.len()) && !is_nik(digits),
            Number::Phone => is_phone(digits, self.plus),
            Number::Nip => is_nip(digits),
            Number::Other => false,
        };
        let named_otherwise = label.is_some_and(|label| label != number);
        // A mobile number is one by its form, whatever word stands before it; only bills and tickets differ.
        let mistaken = match number {
            Number::Phone => matches!(label, Some(Number::Other | Number::BankAccount)),
            _ => named_otherwise && !self.npwp_form,
        };
        match (fits, labelled) {
            (false, _) => None,
            _ if mistaken => None,
            (true, true) => Some(Evidence::Labelled),
            (true, false) => Some(Evidence::Bare),
        }
    }
}

impl Check for Identifier {
    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        for field in context.fields() {
            if field.signs & DIGITS == 0 || !has_eight_digits(&field.text) {
                continue;
            }
            for candidate in candidates(&field.text) {
                self.judge_one(context, field, &candidate, findings);
            }
        }
    }
}

impl Identifier {
    fn judge_one(
        &self,
        context: &Context<'_, '_>,
        field: &Field<'_>,
        found: &Candidate,
        findings: &mut Findings<'_, '_>,
    ) {
        let text: &str = &field.text;
        if !context.reads(field, found.span.start) || context.facts.is_contact(found.span.of(text)) {
            return;
        }
        let label = label_before(&words_before(text, found.span), self.identifier, &self.labels);
        let Some(evidence) = found.evidence(self.identifier, label) else { return };
        let bare_alone = matches!(self.identifier, Number::Card | Number::Phone | Number::Nip);
        let grade = match evidence {
            Evidence::Labelled => None,
            Evidence::Bare if bare_alone => self.bare,
            Evidence::Bare if self.bare.is_some() => self.bare,
            Evidence::Bare => return,
        };
        if !self.is_excused(text, found.span) && !self.is_of_office(field, found.span) {
            findings.add_graded(field, found.span, grade);
        }
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
        let to = floor_boundary(text, (line.end as usize).min(span.end as usize + REACH)).max(span.end as usize);
        let line = text.get(from..to).unwrap_or_default().to_lowercase();
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

fn has_eight_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).take(8).count() == 8
}

/// Words before a secret, and the marks between the two.
const SECRETS: &[&str] = &["password", "kata sandi", "sandi", "pin", "otp", "kode otp", "pass", "passwd"];

/// Every stretch of `text` that must not be shown: numbers that have the structure of an identifier, or a label of one, and
/// secrets with their label.
pub(crate) fn identifiers_in(text: &str) -> Vec<TextSpan> {
    let mut all = Vec::new();
    if has_eight_digits(text) {
        for candidate in candidates(text) {
            let label = label_before(&words_before(text, candidate.span), Number::Other, &[]);
            let known = [Number::Nik, Number::Npwp, Number::Card, Number::Phone, Number::Nip, Number::BankAccount];
            let by_structure = known.iter().any(|number| candidate.evidence(*number, None).is_some());
            let by_label = label.is_some_and(|label| candidate.evidence(label, Some(label)).is_some());
            if by_structure || by_label {
                all.push(candidate.span);
            }
        }
    }
    all.extend(secrets(text));
    all.sort_unstable();
    all
}

/// Values after `password:`, `PIN =` and the like.
fn secrets(text: &str) -> Vec<TextSpan> {
    if memchr::memchr2(b':', b'=', text.as_bytes()).is_none() {
        return Vec::new();
    }
    let lower = text.to_ascii_lowercase();
    let mut all = Vec::new();
    for word in SECRETS {
        let mut reached = 0;
        for (at, _) in lower.match_indices(word) {
            let before = at.checked_sub(1).and_then(|i| lower.as_bytes().get(i));
            let rest = text.get(at + word.len()..).unwrap_or_default();
            let marks = rest.len() - rest.trim_start_matches([' ', '*', '_', ':', '=']).len();
            let separated = rest.get(..marks).is_some_and(|gap| gap.contains([':', '=']));
            // What stands within a value is hidden with it, and a word of nothing but secrets is read once.
            if at < reached || !separated || before.is_some_and(u8::is_ascii_alphabetic) {
                continue;
            }
            let value = rest.get(marks..).unwrap_or_default().split(char::is_whitespace).next().unwrap_or_default();
            let value = value.trim_end_matches([',', '.', ';', ')', '*', '_']);
            if !value.is_empty() {
                let start = at + word.len() + marks;
                reached = start + value.len();
                all.push(TextSpan::new(start..reached));
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

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect()
    }

    #[test]
    fn knows_the_structure_of_a_nik() {
        for good in ["3273014107900001", "1101010101010001", "9601017112990012"] {
            assert!(is_nik(&digits(good)), "{good}");
        }
        for bad in ["3773014107900001", "3273013207900001", "3273014113900001", "3273014107900000", "3273003002900001"]
        {
            assert!(!is_nik(&digits(bad)), "{bad}");
        }
    }

    #[test]
    fn knows_cards_phones_and_nip() {
        assert!(is_card(&digits("4111 1111 1111 1111")));
        assert!(!is_card(&digits("4111 1111 1111 1112")));
        assert!(is_phone(&digits("081234567890"), false));
        assert!(is_phone(&digits("6281234567890"), true));
        assert!(!is_phone(&digits("0211234567"), false));
        assert!(is_nip(&digits("197001011995031001")));
        assert!(is_nip(&digits("199009132025242014")));
    }

    #[test]
    fn masks_what_is_labelled_or_structured() {
        let text = "NIK 3273014107900001, nomor surat 4008/12/2025, PIN: 123456, rek BCA 1234567890";
        let found: Vec<&str> = identifiers_in(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["3273014107900001", "123456", "1234567890"]);
    }
}
