//! What expressions need, as flat numbers, so that build.rs can write it down and nothing is made of it at start-up.

use std::borrow::Cow;
use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use super::{edges_fit, push_plain};
use crate::check::{Alternative, Chain, EDGE, Needs, flat};
use crate::token::Signs;

/// What the expressions of a rule need: for each expression the number of its sets of signs, and these; the number of its
/// alternatives, and for each of them where its chains lie, the number of its sets of literals, and these.
pub(crate) type Program = Cow<'static, [u32]>;

/// What programs name by number: literals, sets of them, and chains, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// All literals, one after the other, and where each ends.
    pub(crate) text: Cow<'static, str>,
    pub(crate) text_ends: Cow<'static, [u32]>,
    /// All sets, each as the numbers of its literals, and where each ends.
    pub(crate) sets: Cow<'static, [u32]>,
    pub(crate) set_ends: Cow<'static, [u32]>,
    /// All lists of chains, each behind its length.
    pub(crate) chains: Cow<'static, [u32]>,
    /// How often literals of each set stand in ordinary texts, as far as that is known.
    pub(crate) frequencies: Cow<'static, [u32]>,
}

impl Table {
    /// How many literals there are.
    pub(super) fn texts(&self) -> usize {
        self.text_ends.len()
    }

    /// How many sets there are.
    pub(super) fn sets(&self) -> usize {
        self.set_ends.len()
    }

    pub(super) fn text(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.text_ends[before] as usize);
        self.text.get(start..self.text_ends[number] as usize).unwrap_or_default()
    }

    pub(super) fn set(&self, number: usize) -> &[u32] {
        let start = number.checked_sub(1).map_or(0, |before| self.set_ends[before] as usize);
        &self.sets[start..self.set_ends[number] as usize]
    }

    /// The list of chains that lies there.
    pub(super) fn chains(&self, at: u32) -> &[u32] {
        let at = at as usize;
        &self.chains[at + 1..at + 1 + self.chains[at] as usize]
    }
}

/// Numbers what programs name, while they are made.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) table: Table,
    known_texts: HashMap<String, u32>,
    known_sets: HashMap<Vec<u32>, u32>,
    known_chains: HashMap<Vec<u32>, u32>,
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Numbers {
    /// Goes on after a table that is there.
    pub(crate) fn after(table: Table) -> Self {
        Self { table, ..Self::default() }
    }

    /// Counts how often literals of each set stand in `texts`.
    #[allow(dead_code, reason = "asked by build.rs, which shares this file")]
    pub(crate) fn count_in(&mut self, texts: &[&str]) {
        let table = &self.table;
        let literals: Vec<&str> = (0..table.texts()).map(|number| table.text(number)).collect();
        let Ok(automaton) = AhoCorasick::new(literals.iter().map(|text| text.trim_matches(EDGE))) else { return };
        let mut counts = vec![0_u32; literals.len()];
        let mut text = Vec::new();
        for one in texts {
            text.clear();
            push_plain(&mut text, one);
            for hit in automaton.find_overlapping_iter(&text) {
                let literal = hit.pattern().as_usize();
                counts[literal] += u32::from(edges_fit(literals[literal], &text, hit.range()));
            }
        }
        let of_set = |number| table.set(number).iter().map(|literal| counts[*literal as usize]).sum();
        self.table.frequencies = (0..table.sets()).map(of_set).collect();
    }

    /// The program of a rule whose expressions have these needs.
    pub(crate) fn program(&mut self, needs: &[Needs]) -> Program {
        let mut program = Vec::new();
        for Needs { alternatives, signs } in needs {
            program.push(count(signs.len()));
            program.extend(signs.iter().flat_map(|signs| quarters(*signs)));
            program.push(count(alternatives.len()));
            for Alternative { sets, chains } in alternatives {
                program.push(self.chains(chains));
                program.push(count(sets.len()));
                program.extend(sets.iter().map(|set| self.set(set)));
            }
        }
        program.into()
    }

    fn set(&mut self, texts: &[String]) -> u32 {
        let set: Vec<u32> = texts.iter().map(|text| self.text(text)).collect();
        let Table { sets, set_ends, .. } = &mut self.table;
        *self.known_sets.entry(set).or_insert_with_key(|set| {
            sets.to_mut().extend(set);
            set_ends.to_mut().push(count(sets.len()));
            count(set_ends.len() - 1)
        })
    }

    fn text(&mut self, new: &str) -> u32 {
        let Table { text, text_ends, .. } = &mut self.table;
        *self.known_texts.entry(new.to_owned()).or_insert_with(|| {
            text.to_mut().push_str(new);
            text_ends.to_mut().push(count(text.len()));
            count(text_ends.len() - 1)
        })
    }

    fn chains(&mut self, new: &[Chain]) -> u32 {
        let chains = &mut self.table.chains;
        *self.known_chains.entry(flat(new)).or_insert_with_key(|list| {
            let at = count(chains.len());
            chains.to_mut().push(count(list.len()));
            chains.to_mut().extend(list);
            at
        })
    }
}

/// The expressions of a program.
pub(super) fn expressions(program: &[u32]) -> impl Iterator<Item = Expression<'_>> {
    let mut rest = program;
    std::iter::from_fn(move || {
        let (count, tail) = rest.split_first()?;
        let (signs, tail) = tail.split_at_checked(*count as usize * 4)?;
        let (count, tail) = tail.split_first()?;
        let alternatives = Ways { left: *count as usize, rest: tail };
        let mut behind = alternatives.clone();
        while behind.next().is_some() {}
        rest = behind.rest;
        Some(Expression { signs, alternatives })
    })
}

/// What an expression needs.
#[derive(Clone, Debug)]
pub(super) struct Expression<'p> {
    signs: &'p [u32],
    alternatives: Ways<'p>,
}

impl<'p> Expression<'p> {
    pub(super) fn signs(&self) -> impl Iterator<Item = Signs> + use<'p> {
        self.signs
            .chunks_exact(4)
            .map(|parts| parts.iter().rev().fold(0, |signs, part| signs << 32 | Signs::from(*part)))
    }

    /// Its alternatives; if there are none, nothing is known of it.
    pub(super) fn alternatives(&self) -> Ways<'p> {
        self.alternatives.clone()
    }
}

/// The signs as four numbers, the lowest first.
fn quarters(signs: Signs) -> [u32; 4] {
    [0, 32, 64, 96].map(|shift| u32::try_from(signs >> shift & 0xffff_ffff).unwrap_or_default())
}

/// An alternative of an expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'p> {
    /// Where its chains lie.
    pub(super) chains: u32,
    /// Its sets of literals.
    pub(super) sets: &'p [u32],
}

/// The alternatives of an expression.
#[derive(Clone, Debug)]
pub(super) struct Ways<'p> {
    left: usize,
    rest: &'p [u32],
}

impl<'p> Iterator for Ways<'p> {
    type Item = Way<'p>;

    fn next(&mut self) -> Option<Way<'p>> {
        self.left = self.left.checked_sub(1)?;
        let (chains, tail) = self.rest.split_first()?;
        let (count, tail) = tail.split_first()?;
        let (sets, rest) = tail.split_at_checked(*count as usize)?;
        self.rest = rest;
        Some(Way { chains: *chains, sets })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Ways<'_> {}
