//! `shape`: words that are written in an unusual way, whatever the word.

use std::collections::HashSet;

use serde::Deserialize;

use super::replacement::replacing;
use super::{Check, Context, Findings, with_capitals_of};
use crate::diagnostic::Safety;
use crate::message::Field;
use crate::token::{Token, TokenKind, fold};

/// The options of the kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Shapes {
    /// The shape that is found.
    shape: WordShape,
    /// Words that pass.
    #[serde(default)]
    except: Vec<String>,
    /// Words whose last letter is doubled when they are stretched a little: iyaa.
    #[serde(default)]
    doubled: Vec<String>,
    /// Whether a finding makes ambiguous terms of the theme count.
    #[serde(default = "yes")]
    evidence: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum WordShape {
    /// A letter three times or more: okeee.
    Stretched,
    /// A digit 2 or a raised one for a doubled word: teman2.
    Reduplication,
    /// Digits for letters: g4k.
    Leetspeak,
    /// Capitals that stand for words and are not explained: DTSEN.
    Acronym,
}

fn yes() -> bool {
    true
}

impl WordShape {
    /// What the token should be, if it has this shape; empty where only a person knows.
    fn of(self, token: &Token, text: &str) -> Option<String> {
        match self {
            Self::Stretched => token.shape.stretched().then(|| stretched(token.of(text))).flatten(),
            Self::Reduplication => token.shape.mixes_digits().then(|| reduplicated(token.of(text))).flatten(),
            Self::Leetspeak => token.shape.mixes_digits().then(|| leetspeak(token.of(text))).flatten(),
            Self::Acronym => None,
        }
    }
}

/// The word with one letter for each run, unless it is a Roman numeral, `www` or an abbreviation in capitals.
fn stretched(word: &str) -> Option<String> {
    /// In capitals, so few letters are a code: a battery is AAA, a grade IIIA.
    const CODE: usize = 4;
    let folded = fold(word);
    let small = word.chars().any(char::is_lowercase);
    let inner_capitals = word.chars().skip(1).any(char::is_uppercase);
    if word.len() <= CODE && !small || small && inner_capitals {
        return None;
    }
    let roman = folded.chars().all(|c| "ivxlcdm".contains(c));
    if roman || folded.starts_with("www") || folded.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut plain: Vec<char> = Vec::new();
    let (mut run, mut stretch) = (0, false);
    let code = |at: usize| at == 0 && !small;
    for c in folded.chars() {
        run = if plain.last() == Some(&c) { run + 1 } else { 1 };
        if run == 1 {
            plain.push(c);
        }
        // A run of x masks something (xxx), and one that opens a word in capitals belongs to a code (PPPOE).
        stretch |= run >= 3 && c != 'x' && !code(plain.len() - 1);
    }
    // A word of one letter (aaa) names nothing that could be written properly.
    (stretch && plain.len() > 1).then(|| plain.into_iter().collect())
}

/// `teman2nya` as `teman-temannya`.
fn reduplicated(word: &str) -> Option<String> {
    let at = word.find(['2', '\u{b2}'])?;
    let (stem, rest) = word.split_at(at);
    let suffix = rest.trim_start_matches(['2', '\u{b2}']);
    let letters = stem.len() >= 3 && stem.chars().all(|c| c.is_ascii_alphabetic());
    let vowel = stem.bytes().any(|b| b"aeiouAEIOU".contains(&b));
    let one_mark = rest.chars().count() - suffix.chars().count() == 1;
    let known = ["", "nya", "an", "ku", "mu", "kan", "i", "lah", "kah"].contains(&suffix.to_ascii_lowercase().as_str());
    let capitals = stem.chars().all(|c| c.is_ascii_uppercase());
    if !(letters && vowel && one_mark && known) || capitals {
        return None;
    }
    let plain = stem.to_ascii_lowercase();
    Some(format!("{stem}-{}{suffix}", without_prefix(&plain).unwrap_or(&plain)))
}

