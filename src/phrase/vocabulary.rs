//! The words of all phrases, and which of them a message says.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

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

    /// The number of the set of these words.
    pub(super) fn set(&mut self, list: &[String]) -> Result<u16, String> {
        let full = |_| "there are too many words".to_owned();
        let Numbers { words, known_words, sets, known_sets } = &mut *self.numbers;
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

/// All words of phrases, and the sets in which each stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    /// Looks up words; what the table calls a rule is the number of a word.
    pub(crate) table: TermTable,
    /// For each word, where its sets begin in `sets`, and one more for the end.
    pub(crate) starts: Cow<'static, [u32]>,
    /// Sets, in order for each word.
    pub(crate) sets: Cow<'static, [u16]>,
    /// How many sets there are.
    pub(crate) count: usize,
}

impl Vocabulary {
    /// The vocabulary of all that has a number.
    ///
    /// # Errors
    /// A word that cannot be looked up.
    pub(crate) fn build(numbers: &Numbers) -> Result<Self, BadTerm> {
        let term = |(number, text): (usize, &String)| Term {
            rule: u16::try_from(number).unwrap_or(u16::MAX),
            text: text.clone(),
            ..Term::default()
        };
        let terms: Vec<Term> = numbers.words.iter().enumerate().map(term).collect();
        let mut by_word: Vec<Vec<u16>> = vec![Vec::new(); numbers.words.len()];
        for (set, words) in numbers.sets.iter().enumerate() {
            for word in words {
                by_word[usize::from(*word)].push(u16::try_from(set).unwrap_or(u16::MAX));
            }
        }
        let mut starts = vec![0];
        for sets in &by_word {
            starts.push(starts[starts.len() - 1] + u32::try_from(sets.len()).unwrap_or_default());
        }
        let sets: Vec<u16> = by_word.into_iter().flatten().collect();
        let table = TermTable::build(&terms)?;
        Ok(Self { table, starts: starts.into(), sets: sets.into(), count: numbers.sets.len() })
    }

    fn sets_of(&self, word: u16) -> &[u16] {
        let range = self.starts[usize::from(word)] as usize..self.starts[usize::from(word) + 1] as usize;
        &self.sets[range]
    }

    /// What `message` says of the vocabulary.
    pub(crate) fn said(&self, message: &Message<'_>) -> Said<'_> {
        let mut present = vec![0_u64; self.count.div_ceil(64)];
        let mut fields = Vec::with_capacity(message.fields.len());
        for field in &message.fields {
            let mut words = Vec::new();
            if self.count > 0 {
                let mut say = |token: usize, tokens: u32, word: u16| {
                    words.push(SaidWord { token: u32::try_from(token).unwrap_or(u32::MAX), tokens, word });
                    for set in self.sets_of(word) {
                        present[usize::from(*set) / 64] |= 1 << (set % 64);
                    }
                };
                for (index, token) in field.tokens.iter().enumerate() {
                    let mut known = false;
                    self.table.matches_at(&field.text, &field.tokens, index, &mut |found| {
                        known = true;
                        say(index, found.tokens, self.table.entries[found.entry as usize].rule);
                    });
                    if !known {
                        term::variants(&field.text, token, &mut |form, _| {
                            self.table.word(form).for_each(|entry| say(index, 1, entry.rule));
                        });
                    }
                }
            }
            fields.push(FieldWords { vocabulary: self, words, breaks: OnceCell::new() });
        }
        Said { fields, present }
    }
}

/// What a message says of a vocabulary.
#[derive(Debug)]
pub(crate) struct Said<'v> {
    fields: Vec<FieldWords<'v>>,
    /// Sets of which a word is said, as bits.
    present: Vec<u64>,
}

impl<'v> Said<'v> {
    /// Whether a word of each of these sets is said.
    pub(crate) fn has_all(&self, sets: &[u16]) -> bool {
        sets.iter().all(|set| self.present[usize::from(*set) / 64] >> (set % 64) & 1 != 0)
    }

    /// The words of the field with that index.
    pub(crate) fn field(&self, index: usize) -> &FieldWords<'v> {
        &self.fields[index]
    }
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
#[derive(Debug)]
pub(crate) struct FieldWords<'v> {
    vocabulary: &'v Vocabulary,
    words: Vec<SaidWord>,
    breaks: OnceCell<Vec<Break>>,
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
        self.vocabulary.sets_of(word).binary_search(&set).is_ok()
    }

    /// The words of `set` that begin at `token`, the shortest first, since the table finds the longest first.
    fn at(&self, set: u16, token: usize) -> impl Iterator<Item = &SaidWord> {
        let first = self.words.partition_point(|said| (said.token as usize) < token);
        let here = self.words[first..].iter().take_while(|said| said.token as usize == token).count();
        self.words[first..first + here].iter().rev().filter(move |said| self.is_in(said.word, set))
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
        let first = self.words.partition_point(|said| (said.token as usize) < from);
        let mut near = self.words[first..].iter().take_while(|said| (said.token as usize) < end);
        near.find(|said| self.is_in(said.word, set)).map(|said| said.token as usize)
    }

    /// What lies before `token`; the end of the field counts as the end of a paragraph.
    pub(crate) fn breaks(&self, field: &Field<'_>, token: usize) -> Break {
        self.breaks.get_or_init(|| breaks(field)).get(token).copied().unwrap_or(Break::Paragraph)
    }

    /// The tokens of the sentences that the tokens from `start` to `end` belong to.
    pub(crate) fn sentences(&self, field: &Field<'_>, start: usize, end: usize) -> (usize, usize) {
        /// How far a sentence is read to both sides, in tokens, so that one endless sentence stays cheap.
        const REACH: usize = 150;
        let opens = |token: &usize| self.breaks(field, *token) >= Break::Sentence;
        let (floor, end) = (start.saturating_sub(REACH), end.max(start + 1));
        let ceiling = (end + REACH).min(field.tokens.len());
        let first = (floor..=start).rev().find(opens).unwrap_or(floor);
        let last = (end..ceiling).find(opens).unwrap_or(ceiling);
        (first, last)
    }
}

/// What lies before each token.
fn breaks(field: &Field<'_>) -> Vec<Break> {
    let text: &str = &field.text;
    let mut ends = token::sentence_ends(text).peekable();
    let mut last = 0;
    let mut all = Vec::with_capacity(field.tokens.len());
    for (index, token) in field.tokens.iter().enumerate() {
        let gap = text.get(last..token.start as usize).unwrap_or_default();
        last = token.end as usize;
        let mut ended = false;
        while ends.next_if(|end| *end <= token.start as usize).is_some() {
            ended = true;
        }
        let clause = |c: char| {
            matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '\n' | '“' | '”' | '–' | '—' | '•' | '=')
        };
        all.push(if index == 0 || memchr::memchr_iter(b'\n', gap.as_bytes()).count() > 1 {
            Break::Paragraph
        } else if ended {
            Break::Sentence
        } else if gap.contains(clause) || gap.contains(" - ") || gap.contains(['.', '!', '?']) && gap.contains(' ') {
            Break::Clause
        } else {
            Break::None
        });
    }
    all
}
