//! Which bytes stand side by side in every match of a regular expression: four full stops in a row, digits on both sides of a
//! colon, a small letter behind `Yth`. Literals tell nothing of these, since they know neither capitals nor runs of blanks.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};
use regex_syntax::utf8::Utf8Sequences;

use super::signs::per_mille;

/// A set of bytes, as bits by their values.
pub(crate) type Bytes = [u64; 4];
/// Sets of bytes that follow each other.
pub(crate) type Chain = Vec<Bytes>;

/// Stand before and behind a text, in which no such byte can stand.
const START: u8 = 0xfe;
const END: u8 = 0xff;

/// More links tell hardly more.
const LONGEST: usize = 6;
/// More chains than this take longer to look for than they save.
const MOST: usize = 24;
/// A chain that stands at more than this share of all places tells nothing.
const COMMON: f64 = 0.02;

/// How many numbers a link has in the program of a rule: the two halves of each part.
pub(crate) const LINK: usize = 8;

/// Chains as numbers: of each the count of its links, and these.
pub(crate) fn flat(chains: &[Chain]) -> Vec<u32> {
    let low = |bits: u64| u32::try_from(bits & 0xffff_ffff).unwrap_or_default();
    let halves = |part: &u64| [low(*part), low(part >> 32)];
    let count = |chain: &Chain| u32::try_from(chain.len()).unwrap_or_default();
    chains
        .iter()
        .flat_map(|chain| std::iter::once(count(chain)).chain(chain.iter().flatten().flat_map(halves)))
        .collect()
}

/// Where in a text each byte stands, as bits by place: chains are found by shifting them, many places at once.
#[derive(Debug)]
pub(crate) struct Places {
    /// Bytes that the text holds.
    here: Bytes,
    /// By byte, the number of its row, if the text holds it.
    rows: Vec<u16>,
    /// Words of a row.
    words: usize,
    bits: Vec<u64>,
}

impl Places {
    /// The places of the bytes of a text.
    pub(crate) fn of(text: &str) -> Self {
        let bytes = || std::iter::once(START).chain(text.bytes()).chain([END]);
        let mut here = Bytes::default();
        bytes().for_each(|byte| here[usize::from(byte / 64)] |= 1 << (byte % 64));
        let mut count = 0;
        let number = |byte| {
            count += u16::from(has(&here, byte));
            count.saturating_sub(1)
        };
        let rows: Vec<u16> = (0..=u8::MAX).map(number).collect();
        let words = (text.len() + 2).div_ceil(64);
        let mut bits = vec![0; words * usize::from(count)];
        for (at, byte) in bytes().enumerate() {
            bits[usize::from(rows[usize::from(byte)]) * words + at / 64] |= 1 << (at % 64);
        }
        Self { here, rows, words, bits }
    }

    /// Whether one of the chains, as [`flat`] gave them, stands in the text.
    pub(crate) fn hold_one(&self, chains: &[u32]) -> bool {
        let mut rest = chains;
        while let Some((count, tail)) = rest.split_first() {
            let (links, behind) = tail.split_at(*count as usize * LINK);
            if self.hold(links) {
                return true;
            }
            rest = behind;
        }
        false
    }

    fn hold(&self, links: &[u32]) -> bool {
        let mut links = links.chunks_exact(LINK).map(|link| {
            let part = |part: usize| u64::from(link[2 * part]) | u64::from(link[2 * part + 1]) << 32;
            std::array::from_fn(|index| part(index) & self.here[index])
        });
        if links.clone().any(|link: Bytes| link == Bytes::default()) {
            return false;
        }
        // Where the links so far end.
        let Some(mut ends) = links.next().map(|link| self.any_of(&link)) else { return true };
        for link in links {
            let mut carry = 0;
            for (end, here) in ends.iter_mut().zip(self.any_of(&link)) {
                let shifted = *end << 1 | carry;
                carry = *end >> 63;
                *end = shifted & here;
            }
            if ends.iter().all(|end| *end == 0) {
                return false;
            }
        }
        true
    }

    /// Where a byte of the set stands.
    fn any_of(&self, set: &Bytes) -> Vec<u64> {
        let mut places = vec![0; self.words];
        for (part, first) in set.iter().zip((0..).step_by(64)) {
            let mut left = *part;
            while left != 0 {
                let row = usize::from(self.rows[first + left.trailing_zeros() as usize]);
                let row = &self.bits[row * self.words..(row + 1) * self.words];
                places.iter_mut().zip(row).for_each(|(all, own)| *all |= own);
                left &= left - 1;
            }
        }
        places
    }
}

/// Chains of which one stands in every match; none if nothing is known. `whole` says whether the expression is run over whole
/// fields, so that it begins and ends where they do.
pub(super) fn chains(hir: &Hir, whole: bool) -> Vec<Chain> {
    let best = before(hir, &Form { whole, ..Form::default() }).best;
    if rarity(&best) < COMMON { best } else { Vec::new() }
}

