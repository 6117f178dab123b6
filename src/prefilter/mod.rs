//! Which expressions can match a message at all, by the literals that they need.
//!
//! A draft is too short to win back the time in which an automaton is built, so literals are sought one by one, as they
//! are asked for; once much has been read, one automaton finds the rarest of each expression in a pass.

mod program;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::AhoCorasick;
use memchr::memmem;

use crate::check::{self, BEYOND_ASCII, EDGE, Needs, Signs, is_blank, signs_of};
use crate::message::{Message, Roles};

pub(crate) use program::{Numbers, Program, Table};
use program::{count, expressions};

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

/// One automaton for all expressions: of every alternative, the literals of the two sets that are the rarest.
#[derive(Debug)]
struct Triggers {
    automaton: AhoCorasick,
    /// The literal of each pattern, and the sets that hold it.
    literals: Vec<(String, Vec<u32>)>,
    /// What each set triggers.
    triggers: Vec<Vec<Trigger>>,
    /// What is possible if its signs are there.
    always: Vec<Guarded>,
    /// The sets that hold what is beyond ASCII.
    beyond_ascii: Vec<u32>,
}

/// An expression, and the signs that it needs.
#[derive(Clone, Debug)]
struct Guarded {
    expression: Expressions,
    signs: Vec<Signs>,
}

/// An expression that a literal of a set makes possible.
#[derive(Clone, Debug)]
struct Trigger {
    guarded: Guarded,
    /// The other set, and whether it comes before the one that triggers.
    other: Option<(u32, bool)>,
}

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
    /// By set, where its literals begin first and last, if they do.
    places: Vec<Option<Place>>,
    /// The sets of which a literal was found.
    found: Vec<u32>,
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

    fn add_guarded(&mut self, guarded: &Guarded) {
        if guarded.signs.iter().all(|signs| signs & self.signs != 0) {
            self.add(guarded.expression);
        }
    }

    fn find(&mut self, set: u32, at: usize) {
        let place = &mut self.places[set as usize];
        if let Some((_, last)) = place {
            *last = at;
        } else {
            *place = Some((at, at));
            self.found.push(set);
        }
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
            possible.signs |= signs_of(&field.text);
            possible.text.push(b'\n');
        }
        let len = possible.text.len();
        let read = self.read.fetch_add(len, Ordering::Relaxed) + len;
        let triggers = if read > WARM { self.triggers.get_or_init(|| self.triggers()).as_ref() } else { None };
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

    fn triggers(&self) -> Option<Triggers> {
        let mut slots: BTreeMap<u32, u32> = BTreeMap::new();
        let mut triggers: Vec<Vec<Trigger>> = Vec::new();
        let mut always = Vec::new();
        for ((program, _), rule) in self.programs.iter().zip(0_u16..) {
            for (index, expression) in expressions(program).enumerate() {
                let guarded =
                    Guarded { expression: (rule, 1 << index.min(MOST - 1)), signs: expression.signs().collect() };
                if index >= MOST {
                    always.push(Guarded { signs: Vec::new(), ..guarded });
                    continue;
                }
                if expression.alternatives().len() == 0 {
                    always.push(guarded);
                    continue;
                }
                for way in expression.alternatives() {
                    let sets = way.sets;
                    let mut slot = |set: u32| {
                        *slots.entry(set).or_insert_with(|| {
                            triggers.push(Vec::new());
                            count(triggers.len() - 1)
                        })
                    };
                    let mut rarest: Vec<usize> = (0..sets.len()).collect();
                    rarest.sort_by_key(|at| std::cmp::Reverse(self.rarity(sets[*at])));
                    let Some(first) = rarest.first() else {
                        always.push(guarded.clone());
                        continue;
                    };
                    let other = rarest.get(1).map(|at| (slot(sets[*at]), at < first));
                    let first = slot(sets[*first]) as usize;
                    triggers[first].push(Trigger { guarded: guarded.clone(), other });
                }
            }
        }
        let mut owners: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (set, slot) in slots {
            let literals = self.numbers.table.set(set as usize).iter();
            literals.for_each(|literal| owners.entry(*literal).or_default().push(slot));
        }
        let text = |literal: u32| self.numbers.table.text(literal as usize);
        let beyond = owners.keys().copied().find(|literal| text(*literal) == BEYOND_ASCII);
        let beyond_ascii = beyond.and_then(|literal| owners.remove(&literal)).unwrap_or_default();
        let literals: Vec<_> = owners.into_iter().map(|(literal, sets)| (text(literal).to_owned(), sets)).collect();
        let automaton = AhoCorasick::new(literals.iter().map(|(text, _)| text.trim_matches(EDGE))).ok()?;
        Some(Triggers { automaton, literals, triggers, always, beyond_ascii })
    }

    /// In how few texts the literals of a set stand, by how long they are and of what signs.
    fn rarity(&self, set: u32) -> u32 {
        let worth = |c: char| match c {
            EDGE => 1,
            c if c.is_ascii_alphanumeric() => 3,
            ' ' | ':' | '-' | '/' | '(' | ')' | '"' => 2,
            _ => 9,
        };
        let table = &self.numbers.table;
        let literals = table.set(set as usize).iter().map(|literal| table.text(*literal as usize));
        literals.map(|text| text.chars().map(worth).sum()).min().unwrap_or(0)
    }
}

impl Triggers {
    /// Finds out what can match in `text`.
    fn pull(&self, text: &[u8], ascii: bool, possible: &mut Possible) {
        possible.places.resize(self.triggers.len(), None);
        if !ascii {
            for set in &self.beyond_ascii {
                possible.find(*set, 0);
                possible.find(*set, text.len());
            }
        }
        for hit in self.automaton.find_overlapping_iter(text) {
            let (literal, sets) = &self.literals[hit.pattern().as_usize()];
            if edges_fit(literal, text, hit.range()) {
                for set in sets {
                    possible.find(*set, hit.start());
                }
            }
        }
        self.always.iter().for_each(|guarded| possible.add_guarded(guarded));
        let found = std::mem::take(&mut possible.found);
        for set in &found {
            let Some((first, last)) = possible.places[*set as usize] else { continue };
            for Trigger { guarded, other } in &self.triggers[*set as usize] {
                let fits = other.is_none_or(|(other, before)| {
                    possible.places[other as usize]
                        .is_some_and(|other| if before { other.0 <= last } else { first <= other.1 })
                });
                if fits {
                    possible.add_guarded(guarded);
                }
            }
        }
        for set in &found {
            possible.places[*set as usize] = None;
        }
        possible.found = found;
        possible.found.clear();
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
    let ascii = text.is_ascii();
    let mut last = out.last().copied().unwrap_or_default();
    let mut push = |byte: u8| {
        if byte != b' ' || last != b' ' {
            out.push(byte);
        }
        last = byte;
    };
    if ascii {
        text.bytes().for_each(|byte| push(PLAIN[usize::from(byte)]));
    } else {
        for c in text.chars() {
            if is_blank(c) {
                push(b' ');
            } else {
                c.to_lowercase().for_each(|c| c.encode_utf8(&mut [0; 4]).bytes().for_each(&mut push));
            }
        }
    }
    ascii
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
