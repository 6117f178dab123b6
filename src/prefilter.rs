//! Which expressions can match a message at all, by the literals that they need.
//!
//! A draft is too short to win back the time in which an automaton is built, so literals are sought one by one, as they
//! are asked for; once much has been read, one automaton finds them all in a pass.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::AhoCorasick;
use memchr::memmem;

use crate::check::{BEYOND_ASCII, EDGE, Needs};
use crate::message::Message;

/// What the expressions of a rule need, flat, so that build.rs can write it down: for each expression the number of its
/// alternatives, for each of them the number of its sets, for each set the number of its literals, then these.
pub(crate) type Program = Cow<'static, [u32]>;

/// All literals by number, while programs are made.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    texts: Vec<Cow<'static, str>>,
    known: HashMap<Cow<'static, str>, u32>,
}

impl Numbers {
    /// Goes on after literals that have their numbers.
    pub(crate) fn after(texts: &[&'static str]) -> Self {
        let texts: Vec<Cow<'static, str>> = texts.iter().map(|text| Cow::Borrowed(*text)).collect();
        Self { texts, known: HashMap::new() }
    }

    /// The literals in the order of their numbers.
    pub(crate) fn texts(&self) -> &[Cow<'static, str>] {
        &self.texts
    }

    /// The program of a rule whose expressions have these needs.
    pub(crate) fn program(&mut self, needs: &[Needs]) -> Program {
        let mut program = Vec::new();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for alternatives in needs {
            program.push(count(alternatives.len()));
            for sets in alternatives {
                program.push(count(sets.len()));
                for set in sets {
                    program.push(count(set.len()));
                    program.extend(set.iter().map(|text| self.number(text)));
                }
            }
        }
        program.into()
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Cow<'static, str> = Cow::Owned(text.to_owned());
        self.texts.push(text.clone());
        self.known.insert(text, number);
        number
    }
}

/// Finds literals.
#[derive(Debug, Default)]
pub(crate) struct Prefilter {
    numbers: Numbers,
    automaton: OnceLock<Option<AhoCorasick>>,
    /// Bytes that have been searched.
    read: AtomicUsize,
}

/// After so many bytes the time to build the automaton is won back.
const WARM: usize = 16 << 10;

/// Where a literal begins first and last; none if it does not stand in the message.
type Place = Option<(usize, usize)>;

/// The literals of a message, found or to be found.
#[derive(Debug)]
pub(crate) struct Present<'p> {
    literals: &'p [Cow<'static, str>],
    /// All fields in lower case, one after the other.
    text: String,
    /// Which pairs of neighbouring bytes the text has; most literals have one that it lacks.
    pairs: Vec<u64>,
    /// What is known of each literal so far.
    places: RefCell<Vec<Option<Place>>>,
}

impl Prefilter {
    /// A prefilter for literals that have their numbers.
    pub(crate) fn new(numbers: Numbers) -> Self {
        Self { numbers, ..Self::default() }
    }

    /// The program of a rule that comes later.
    pub(crate) fn program(&mut self, needs: &[Needs]) -> Program {
        self.automaton = OnceLock::new();
        self.numbers.program(needs)
    }

    /// What stands in the fields of the message.
    pub(crate) fn present(&self, message: &Message<'_>) -> Present<'_> {
        let literals = self.numbers.texts();
        let mut text = String::with_capacity(message.fields.iter().map(|field| field.text.len() + 1).sum());
        for field in &message.fields {
            text.push_str(&field.bare().to_lowercase());
            text.push('\n');
        }
        let read = self.read.fetch_add(text.len(), Ordering::Relaxed) + text.len();
        let build = || AhoCorasick::new(literals.iter().map(|text| text.trim_matches(EDGE))).ok();
        let automaton = if read > WARM { self.automaton.get_or_init(build).as_ref() } else { None };
        let mut places = vec![automaton.map(|_| None); literals.len()];
        let beyond = literals.iter().position(|text| text == BEYOND_ASCII);
        if let Some(number) = beyond.filter(|_| automaton.is_some() && !text.is_ascii()) {
            places[number] = Some(Some((0, text.len())));
        }
        for hit in automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(&text)) {
            let number = hit.pattern().as_usize();
            if edges_fit(&literals[number], text.as_bytes(), hit.range()) {
                let first = places[number].flatten().map_or(hit.start(), |(first, _)| first);
                places[number] = Some(Some((first, hit.start())));
            }
        }
        let pairs = if automaton.is_some() { Vec::new() } else { pairs(text.as_bytes()) };
        Present { literals, text, pairs, places: RefCell::new(places) }
    }
}

