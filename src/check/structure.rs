//! What numbers that point at a person look like: structure and checksum.
//!
//! Sources: the published formats of the population, tax and civil-service agencies, and of card issuers.

use serde::Deserialize;

use super::digits::{Gap, Written};

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
    /// A document that only a label tells: BPJS, SIM, a passport.
    Document,
    /// Something else that a label names: a letter, a bill, a ticket.
    Other,
}

impl Number {
    /// Whether the number may be one of the kind where a label says so.
    pub(super) fn fits(self, number: &Written<'_>, plus: bool) -> bool {
        let digits = number.digits;
        let fits = match self {
            Self::Nik | Self::Kk => is_nik(digits),
            Self::Npwp => matches!(digits.len(), 15 | 16 | 22),
            Self::Card => is_card(digits),
            Self::BankAccount => {
                // Codes of budgets are "rekening", too: 5.1.02.01.01.0024.
                let begins = number.shape().next().is_some_and(|first| first >= 3);
                let blank = number.gaps().any(|gap| gap == Gap::Blank);
                (10..=16).contains(&digits.len()) && begins && (!blank || number.shape().all(|length| length >= 3))
            }
            Self::Phone => return is_phone(digits, plus) && is_dialled(number),
            Self::Nip => is_nip(digits),
            Self::Document | Self::Other => false,
        };
        fits && is_even(number)
    }

    /// Whether the number is one of the kind by its structure, and grouped as people group such numbers.
    pub(super) fn shows(self, number: &Written<'_>, plus: bool) -> bool {
        let digits = number.digits;
        let grouped = |least: usize| number.shape().all(|length| length >= least);
        let shaped = |shapes: &[&[usize]]| shapes.iter().any(|shape| number.shape().eq(shape.iter().copied()));
        self.fits(number, plus)
            && match self {
                Self::Nik => is_likely(digits) && (grouped(4) || shaped(&[&[2, 2, 2, 6, 4], &[2, 2, 2, 2, 2, 2, 4]])),
                Self::Npwp => shaped(&[&[2, 3, 3, 1, 3, 3]]),
                Self::Card => !is_nik(digits) && grouped(3) && number.shape().next().is_some_and(|first| first >= 4),
                Self::Phone => true,
                Self::Nip => shaped(&[&[18], &[8, 6, 1, 3]]),
                Self::Kk | Self::BankAccount | Self::Document | Self::Other => false,
            }
    }
}

/// Whether the groups are parted all in one way, as one number is and a date with a time is not. A line may end once within.
pub(super) fn is_even(number: &Written<'_>) -> bool {
    let breaks = number.gaps().filter(|gap| *gap == Gap::Break).count();
    let mut others = number.gaps().filter(|gap| *gap != Gap::Break);
    let first = others.next();
    let even = others.all(|gap| Some(gap) == first);
    even && (breaks == 0 || breaks == 1 && number.shape().all(|length| length >= 3)) || is_npwp_form(number)
}

/// 99.999.999.9-999.999, the only number that is parted in two ways.
fn is_npwp_form(number: &Written<'_>) -> bool {
    use Gap::{Dash, Stop};
    number.shape().eq([2, 3, 3, 1, 3, 3]) && number.gaps().eq([Stop, Stop, Stop, Dash, Stop])
}

fn value(digits: &[u8], from: usize, to: usize) -> u32 {
    digits.get(from..to).unwrap_or_default().iter().fold(0, |n, digit| n * 10 + u32::from(*digit))
}

/// First two digits of a NIK: codes of provinces (Kepmendagri 300.2.2-2138/2025).
fn is_province(code: u32) -> bool {
    matches!(code, 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81..=82 | 91..=96)
}

/// Whether 16 digits have the structure of a NIK: province, regency or city, district, date of birth (day + 40 for women),
/// serial. For a KK the date is that of recording.
pub(super) fn is_nik(digits: &[u8]) -> bool {
    let (day, month, year) = (value(digits, 6, 8), value(digits, 8, 10), value(digits, 10, 12));
    let day = if day > 40 { day - 40 } else { day };
    // Whoever is born on the 29th of February is born in a leap year; of 1900 and 2000 the latter is the one that lives.
    let days = match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    digits.len() == 16
        && is_province(value(digits, 0, 2))
        && matches!(value(digits, 2, 4), 1..=69 | 71..=99)
        && value(digits, 4, 6) > 0
        && (1..=days).contains(&day)
        && value(digits, 12, 16) > 0
}

