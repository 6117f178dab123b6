//! Which expressions can match a message at all, by the literals that they need.
//!
//! A draft is too short to win back the time in which an automaton is built, so literals are sought one by one, as they
//! are asked for; once much has been read, one automaton finds the rarest of each expression in a pass.

mod program;
mod triggers;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memmem;

use crate::check::{self, BEYOND_ASCII, EDGE, Needs, is_blank};
use crate::message::{Message, Roles};
use crate::token::Signs;

use program::expressions;
pub(crate) use program::{Numbers, Program, Table};
use triggers::{Pulled, Triggers};

/// Tells which expressions can match.
#[derive(Debug, Default)]
pub(crate) struct Prefilter {
    numbers: Numbers,
    /// What the expressions of each rule need and read, by the rule's index.
    programs: Vec<(Program, Roles)>,
    triggers: OnceLock<Option<Triggers>>,
    /// Bytes that have been searched.
    read: AtomicUsize,
}

/// So many expressions of a rule are told apart; those beyond can always match.
pub(crate) const MOST: usize = 128;
/// After so many bytes the time to build the automaton is won back.
const WARM: usize = 16 << 10;

/// Some expressions of the rule with that index, as bits.
type Expressions = (u16, u128);

/// Which expressions can match a message. It is kept from message to message, with its memory.
#[derive(Debug, Default)]
pub(crate) struct Possible {
    /// All fields in lower case, one after the other, with one blank for every run of blank space.
    text: Vec<u8>,
    /// By the index of a rule its expressions, as bits.
    expressions: Vec<u128>,
    /// The rules of which some expression can.
    rules: Vec<u16>,
    /// Which signs the text holds.
    signs: Signs,
    /// What the automaton finds.
    pulled: Pulled,
}

impl Possible {
    fn clear(&mut self, rules: usize) {
        self.text.clear();
        self.signs = 0;
        self.expressions.resize(rules, 0);
        self.rules.drain(..).for_each(|rule| self.expressions[usize::from(rule)] = 0);
    }

    fn add(&mut self, (rule, expressions): Expressions) {
        let known = &mut self.expressions[usize::from(rule)];
        if *known == 0 {
            self.rules.push(rule);
        }
        *known |= expressions;
    }

    /// The rules of which some expression can match.
    pub(crate) fn rules(&self) -> &[u16] {
        &self.rules
    }

    /// The expressions of the rule that can match, as bits.
    pub(crate) fn expressions(&self, rule: usize) -> u128 {
        self.expressions.get(rule).copied().unwrap_or_default()
    }
}

/// Where a literal, or some of a set, begins first and last.
type Place = (usize, usize);

/// What is known of the literals of a message so far: most are sought in vain, so that a bit says it all.
#[derive(Debug, Default)]
struct Places {
    /// Which have been sought.
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
        Self::has(&self.sought, number)
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
struct Present<'p> {
    table: &'p Table,
    text: &'p [u8],
    /// Whether it holds nothing beyond ASCII.
    ascii: bool,
    signs: Signs,
    /// Which pairs of neighbouring bytes the text has; most literals have one that it lacks.
    pairs: Vec<u64>,
    /// What is known of the literals so far.
    places: RefCell<Places>,
    /// What is known of the sets so far.
    sets: RefCell<Places>,
    /// The roles of each field, and where its bytes stand.
    fields: Vec<(Roles, check::Places)>,
}

impl Prefilter {
    /// A prefilter for literals that have their numbers, and for rules with these programs, which read fields with these roles.
    pub(crate) fn new(numbers: Numbers, programs: impl Iterator<Item = (Program, Roles)>) -> Self {
        Self { numbers, programs: programs.collect(), ..Self::default() }
    }

    /// Takes in the rule that comes next, with what its expressions need and read.
    pub(crate) fn push(&mut self, needs: &[Needs], roles: Roles) {
        self.triggers = OnceLock::new();
        let program = self.numbers.program(needs);
        self.programs.push((program, roles));
    }

    /// Whether the rule has expressions, so that it finds nothing where none can match.
    pub(crate) fn knows(&self, rule: usize) -> bool {
        self.programs.get(rule).is_some_and(|(program, _)| !program.is_empty())
    }

    /// Finds out what can match in the message, of the rules that are `asked`.
    pub(crate) fn look(&self, message: &Message<'_>, asked: impl Fn(usize) -> bool, possible: &mut Possible) {
        possible.clear(self.programs.len());
        let mut ascii = true;
        for field in &message.fields {
            ascii &= push_plain(&mut possible.text, field.bare());
            possible.signs |= field.signs;
            possible.text.push(b'\n');
        }
        let len = possible.text.len();
        let read = self.read.fetch_add(len, Ordering::Relaxed) + len;
        let triggers = || Triggers::of(&self.numbers.table, &self.programs);
        let triggers = if read > WARM { self.triggers.get_or_init(triggers).as_ref() } else { None };
        let text = std::mem::take(&mut possible.text);
        match triggers {
            Some(triggers) => triggers.pull(&text, ascii, possible),
            None => self.seek(message, &text, ascii, asked, possible),
        }
        possible.text = text;
    }

