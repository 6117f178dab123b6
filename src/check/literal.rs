//! What literals a regular expression needs: compiling one takes longer than reading a draft, so only those run that can
//! match.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, ClassBytesRange, Hir, HirKind, Look, Repetition};

use super::chain::{self, Chain};

/// What every match of one alternative of an expression holds.
#[derive(Debug, Default)]
pub(crate) struct Alternative {
    /// Of every set some literal (in lower case) must stand in the message, in the order of the sets. A literal that begins or
    /// ends with [`EDGE`] must begin or end a word there. Blank space is as [`is_blank`] says, in literals and in the message
    /// alike: one blank for every run.
    pub(crate) sets: Vec<Vec<String>>,
    /// One of these chains must stand in a field as it is; none if nothing is known of them.
    pub(crate) chains: Vec<Chain>,
}

/// Marks the edge of a word in a literal.
pub(crate) const EDGE: char = '\u{8}';
/// Stands for any character beyond ASCII.
pub(crate) const BEYOND_ASCII: &str = "\u{80}";

type Set = BTreeSet<String>;

/// More literals than this in a set are not worth looking for.
const MOST_LITERALS: usize = 96;
/// A class of more letters than this is not spelt out.
const MOST_LETTERS: u32 = 40;
/// More alternatives than this are not told apart.
const MOST_BRANCHES: usize = 64;
/// More sets than this do not tell more.
const MOST_SETS: usize = 6;

/// What stands in the texts that the expression matches, by alternatives; none at all means that nothing is known.
/// `whole` says whether it is run over whole fields.
pub(super) fn alternatives(hir: &Hir, whole: bool) -> Vec<Alternative> {
    let mut branches = vec![hir.clone()];
    while let Some(more) = split(&branches) {
        branches = more;
    }
    let mut needs = Vec::new();
    for branch in branches {
        let mut sets = required(&branch).into_sets();
        while sets.len() > MOST_SETS {
            let worst = (0..sets.len()).min_by_key(|i| shortest(&sets[*i])).unwrap_or_default();
            sets.remove(worst);
        }
        let chains = chain::chains(&branch, whole);
        if sets.is_empty() && chains.is_empty() {
            return Vec::new();
        }
        needs.push(Alternative { sets: sets.iter().map(without_doubles).collect(), chains });
    }
    needs
}

/// The literals of a set but those that hold another one and a blank beside it.
fn without_doubles(set: &Set) -> Vec<String> {
    let bare = |text: &String| text.trim_matches(' ').to_owned();
    set.iter().filter(|text| bare(text) == **text || !set.contains(&bare(text))).cloned().collect()
}

/// The branches with one inner alternation taken apart, if there is one that cannot be spelt out: what stands before and
/// after it belongs to each of its alternatives.
fn split(branches: &[Hir]) -> Option<Vec<Hir>> {
    let (index, more) =
        branches.iter().enumerate().find_map(|(index, branch)| Some((index, inner_alternatives(branch)?)))?;
    let mut all = branches.to_vec();
    all.splice(index..=index, more);
    (all.len() <= MOST_BRANCHES).then_some(all)
}

fn inner_alternatives(hir: &Hir) -> Option<Vec<Hir>> {
    match hir.kind() {
        HirKind::Capture(capture) => inner_alternatives(&capture.sub),
        HirKind::Alternation(parts) => matches!(alternation(parts), Known::Holds(_)).then(|| parts.clone()),
        HirKind::Concat(parts) => parts.iter().enumerate().find_map(|(at, part)| {
            let inner = inner_alternatives(part)?;
            let with = |middle: Hir| {
                Hir::concat(
                    parts[..at].iter().cloned().chain([middle]).chain(parts[at + 1..].iter().cloned()).collect(),
                )
            };
            Some(inner.into_iter().map(with).collect())
        }),
        _ => None,
    }
}

/// What is known of the texts that an expression matches.
enum Known {
    /// It matches these and no others.
    Exactly(Set),
    /// Of each of these sets one stands in every match.
    Holds(Vec<Set>),
}

impl Known {
    fn nothing() -> Self {
        Self::Holds(Vec::new())
    }

    /// As sets that are worth looking for.
    fn into_sets(self) -> Vec<Set> {
        let sets = match self {
            Self::Exactly(set) => vec![set],
            Self::Holds(sets) => sets,
        };
        sets.into_iter().filter(|set| tells(set) && set.len() <= MOST_LITERALS).collect()
    }
}

/// The length of the shortest literal, without its edges.
fn shortest(set: &Set) -> usize {
    set.iter().map(|text| text.trim_matches(EDGE).len()).min().unwrap_or(0)
}

