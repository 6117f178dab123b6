//! Numbers as people write them: groups of digits of any script, and what they put between the groups.
//!
//! Where one number ends and the next begins is told by what it is taken for, so every way to read a run is offered.

use crate::span::TextSpan;

/// The longest number that is looked for, in digits.
const LONGEST: usize = 22;
/// How few digits are no number of a person.
const FEWEST: usize = 8;

/// The value of a digit: of ASCII, of full width, as mathematicians and Arabs write it, and in the scripts of Java and Bali.
pub(crate) fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{1b50}'..='\u{1b59}' => '\u{1b50}',
        '\u{a9d0}'..='\u{a9d9}' => '\u{a9d0}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{1d7ce}'..='\u{1d7ff}' => return u8::try_from((u32::from(c) - 0x1d7ce) % 10).ok(),
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

/// Whether `text` holds enough digits for a number of a person.
pub(super) fn has_number(text: &str) -> bool {
    has_digits(text, FEWEST)
        || !text.is_ascii() && text.chars().filter(|c| digit(*c).is_some()).take(FEWEST).count() == FEWEST
}

/// Whether `text` holds so many digits of ASCII.
pub(super) fn has_digits(text: &str, count: usize) -> bool {
    text.bytes().filter(u8::is_ascii_digit).take(count).count() == count
}

/// What stands between two groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// One or more blanks, a tab among them.
    Blank,
    /// A line break.
    Break,
    /// One full stop.
    Stop,
    /// One dash.
    Dash,
    /// Something else that people put into one number: brackets around its beginning, a dash between blanks.
    Other,
}

impl Gap {
    /// Whether one number may end at it and another begin.
    fn parts(self) -> bool {
        matches!(self, Self::Blank | Self::Break)
    }
}

/// Digits with nothing between them.
#[derive(Clone, Copy, Debug)]
struct Group {
    span: TextSpan,
    /// How many digits of the run stand before it.
    before: usize,
    length: usize,
    /// What stands before it, in the run.
    gap: Option<Gap>,
}

/// Groups of digits that stand close enough to be one number.
#[derive(Debug, Default)]
pub(super) struct Run {
    groups: Vec<Group>,
    digits: Vec<u8>,
}

/// Groups of a run that are taken as one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'r> {
    groups: &'r [Group],
    /// Its digits.
    pub(super) digits: &'r [u8],
}

impl Written<'_> {
    /// Where it stands, without a sign before it.
    pub(super) fn span(&self) -> TextSpan {
        let end = |group: Option<&Group>| group.map_or(TextSpan::new(0..0), |group| group.span);
        TextSpan { start: end(self.groups.first()).start, end: end(self.groups.last()).end }
    }

    /// How long its groups are.
    pub(super) fn shape(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.groups.iter().map(|group| group.length)
    }

    /// What stands between its groups.
    pub(super) fn gaps(&self) -> impl Iterator<Item = Gap> + use<'_> {
        self.groups.iter().skip(1).filter_map(|group| group.gap)
    }
}

impl Run {
    /// Cuts the run into numbers: `take` says of each way to read what begins at some group, the longest first, whether it is
    /// what is sought; what is taken is not read again.
    pub(super) fn numbers(&self, mut take: impl FnMut(Written<'_>) -> bool) {
        let mut at = 0;
        while at < self.groups.len() {
            at = self.readings(at).find(|(_, written)| take(*written)).map_or(at + 1, |(end, _)| end);
        }
    }

    /// Every way to read what the run holds, which may overlap.
    pub(super) fn all_readings(&self) -> impl Iterator<Item = Written<'_>> {
        (0..self.groups.len()).flat_map(|at| self.readings(at)).map(|(_, written)| written)
    }