    /// Seeks the literals one by one.
    fn seek(
        &self,
        message: &Message<'_>,
        text: &[u8],
        ascii: bool,
        asked: impl Fn(usize) -> bool,
        possible: &mut Possible,
    ) {
        let places = |count: usize| {
            let bits = vec![0; count.div_ceil(64)];
            RefCell::new(Places { sought: bits.clone(), here: bits, ..Places::default() })
        };
        let table = &self.numbers.table;
        let (literals, sets) = (places(table.texts()), places(table.sets()));
        let present = Present {
            table,
            text,
            ascii,
            signs: possible.signs,
            pairs: pairs(text),
            places: literals,
            sets,
            fields: message.fields.iter().map(|f| (f.roles(), check::Places::of(f.bare()))).collect(),
        };
        for ((program, roles), rule) in
            self.programs.iter().zip(0_u16..).filter(|((program, _), _)| !program.is_empty())
        {
            let expressions = if asked(usize::from(rule)) { present.expressions(program, *roles) } else { 0 };
            if expressions != 0 {
                possible.add((rule, expressions));
            }
        }
    }
}

impl Present<'_> {
    /// Which expressions of the program can match in fields with one of the roles, as bits.
    fn expressions(&self, program: &[u32], roles: Roles) -> u128 {
        let mut bits = 0;
        for (index, expression) in expressions(program).enumerate() {
            let signs = || expression.signs().all(|signs| signs & self.signs != 0);
            let mut alternatives = expression.alternatives();
            let chains = |at: u32| {
                let chains = self.table.chains(at);
                let mut fields = self.fields.iter().filter(|(own, _)| own.meets(roles));
                chains.is_empty() || fields.any(|(_, places)| places.hold_one(chains))
            };
            let mut ways =
                || alternatives.len() == 0 || alternatives.any(|way| self.in_order(way.sets) && chains(way.chains));
            if index >= MOST || signs() && ways() {
                bits |= 1 << index.min(MOST - 1);
            }
        }
        bits
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
            let literals = self.table.set(number).iter();
            let places = literals.filter_map(|literal| self.literal(*literal as usize));
            let place = places.reduce(|(first, last), (begins, ends)| (first.min(begins), last.max(ends)));
            self.sets.borrow_mut().remember(number, place);
        }
        self.sets.borrow().get(number)
    }

    fn literal(&self, number: usize) -> Option<Place> {
        if !self.places.borrow().knows(number) {
            let place = self.find(self.table.text(number));
            self.places.borrow_mut().remember(number, place);
        }
        self.places.borrow().get(number)
    }

    fn find(&self, literal: &str) -> Option<Place> {
        if literal == BEYOND_ASCII {
            return (!self.ascii).then_some((0, self.text.len()));
        }
        let plain = literal.trim_matches(EDGE).as_bytes();
        let lacks = |pair: &[u8]| self.pairs[pair_index(pair).0] & pair_index(pair).1 == 0;
        if plain.windows(2).any(lacks) {
            return None;
        }
        let fits = |at: &usize| edges_fit(literal, self.text, *at..at + plain.len());
        let mut places = memmem::find_iter(self.text, plain).filter(fits);
        let first = places.next()?;
        Some((first, places.last().unwrap_or(first)))
    }
}

/// Each byte of ASCII in lower case, and a blank for what the prefilter takes for one.
const PLAIN: [u8; 128] = {
    let mut plain = [0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        let blank = matches!(byte, b' ' | b'\t'..=b'\r' | b'*' | b'_' | b'~' | b',' | b'.' | b'!');
        plain[byte as usize] = if blank { b' ' } else { byte.to_ascii_lowercase() };
        byte += 1;
    }
    plain
};

/// Appends `text` in lower case, with one blank for every run of blank space. Says whether it holds ASCII alone.
fn push_plain(out: &mut Vec<u8>, text: &str) -> bool {
    if !text.is_ascii() {
        for c in text.chars() {
            if !is_blank(c) {
                c.to_lowercase().for_each(|c| out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()));
            } else if out.last() != Some(&b' ') {
                out.push(b' ');
            }
        }
        return false;
    }
    let start = out.len();
    let mut end = start;
    let mut last = start.checked_sub(1).map_or(0, |at| out[at]);
    out.resize(start + text.len(), 0);
    for byte in text.bytes() {
        let plain = PLAIN[usize::from(byte & 0x7f)];
        // A further blank is written over by what follows.
        end -= usize::from(plain == b' ' && last == b' ');
        out[end] = plain;
        end += 1;
        last = plain;
    }
    out.truncate(end);
    true
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
