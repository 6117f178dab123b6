//! The words of all phrases, and which of them a message says.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::calls::{Call, Key, Link, Plan};
use super::notation::{self, Node};
use super::ways::Way;
use crate::rule::Unfit;
use crate::term::{BadTerm, Term, TermTable};
use crate::token;

/// Named sets of words, as packs define them.
pub(crate) type Sets = BTreeMap<String, Vec<String>>;

/// Gives numbers to words and sets while packs are read.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    words: Vec<String>,
    known_words: HashMap<String, u16>,
    sets: Vec<Vec<u16>>,
    known_sets: HashMap<Vec<u16>, u16>,
    /// The ways of each phrase, in the order of all phrases.
    phrases: Vec<Vec<Way>>,
}

impl Numbers {
    /// Takes in the ways of the phrases of a rule, and returns the number of the first phrase.
    pub(crate) fn add_phrases(&mut self, ways: Vec<Vec<Way>>) -> usize {
        let first = self.phrases.len();
        self.phrases.extend(ways);
        first
    }
}

/// The named sets that a pack may use, and the numbers of all that phrases have asked for.
#[derive(Debug)]
pub(crate) struct Words<'n> {
    numbers: &'n mut Numbers,
    written: Sets,
    known: HashMap<String, Node>,
}

impl<'n> Words<'n> {
    /// The words of a pack that defines `sets`, which may name one another and those of `shared`.
    ///
    /// # Errors
    /// What is wrong with a set of the pack.
    pub(crate) fn new(numbers: &'n mut Numbers, shared: &Sets, sets: &Sets) -> Result<Self, Unfit> {
        let written = shared.iter().chain(sets).map(|(name, list)| (name.clone(), list.clone())).collect();
        let mut words = Self { numbers, written, known: HashMap::new() };
        sets.keys().try_for_each(|name| words.define(name, &mut Vec::new()))?;
        Ok(words)
    }

    /// The words of a rule that defines `sets` of its own beside those of its pack.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub(crate) fn within(&mut self, sets: &Sets) -> Result<Words<'_>, Unfit> {
        Words::new(self.numbers, &self.written, sets)
    }

    /// Reads the set `name`, and before it those that it names.
    fn define(&mut self, name: &str, above: &mut Vec<String>) -> Result<(), Unfit> {
        let Some(written) = self.written.get(name).filter(|_| !self.known.contains_key(name)).cloned() else {
            return Ok(());
        };
        above.push(name.to_owned());
        if above.len() > notation::DEPTH {
            return Err(format!("set `{name}`: {}", notation::TOO_DEEP).into());
        }
        let mut nodes = Vec::new();
        for text in &written {
            for inner in notation::names(text) {
                if above.iter().any(|other| other == inner) {
                    return Err(Unfit::at(text, format!("the set `{inner}` holds itself")));
                }
                self.define(inner, above)?;
            }
            let problem = |problem: String| Unfit::at(text, format!("set `{name}`, `{text}`: {problem}"));
            let node = self.read(text).map_err(problem)?;
            if node.may_be_nothing() {
                return Err(problem("it may be nothing at all".to_owned()));
            }
            nodes.push(node);
        }
        above.pop();
        let set = notation::set(nodes).map_err(|problem| Unfit::from(format!("set `{name}`: {problem}")))?;
        self.known.insert(name.to_owned(), set);
        Ok(())
    }

    fn read(&self, text: &str) -> Result<Node, String> {
        notation::parse(text, &|name| self.known.get(name).cloned())
    }

    /// Reads the notation.
    ///
    /// # Errors
    /// What is wrong with it, or with a set that it names.
    pub(super) fn parse(&mut self, text: &str) -> Result<Node, String> {
        let mut named = notation::names(text);
        named.try_for_each(|name| self.define(name, &mut Vec::new())).map_err(|unfit| unfit.message)?;
        self.read(text)
    }

    /// Takes in the ways of the phrases of a rule, and returns the number of the first phrase.
    #[allow(dead_code, reason = "asked by build.rs, which shares this file")]
    pub(crate) fn add_phrases(&mut self, ways: Vec<Vec<Way>>) -> usize {
        self.numbers.add_phrases(ways)
    }

    /// How many words the set holds.
    pub(super) fn count(&self, set: u16) -> usize {
        self.numbers.sets[usize::from(set)].len()
    }

    /// The number of the set of all words of some sets.
    pub(super) fn union(&mut self, sets: &[u16]) -> Result<u16, String> {
        let Numbers { words, sets: known, .. } = &*self.numbers;
        let all = sets.iter().flat_map(|set| &known[usize::from(*set)]);
        let list: Vec<String> = all.map(|word| words[usize::from(*word)].clone()).collect();
        self.set(&list)
    }

    /// The number of the set of these words.
    pub(super) fn set(&mut self, list: &[String]) -> Result<u16, String> {
        let full = |_| "there are too many words".to_owned();
        let Numbers { words, known_words, sets, known_sets, .. } = &mut *self.numbers;
        let mut numbers = Vec::with_capacity(list.len());
        for word in list {
            let number = if let Some(number) = known_words.get(word) {
                *number
            } else {
                let number = u16::try_from(words.len()).map_err(full)?;
                words.push(word.clone());
                known_words.insert(word.clone(), number);
                number
            };
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        if let Some(number) = known_sets.get(&numbers) {
            return Ok(*number);
        }
        let number = u16::try_from(sets.len()).map_err(full)?;
        sets.push(numbers.clone());
        known_sets.insert(numbers, number);
        Ok(number)
    }
}

