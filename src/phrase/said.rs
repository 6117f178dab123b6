//! What a message says of the words of phrases, and which phrases it calls thereby.

use super::calls::{Called, Link};
use super::vocabulary::Vocabulary;
use crate::message::{Field, Message};
use crate::term;
use crate::token;

/// What a message says of a vocabulary, and which phrases it calls thereby. It is kept from message to message, with its
/// memory.
#[derive(Debug)]
pub(crate) struct Said<'v> {
    vocabulary: &'v Vocabulary,
    /// The words, field by field.
    words: Vec<SaidWord>,
    /// For each token of each field, and one more for its end, what it begins.
    places: Vec<Place>,
    /// For each field, where its tokens begin in these.
    fields: Vec<usize>,
    /// For each mark where it was left in the paragraph that is read.
    marks: Vec<Mark>,
    /// Which paragraph that is, counted from 1 over all that was read.
    paragraph: u32,
    /// Which locks were opened in it, at which tokens.
    opened: Vec<(u32, u16)>,
    /// How many of them before the sentence that is read.
    passed: usize,
    /// Phrases that may stand in the message, by their numbers and places.
    calls: Vec<Called>,
}

/// Where a mark was left in a paragraph.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    paragraph: u32,
    /// The first token, and the last so far.
    first: u32,
    last: u32,
}

/// What begins at a token.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Where its words begin among all.
    words: u32,
    /// What lies before it.
    lies_before: Break,
    /// The first tokens of its sentence and of its paragraph, where what several tokens say together is not parted.
    sentence: u32,
    paragraph: u32,
}

