//! One automaton for all expressions: of every alternative, the literals of the two sets that are the rarest. Chains are not
//! looked at: to find them takes longer than the search that they might save, once an expression is compiled.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use super::program::{Program, Table, count, expressions};
use super::{Expressions, MOST, Place, Possible, edges_fit};
use crate::check::{BEYOND_ASCII, EDGE};
use crate::message::Roles;
use crate::token::Signs;

/// The automaton, and what its literals make possible.
#[derive(Debug)]
pub(super) struct Triggers {
    automaton: AhoCorasick,
    /// The literal of each pattern, and the sets that hold it.
    literals: Vec<(String, Vec<u32>)>,
    /// What each set triggers.
    triggers: Vec<Vec<Trigger>>,
    /// What is possible without any literal.
    always: Vec<Trigger>,
    /// The sets that hold what is beyond ASCII.
    beyond_ascii: Vec<u32>,
}

/// That an alternative of an expression may match, and what else it needs for that.
#[derive(Clone, Debug)]
struct Trigger {
    expression: Expressions,
    signs: Vec<Signs>,
    /// Another set, and whether it comes before the one that triggers.
    other: Option<(u32, bool)>,
}

/// What the automaton finds in a message.
#[derive(Debug, Default)]
pub(super) struct Pulled {
    /// By set, where its literals begin first and last, if they do.
    places: Vec<Option<Place>>,
    /// The sets of which a literal was found.
    found: Vec<u32>,
}

impl Pulled {
    fn add(&mut self, set: u32, at: usize) {
        let place = &mut self.places[set as usize];
        if let Some((_, last)) = place {
            *last = at;
        } else {
            *place = Some((at, at));
            self.found.push(set);
        }
    }
}

impl Triggers {
    /// The triggers of rules with these programs over the table.
    pub(super) fn of(table: &Table, programs: &[(Program, Roles)]) -> Option<Self> {
        let mut slots: BTreeMap<u32, u32> = BTreeMap::new();
        let mut triggers: Vec<Vec<Trigger>> = Vec::new();
        let mut always = Vec::new();
        for ((program, _), rule) in programs.iter().zip(0_u16..) {
            for (index, expression) in expressions(program).enumerate() {
                let whole = Trigger {
                    expression: (rule, 1 << index.min(MOST - 1)),
                    signs: if index < MOST { expression.signs().collect() } else { Vec::new() },
                    other: None,
                };
                if index >= MOST || expression.alternatives().len() == 0 {
                    always.push(whole);
                    continue;
                }
                for way in expression.alternatives() {
                    let mut rarest: Vec<usize> = (0..way.sets.len()).collect();
                    rarest.sort_by_key(|at| std::cmp::Reverse(rarity(table, way.sets[*at])));
                    let Some(first) = rarest.first() else {
                        always.push(whole.clone());
                        continue;
                    };
                    let mut slot = |set: u32| {
                        *slots.entry(set).or_insert_with(|| {
                            triggers.push(Vec::new());
                            count(triggers.len() - 1)
                        })
                    };
                    let other = rarest.get(1).map(|at| (slot(way.sets[*at]), at < first));
                    let first = slot(way.sets[*first]) as usize;
                    triggers[first].push(Trigger { other, ..whole.clone() });
                }
            }
        }
        let mut owners: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (set, slot) in slots {
            let literals = table.set(set as usize).iter();
            literals.for_each(|literal| owners.entry(*literal).or_default().push(slot));
        }
        let text = |literal: u32| table.text(literal as usize);
        let beyond = owners.keys().copied().find(|literal| text(*literal) == BEYOND_ASCII);
        let beyond_ascii = beyond.and_then(|literal| owners.remove(&literal)).unwrap_or_default();
        let literals: Vec<_> = owners.into_iter().map(|(literal, sets)| (text(literal).to_owned(), sets)).collect();
        let automaton = AhoCorasick::new(literals.iter().map(|(text, _)| text.trim_matches(EDGE))).ok()?;
        Some(Self { automaton, literals, triggers, always, beyond_ascii })
    }

    /// Finds out what can match in a message whose plain text is `text`.
    pub(super) fn pull(&self, text: &[u8], ascii: bool, possible: &mut Possible) {
        let mut pulled = std::mem::take(&mut possible.pulled);
        pulled.places.resize(self.triggers.len(), None);
        if !ascii {
            for set in &self.beyond_ascii {
                pulled.add(*set, 0);
                pulled.add(*set, text.len());
            }
        }
        for hit in self.automaton.find_overlapping_iter(text) {
            let (literal, sets) = &self.literals[hit.pattern().as_usize()];
            if edges_fit(literal, text, hit.range()) {
                for set in sets {
                    pulled.add(*set, hit.start());
                }
            }
        }
        for trigger in &self.always {
            if trigger.has_signs(possible.signs) {
                possible.add(trigger.expression);
            }
        }
        for set in &pulled.found {
            let Some((first, last)) = pulled.places[*set as usize] else { continue };
            for trigger in &self.triggers[*set as usize] {
                let in_order = |(other, before): (u32, bool)| {
                    let other = pulled.places[other as usize];
                    other.is_some_and(|other| if before { other.0 <= last } else { first <= other.1 })
                };
                if trigger.has_signs(possible.signs) && trigger.other.is_none_or(in_order) {
                    possible.add(trigger.expression);
                }
            }
        }
        for set in pulled.found.drain(..) {
            pulled.places[set as usize] = None;
        }
        possible.pulled = pulled;
    }
}

impl Trigger {
    /// Whether what it needs is among the signs of a text.
    fn has_signs(&self, there: Signs) -> bool {
        self.signs.iter().all(|signs| signs & there != 0)
    }
}

/// How rare the literals of a set are: by how often they were seen, or else by how long they are and of what signs.
fn rarity(table: &Table, set: u32) -> (std::cmp::Reverse<u32>, u32) {
    let worth = |c: char| match c {
        EDGE => 1,
        c if c.is_ascii_alphanumeric() => 3,
        ' ' | ':' | '-' | '/' | '(' | ')' | '"' => 2,
        _ => 9,
    };
    let literals = table.set(set as usize).iter().map(|literal| table.text(*literal as usize));
    let worth = literals.map(|text| text.chars().map(worth).sum()).min().unwrap_or(0);
    let seen = table.frequencies.get(set as usize).copied().unwrap_or(0);
    (std::cmp::Reverse(seen), worth)
}
