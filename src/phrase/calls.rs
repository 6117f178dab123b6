//! Which words of a message call which phrases, so that a phrase is tried only where it can stand.
//!
//! Of what a phrase needs, two sets of words in a row are picked that are rare: where a word of the second follows one of the
//! first within the phrase's reach, the phrase is called.

use std::collections::BTreeMap;

/// What every match of a phrase holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Sets of each of which a word stands in it, in this order.
    pub(crate) sets: Vec<u16>,
    /// How many tokens it has at most.
    pub(crate) reach: u16,
    /// Whether it goes over the end of a sentence.
    pub(crate) wide: bool,
}

/// That a word of some set calls a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The number of the phrase.
    pub(crate) phrase: u16,
    /// The mark that must have been left before.
    pub(crate) mark: Option<u16>,
    /// How many tokens the phrase has at most.
    pub(crate) reach: u16,
    /// Whether it goes over the end of a sentence.
    pub(crate) wide: bool,
}

/// That a phrase was called, and from which token of the field to which it may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Called {
    /// The number of the phrase.
    pub(crate) phrase: u16,
    /// The index of the field.
    pub(crate) field: u16,
    /// The first token.
    pub(crate) from: u32,
    /// One past the last.
    pub(crate) to: u32,
}

/// Which sets leave marks, and which are keys that turn calls.
#[derive(Debug, Default)]
pub(super) struct Plan {
    marks: BTreeMap<u16, u16>,
    keys: BTreeMap<u16, u16>,
    pub(super) call_starts: Vec<u32>,
    pub(super) calls: Vec<Call>,
    pub(super) uncalled: Vec<u16>,
}

impl Plan {
    /// The plan for phrases with these needs; `frequencies` says how often words of each set come.
    pub(super) fn new(phrases: &[Needs], frequencies: &[f64]) -> Self {
        let mut plan = Self::default();
        let mut by_key: BTreeMap<u16, Vec<Call>> = BTreeMap::new();
        for (needs, phrase) in phrases.iter().zip(0..) {
            let Some((mark, key)) = cheapest(&needs.sets, frequencies) else {
                plan.uncalled.push(phrase);
                continue;
            };
            let mark = mark.map(|set| {
                let next = count(plan.marks.len());
                *plan.marks.entry(set).or_insert(next)
            });
            by_key.entry(key).or_default().push(Call { phrase, mark, reach: needs.reach, wide: needs.wide });
        }
        plan.call_starts.push(0);
        for (set, calls) in by_key {
            plan.keys.insert(set, count(plan.keys.len()));
            plan.calls.extend(calls);
            plan.call_starts.push(u32::try_from(plan.calls.len()).unwrap_or(u32::MAX));
        }
        plan
    }

    /// The mark that words of the set leave.
    pub(super) fn mark(&self, set: u16) -> Option<u16> {
        self.marks.get(&set).copied()
    }

    /// How many marks there are.
    pub(super) fn mark_count(&self) -> usize {
        self.marks.len()
    }

    /// The key that words of the set turn.
    pub(super) fn key(&self, set: u16) -> Option<u16> {
        self.keys.get(&set).copied()
    }
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// The pair of sets, one before the other, that costs least: a look for every word of the second, a mark for every word of the
/// first, and a search where both come.
fn cheapest(sets: &[u16], frequencies: &[f64]) -> Option<(Option<u16>, u16)> {
    /// What a mark costs against a look.
    const MARK: f64 = 0.2;
    /// What a search costs against a look.
    const SEARCH: f64 = 40.0;
    let often = |set: u16| frequencies.get(usize::from(set)).copied().unwrap_or(1.0);
    let most = frequencies.iter().copied().fold(1.0, f64::max);
    let single = |key: &u16| (often(*key) * (1.0 + SEARCH), None, *key);
    let pairs = sets.iter().enumerate().flat_map(|(at, mark)| {
        sets[at + 1..].iter().map(move |key| {
            let (first, second) = (often(*mark), often(*key));
            (second + MARK * first + SEARCH * first * second / most, Some(*mark), *key)
        })
    });
    let best = sets.iter().map(single).chain(pairs).min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, mark, key)| (mark, key))
}