impl Present<'_> {
    /// Which expressions of the program can match, as bits, and how many there are; those beyond the 64th always can.
    pub(crate) fn expressions(&self, program: &[u32]) -> (u64, usize) {
        let mut rest = program.iter().copied();
        let (mut bits, mut index) = (0, 0);
        while let Some(alternatives) = rest.next() {
            let mut can = alternatives == 0;
            for _ in 0..alternatives {
                can |= self.in_order(&mut rest, can);
            }
            if can && index < 64 {
                bits |= 1 << index;
            }
            index += 1;
        }
        (bits, index)
    }

    /// Steps over the sets of one alternative and says whether of each a literal stands in the message, and somewhere after
    /// one of the set before. Where it is `known` already that something can match, nothing is sought.
    fn in_order(&self, program: &mut impl Iterator<Item = u32>, known: bool) -> bool {
        let (mut earliest, mut holds) = (0, !known);
        for _ in 0..program.next().unwrap_or_default() {
            let (mut first, mut reached) = (usize::MAX, false);
            for _ in 0..program.next().unwrap_or_default() {
                let Some(number) = program.next() else { break };
                if let Some((begins, ends)) = holds.then(|| self.place(number as usize)).flatten() {
                    first = first.min(begins);
                    reached |= ends >= earliest;
                }
            }
            earliest = earliest.max(first);
            holds &= reached;
        }
        holds
    }

    fn place(&self, number: usize) -> Place {
        let known = self.places.borrow()[number];
        known.unwrap_or_else(|| {
            let place = self.find(&self.literals[number]);
            self.places.borrow_mut()[number] = Some(place);
            place
        })
    }

    fn find(&self, literal: &str) -> Place {
        if literal == BEYOND_ASCII {
            return (!self.text.is_ascii()).then_some((0, self.text.len()));
        }
        let plain = literal.trim_matches(EDGE);
        let lacks = |pair: &[u8]| self.pairs[pair_index(pair).0] & pair_index(pair).1 == 0;
        if plain.as_bytes().windows(2).any(lacks) {
            return None;
        }
        let fits = |at: &usize| edges_fit(literal, self.text.as_bytes(), *at..at + plain.len());
        let mut places = memmem::find_iter(self.text.as_bytes(), plain).filter(fits);
        let first = places.next()?;
        Some((first, places.last().unwrap_or(first)))
    }
}

/// The pairs of neighbouring bytes of `text`, as a set of 65,536 bits.
fn pairs(text: &[u8]) -> Vec<u64> {
    let mut pairs = vec![0; 1024];
    for pair in text.windows(2) {
        let (index, bit) = pair_index(pair);
        pairs[index] |= bit;
    }
    pairs
}

/// Where a pair stands in the set: the index of its word, and its bit.
fn pair_index(pair: &[u8]) -> (usize, u64) {
    let number = usize::from(pair[0]) << 8 | usize::from(pair[1]);
    (number >> 6, 1 << (number & 63))
}

/// Whether words begin and end where the literal says so.
fn edges_fit(literal: &str, text: &[u8], range: Range<usize>) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let before = range.start.checked_sub(1).and_then(|at| text.get(at));
    let starts = !literal.starts_with(EDGE) || word(before) != word(text.get(range.start));
    let last = range.end.checked_sub(1).and_then(|at| text.get(at));
    starts && (!literal.ends_with(EDGE) || word(last) != word(text.get(range.end)))
}