    /// The ways to read what begins at a group, the longest first, each with the group behind it.
    fn readings(&self, at: usize) -> impl Iterator<Item = (usize, Written<'_>)> {
        let parts = |at: usize| self.groups.get(at).is_none_or(|group| group.gap.is_none_or(Gap::parts));
        let digits = |from: usize, to: usize| match (self.groups.get(from), self.groups.get(to)) {
            (Some(first), Some(last)) => first.before..last.before + last.length,
            _ => 0..0,
        };
        let more = (at + 1..self.groups.len()).take_while(move |last| digits(at, *last).len() <= LONGEST).count();
        let ends = if parts(at) { at + 1..at + more + 2 } else { at..at };
        ends.rev().filter(move |end| parts(*end)).filter_map(move |end| {
            let written = Written { groups: self.groups.get(at..end)?, digits: self.digits.get(digits(at, end - 1))? };
            (written.digits.len() >= FEWEST).then_some((end, written))
        })
    }

    fn push(&mut self, span: TextSpan, length: usize, gap: Option<Gap>) {
        let before = self.digits.len() - length;
        self.groups.push(Group { span, before, length, gap });
    }
}

/// Runs of at least eight digits.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut all = Vec::new();
    let mut run = Run::default();
    let mut at = 0;
    let mut gap = None;
    while let Some(start) = next_digit(text, at) {
        if !run.groups.is_empty() {
            gap = gap_of(text.get(at..start).unwrap_or_default());
            if gap.is_none() {
                finish(&mut run, &mut all);
            }
        }
        let (end, length) = read_group(text, start, &mut run.digits);
        run.push(TextSpan::new(start..end), length, gap.take());
        at = end;
    }
    finish(&mut run, &mut all);
    all
}

fn finish(run: &mut Run, all: &mut Vec<Run>) {
    let run = std::mem::take(run);
    if run.digits.len() >= FEWEST {
        all.push(run);
    }
}

fn next_digit(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.char_indices().find(|(_, c)| digit(*c).is_some()).map(|(offset, _)| from + offset)
}

/// The end of a group, and how many digits it has. What cannot be seen does not end it.
fn read_group(text: &str, start: usize, digits: &mut Vec<u8>) -> (usize, usize) {
    let (mut end, mut length) = (start, 0);
    for (offset, c) in text.get(start..).unwrap_or_default().char_indices() {
        if let Some(value) = digit(c) {
            digits.push(value);
            length += 1;
            end = start + offset + c.len_utf8();
        } else if !is_unseen(c) {
            break;
        }
    }
    (end, length)
}

/// Characters that take no room: soft hyphens, joiners, and what makes a digit a key.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe0f}' | '\u{20e3}')
}