/// Words with a prefix, of which only what follows it is said twice: berkali-kali, seolah-olah.
const PREFIXED: [(&str, &str); 7] = [
    (
        "ber",
        "abad angan belit bincang bondong bulan cerita duyun ganti gerak hari jalan jam juta kali kobar lama lapis lari \
        macam main minggu puluh pura putar ramai ratus ribu sama siap tahun turut ulang",
    ),
    ("se", "akan baik banyak besar cepat dalam dapat erat jelas kuat lambat lengkap mata olah puas tinggi waktu"),
    ("di", "cari lihat pilih pukul tanya tunda tunggu ulang ungkit"),
    ("me", "lihat nebak nunda nunggu"),
    ("mem", "beda"),
    ("men", "cari"),
    ("meng", "ada ulang"),
];

/// What is said twice of a word with a prefix; none where that is the whole word.
fn without_prefix(word: &str) -> Option<&str> {
    PREFIXED.iter().find_map(|(prefix, stems)| {
        let stem = word.strip_prefix(prefix)?;
        stems.split(' ').any(|known| known == stem).then_some(stem)
    })
}

/// `g4k` as `gak`: digits that stand for letters inside a small-letter word.
fn leetspeak(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    // Digits at the start alone are a number with its unit: 30hari.
    if !bytes.iter().skip_while(|b| b.is_ascii_digit()).any(u8::is_ascii_digit) {
        return None;
    }
    let lower = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let inside = bytes.iter().zip(bytes.iter().skip(1)).any(|(a, b)| a.is_ascii_digit() && b.is_ascii_lowercase());
    let plain: String = word
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '6' => 'g',
            '7' => 't',
            other => other,
        })
        .collect();
    // Codes put digits side by side and use letters that Indonesian words have not: r04b, q1dq.
    let side_by_side = bytes.windows(2).any(|pair| pair.iter().all(u8::is_ascii_digit));
    let rare = bytes.iter().any(|b| b"qx".contains(b));
    // Every syllable needs its vowel once the digits are read; codes such as b3z9 have none.
    let vowels = plain.bytes().filter(|b| b"aeiou".contains(b)).count();
    let unread = plain.bytes().any(|b| b.is_ascii_digit());
    let capital = bytes.first().is_some_and(u8::is_ascii_uppercase);
    (lower + usize::from(capital) >= 2
        && lower + usize::from(capital) == letters
        && letters >= digits
        && inside
        && !unread
        && !side_by_side
        && !rare
        && vowels >= 1
        && vowels * 4 >= plain.len())
    .then_some(plain)
}

impl Shapes {
    /// The ordinary spelling of a word whose last letter is doubled.
    fn undoubled(&self, token: &Token, text: &str) -> Option<&str> {
        if !token.shape.doubled() || !token.shape.plain() {
            return None;
        }
        let word = fold(token.of(text));
        let [rest @ .., before, last] = word.as_bytes() else { return None };
        if before != last || !token.shape.plain() || token.shape.all_capitals() {
            return None;
        }
        let plain = word.get(..=rest.len())?;
        self.doubled.iter().map(String::as_str).find(|known| *known == plain)
    }

    /// Whether the field has such words at all.
    fn may_stand_in(&self, field: &Field<'_>) -> bool {
        match self.shape {
            WordShape::Stretched => field.shape.stretched() || field.shape.doubled() && !self.doubled.is_empty(),
            // Raised digits count, too.
            WordShape::Reduplication | WordShape::Leetspeak => field.shape.has_digits(),
            WordShape::Acronym => field.shape.loud(),
        }
    }

    fn report(&self, field: &Field<'_>, token: &Token, plain: &str, findings: &mut Findings<'_, '_>) {
        let new = match self.shape {
            WordShape::Reduplication => plain.to_owned(),
            _ => with_capitals_of(token.of(&field.text), plain),
        };
        let known = self.shape == WordShape::Reduplication && ends_as_words_do(token.of(&field.text));
        let safety = if known { Safety::Safe } else { Safety::Review };
        findings.evidence |= self.evidence;
        let found = findings.add(field, token.span());
        found.fix = replacing(field, token.span(), &new, safety);
        found.values.replacement = Some(new);
    }
}

/// Whether the letters before a digit end as those of an Indonesian word do: `patch2` and `body2` are names of something.
fn ends_as_words_do(word: &str) -> bool {
    let word = fold(word);
    let stem = word.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next(), letters.next()) {
        (Some('g'), Some('n'), before) => vowel(before),
        (Some(last), before, _) => vowel(Some(last)) || "bdfhklmnprst".contains(last) && vowel(before),
        (None, ..) => false,
    }
}

