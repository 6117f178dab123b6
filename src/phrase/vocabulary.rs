//! The words of all phrases, and which of them a message says.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::calls::{Call, Called, Needs, Plan};
use super::notation::{self, Node};
use crate::message::{Field, Message};
use crate::rule::Unfit;
use crate::term::{self, BadTerm, Term, TermTable};
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
    /// What each phrase needs, in the order of all phrases.
    phrases: Vec<Needs>,
}

impl Numbers {
    /// Takes in what the phrases of a rule need, and returns the number of the first of them.
    pub(crate) fn add_phrases(&mut self, needs: Vec<Needs>) -> usize {
        let first = self.phrases.len();
        self.phrases.extend(needs);
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
        self.known.insert(name.to_owned(), notation::either(nodes));
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

    /// Takes in what the phrases of a rule need, and returns the number of the first of them.
    pub(crate) fn add_phrases(&mut self, needs: Vec<Needs>) -> usize {
        self.numbers.add_phrases(needs)
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
    fn of(&self, number: usize) -> &[u16] {
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
    /// For each word the keys that it turns.
    pub(crate) keys: Lists,
    /// For each key where its calls begin, and one more for the end.
    pub(crate) call_starts: Cow<'static, [u32]>,
    /// What the keys call.
    pub(crate) calls: Cow<'static, [Call]>,
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
                    words.iter().for_each(|word| lists[usize::from(*word)].push(number));
                }
            }
            lists.into()
        };
        Ok(Self {
            table,
            sets: by_word(&Some),
            marks: by_word(&|set| plan.mark(set)),
            mark_count: plan.mark_count(),
            keys: by_word(&|set| plan.key(set)),
            call_starts: plan.call_starts.into(),
            calls: plan.calls.into(),
            uncalled: plan.uncalled.into(),
        })
    }

    fn is_empty(&self) -> bool {
        self.table.entries.is_empty() && self.uncalled.is_empty()
    }

    fn calls_of(&self, key: u16) -> &[Call] {
        let key = usize::from(key);
        &self.calls[self.call_starts[key] as usize..self.call_starts[key + 1] as usize]
    }

    /// What `message` says of the vocabulary.
    #[cfg(test)]
    pub(crate) fn said(&self, message: &Message<'_>) -> Said<'_> {
        let mut said = Said::new(self);
        said.read(message);
        said
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

/// What a message says of a vocabulary, and which phrases it calls thereby. It is kept from message to message, with its
/// memory.
#[derive(Debug)]
pub(crate) struct Said<'v> {
    vocabulary: &'v Vocabulary,
    /// The words, field by field.
    words: Vec<SaidWord>,
    /// For each token of each field, and one more for its end, where its words begin.
    starts: Vec<u32>,
    /// What lies before each of these.
    breaks: Vec<Break>,
    /// For each field, where its tokens begin in these.
    fields: Vec<usize>,
    /// For each mark where it was left last: a token, counted over all that was read.
    last: Vec<u32>,
    /// How many tokens have been read.
    read: u32,
    /// Phrases that may stand in the message, by their numbers and places.
    calls: Vec<Called>,
}

impl<'v> Said<'v> {
    /// Nothing has been said so far.
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Self {
        let last = vec![0; vocabulary.mark_count];
        let (words, starts, breaks, fields, calls) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { vocabulary, words, starts, breaks, fields, last, read: FAR, calls }
    }

    /// Reads a message instead of the one before.
    pub(crate) fn read(&mut self, message: &Message<'_>) {
        self.words.clear();
        self.starts.clear();
        self.breaks.clear();
        self.fields.clear();
        self.calls.clear();
        if self.vocabulary.is_empty() {
            return;
        }
        for (index, field) in message.fields.iter().enumerate() {
            self.read_field(u16::try_from(index).unwrap_or(u16::MAX), field);
        }
        self.calls.sort_unstable();
    }

    fn read_field(&mut self, index: u16, field: &Field<'_>) {
        let vocabulary = self.vocabulary;
        let text: &str = &field.text;
        self.fields.push(self.breaks.len());
        if self.read > u32::MAX / 2 {
            self.last.fill(0);
            self.read = FAR;
        }
        let base = self.read;
        let (mut sentence, mut paragraph, mut covered) = (base, base, base);
        let mut end = 0;
        for (token, at) in field.tokens.iter().zip(0_u32..) {
            let lies_before = if at == 0 { Break::Paragraph } else { break_between(text, end, token.start as usize) };
            end = token.end as usize;
            self.breaks.push(lies_before);
            self.starts.push(clip(self.words.len()));
            let here = base + at;
            // What several tokens say together goes over a break within it.
            if lies_before >= Break::Sentence && covered <= here {
                sentence = here;
                paragraph = if lies_before == Break::Paragraph { here } else { paragraph };
            }
            let first = self.words.len();
            let mut say = |tokens: u32, word: u16| self.words.push(SaidWord { token: at, tokens, word });
            vocabulary.table.matches_at(text, &field.tokens, at as usize, &mut |found| {
                say(found.tokens, vocabulary.table.entries[found.entry as usize].rule);
            });
            if self.words.len() == first {
                let mut say = |tokens: u32, word: u16| self.words.push(SaidWord { token: at, tokens, word });
                term::variants(text, token, &mut |form, _| {
                    vocabulary.table.word(form).for_each(|entry| say(1, entry.rule));
                });
            }
            for said in &self.words[first..] {
                for call in vocabulary.keys.of(usize::from(said.word)).iter().flat_map(|key| vocabulary.calls_of(*key)) {
                    let reach = (here + 1).saturating_sub(u32::from(call.reach));
                    let from = reach.max(if call.wide { paragraph } else { sentence });
                    let stands = call.mark.is_none_or(|mark| self.last[usize::from(mark)] >= from);
                    if stands {
                        let called = Called { phrase: call.phrase, field: index, from: from - base, to: at + 1 };
                        self.calls.push(called);
                    }
                }
            }
            for said in &self.words[first..] {
                for mark in vocabulary.marks.of(usize::from(said.word)) {
                    self.last[usize::from(*mark)] = here + said.tokens - 1;
                }
                covered = covered.max(here + said.tokens);
            }
        }
        self.starts.push(clip(self.words.len()));
        self.breaks.push(Break::Paragraph);
        let to = clip(field.tokens.len());
        self.calls.extend(vocabulary.uncalled.iter().map(|phrase| Called { phrase: *phrase, field: index, from: 0, to }));
        self.read = base + to + FAR;
    }

    /// The phrases that may stand in the message, by their numbers and places.
    pub(crate) fn calls(&self) -> &[Called] {
        &self.calls
    }

    /// The words of the field with that index.
    pub(crate) fn field(&self, index: usize) -> FieldWords<'_> {
        let first = self.fields[index];
        let last = self.fields.get(index + 1).copied().unwrap_or(self.breaks.len());
        FieldWords {
            vocabulary: self.vocabulary,
            words: &self.words,
            starts: &self.starts[first..last],
            breaks: &self.breaks[first..last],
        }
    }
}