/// What the characters between two groups of digits are, if one number may hold them.
fn gap_of(between: &str) -> Option<Gap> {
    /// How many characters people put between the parts of a number.
    const MOST: usize = 4;
    let (mut blanks, mut breaks, mut stops, mut dashes, mut brackets, mut all) = (0, 0, 0, 0, 0, 0);
    for c in between.chars().filter(|c| !is_unseen(*c) && *c != '\r') {
        all += 1;
        match c {
            ' ' | '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => blanks += 1,
            '\n' => breaks += 1,
            '.' | '\u{ff0e}' | '\u{b7}' => stops += 1,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{fe63}' => dashes += 1,
            ')' | '(' => brackets += 1,
            _ => return None,
        }
        if all > MOST {
            return None;
        }
    }
    match (blanks, breaks, stops, dashes, brackets) {
        (_, 1, 0, 0, 0) => Some(Gap::Break),
        (1.., 0, 0, 0, 0) => Some(Gap::Blank),
        (0, 0, 1, 0, 0) => Some(Gap::Stop),
        (0, 0, 0, 1, 0) => Some(Gap::Dash),
        (_, 0, 0, 0, 1) | (1.., 0, 0, 1, 0) => Some(Gap::Other),
        // Digits with nothing but unseen characters between them are one group already.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digits of each reading, the longest first from each group on.
    fn readings(text: &str) -> Vec<String> {
        let runs = runs(text);
        let all = runs.iter().flat_map(Run::all_readings);
        all.map(|written| written.digits.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn digits_of_all_scripts_have_their_value() {
        for zero in ['0', '\u{660}', '\u{6f0}', '\u{1b50}', '\u{a9d0}', '\u{ff10}', '\u{1d7ce}', '\u{1d7d8}'] {
            let digits: Vec<_> = (u32::from(zero)..).filter_map(char::from_u32).take(10).map(digit).collect();
            assert_eq!(digits, (0..10).map(Some).collect::<Vec<_>>(), "{zero}");
        }
        for no_digit in
            ['/', ':', '\u{65f}', '\u{66a}', '\u{6ef}', '\u{6fa}', '\u{1b4f}', '\u{a9da}', '\u{ff1a}', '²', 'l', 'O']
        {
            assert_eq!(digit(no_digit), None, "{no_digit}");
        }
    }

    #[test]
    fn a_number_has_eight_digits_of_any_script() {
        for (text, holds) in [
            ("12 345.678", true),
            ("1234567", false),
            ("", false),
            ("\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}\u{ff17}\u{ff18}", true),
            ("\u{ff11}2\u{ff13}4\u{ff15}6\u{ff17}8", true),
            ("\u{ff11}2\u{ff13}4\u{ff15}6\u{ff17}", false),
            ("tanpa angka – satu pun", false),
        ] {
            assert_eq!(has_number(text), holds, "{text}");
        }
        assert!(has_digits("a1b2", 2));
        assert!(!has_digits("a1b", 2));
        assert!(!has_digits("1\u{ff12}", 2));
    }

    #[test]
    fn what_stands_between_groups_is_a_gap_or_ends_the_run() {
        let gap = |between: &str| {
            let runs = runs(&format!("12345678{between}12345678"));
            match runs.as_slice() {
                [run] if run.groups.len() == 2 => run.groups[1].gap,
                _ => None,
            }
        };
        for (between, is) in [
            (" ", Some(Gap::Blank)),
            ("\t\u{a0}\u{2009} ", Some(Gap::Blank)),
            (" \u{200b}\u{2060} ", Some(Gap::Blank)),
            ("\r\n", Some(Gap::Break)),
            (" \n  ", Some(Gap::Break)),
            (".", Some(Gap::Stop)),
            ("-", Some(Gap::Dash)),
            ("\u{2013}", Some(Gap::Dash)),
            (") ", Some(Gap::Other)),
            (")", Some(Gap::Other)),
            (" (", Some(Gap::Other)),
            (" - ", Some(Gap::Other)),
            ("     ", None),
            ("\n\n", None),
            ("..", None),
            ("--", None),
            ("()", None),
            (". ", None),
            (".-", None),
            (").", None),
            ("/", None),
            (" dan ", None),
        ] {
            assert_eq!(gap(between), is, "{between:?}");
        }
    }

    #[test]
    fn one_number_may_end_and_the_next_begin_at_a_blank_and_at_nothing_else() {
        assert_eq!(readings("1234-5678 9012.3456"), ["1234567890123456", "12345678", "90123456"]);
        assert_eq!(readings("1234-5678\n90123456"), ["1234567890123456", "12345678", "90123456"]);
        assert_eq!(readings("1234-5678.9012-3456"), ["1234567890123456"]);
        assert_eq!(readings("123456 7 8"), ["12345678"]);
        assert_eq!(readings("1234567"), Vec::<String>::new());
        assert_eq!(readings("1234567 1"), ["12345671"]);
    }

    #[test]
    fn a_reading_has_22_digits_at_most() {
        assert_eq!(
            readings("11111111 2222222 3333333 4"),
            ["1111111122222223333333", "111111112222222", "11111111", "222222233333334", "22222223333333", "33333334"]
        );
        assert!(
            readings("12345678901234567890123 4").iter().all(|digits| digits.len() == 23),
            "what has no gap is not cut"
        );
    }

    #[test]
    fn numbers_that_are_taken_are_not_read_again() {
        let runs = runs("(0811) 1234-5678 90123456 1");
        let [run] = runs.as_slice() else { panic!("one run: {runs:?}") };
        let mut taken = Vec::new();
        run.numbers(|written| {
            let take = written.digits.len() == 12 || written.digits.len() == 8;
            taken.extend(take.then(|| {
                (written.span().range(), written.shape().collect::<Vec<_>>(), written.gaps().collect::<Vec<_>>())
            }));
            take
        });
        assert_eq!(taken, [(1..16, vec![4, 4, 4], vec![Gap::Other, Gap::Dash]), (17..25, vec![8], vec![])]);
    }
}