/// Whether the literals are rare enough to be worth looking for: two letters, or a sign.
fn tells(set: &Set) -> bool {
    let tells = |text: &String| {
        let bare = text.trim_matches(EDGE);
        bare.len() >= 2 || text.len() == bare.len() + 2 || bare.chars().any(|c| !c.is_alphanumeric() && c != ' ')
    };
    !set.is_empty() && set.iter().all(tells)
}

fn one(text: &str) -> Set {
    Set::from([text.to_owned()])
}

fn required(hir: &Hir) -> Known {
    if let Some(may_be_empty) = blank(hir) {
        return Known::Exactly(if may_be_empty { Set::from([String::new(), " ".to_owned()]) } else { one(" ") });
    }
    match hir.kind() {
        HirKind::Look(Look::WordAscii | Look::WordUnicode) => Known::Exactly(Set::from([EDGE.to_string()])),
        HirKind::Empty | HirKind::Look(_) => Known::Exactly(one("")),
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0)
            .map_or_else(|_| Known::nothing(), |text| Known::Exactly(one(&plain(&text.to_lowercase())))),
        HirKind::Class(class) => match letters(class) {
            Some(letters) => Known::Exactly(letters),
            None if is_beyond_ascii(class) => Known::Holds(vec![one(BEYOND_ASCII)]),
            None => Known::nothing(),
        },
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Concat(parts) => concat(parts),
        HirKind::Alternation(parts) => alternation(parts),
    }
}

fn repeated(repetition: &Repetition) -> Known {
    match (repetition.min, repetition.max, required(&repetition.sub)) {
        (1, Some(1), known) => known,
        (0, Some(1), Known::Exactly(mut set)) => {
            set.insert(String::new());
            Known::Exactly(set)
        }
        (0, ..) => Known::nothing(),
        (min @ 2..=8, _, Known::Exactly(set)) if set.len() == 1 => {
            Known::Holds(vec![set.iter().map(|text| plain(&text.repeat(min as usize))).collect()])
        }
        (_, _, known) => Known::Holds(known.into_sets()),
    }
}

fn is_beyond_ascii(class: &Class) -> bool {
    matches!(class, Class::Unicode(class) if class.ranges().iter().all(|range| !range.start().is_ascii()))
}

/// The letters of a class, folded, where they are few.
fn letters(class: &Class) -> Option<Set> {
    let class = match class {
        Class::Unicode(class) => class.clone(),
        Class::Bytes(class) => class.to_unicode_class()?,
    };
    let mut letters = Set::new();
    for range in class.ranges() {
        if u32::from(range.end()) - u32::from(range.start()) > MOST_LETTERS {
            return None;
        }
        for c in range.start()..=range.end() {
            // The Kelvin sign and the long s fold to ASCII letters and would double every alternative.
            letters.insert(match c {
                '\u{17f}' => "s".to_owned(),
                '\u{212a}' => "k".to_owned(),
                c => plain(&c.to_lowercase().to_string()),
            });
        }
    }
    (letters.len() <= MOST_LETTERS as usize).then_some(letters)
}

/// Every literal of the one followed by every literal of the other.
fn joined(one: &Set, other: &Set) -> Set {
    one.iter().flat_map(|a| other.iter().map(move |b| plain(&format!("{a}{b}")))).collect()
}

/// Whether the prefilter takes the character for blank space: what may stand between the words of a phrase, so that a
/// phrase can be sought as one literal.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '~' | ',' | '.' | '!')
}