/// So far apart are the tokens of two fields counted that no phrase reaches from one to the other.
const FAR: u32 = 1 << 10;

fn clip(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A word of the vocabulary in a field.
#[derive(Clone, Copy, Debug)]
struct SaidWord {
    /// Its first token.
    token: u32,
    /// How many tokens it covers.
    tokens: u32,
    word: u16,
}

/// The words of the vocabulary in one field, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldWords<'s> {
    vocabulary: &'s Vocabulary,
    words: &'s [SaidWord],
    starts: &'s [u32],
    breaks: &'s [Break],
}

/// What lies before a token, from the lightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Break {
    /// Nothing that ends anything.
    None,
    /// A comma, a colon, a bracket, a line.
    Clause,
    /// The end of a sentence.
    Sentence,
    /// An empty line, or the start of the text.
    Paragraph,
}

impl FieldWords<'_> {
    fn is_in(&self, word: u16, set: u16) -> bool {
        self.vocabulary.sets.of(usize::from(word)).binary_search(&set).is_ok()
    }

    /// The words of `set` that begin at `token`, the shortest first, since the table finds the longest first.
    fn at(&self, set: u16, token: usize) -> impl Iterator<Item = &SaidWord> {
        let here = match self.starts.get(token..=token + 1) {
            Some([first, end]) => &self.words[*first as usize..*end as usize],
            _ => &[],
        };
        here.iter().rev().filter(move |said| self.is_in(said.word, set))
    }

    /// Whether a word of `set` begins at `token`.
    pub(super) fn has(&self, set: u16, token: usize) -> bool {
        self.at(set, token).next().is_some()
    }

    /// How many tokens the words of `set` cover that begin at `token`, the longest last.
    pub(super) fn lengths(&self, set: u16, token: usize) -> impl Iterator<Item = usize> {
        self.at(set, token).map(|said| said.tokens as usize)
    }

    /// The first token from `from` on and before `end` at which a word of `set` begins.
    pub(super) fn next(&self, set: u16, from: usize, end: usize) -> Option<usize> {
        let end = end.min(self.starts.len() - 1);
        let (first, last) = (self.starts[from.min(end)], self.starts[end]);
        let mut near = self.words[first as usize..last as usize].iter();
        near.find(|said| self.is_in(said.word, set)).map(|said| said.token as usize)
    }

    /// What lies before `token`; the end of the field counts as the end of a paragraph.
    pub(crate) fn breaks(&self, token: usize) -> Break {
        self.breaks.get(token).copied().unwrap_or(Break::Paragraph)
    }

    /// The tokens of the sentences that the tokens from `start` to `end` belong to.
    pub(crate) fn sentences(&self, start: usize, end: usize) -> (usize, usize) {
        /// How far a sentence is read to both sides, in tokens, so that one endless sentence stays cheap.
        const REACH: usize = 150;
        let opens = |token: &usize| self.breaks(*token) >= Break::Sentence;
        let (floor, end) = (start.saturating_sub(REACH), end.max(start + 1));
        let ceiling = (end + REACH).min(self.breaks.len() - 1);
        let first = (floor..=start).rev().find(opens).unwrap_or(floor);
        let last = (end..ceiling).find(opens).unwrap_or(ceiling);
        (first, last)
    }
}

/// What lies between two tokens, of which one ends at byte `from` and the next begins at byte `to`.
fn break_between(text: &str, from: usize, to: usize) -> Break {
    let gap = text.get(from..to).unwrap_or_default();
    if gap == " " {
        return Break::None;
    }
    let clause = |c: char| {
        matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '\n' | '“' | '”' | '–' | '—' | '•' | '=')
    };
    if memchr::memchr_iter(b'\n', gap.as_bytes()).count() > 1 {
        Break::Paragraph
    } else if (from..to).any(|at| token::ends_sentence(text, at)) {
        Break::Sentence
    } else if gap.contains(clause) || gap.contains(" - ") || gap.contains(['.', '!', '?']) && gap.contains(' ') {
        Break::Clause
    } else {
        Break::None
    }
}