/// For each of several things a list of numbers, all in one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    /// Where each list begins, and one more for the end.
    pub(crate) starts: Cow<'static, [u32]>,
    /// The numbers.
    pub(crate) items: Cow<'static, [u16]>,
}

impl Lists {
    /// The list of the thing with that number.
    pub(super) fn of(&self, number: usize) -> &[u16] {
        &self.items[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}

impl From<Vec<Vec<u16>>> for Lists {
    fn from(lists: Vec<Vec<u16>>) -> Self {
        let mut starts = vec![0];
        for list in &lists {
            starts.push(starts[starts.len() - 1] + u32::try_from(list.len()).unwrap_or_default());
        }
        Self { starts: starts.into(), items: lists.into_iter().flatten().collect() }
    }
}

/// All words of phrases, the sets in which each stands, and which phrases it calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    /// Looks up words; what the table calls a rule is the number of a word.
    pub(crate) table: TermTable,
    /// For each word its sets, rising.
    pub(crate) sets: Lists,
    /// For each word the marks that it leaves.
    pub(crate) marks: Lists,
    /// How many marks there are.
    pub(crate) mark_count: usize,
    /// For each word the locks that it opens.
    pub(crate) locks: Lists,
    /// For each lock where its keys begin, and one more for the end.
    pub(crate) key_starts: Cow<'static, [u32]>,
    /// What opens it together with the word.
    pub(crate) keys: Cow<'static, [Key]>,
    /// What the keys call.
    pub(crate) calls: Cow<'static, [Call]>,
    /// What must stand around the keys.
    pub(crate) links: Cow<'static, [Link]>,
    /// Phrases that no word calls.
    pub(crate) uncalled: Cow<'static, [u16]>,
}

impl Vocabulary {
    /// The vocabulary of all that has a number. `texts` tell which words are common.
    ///
    /// # Errors
    /// A word that cannot be looked up.
    pub(crate) fn build(numbers: &Numbers, texts: &[&str]) -> Result<Self, BadTerm> {
        let term = |(number, text): (usize, &String)| Term {
            rule: u16::try_from(number).unwrap_or(u16::MAX),
            text: text.clone(),
            ..Term::default()
        };
        let terms: Vec<Term> = numbers.words.iter().enumerate().map(term).collect();
        let table = TermTable::build(&terms)?;
        let plan = Plan::new(&numbers.phrases, &numbers.frequencies(&table, texts));
        let by_word = |number_of: &dyn Fn(u16) -> Option<u16>| -> Lists {
            let mut lists: Vec<Vec<u16>> = vec![Vec::new(); numbers.words.len()];
            for (set, words) in numbers.sets.iter().enumerate() {
                if let Some(number) = u16::try_from(set).ok().and_then(number_of) {
                    for word in words {
                        lists[usize::from(*word)].push(number);
                    }
                }
            }
            lists.into()
        };
        Ok(Self {
            table,
            sets: by_word(&Some),
            marks: by_word(&|set| plan.mark(set)),
            mark_count: plan.mark_count(),
            locks: by_word(&|set| plan.lock(set)),
            key_starts: plan.key_starts.into(),
            keys: plan.keys.into(),
            calls: plan.calls.into(),
            links: plan.links.into(),
            uncalled: plan.uncalled.into(),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.entries.is_empty() && self.uncalled.is_empty()
    }

    /// The keys of a lock.
    pub(super) fn keys_of(&self, lock: u16) -> &[Key] {
        let lock = usize::from(lock);
        &self.keys[self.key_starts[lock] as usize..self.key_starts[lock + 1] as usize]
    }

    pub(super) fn calls_of(&self, key: &Key) -> &[Call] {
        &self.calls[key.calls.0 as usize..][..usize::from(key.calls.1)]
    }

    pub(super) fn links_of(&self, call: &Call) -> &[Link] {
        &self.links[call.links.0 as usize..][..usize::from(call.links.1)]
    }
}

impl Numbers {
    /// How often some word of each set stands in `texts`, about.
    fn frequencies(&self, table: &TermTable, texts: &[&str]) -> Vec<f64> {
        // What was never seen is the rarer the longer it is.
        let unseen = |word: &String| 8.0 / f64::from(u32::try_from(word.len() * word.len()).unwrap_or(u32::MAX));
        let mut counts: Vec<f64> = self.words.iter().map(unseen).collect();
        for text in texts {
            let tokens = token::tokens(text);
            for index in 0..tokens.len() {
                table.matches_at(text, &tokens, index, &mut |found| {
                    counts[usize::from(table.entries[found.entry as usize].rule)] += 1.0;
                });
            }
        }
        self.sets.iter().map(|words| words.iter().map(|word| counts[usize::from(*word)]).sum()).collect()
    }
}