impl<'v> Said<'v> {
    /// Nothing has been said so far.
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            words: Vec::new(),
            places: Vec::new(),
            fields: Vec::new(),
            marks: vec![Mark::default(); vocabulary.mark_count],
            paragraph: 1,
            opened: Vec::new(),
            passed: 0,
            calls: Vec::new(),
        }
    }

    /// Reads a message instead of the one before.
    pub(crate) fn read(&mut self, message: &Message<'_>) {
        self.words.clear();
        self.places.clear();
        self.fields.clear();
        self.calls.clear();
        if self.vocabulary.is_empty() {
            return;
        }
        for (field, index) in message.fields.iter().zip(0..) {
            self.read_field(field, index);
            let to = clip(field.tokens.len());
            let uncalled = self.vocabulary.uncalled.iter();
            self.calls.extend(uncalled.map(|phrase| Called { phrase: *phrase, field: index, from: 0, to }));
        }
        self.calls.sort_unstable();
        self.calls.dedup();
    }

    fn read_field(&mut self, field: &Field<'_>, index: u16) {
        let vocabulary = self.vocabulary;
        let text: &str = &field.text;
        self.fields.push(self.places.len());
        let (mut sentence, mut paragraph, mut covered, mut end) = (0, 0, 0, 0);
        for (token, at) in field.tokens.iter().zip(0_u32..) {
            let lies_before = if at == 0 { Break::Paragraph } else { break_between(text, end, token.start as usize) };
            end = token.end as usize;
            if lies_before >= Break::Sentence && covered <= at {
                self.end_sentence(index, sentence);
                sentence = at;
                if lies_before == Break::Paragraph {
                    self.end_paragraph(index);
                    paragraph = at;
                }
            }
            self.places.push(Place { words: clip(self.words.len()), lies_before, sentence, paragraph });
            let Self { marks, opened, words, paragraph: number, .. } = self;
            let mut known = false;
            let mut say = |tokens: u32, word: u16| {
                covered = covered.max(at + tokens);
                words.push(SaidWord { token: at, tokens, word });
                let word = usize::from(word);
                for mark in vocabulary.marks.of(word) {
                    let mark = &mut marks[usize::from(*mark)];
                    let first = if mark.paragraph == *number { mark.first } else { at };
                    *mark = Mark { paragraph: *number, first, last: at };
                }
                opened.extend(vocabulary.locks.of(word).iter().map(|lock| (at, *lock)));
            };
            vocabulary.table.matches_at(text, &field.tokens, at as usize, &mut |found| {
                known = true;
                say(found.tokens, vocabulary.table.entries[found.entry as usize].rule);
            });
            if !known {
                term::variants(text, token, &mut |form, _| {
                    vocabulary.table.word(form).for_each(|entry| say(1, entry.rule));
                });
            }
        }
        self.end_sentence(index, sentence);
        self.end_paragraph(index);
        self.places.push(self.end());
    }

    /// The place behind all that has been read.
    fn end(&self) -> Place {
        let first = self.fields.last().copied().unwrap_or_default();
        let at = clip(self.places.len() - first);
        Place { words: clip(self.words.len()), lies_before: Break::Paragraph, sentence: at, paragraph: at }
    }

    /// Calls the phrases whose words stand together in the sentence that was read last and begins at token `from`.
    fn end_sentence(&mut self, field: u16, from: u32) {
        self.call(field, self.passed, from, false);
        self.passed = self.opened.len();
    }

    /// Calls those whose words stand together in the paragraph.
    fn end_paragraph(&mut self, field: u16) {
        self.call(field, 0, 0, true);
        self.opened.clear();
        self.passed = 0;
        self.paragraph += 1;
        if self.paragraph == u32::MAX {
            self.marks.fill(Mark::default());
            self.paragraph = 1;
        }
    }

    /// Calls what the locks open, from the one with that number on, where marks were left at token `from` or later.
    fn call(&mut self, field: u16, first: usize, from: u32, wide: bool) {
        let vocabulary = self.vocabulary;
        if first == self.opened.len() {
            return;
        }
        let mut calls = std::mem::take(&mut self.calls);
        self.places.push(self.end());
        let said = self.field(usize::from(field));
        for (at, lock) in &self.opened[first..] {
            for key in vocabulary.keys_of(*lock).iter().filter(|key| key.wide == wide) {
                let mark = key.mark.map(|mark| self.marks[usize::from(mark)]);
                if mark.is_some_and(|mark| mark.paragraph != self.paragraph || mark.last < from) {
                    continue;
                }
                for call in vocabulary.calls_of(key) {
                    // Most marks stand on the wrong side, or too far away.
                    let near = |mark: Mark, link: Link| {
                        let within = u32::from(link.within);
                        if link.behind {
                            mark.last > *at && mark.first <= at + within
                        } else {
                            mark.first < *at && mark.last + within >= *at
                        }
                    };
                    let links = vocabulary.links_of(call);
                    let first = links.first().zip(mark).is_none_or(|(link, mark)| near(mark, *link));
                    if first && links.iter().all(|link| said.holds(*link, *at, wide)) {
                        let place = &said.places[*at as usize];
                        let opening = if wide { place.paragraph } else { place.sentence };
                        let from = opening.max(at.saturating_sub(call.before.into()));
                        calls.push(Called { phrase: call.phrase, field, from, to: at + 1 });
                    }
                }
            }
        }
        self.places.pop();
        self.calls = calls;
    }

    /// The phrases that may stand in the message, by their numbers and places.
    pub(crate) fn calls(&self) -> &[Called] {
        &self.calls
    }

    /// The words of the field with that index.
    pub(crate) fn field(&self, index: usize) -> FieldWords<'_> {
        let first = self.fields[index];
        let last = self.fields.get(index + 1).copied().unwrap_or(self.places.len());
        FieldWords { vocabulary: self.vocabulary, words: &self.words, places: &self.places[first..last] }
    }
}

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
    places: &'s [Place],
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
        let here = match self.places.get(token..=token + 1) {
            Some([here, next]) => &self.words[here.words as usize..next.words as usize],
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
        let end = end.min(self.places.len() - 1);
        let (first, last) = (self.places[from.min(end)].words, self.places[end].words);
        let mut near = self.words[first as usize..last as usize].iter();
        near.find(|said| self.is_in(said.word, set)).map(|said| said.token as usize)
    }

    /// Whether a word of the link's set stands as near to the key at token `at` as it must, in the same sentence or, if `wide`,
    /// in the same paragraph.
    fn holds(&self, link: Link, at: u32, wide: bool) -> bool {
        let opening = |place: &Place| if wide { place.paragraph } else { place.sentence };
        let within = u32::from(link.within);
        if link.behind {
            let found = self.next(link.set, at as usize + 1, (at + within) as usize + 1);
            return found.is_some_and(|token| opening(&self.places[token]) <= at);
        }
        let from = opening(&self.places[at as usize]).max(at.saturating_sub(within));
        self.next(link.set, from as usize, at as usize).is_some()
    }

    /// What lies before `token`; the end of the field counts as the end of a paragraph.
    pub(crate) fn breaks(&self, token: usize) -> Break {
        self.places.get(token).map_or(Break::Paragraph, |place| place.lies_before)
    }

    /// The tokens of the sentences that the tokens from `start` to `end` belong to.
    pub(crate) fn sentences(&self, start: usize, end: usize) -> (usize, usize) {
        /// How far a sentence is read to both sides, in tokens, so that one endless sentence stays cheap.
        const REACH: usize = 150;
        let opens = |token: &usize| self.breaks(*token) >= Break::Sentence;
        let (floor, end) = (start.saturating_sub(REACH), end.max(start + 1));
        let ceiling = (end + REACH).min(self.places.len() - 1);
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
    let clause =
        |c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '\n' | '“' | '”' | '–' | '—' | '•' | '=');
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
