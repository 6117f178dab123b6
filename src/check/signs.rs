//! Which characters every match of a regular expression holds: a digit, an `@`, three of them. Most texts lack them, and one
//! look at the characters of a text tells.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::token::{BEYOND_ASCII, Signs};

/// Sets of characters of each of which every match holds one, the rarest first.
pub(super) fn signs(hir: &Hir) -> Vec<Signs> {
    /// More sets do not tell more.
    const MOST: usize = 4;
    /// What stands in most texts does not tell anything.
    const COMMON: u32 = 60;
    let mut all = required(hir);
    all.retain(|signs| frequency(*signs) < COMMON);
    all.sort_by_key(|signs| frequency(*signs));
    all.dedup();
    all.truncate(MOST);
    all
}

fn bit(byte: u8) -> Signs {
    if byte.is_ascii() { 1 << byte } else { BEYOND_ASCII }
}

fn required(hir: &Hir) -> Vec<Signs> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Vec::new(),
        HirKind::Literal(literal) => literal.0.iter().map(|byte| bit(*byte)).collect(),
        HirKind::Class(class) => vec![of_class(class)],
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min == 0 => Vec::new(),
        HirKind::Repetition(repetition) => required(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(required).collect(),
        HirKind::Alternation(parts) => {
            let rarest = |part| required(part).into_iter().min_by_key(|signs| frequency(*signs));
            let all: Option<Vec<Signs>> = parts.iter().map(rarest).collect();
            all.map(|all| vec![all.into_iter().fold(0, |all, signs| all | signs)]).unwrap_or_default()
        }
    }
}

fn of_class(class: &Class) -> Signs {
    let between = |start: u32, end: u32| {
        let ascii = (start..=end.min(127)).fold(0, |signs, c| signs | 1 << c);
        if end > 127 { ascii | BEYOND_ASCII } else { ascii }
    };
    match class {
        Class::Unicode(class) => {
            class.ranges().iter().fold(0, |signs, range| signs | between(range.start().into(), range.end().into()))
        }
        Class::Bytes(class) => {
            class.ranges().iter().fold(0, |signs, range| signs | between(range.start().into(), range.end().into()))
        }
    }
}

/// About how many of a thousand characters of a text are among these.
fn frequency(signs: Signs) -> u32 {
    (0..128).filter(|byte| signs & bit(*byte) != 0).map(per_mille).sum()
}

/// About how many of a thousand bytes of a text are this one.
pub(super) fn per_mille(byte: u8) -> u32 {
    match byte {
        b'a' | b' ' => 150,
        b'n' | b'e' | b'i' => 70,
        b'k' | b't' | b'u' | b'r' | b's' | b'm' | b'd' | b'l' | b'g' | b'p' | b'b' => 35,
        b'h' | b'o' | b'y' | b'j' | b'c' | b'w' => 12,
        b'.' | b',' | b'\n' => 10,
        b'0'..=b'9' | b'-' | b':' | b'/' => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_every_match_holds() {
        let of = |source: &str| signs(&regex_syntax::parse(source).unwrap());
        let digits = of_class(&Class::Unicode(regex_syntax::hir::ClassUnicode::new([
            regex_syntax::hir::ClassUnicodeRange::new('0', '9'),
        ])));
        assert_eq!(of("nian [0-9]{4}"), [digits]);
        assert_eq!(of("[xX]{2}[.:]?"), [bit(b'x') | bit(b'X')]);
        assert_eq!(of("a@b|a#b"), [bit(b'@') | bit(b'#')]);
        assert_eq!(of("a+|[0-9]"), Vec::<Signs>::new());
        assert_eq!(of("…"), [BEYOND_ASCII]);
    }
}