/// Whether the regency is one that there is: no province has more than 30 of them, nor more than nine cities.
fn is_likely(digits: &[u8]) -> bool {
    matches!(value(digits, 2, 4), 1..=30 | 71..=79)
}

/// Luhn's check over the digits of a card, and the first digits of an issuer.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            let doubled = u32::from(*digit) << (i % 2);
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    let issued = match digits.len() {
        13 => matches!(value(digits, 0, 1), 4),
        14 => matches!(value(digits, 0, 2), 30 | 36 | 38 | 39),
        15 => matches!(value(digits, 0, 2), 34 | 37),
        // Visa, Mastercard, JCB, UnionPay and those that the national gateway shares with it, Discover
        16 => {
            matches!(value(digits, 0, 4), 4000..=4999 | 5100..=5599 | 2221..=2720 | 3528..=3589 | 6200..=6299 | 6011 | 6440..=6599)
        }
        17 | 18 => matches!(value(digits, 0, 2), 62),
        19 => matches!(value(digits, 0, 4), 4000..=4999 | 6200..=6299 | 6011 | 6440..=6599),
        _ => false,
    };
    issued && sum.is_multiple_of(10)
}

/// `YYYYMMDD`, start of service, sex, serial. PPPK have a code instead of a month.
pub(super) fn is_nip(digits: &[u8]) -> bool {
    digits.len() == 18
        && (1940..=2015).contains(&value(digits, 0, 4))
        && (1..=12).contains(&value(digits, 4, 6))
        && (1..=31).contains(&value(digits, 6, 8))
        && (1960..=2100).contains(&value(digits, 8, 12))
        && matches!(digits.get(14), Some(1 | 2))
}

/// A mobile number: 08…, 628… or +628…, 10 to 13 digits in its 08 form.
pub(super) fn is_phone(digits: &[u8], plus: bool) -> bool {
    let abroad = digits.starts_with(&[6, 2, 8]);
    let local = if abroad { digits.len() - 1 } else { digits.len() };
    (abroad || digits.starts_with(&[0, 8]) && !plus) && (10..=13).contains(&local)
}

/// Whether the groups are those of a number to dial, and not of a date: 08.12.2025 10.30 has the digits of one.
fn is_dialled(number: &Written<'_>) -> bool {
    let shape: Vec<usize> = number.shape().collect();
    let begins = match shape.as_slice() {
        [_] => true,
        [first, rest @ ..] if number.digits.starts_with(&[0]) => *first >= 3 && rest.iter().all(|length| *length >= 2),
        [2, second, rest @ ..] => *second >= 2 && rest.iter().all(|length| *length >= 2),
        [first, rest @ ..] => *first >= 4 && rest.iter().all(|length| *length >= 2),
        [] => false,
    };
    let stops = number.gaps().filter(|gap| *gap == Gap::Stop).count();
    let breaks = number.gaps().filter(|gap| *gap == Gap::Break).count();
    begins && (stops == 0 || stops == number.gaps().count()) && breaks <= 1
}

