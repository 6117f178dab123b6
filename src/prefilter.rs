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

use crate::check::{BEYOND_ASCII, EDGE, Needs, is_blank};
use crate::message::Message;

/// What the expressions of a rule need, flat, so that build.rs can write it down: for each expression the number of its
/// alternatives, for each of them the number of its sets, then these.
pub(crate) type Program = Cow<'static, [u32]>;

/// All literals and sets of them by number, while programs are made.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    texts: Vec<Cow<'static, str>>,
    sets: Vec<Cow<'static, [u32]>>,
    known_texts: HashMap<Cow<'static, str>, u32>,
    known_sets: HashMap<Vec<u32>, u32>,
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Numbers {
    /// Goes on after literals and sets that have their numbers.
    pub(crate) fn after(texts: &[&'static str], sets: &[&'static [u32]]) -> Self {
        let texts = texts.iter().map(|text| Cow::Borrowed(*text)).collect();
        Self { texts, sets: sets.iter().map(|set| Cow::Borrowed(*set)).collect(), ..Self::default() }
    }

    /// The literals in the order of their numbers.
    pub(crate) fn texts(&self) -> &[Cow<'static, str>] {
        &self.texts
    }

    /// The sets in the order of their numbers.
    pub(crate) fn sets(&self) -> &[Cow<'static, [u32]>] {
        &self.sets
    }

    /// The program of a rule whose expressions have these needs.
    pub(crate) fn program(&mut self, needs: &[Needs]) -> Program {
        let mut program = Vec::new();
        for alternatives in needs {
            program.push(count(alternatives.len()));
            for sets in alternatives {
                program.push(count(sets.len()));
                program.extend(sets.iter().map(|set| self.set(set)));
            }
        }
        program.into()
    }

    fn set(&mut self, texts: &[String]) -> u32 {
        let set: Vec<u32> = texts.iter().map(|text| self.text(text)).collect();
        if let Some(number) = self.known_sets.get(&set) {
            return *number;
        }
        let number = count(self.sets.len());
        self.sets.push(Cow::Owned(set.clone()));
        self.known_sets.insert(set, number);
        number
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known_texts.get(text) {
            return *number;
        }
        let number = count(self.texts.len());
        let text: Cow<'static, str> = Cow::Owned(text.to_owned());
        self.texts.push(text.clone());
        self.known_texts.insert(text, number);
        number
    }
}

/// Finds literals.
#[derive(Debug, Default)]
pub(crate) struct Prefilter {
    numbers: Numbers,
    /// The number of `BEYOND_ASCII`, if an expression needs that.
    beyond: OnceLock<Option<usize>>,
    automaton: OnceLock<Option<AhoCorasick>>,
    /// Bytes that have been searched.
    read: AtomicUsize,
}

/// After so many bytes the time to build the automaton is won back.
const WARM: usize = 16 << 10;

/// Where a literal, or some of a set, begins first and last.
type Place = (usize, usize);

/// What is known of the literals of a message so far: most are sought in vain, so that a bit says it all.
#[derive(Debug, Default)]
struct Places {
    /// Which have been sought; empty where all have been.
    sought: Vec<u64>,
    /// Which stand in the message.
    here: Vec<u64>,
    /// Where these stand.
    places: HashMap<usize, Place>,
}

impl Places {
    fn has(bits: &[u64], number: usize) -> bool {
        bits.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }

    fn set(bits: &mut [u64], number: usize) {
        if let Some(word) = bits.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether it need not be sought any more.
    fn knows(&self, number: usize) -> bool {
        self.sought.is_empty() || Self::has(&self.sought, number)
    }

    fn get(&self, number: usize) -> Option<Place> {
        if Self::has(&self.here, number) { self.places.get(&number).copied() } else { None }
    }

    fn remember(&mut self, number: usize, place: Option<Place>) {
        Self::set(&mut self.sought, number);
        if let Some(place) = place {
            self.add(number, place);
        }
    }

    fn add(&mut self, number: usize, (first, last): Place) {
        Self::set(&mut self.here, number);
        self.places.entry(number).and_modify(|place| place.1 = last).or_insert((first, last));
    }
}

/// The literals of a message, found or to be found.
#[derive(Debug)]
pub(crate) struct Present<'p> {
    numbers: &'p Numbers,
    /// All fields in lower case, one after the other, with one blank for every run of blank space.
    text: String,
    /// Whether they hold nothing beyond ASCII.
    ascii: bool,
    /// Which pairs of neighbouring bytes the text has; most literals have one that it lacks.
    pairs: Vec<u64>,
    /// What is known of the literals so far.
    places: RefCell<Places>,
    /// What is known of the sets so far.
    sets: RefCell<Places>,
}