/// The literal with one blank for every run of blank space, and with edges at its ends only.
fn plain(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    for c in literal.trim_matches(EDGE).chars().filter(|c| *c != EDGE) {
        match is_blank(c) {
            true if out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
    let edge = |on: bool| if on { EDGE.to_string() } else { String::new() };
    edge(literal.starts_with(EDGE)) + &out + &edge(literal.ends_with(EDGE) && !out.is_empty())
}

/// Whether the expression matches blank space and nothing else, and whether it may match nothing.
fn blank(hir: &Hir) -> Option<bool> {
    match hir.kind() {
        HirKind::Capture(capture) => blank(&capture.sub),
        HirKind::Repetition(Repetition { min, sub, .. }) => blank(sub).map(|empty| empty || *min == 0),
        HirKind::Literal(literal) => {
            let blanks = std::str::from_utf8(&literal.0).is_ok_and(|text| text.chars().all(is_blank));
            blanks.then_some(false)
        }
        HirKind::Class(Class::Unicode(class)) => {
            let few = class.ranges().iter().all(|r| u32::from(r.end()) - u32::from(r.start()) <= MOST_LETTERS);
            (few && class.ranges().iter().all(|r| (r.start()..=r.end()).all(is_blank))).then_some(false)
        }
        HirKind::Class(Class::Bytes(class)) => {
            let blanks =
                |r: &ClassBytesRange| r.end().is_ascii() && (r.start()..=r.end()).all(|b| is_blank(char::from(b)));
            class.ranges().iter().all(blanks).then_some(false)
        }
        _ => None,
    }
}

/// What stands at least once where the expression repeats something that is known exactly.
fn at_least_once(hir: &Hir) -> Option<Set> {
    let HirKind::Repetition(Repetition { min: 1.., max, sub, .. }) = hir.kind() else { return None };
    match required(sub) {
        Known::Exactly(set) if *max != Some(1) && set.len() <= MOST_SETS => Some(set),
        _ => None,
    }
}

/// Neighbours that are known exactly make one longer literal; what interrupts them begins the next.
fn concat(parts: &[Hir]) -> Known {
    let mut sets = Vec::new();
    let mut run = one("");
    let mut interrupted = false;
    for part in parts {
        if blank(part) == Some(false) {
            // A phrase of two single words is sought as one; of many words, each side is, with the blank between them.
            let next = one(" ");
            if run.len() > 1 {
                interrupted = true;
                sets.push(joined(&run, &next));
                run = next;
            } else {
                run = joined(&run, &next);
            }
            continue;
        }
        if let Some(first) = at_least_once(part) {
            interrupted = true;
            sets.push(joined(&run, &first));
            run = one("");
            continue;
        }
        match required(part) {
            Known::Exactly(next) if run.len() * next.len() <= MOST_LITERALS => run = joined(&run, &next),
            other => {
                interrupted = true;
                sets.push(std::mem::replace(&mut run, one("")));
                match other {
                    Known::Exactly(next) if next.len() <= MOST_LITERALS => run = next,
                    other => sets.extend(other.into_sets()),
                }
            }
        }
    }
    if !interrupted {
        return Known::Exactly(run);
    }
    sets.push(run);
    Known::Holds(sets.into_iter().filter(tells).collect())
}

/// All literals if every branch is exact; else the best set of every branch together.
fn alternation(parts: &[Hir]) -> Known {
    let mut all = Set::new();
    let mut exact = true;
    for part in parts {
        let known = required(part);
        let best = match known {
            Known::Exactly(set) => Some(set),
            Known::Holds(sets) => {
                exact = false;
                sets.into_iter().filter(tells).max_by_key(|set| (!set.contains(BEYOND_ASCII), shortest(set)))
            }
        };
        let Some(best) = best else { return Known::nothing() };
        all.extend(best);
    }
    if exact && all.len() <= MOST_LITERALS {
        Known::Exactly(all)
    } else if tells(&all) && all.len() <= MOST_LITERALS {
        Known::Holds(vec![all])
    } else {
        Known::nothing()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The literals of each alternative.
    type Literals = Vec<Vec<Vec<String>>>;

    fn of(source: &str) -> Literals {
        let sets = |alternative: Alternative| alternative.sets;
        alternatives(&regex_syntax::parse(source).unwrap(), true).into_iter().map(sets).collect()
    }

    fn list(needs: &[&[&[&str]]]) -> Literals {
        needs.iter().map(|b| b.iter().map(|s| s.iter().map(|l| (*l).to_owned()).collect()).collect()).collect()
    }

    #[test]
    fn finds_what_every_match_holds() {
        assert_eq!(of(r"(?i)rekening\s+saya"), list(&[&[&["rekening saya"]]]));
        assert_eq!(
            of(r"(?i)\bcapek[\s*_]+deh\b[ ,]*(?:ah)?"),
            list(&[&[&["\u{8}capek deh\u{8}", "\u{8}capek deh ", "\u{8}capek deh ah", "\u{8}capek dehah"]]])
        );
        assert_eq!(of(r"[0-9]{4}\s*(coblos|pilih) nomor"), list(&[&[&["coblos nomor", "pilih nomor"]]]));
        assert_eq!(
            of(r"(?i)\b(anda|kamu)\b[^.]{0,40}\bsalah"),
            list(&[&[&["\u{8}anda\u{8}", "\u{8}kamu\u{8}"], &["\u{8}salah"]]])
        );
        assert_eq!(of(r"(?i)kirim(?:kan)? uang"), list(&[&[&["kirim ", "kirimkan "], &[" uang"]]]));
        assert_eq!(of(r"(?i)otp.{1,9}kirim|pin:"), list(&[&[&["otp"], &["kirim"]], &[&["pin:"]]]));
        assert_eq!(of(r"[0-9]+"), Literals::new());
        assert_eq!(of(r"ab|[0-9]+"), Literals::new());
    }
}