/// How many letters an acronym has.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=6;

/// Whether the token at `index` is written as an acronym among ordinary words.
fn is_acronym(field: &Field<'_>, index: usize) -> bool {
    let tokens = &field.tokens;
    let token = &tokens[index];
    let word = token.of(&field.text);
    let letters = ACRONYM.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    let roman = word.bytes().all(|b| b"IVXLCDM".contains(&b));
    let loud =
        |neighbour: Option<&Token>| neighbour.is_some_and(|t| t.kind == TokenKind::Word && t.shape.all_capitals());
    letters && !roman && !loud(index.checked_sub(1).and_then(|i| tokens.get(i))) && !loud(tokens.get(index + 1))
}

/// Whether the words before or after it in parentheses say what it stands for.
fn is_explained(text: &str, token: &Token) -> bool {
    let before = text.get(..token.start as usize).unwrap_or_default();
    let after = text.get(token.end as usize..).unwrap_or_default();
    before.ends_with('(') && after.starts_with(')') || after.trim_start_matches(' ').starts_with('(')
}

/// Acronyms that are explained nowhere in the message, each at its first place.
fn acronyms(except: &[String], context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
    let mut explained: HashSet<u32> = HashSet::new();
    let mut first: Vec<(&Field<'_>, &Token)> = Vec::new();
    let mut seen: HashSet<u32> = HashSet::new();
    for field in context.fields() {
        for (index, token) in field.tokens.iter().enumerate().filter(|(_, t)| t.shape.all_capitals()) {
            if is_explained(&field.text, token) {
                explained.insert(token.hash);
            } else if is_acronym(field, index)
                && context.reads(field, token.start)
                && !except.iter().any(|word| token.is(&field.text, &fold(word)))
                && seen.insert(token.hash)
            {
                first.push((field, token));
            }
        }
    }
    for (field, token) in first.into_iter().filter(|(_, token)| !explained.contains(&token.hash)) {
        findings.add(field, token.span());
    }
}

impl Check for Shapes {
    fn fixable(&self) -> bool {
        self.shape != WordShape::Acronym
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        if self.shape == WordShape::Acronym {
            return acronyms(&self.except, context, findings);
        }
        for field in context.fields().filter(|field| self.may_stand_in(field)) {
            for token in &field.tokens {
                if token.kind != TokenKind::Word {
                    continue;
                }
                let doubled = || self.undoubled(token, &field.text).map(str::to_owned);
                let Some(plain) = self.shape.of(token, &field.text).or_else(doubled) else { continue };
                let passes = self.except.iter().any(|word| token.is(&field.text, word));
                if !passes && context.reads(field, token.start) {
                    self.report(field, token, &plain, findings);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_shapes_and_leaves_codes_alone() {
        assert_eq!(reduplicated("teman2nya").as_deref(), Some("teman-temannya"));
        assert_eq!(reduplicated("Bapak2").as_deref(), Some("Bapak-bapak"));
        for (word, plain) in [
            ("berkali2", "berkali-kali"),
            ("Sebaik2nya", "Sebaik-baiknya"),
            ("mencari2", "mencari-cari"),
            ("berita2", "berita-berita"),
            ("sekolah2", "sekolah-sekolah"),
            ("dinas2", "dinas-dinas"),
        ] {
            assert_eq!(reduplicated(word).as_deref(), Some(plain));
        }
        for code in ["CO2", "SMPN2", "m2", "S2", "KM22", "mp3", "P2P"] {
            assert_eq!(reduplicated(code), None, "{code}");
        }
        assert_eq!(stretched("Sabarrr").as_deref(), Some("sabar"));
        for word in ["VIII", "www", "xxx", "III", "IIIA", "AAA", "PPPOE", "idBBB"] {
            assert_eq!(stretched(word), None, "{word}");
        }
        assert_eq!(leetspeak("g4k").as_deref(), Some("gak"));
        assert_eq!(leetspeak("s4y4").as_deref(), Some("saya"));
        assert_eq!(leetspeak("S4y4").as_deref(), Some("Saya"));
        for code in ["b3z9", "a1b2c3d4", "30hari", "N5", "mp3", "h264", "r04b", "q1dq"] {
            assert_eq!(leetspeak(code), None, "{code}");
        }
    }
}