impl Prefilter {
    /// A prefilter for literals that have their numbers.
    pub(crate) fn new(numbers: Numbers) -> Self {
        Self { numbers, ..Self::default() }
    }

    /// The program of a rule that comes later.
    pub(crate) fn program(&mut self, needs: &[Needs]) -> Program {
        (self.automaton, self.beyond) = (OnceLock::new(), OnceLock::new());
        self.numbers.program(needs)
    }

    /// What stands in the fields of the message.
    pub(crate) fn present(&self, message: &Message<'_>) -> Present<'_> {
        let literals = self.numbers.texts();
        let mut text = String::with_capacity(message.fields.iter().map(|field| field.text.len() + 1).sum());
        let mut ascii = true;
        for field in &message.fields {
            ascii &= field.text.is_ascii();
            push_plain(&mut text, field.bare());
            text.push('\n');
        }
        let read = self.read.fetch_add(text.len(), Ordering::Relaxed) + text.len();
        let build = || AhoCorasick::new(literals.iter().map(|text| text.trim_matches(EDGE))).ok();
        let automaton = if read > WARM { self.automaton.get_or_init(build).as_ref() } else { None };
        let words = literals.len().div_ceil(64);
        let bits = vec![0; self.numbers.sets().len().div_ceil(64)];
        let sets = Places { sought: bits.clone(), here: bits, ..Places::default() };
        let mut places = Places { here: vec![0; words], ..Places::default() };
        if automaton.is_none() {
            places.sought = vec![0; words];
        } else if !ascii
            && let Some(number) = self.beyond.get_or_init(|| literals.iter().position(|text| text == BEYOND_ASCII))
        {
            places.add(*number, (0, text.len()));
        }
        for hit in automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(&text)) {
            let number = hit.pattern().as_usize();
            if edges_fit(&literals[number], text.as_bytes(), hit.range()) {
                places.add(number, (hit.start(), hit.start()));
            }
        }
        let pairs = if automaton.is_some() { Vec::new() } else { pairs(text.as_bytes()) };
        let (places, sets) = (RefCell::new(places), RefCell::new(sets));
        Present { numbers: &self.numbers, text, ascii, pairs, places, sets }
    }
}

impl Present<'_> {
    /// Which expressions of the program can match, as bits, and how many there are; those beyond the 128th always can.
    pub(crate) fn expressions(&self, program: &[u32]) -> (u128, usize) {
        let mut rest = program;
        let (mut bits, mut index) = (0, 0);
        while let Some((alternatives, tail)) = rest.split_first() {
            rest = tail;
            let mut can = *alternatives == 0;
            for _ in 0..*alternatives {
                let Some((len, tail)) = rest.split_first() else { break };
                let (sets, tail) = tail.split_at((*len as usize).min(tail.len()));
                rest = tail;
                can = can || self.in_order(sets);
            }
            if can && index < 128 {
                bits |= 1 << index;
            }
            index += 1;
        }
        (bits, index)
    }

    /// Whether of each set a literal stands in the message, and somewhere after one of the set before.
    fn in_order(&self, sets: &[u32]) -> bool {
        let mut earliest = 0;
        sets.iter().all(|set| {
            let Some((first, last)) = self.set(*set as usize) else { return false };
            let reached = last >= earliest;
            earliest = earliest.max(first);
            reached
        })
    }

    fn set(&self, number: usize) -> Option<Place> {
        if !self.sets.borrow().knows(number) {
            let literals = self.numbers.sets()[number].iter();
            let places = literals.filter_map(|literal| self.literal(*literal as usize));
            let place = places.reduce(|(first, last), (begins, ends)| (first.min(begins), last.max(ends)));
            self.sets.borrow_mut().remember(number, place);
        }
        self.sets.borrow().get(number)
    }

    fn literal(&self, number: usize) -> Option<Place> {
        if !self.places.borrow().knows(number) {
            let place = self.find(&self.numbers.texts()[number]);
            self.places.borrow_mut().remember(number, place);
        }
        self.places.borrow().get(number)
    }

    fn find(&self, literal: &str) -> Option<Place> {
        if literal == BEYOND_ASCII {
            return (!self.ascii).then_some((0, self.text.len()));
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

/// Appends `text` in lower case, with one blank for every run of blank space.
fn push_plain(out: &mut String, text: &str) {
    for c in text.chars() {
        if is_blank(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.extend(c.to_lowercase());
        }
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