/// Whether the set holds the byte.
fn has(bytes: &Bytes, byte: u8) -> bool {
    bytes[usize::from(byte / 64)] >> (byte % 64) & 1 != 0
}

/// The bytes of the set.
fn members(bytes: &Bytes) -> impl Iterator<Item = u8> {
    bytes.iter().zip(0_u8..).flat_map(|(part, number)| {
        let mut rest = *part;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros())?;
            rest &= rest - 1;
            u8::try_from(bit).ok().map(|bit| number * 64 + bit)
        })
    })
}

/// What is known of the matches of an expression, or of its end.
#[derive(Clone, Default)]
struct Form {
    /// Whether these are matches in whole fields.
    whole: bool,
    /// With what all begin.
    start: Chain,
    /// The rarest chains of which one stands in each; none if nothing is known.
    best: Vec<Chain>,
}

impl Form {
    /// The form of a byte of this set before `rest`.
    fn behind(bytes: Bytes, rest: &Self) -> Self {
        let start: Chain = std::iter::once(bytes).chain(rest.start.iter().copied()).take(LONGEST).collect();
        let best = rarest([vec![start.clone()], rest.best.clone()]);
        Self { start, best, ..*rest }
    }

    /// The form of what has one of two forms, both of which end in a `rest` whose best chains are known.
    fn or(&self, other: &Self, rest: &Self) -> Self {
        let start: Chain = self.start.iter().zip(&other.start).map(|(one, other)| either(*one, *other)).collect();
        let mut all = Vec::new();
        if !self.best.is_empty() && !other.best.is_empty() {
            all.clone_from(&self.best);
            all.extend(other.best.iter().filter(|chain| !self.best.contains(chain)).cloned());
        }
        if all.len() > MOST {
            all.clear();
        }
        let best = rarest([vec![start.clone()], all, rest.best.clone()]);
        Self { start, best, ..*rest }
    }
}

/// At which share of all places one of the chains stands, roughly; everywhere, if there are none.
fn rarity(chains: &[Chain]) -> f64 {
    if chains.is_empty() { 1.0 } else { chains.iter().map(|chain| share(chain)).sum() }
}

/// At which share of all places a chain stands, roughly. Of words literals know more, so what counts are capitals, digits and
/// signs. Capitals and digits come in flocks.
fn share(chain: &[Bytes]) -> f64 {
    let some = |bytes: &Bytes, all: &Bytes| bytes.iter().zip(all).any(|(own, all)| own & all != 0);
    let (all_digits, all_capitals) = (range(b'0', b'9'), range(b'A', b'Z'));
    let mut before = Bytes::default();
    let mut share = 1.0;
    for bytes in chain {
        let (digits, capitals) = (some(&before, &all_digits), some(&before, &all_capitals));
        let weight = |byte: u8| match byte {
            b'a'..=b'z' | b' ' => 20 + 8 * per_mille(byte),
            b'A'..=b'Z' if capitals => 20,
            b'A'..=b'Z' => 4,
            b'0'..=b'9' if digits => 60,
            byte => per_mille(byte),
        };
        // What holds an a or a blank stands everywhere, and most sets that hold many bytes do.
        let among = if has(bytes, b'a') || has(bytes, b' ') { 1000 } else { members(bytes).map(weight).sum::<u32>() };
        share *= f64::from(among.min(1000)) / 1000.0;
        before = *bytes;
    }
    share
}

fn rarest<const N: usize>(all: [Vec<Chain>; N]) -> Vec<Chain> {
    let known = all.into_iter().filter(|chains| !chains.iter().any(Vec::is_empty));
    known.min_by(|one, other| rarity(one).total_cmp(&rarity(other))).unwrap_or_default()
}

/// The form of what `hir` matches before `rest`.
fn before(hir: &Hir, rest: &Form) -> Form {
    match hir.kind() {
        HirKind::Look(Look::Start | Look::StartLF) if rest.whole => {
            let line = std::iter::once(either(range(b'\n', b'\n'), range(START, START)));
            let whole: Chain = line.chain(rest.start.iter().copied()).take(LONGEST).collect();
            let best = rarest([vec![whole], rest.best.clone()]);
            Form { best, ..rest.clone() }
        }
        HirKind::Look(Look::End | Look::EndLF) if rest.whole => {
            let start = vec![either(range(b'\n', b'\n'), range(END, END))];
            Form { best: rarest([vec![start.clone()], rest.best.clone()]), start, ..*rest }
        }
        HirKind::Empty | HirKind::Look(_) => rest.clone(),
        HirKind::Literal(literal) => {
            literal.0.iter().rev().fold(rest.clone(), |rest, byte| Form::behind(range(*byte, *byte), &rest))
        }
        HirKind::Class(class) => before_class(class, rest),
        HirKind::Capture(capture) => before(&capture.sub, rest),
        HirKind::Repetition(repetition) => before_repeated(repetition, rest),
        HirKind::Concat(parts) => parts.iter().rev().fold(rest.clone(), |rest, part| before(part, &rest)),
        HirKind::Alternation(parts) => {
            let forms = parts.iter().map(|part| before(part, rest));
            forms.reduce(|one, other| one.or(&other, rest)).unwrap_or_else(|| rest.clone())
        }
    }
}