#[cfg(test)]
mod tests {
    use super::super::digits::runs;
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect()
    }

    #[test]
    fn knows_the_structure_of_a_nik() {
        for good in ["3273014107900001", "3273012902920001", "1101010101010001", "9601017112990012"] {
            assert!(is_nik(&digits(good)), "{good}");
        }
        for bad in [
            "3773014107900001",
            "3273013207900001",
            "3273014113900001",
            "3273014107900000",
            "3273013002900001",
            "3273012902910001",
            "3270014107900001",
            "3273000107900001",
            "3273017201900001",
            "3273013104900001",
            "3273010007900001",
            "32730141079000010",
        ] {
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

    /// One part at a time is not what it must be.
    #[test]
    fn every_part_of_a_nip_counts() {
        for bad in [
            "1970010119950310011",
            "193901011995031001",
            "201601011995031001",
            "197000011995031001",
            "197013011995031001",
            "197001001995031001",
            "197001321995031001",
            "197001011959031001",
            "197001012101031001",
            "197001011995033001",
        ] {
            assert!(!is_nip(&digits(bad)), "{bad}");
        }
    }

    #[test]
    fn telephones_have_10_to_13_digits_behind_their_country() {
        for (number, plus, is_one) in [
            ("0812345678", false, true),
            ("0812345678901", false, true),
            ("081234567", false, false),
            ("08123456789012", false, false),
            ("62812345678", true, true),
            ("6281234567", true, false),
            ("081234567890", true, false),
        ] {
            assert_eq!(is_phone(&digits(number), plus), is_one, "{number}");
        }
    }

    #[test]
    fn a_number_is_parted_in_one_way() {
        let even = |text: &str| runs(text)[0].all_readings().next().is_some_and(|number| is_even(&number));
        for text in ["3273 0141 0790 0001", "3273.0141.0790.0001", "3273 0141\n0790 0001", "01.234.567.8-901.234"] {
            assert!(even(text), "{text}");
        }
        for text in [
            "12.08.2025 08.00",
            "3273 0141-0790 0001",
            "12 08\n2025 0800",
            "3273\n0141\n0790\n0001",
            "01.234.567.8.901-234",
        ] {
            assert!(!even(text), "{text}");
        }
    }

    /// Whether the longest number that begins where the text's first does is so.
    fn longest(text: &str, is: impl Fn(&Written<'_>) -> bool) -> bool {
        runs(text).first().and_then(|run| run.all_readings().next().map(|written| is(&written))).unwrap_or_default()
    }

    #[test]
    fn cards_have_a_length_and_begin_as_their_issuers_want() {
        for good in [
            "4222222222222",
            "36123456789013",
            "371234567890120",
            "2221001234567896",
            "3528123456789012",
            "62123456789012347",
            "621234567890123457",
            "4012345678901234565",
            "6011123456789012348",
        ] {
            assert!(is_card(&digits(good)), "{good}");
        }
        // Each is right by its last digit.
        for bad in ["5222222222225", "35123456789014", "311234567890126", "1234567812345670", "52123456789012348"] {
            assert!(!is_card(&digits(bad)), "{bad}");
        }
    }

    #[test]
    fn accounts_are_long_and_no_codes_of_budgets() {
        for (text, fits) in [
            ("034501002345678", true),
            ("034-50-1002345", true),
            ("0345 0100 2345 678", true),
            ("034 50 1002345", false),
            ("5.1.02.01.01.0024", false),
            ("123456789", false),
            ("12345678901234567", false),
        ] {
            assert_eq!(longest(text, |number| Number::BankAccount.fits(number, false)), fits, "{text}");
        }
    }

    #[test]
    fn without_a_label_groups_must_be_those_that_people_write() {
        for (number, text, shows) in [
            (Number::Nik, "3273014107900001", true),
            (Number::Nik, "3273 0141 0790 0001", true),
            (Number::Nik, "32.73.01.410790.0001", true),
            (Number::Nik, "32 73 01 41 07 90 0001", true),
            (Number::Nik, "327 301 410 790 0001", false),
            (Number::Nik, "3245014107900001", false),
            (Number::Npwp, "01.234.567.8-901.234", true),
            (Number::Npwp, "012345678901234", false),
            (Number::Card, "4111 1111 1111 1111", true),
            (Number::Card, "411 1111 1111 11111", false),
            (Number::Card, "4111 11 1111111111", false),
            (Number::Card, "5101 0141 0790 0001", false),
            (Number::Phone, "0812 3456 7890", true),
            (Number::Nip, "19700101 199503 1 001", true),
            (Number::Nip, "197001011995031001", true),
            (Number::Nip, "1970 0101 1995 0310 01", false),
            (Number::Kk, "3273014107900001", false),
            (Number::BankAccount, "034501002345678", false),
        ] {
            assert_eq!(longest(text, |written| number.shows(written, false)), shows, "{number:?} {text}");
        }
    }

    #[test]
    fn numbers_are_dialled_in_groups_and_dates_are_not() {
        for (text, is_one) in [
            ("081234567890", true),
            ("0812 3456 7890", true),
            ("0812.3456.7890", true),
            ("0812-3456-7890", true),
            ("0812\n3456 7890", true),
            ("62 812 3456 7890", true),
            ("6281 2345 67890", true),
            ("08 1234 567890", false),
            ("0812 3 4567890", false),
            ("62 8 1234567890", false),
            ("62 812 3 4567890", false),
            ("628 12 34567890", false),
            ("6281 2 34567890", false),
            ("0812.3456 7890", false),
            ("0812\n3456\n7890", false),
            ("08.12.2025 10.30", false),
        ] {
            assert_eq!(longest(text, is_dialled), is_one, "{text:?}");
        }
    }
}
