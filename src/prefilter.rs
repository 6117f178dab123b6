//! Which expressions can match a message at all: one pass finds the literals that they need.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::check::{EDGE, Needs};
use crate::message::Message;

/// Of each set of one alternative, some literal must be there; no alternative means always.
type Alternatives = Vec<Vec<Vec<u32>>>;

/// The literals of all expressions of all rules.
#[derive(Debug, Default)]
pub(crate) struct Prefilter {
    literals: Vec<String>,
    numbers: HashMap<String, u32>,
    /// For each rule its expressions.
    rules: Vec<Vec<Alternatives>>,
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// Which literals stand in a message: where each begins first and where last, over all fields.
#[derive(Debug)]
pub(crate) struct Present(Vec<Option<(usize, usize)>>);

impl Prefilter {
    /// Adds the next rule with what its expressions need.
    pub(crate) fn push(&mut self, needs: &[Needs]) {
        let mut number = |text: &String| self.number(text);
        let mut rule = Vec::new();
        for alternatives in needs {
            let mut set = |set: &Vec<String>| set.iter().map(&mut number).collect();
            let mut sets = |sets: &Vec<Vec<String>>| sets.iter().map(&mut set).collect();
            rule.push(alternatives.iter().map(&mut sets).collect());
        }
        self.rules.push(rule);
        self.automaton = OnceLock::new();
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.literals.len()).unwrap_or(u32::MAX);
        self.literals.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The literals that stand in any field of the message.
    pub(crate) fn present(&self, message: &Message<'_>) -> Present {
        // The plain automaton takes a fifth of the time to build that the fastest one takes, which is what a draft feels.
        let build = || {
            let plain = self.literals.iter().map(|text| text.trim_matches(EDGE));
            AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).prefilter(false).build(plain).ok()
        };
        let mut present = vec![None; self.literals.len()];
        let Some(automaton) = self.automaton.get_or_init(build) else { return Present(present) };
        let mut offset = 0;
        for field in &message.fields {
            let lower = field.text.to_lowercase();
            for hit in automaton.find_overlapping_iter(&lower) {
                let number = hit.pattern().as_usize();
                if edges_fit(&self.literals[number], lower.as_bytes(), hit.range()) {
                    let at = offset + hit.start();
                    let place = present[number].get_or_insert((at, at));
                    place.1 = at;
                }
            }
            offset += lower.len();
        }
        Present(present)
    }

    /// Which expressions of the rule can match, as bits; those beyond the 64th always can.
    pub(crate) fn expressions(&self, rule: usize, present: &Present) -> u64 {
        let can = |alternatives: &Alternatives| alternatives.is_empty() || alternatives.iter().any(|sets| in_order(sets, present));
        let bits = self.rules[rule].iter().take(64).enumerate().filter(|(_, expression)| can(expression));
        bits.fold(0, |all, (index, _)| all | 1 << index)
    }
}

/// Whether of each set a literal stands in the message, and somewhere after one of the set before.
fn in_order(sets: &[Vec<u32>], present: &Present) -> bool {
    let mut earliest = 0;
    sets.iter().all(|set| {
        let places = || set.iter().filter_map(|number| present.0[*number as usize]);
        let reached = places().any(|(_, last)| last >= earliest);
        earliest = places().map(|(first, _)| first).min().unwrap_or_default().max(earliest);
        reached
    })
}

/// Whether words begin and end where the literal says so.
fn edges_fit(literal: &str, text: &[u8], range: std::ops::Range<usize>) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let before = range.start.checked_sub(1).and_then(|at| text.get(at));
    let starts = !literal.starts_with(EDGE) || word(before) != word(text.get(range.start));
    let last = range.end.checked_sub(1).and_then(|at| text.get(at));
    starts && (!literal.ends_with(EDGE) || word(last) != word(text.get(range.end)))
}