fn range(start: u8, end: u8) -> Bytes {
    let mut bytes = Bytes::default();
    (start..=end).for_each(|byte| bytes[usize::from(byte / 64)] |= 1 << (byte % 64));
    bytes
}

fn either(one: Bytes, other: Bytes) -> Bytes {
    std::array::from_fn(|part| one[part] | other[part])
}

fn before_class(class: &Class, rest: &Form) -> Form {
    let joined = |sets: Vec<Bytes>| sets.into_iter().reduce(either);
    let (ascii, longer): (Vec<Bytes>, Vec<Form>) = match class {
        Class::Bytes(class) => (class.ranges().iter().map(|r| range(r.start(), r.end())).collect(), Vec::new()),
        Class::Unicode(class) => {
            let all = || class.ranges().iter().flat_map(|range| Utf8Sequences::new(range.start(), range.end()));
            let ascii = all().filter(|sequence| sequence.len() == 1);
            let ascii = ascii.map(|sequence| range(sequence.as_slice()[0].start, sequence.as_slice()[0].end)).collect();
            let longer = all().filter(|sequence| sequence.len() > 1).map(|sequence| {
                let bytes = sequence.as_slice().iter().rev();
                bytes.fold(rest.clone(), |rest, byte| Form::behind(range(byte.start, byte.end), &rest))
            });
            (ascii, longer.collect())
        }
    };
    let forms = joined(ascii).map(|bytes| Form::behind(bytes, rest)).into_iter().chain(longer);
    forms.reduce(|one, other| one.or(&other, rest)).unwrap_or_else(|| rest.clone())
}

fn before_repeated(Repetition { min, max, sub, .. }: &Repetition, rest: &Form) -> Form {
    /// So many more are told apart.
    const FEW: u32 = 3;
    /// So many are spelt out.
    const SPELT: u32 = 8;
    let more = max.map(|max| max - min).filter(|more| *more <= FEW);
    let unknown = Form { whole: rest.whole, ..Form::default() };
    let mut form = if more.is_some() { rest.clone() } else { unknown };
    for _ in 0..more.unwrap_or(FEW) {
        form = before(sub, &form).or(rest, rest);
    }
    (0..(*min).min(SPELT)).fold(form, |form, _| before(sub, &form))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chains of an expression, with the printable ASCII of each set.
    fn of(source: &str) -> Vec<Vec<String>> {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(source).unwrap();
        let shown = |bytes: &Bytes| (b' '..127).filter(|byte| has(bytes, *byte)).map(char::from).collect();
        chains(&hir, true).iter().map(|chain| chain.iter().map(shown).collect()).collect()
    }

    #[test]
    fn finds_chains() {
        let places = Places::of(&"Rapat pukul 08.00 di aula.".repeat(9));
        let hold = |source: &str| {
            let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(source).unwrap();
            places.hold_one(&flat(&chains(&hir, true)))
        };
        assert!(hold(r"[0-9]+\.[0-9]{2}"));
        assert!(hold(r"aula\.Rapat"));
        assert!(hold(r"XXX|aula\.R"));
        assert!(!hold(r"[0-9]+:[0-9]{2}"));
        assert!(!hold(r"aula\.rapat"));
        assert!(hold(r"^Rapat") && hold(r"(?m)aula\.$"));
        assert!(!hold(r"^aula") && !hold(r"(?m)di aula[:;]?$"));
    }

    #[test]
    fn tells_what_stands_side_by_side() {
        assert_eq!(of(r"nomor[ ]?\.{4,}"), [[".", ".", ".", "."]]);
        assert_eq!(of(r"(?:jam|pukul)[ ]+[0-9]{1,2}:[0-9]{2}"), [[":", "0123456789", "0123456789"]]);
        assert_eq!(of(r"Yth[,:]?[ ]+[0-9]?"), [["Y", "t", "h", " ,:"]]);
        assert_eq!(of(r"\b(?:XX|YY)\b|ZZ+"), [["X", "X"], ["Y", "Y"], ["Z", "Z"]]);
        assert_eq!(of(r"[a-z]+ [a-z]+"), Vec::<Vec<String>>::new());
    }
}
