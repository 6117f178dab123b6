//! Which words of a message call which phrases, so that a phrase is tried only where it can stand.
//!
//! Of the sets of words that a way of a phrase needs, the rarest is its key. Where a word of it stands and one of the next
//! rarest stands anywhere in the sentence, the others are sought around it, each as far away as it may be; where all are
//! there, the phrase is called.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ways::{Way, clipped};

/// What the words of a set call where some mark was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// What must stand in the same sentence or, if `wide`, in the same paragraph.
    pub(crate) mark: Option<u16>,
    /// Whether its calls go over the end of a sentence.
    pub(crate) wide: bool,
    /// Where its calls begin, and how many there are.
    pub(crate) calls: (u32, u16),
}

/// That a phrase is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The number of the phrase.
    pub(crate) phrase: u16,
    /// How many tokens before the key the phrase begins at most.
    pub(crate) before: u16,
    /// Where its links begin, of which the first is to the mark, and how many there are.
    pub(crate) links: (u32, u8),
}

/// That a word of a set stands before or behind the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The set.
    pub(crate) set: u16,
    /// How many tokens away at most.
    pub(crate) within: u16,
    /// Whether behind the key.
    pub(crate) behind: bool,
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

/// Which sets leave marks, and what the words of others call.
#[derive(Debug, Default)]
pub(super) struct Plan {
    marks: BTreeMap<u16, u16>,
    locks: BTreeMap<u16, u16>,
    /// For each lock where its keys begin, and one more for the end.
    pub(super) key_starts: Vec<u32>,
    pub(super) keys: Vec<Key>,
    pub(super) calls: Vec<Call>,
    pub(super) links: Vec<Link>,
    pub(super) uncalled: Vec<u16>,
}

/// A call while the plan is made.
struct Draft {
    before: u16,
    /// The rarest first.
    links: Vec<Link>,
}

impl Plan {
    /// The plan for phrases with these ways; `frequencies` says how often words of each set come.
    pub(super) fn new(phrases: &[Vec<Way>], frequencies: &[f64]) -> Self {
        let mut plan = Self::default();
        // By the set of the key, whether they are wide, the set of the mark, the phrase, and whether the mark stands behind.
        let mut drafts: BTreeMap<(u16, bool, Option<u16>, u16, bool), Draft> = BTreeMap::new();
        for (ways, phrase) in phrases.iter().zip(0..) {
            if ways.iter().any(|way| way.sets.is_empty()) {
                plan.uncalled.push(phrase);
                continue;
            }
            for way in ways {
                let (key, draft) = draft(way, frequencies);
                let mark = draft.links.first().map(|link| link.set);
                let behind = draft.links.first().is_some_and(|link| link.behind);
                match drafts.entry((key, way.wide, mark, phrase, behind)) {
                    Entry::Occupied(mut known) => known.get_mut().widen(&draft),
                    Entry::Vacant(vacant) => {
                        vacant.insert(draft);
                    }
                }
            }
        }
        let mut last = None;
        for ((key, wide, mark, phrase, _), draft) in drafts {
            if !plan.locks.contains_key(&key) {
                plan.locks.insert(key, count(plan.locks.len()));
                plan.key_starts.push(offset(plan.keys.len()));
            }
            if last != Some((key, wide, mark)) {
                last = Some((key, wide, mark));
                let mark = mark.map(|set| plan.mark_for(set));
                plan.keys.push(Key { mark, wide, calls: (offset(plan.calls.len()), 0) });
            }
            let index = plan.keys.len() - 1;
            plan.keys[index].calls.1 += 1;
            let links = (offset(plan.links.len()), u8::try_from(draft.links.len()).unwrap_or(u8::MAX));
            plan.links.extend(draft.links);
            plan.calls.push(Call { phrase, before: draft.before, links });
        }
        plan.key_starts.push(offset(plan.keys.len()));
        plan
    }

    fn mark_for(&mut self, set: u16) -> u16 {
        let next = count(self.marks.len());
        *self.marks.entry(set).or_insert(next)
    }

    /// The mark that words of the set leave.
    pub(super) fn mark(&self, set: u16) -> Option<u16> {
        self.marks.get(&set).copied()
    }

    /// How many marks there are.
    pub(super) fn mark_count(&self) -> usize {
        self.marks.len()
    }

    /// The lock that words of the set open.
    pub(super) fn lock(&self, set: u16) -> Option<u16> {
        self.locks.get(&set).copied()
    }
}

/// The key of a way, and what must stand around it.
fn draft(way: &Way, frequencies: &[f64]) -> (u16, Draft) {
    let often = |at: &usize| frequencies.get(usize::from(way.sets[*at].0)).copied().unwrap_or(1.0);
    let mut rarest: Vec<usize> = (0..way.sets.len()).collect();
    rarest.sort_by(|a, b| often(a).total_cmp(&often(b)));
    let key = rarest[0];
    let length = |gaps: &[(u16, usize)]| clipped(gaps.iter().fold(0_usize, |sum, (_, gap)| sum.saturating_add(*gap)));
    let link = |at: &usize| Link {
        set: way.sets[*at].0,
        within: length(&way.sets[key.min(*at) + 1..=key.max(*at)]),
        behind: *at > key,
    };
    let links = rarest[1..].iter().map(link).collect();
    (way.sets[key].0, Draft { before: length(&way.sets[..=key]), links })
}

impl Draft {
    /// Lets it stand for another way with the same key and mark, too.
    fn widen(&mut self, other: &Self) {
        self.before = self.before.max(other.before);
        let widened = self.links.iter().filter_map(|link| {
            let same = |other: &&Link| (other.set, other.behind) == (link.set, link.behind);
            let other = other.links.iter().find(same)?;
            Some(Link { within: link.within.max(other.within), ..*link })
        });
        self.links = widened.collect();
    }
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn offset(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
