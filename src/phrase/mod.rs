//! Phrases: expressions over words instead of characters, such as `<ask> ..6 <hand-over> ..4 [<secret>]`.
//!
//! Rules that look for what people say in many ways would need long regular expressions, slow to run and hard to read. A
//! phrase names sets of words; every word of a message is looked up once for all phrases, and only those whose words all
//! stand in the message are tried. `docs/packs.md` describes the notation.

mod class;
mod forms;
mod notation;
mod vocabulary;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::message::Field;
use crate::rule::Unfit;
use crate::span::TextSpan;
use crate::token::Token;
use class::Class;
use notation::Node;

use vocabulary::Break;
pub(crate) use vocabulary::{FieldWords, Numbers, Said, Sets, Vocabulary, Words};

/// What phrases need, flat: for each the number of its sets, then these.
pub(crate) fn flat(says: &[Vec<u16>]) -> Vec<u16> {
    let count = |sets: &[u16]| u16::try_from(sets.len()).unwrap_or(u16::MAX);
    says.iter().flat_map(|sets| std::iter::once(count(sets)).chain(sets.iter().copied())).collect()
}

/// A phrase: as packs write it, or made ready by a [`Words`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged, expecting = "expected a phrase")]
pub(crate) enum Phrase {
    /// The notation.
    Written(String),
    /// What it means.
    Ready(Program),
}

/// What a phrase means, over the sets of a vocabulary.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Program {
    steps: Vec<Step>,
    /// Sets of which a word must be there.
    needs: Vec<u16>,
    /// The set with which every match begins, where it begins with a word.
    first: Option<u16>,
}

/// One step of a match, which stands before some token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(into = "u32", try_from = "u32")]
enum Step {
    /// A word of this set follows.
    Word(u16),
    /// No word of this set follows.
    Not(u16),
    /// A word of this set follows, and is left to the next steps.
    Peek(u16),
    /// Something of this class follows.
    Class(Class),
    /// Up to so many tokens of the sentence lie between.
    Gap(u16),
    /// Up to so many tokens of the paragraph lie between.
    WideGap(u16),
    /// A clause begins here.
    ClauseStart,
    /// A sentence begins here.
    SentenceStart,
    /// A clause ends here.
    ClauseEnd,
    /// A sentence ends here.
    SentenceEnd,
    /// What is marked begins here.
    Open,
    /// What is marked ends here.
    Close,
    /// Goes on with the next step, or else with that one.
    Or(u16),
    /// Goes on with that step.
    Jump(u16),
}

impl Step {
    /// A number for the kind of step, and what it carries.
    fn parts(self) -> (u32, u16) {
        match self {
            Self::Word(set) => (0, set),
            Self::Not(set) => (1, set),
            Self::Class(class) => (2, class.number()),
            Self::Gap(words) => (3, words),
            Self::WideGap(words) => (4, words),
            Self::ClauseStart => (5, 0),
            Self::ClauseEnd => (6, 0),
            Self::SentenceEnd => (11, 0),
            Self::SentenceStart => (12, 0),
            Self::Peek(set) => (13, set),
            Self::Open => (7, 0),
            Self::Close => (8, 0),
            Self::Or(step) => (9, step),
            Self::Jump(step) => (10, step),
        }
    }
}

impl From<Step> for u32 {
    fn from(step: Step) -> Self {
        let (kind, value) = step.parts();
        kind << 16 | u32::from(value)
    }
}

impl TryFrom<u32> for Step {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        let value = u16::try_from(number & 0xffff).unwrap_or_default();
        Ok(match number >> 16 {
            0 => Self::Word(value),
            1 => Self::Not(value),
            2 => Self::Class(Class::by_number(value).ok_or("no such class")?),
            3 => Self::Gap(value),
            4 => Self::WideGap(value),
            5 => Self::ClauseStart,
            6 => Self::ClauseEnd,
            7 => Self::Open,
            8 => Self::Close,
            9 => Self::Or(value),
            10 => Self::Jump(value),
            11 => Self::SentenceEnd,
            12 => Self::SentenceStart,
            13 => Self::Peek(value),
            _ => return Err("no such step".to_owned()),
        })
    }
}

/// Where a phrase stands: in tokens, the whole of it and what is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// First token of what is marked.
    pub(crate) from: usize,
    /// One past the last.
    pub(crate) to: usize,
}

impl Found {
    /// The bytes of what is marked.
    pub(crate) fn span(&self, tokens: &[Token]) -> TextSpan {
        let last = self.to.max(self.from + 1) - 1;
        TextSpan { start: tokens[self.from].start, end: tokens[last.min(tokens.len() - 1)].end }
    }
}

impl Phrase {
    /// Makes it ready, with the words that `words` numbers.
    ///
    /// # Errors
    /// What is wrong with the notation.
    pub(crate) fn prepare(&mut self, words: &mut Words<'_>) -> Result<(), Unfit> {
        if let Self::Written(text) = self {
            let program = words.parse(text).and_then(|node| Program::of(&node, words));
            *self = Self::Ready(program.map_err(|problem| Unfit::at(text, format!("phrase `{text}`: {problem}")))?);
        }
        Ok(())
    }

    fn program(&self) -> Option<&Program> {
        match self {
            Self::Ready(program) => Some(program),
            Self::Written(_) => None,
        }
    }

    /// Sets of a vocabulary of each of which a word must be there.
    pub(crate) fn needs(&self) -> &[u16] {
        self.program().map_or(&[], |program| &program.needs)
    }

    /// Its matches in a field whose words are `said`, in order and without overlaps.
    pub(crate) fn find(&self, field: &Field<'_>, said: &FieldWords<'_>) -> Vec<Found> {
        self.program().map_or_else(Vec::new, |program| program.find(field, said, 0, field.tokens.len(), usize::MAX))
    }

    /// Whether it begins at one of the tokens from `start` to `end`.
    pub(crate) fn stands_in(&self, field: &Field<'_>, said: &FieldWords<'_>, start: usize, end: usize) -> bool {
        self.program().is_some_and(|program| !program.find(field, said, start, end, 1).is_empty())
    }
}

/// How far a match may reach, in tokens.
const REACH: usize = 96;

impl Program {
    fn of(node: &Node, words: &mut Words<'_>) -> Result<Self, String> {
        let mut program = Self::default();
        program.push(node, words)?;
        for need in node.needs() {
            program.needs.push(words.set(&need)?);
        }
        program.needs.sort_unstable();
        program.needs.dedup();
        program.first = node.first().map(|first| words.set(&first)).transpose()?;
        Ok(program)
    }

    /// The number of the next step.
    fn next(&self) -> Result<u16, String> {
        u16::try_from(self.steps.len()).map_err(|_| "it is too long".to_owned())
    }

    fn push(&mut self, node: &Node, words: &mut Words<'_>) -> Result<(), String> {
        match node {
            Node::Words(list) => self.steps.push(Step::Word(words.set(list)?)),
            Node::Not(list) => self.steps.push(Step::Not(words.set(list)?)),
            Node::Class(class) => self.steps.push(Step::Class(*class)),
            Node::Gap { words, wide: false } => self.steps.push(Step::Gap(*words)),
            Node::Gap { words, wide: true } => self.steps.push(Step::WideGap(*words)),
            Node::ClauseStart => self.steps.push(Step::ClauseStart),
            Node::SentenceStart => self.steps.push(Step::SentenceStart),
            Node::ClauseEnd => self.steps.push(Step::ClauseEnd),
            Node::SentenceEnd => self.steps.push(Step::SentenceEnd),
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.push(node, words))?,
            Node::Marked(node) => {
                self.steps.push(Step::Open);
                self.push(node, words)?;
                self.steps.push(Step::Close);
            }
            Node::Either(nodes) => {
                // Most words begin none of the alternatives, and one look tells.
                if let Some(first) = node.first() {
                    self.steps.push(Step::Peek(words.set(&first)?));
                }
                let mut ends = Vec::new();
                for (index, node) in nodes.iter().enumerate() {
                    let branch = self.steps.len();
                    let last = index + 1 == nodes.len();
                    if !last {
                        self.steps.push(Step::Or(0));
                    }
                    self.push(node, words)?;
                    if !last {
                        ends.push(self.steps.len());
                        self.steps.push(Step::Jump(0));
                        self.steps[branch] = Step::Or(self.next()?);
                    }
                }
                for end in ends {
                    self.steps[end] = Step::Jump(self.next()?);
                }
            }
            Node::Repeat { node, once, many } => {
                if *once {
                    self.push(node, words)?;
                }
                let start = self.next()?;
                self.steps.push(Step::Or(0));
                if !*once || *many {
                    self.push(node, words)?;
                }
                if *many {
                    self.steps.push(Step::Jump(start));
                }
                self.steps[usize::from(start)] = Step::Or(self.next()?);
            }
        }
        Ok(())
    }

    /// Up to `most` matches that begin at the tokens from `start` to `end`.
    fn find(&self, field: &Field<'_>, said: &FieldWords<'_>, start: usize, end: usize, most: usize) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut search = Search { program: self, field, said, seen: HashSet::new(), open: Vec::new() };
        let mut at = start;
        while at < end && found.len() < most {
            let Some(next) = self.first.map_or(Some(at), |first| said.next(first, at).filter(|next| *next < end))
            else {
                break;
            };
            at = next + 1;
            if let Some(one) = search.match_at(next) {
                at = one.end.max(at);
                found.push(one);
            }
        }
        found
    }
}

/// A state of the search: the next step, the next token, and where what is marked begins and ends.
#[derive(Clone, Copy, Debug)]
struct State {
    step: usize,
    token: usize,
    /// Whether a wide gap ends here, so that the next token may begin a sentence.
    over: bool,
    from: Option<usize>,
    to: Option<usize>,
}

/// A search with backtracking that visits no step twice at the same token, so that it ends soon.
struct Search<'p, 'f> {
    program: &'p Program,
    field: &'f Field<'f>,
    said: &'f FieldWords<'f>,
    seen: HashSet<(usize, usize, bool)>,
    open: Vec<State>,
}

impl Search<'_, '_> {
    fn match_at(&mut self, start: usize) -> Option<Found> {
        self.seen.clear();
        self.open.clear();
        self.open.push(State { step: 0, token: start, over: false, from: None, to: None });
        while let Some(state) = self.open.pop() {
            let distance = state.token - start;
            if distance >= REACH {
                continue;
            }
            if !self.seen.insert((state.step, state.token, state.over)) {
                continue;
            }
            let Some(step) = self.program.steps.get(state.step) else {
                if state.token == start {
                    continue;
                }
                let from = state.from.unwrap_or(start);
                return Some(Found { start, end: state.token, from, to: state.to.unwrap_or(state.token) });
            };
            self.take(*step, state, start);
        }
        None
    }

    /// Pushes the states that follow, the preferred one last.
    fn take(&mut self, step: Step, state: State, start: usize) {
        let next = State { step: state.step + 1, ..state };
        let tokens = &self.field.tokens;
        let at = state.token;
        // A match goes over the end of a sentence only in a wide gap, which leaves its last token to the next step.
        let limit = if state.over { Break::Paragraph } else { Break::Sentence };
        let in_sentence = at == start || self.said.breaks(self.field, at) < limit;
        match step {
            Step::Word(set) if in_sentence => {
                self.open.extend(self.said.lengths(set, at).map(|len| State { token: at + len, over: false, ..next }));
            }
            Step::Class(class) if in_sentence && at < tokens.len() => {
                let counts = class.tokens_at(&self.field.text, tokens, at);
                self.open.extend(counts.map(|count| State { token: at + count, over: false, ..next }));
            }
            Step::Peek(set) if in_sentence && self.said.has(set, at) => self.open.push(next),
            Step::Word(_) | Step::Class(_) | Step::Peek(_) => {}
            Step::Not(set) => {
                if !self.said.has(set, at) || !in_sentence {
                    self.open.push(next);
                }
            }
            Step::Gap(words) | Step::WideGap(words) => {
                let wide = matches!(step, Step::WideGap(_));
                let limit = if wide { Break::Paragraph } else { Break::Sentence };
                let last = (at + usize::from(words)).min(tokens.len());
                // Before the gap begins, a break belongs to it; a gap of one sentence does not begin at one.
                let ends = |token: &usize| *token != start && self.said.breaks(self.field, *token) >= limit;
                let end = (at..last).find(ends).unwrap_or(last);
                self.open.extend((at..=end).rev().map(|token| State { token, over: wide, ..next }));
            }
            Step::ClauseStart | Step::SentenceStart => {
                let least = if step == Step::ClauseStart { Break::Clause } else { Break::Sentence };
                if at < tokens.len() && self.said.breaks(self.field, at) >= least {
                    self.open.push(next);
                }
            }
            Step::ClauseEnd | Step::SentenceEnd => {
                let least = if step == Step::ClauseEnd { Break::Clause } else { Break::Sentence };
                if at >= tokens.len() || self.said.breaks(self.field, at) >= least {
                    self.open.push(next);
                }
            }
            Step::Open => self.open.push(State { from: Some(at), ..next }),
            Step::Close => self.open.push(State { to: Some(at), ..next }),
            Step::Or(other) => {
                self.open.push(State { step: usize::from(other), ..state });
                self.open.push(next);
            }
            Step::Jump(target) => self.open.push(State { step: usize::from(target), ..state }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::message::{Channel, ChannelSource, Message, Part, Sender};
    use crate::span::{Span, SpanMap};

    fn message(text: &str) -> Message<'static> {
        let map = SpanMap::verbatim(0, text.len());
        Message {
            index: 0,
            id: None,
            channel: Channel::Chat,
            channel_source: ChannelSource::Shape,
            fields: vec![Field::new(Part::Body, Cow::Owned(text.to_owned()), map)],
            attachments: None,
            sender: Sender::default(),
            ours: true,
            sent: None,
            span: Span::default(),
            notes: Vec::new(),
        }
    }

    /// What `phrase` marks in `text`.
    fn marked(phrase: &str, text: &str) -> Vec<String> {
        let sets = Sets::from([("secret".to_owned(), vec!["otp".to_owned(), "kata sandi".to_owned()])]);
        let mut numbers = Numbers::default();
        let mut phrase = Phrase::Written(phrase.to_owned());
        phrase.prepare(&mut Words::new(&mut numbers, &Sets::default(), &sets).unwrap()).unwrap();
        let vocabulary = Vocabulary::build(&numbers).unwrap();
        let message = message(text);
        let said = vocabulary.said(&message);
        if !said.has_all(phrase.needs()) {
            return Vec::new();
        }
        let field = &message.fields[0];
        let found = phrase.find(field, said.field(0));
        found.iter().map(|found| found.span(&field.tokens).of(text).to_owned()).collect()
    }

    #[test]
    fn matches_words_gaps_and_marks() {
        for (phrase, text, expected) in [
            ("minta ..3 [<secret>]", "Kami minta kode OTP Anda.", &["OTP"][..]),
            ("minta ..3 [<secret>]", "Kami *minta* kata\nsandi.", &["kata\nsandi"]),
            ("minta ..3 <secret>", "Mohon minta satu dua tiga empat OTP", &[]),
            ("minta ..3 <secret>", "Kami minta. OTP masuk.", &[]),
            ("minta ...3 [<secret>]", "Kami minta. Mana OTP masuk.", &["OTP"]),
            ("minta ...3 [<secret>]", "Kami minta.\n\nMana OTP masuk.", &[]),
            ("minta ...3 [(<secret> | <NUMBER>)]", "Kami minta. OTP masuk.", &["OTP"]),
            ("^ kirim(kan)", "Segera, kirimkan. Kami kirim", &["kirimkan"]),
            ("kirim $", "kirim berkas, lalu kirim", &["kirim"]),
            ("bukan !kami", "bukan kami, bukan dia", &["bukan"]),
            ("(capek sekali | capek) deh?", "capek deh, capek sekali deh", &["capek deh", "capek sekali deh"]),
            (
                "bayar [<MONEY>]",
                "bayar Rp 50.000 ya, bayar 2 juta, bayar dua ratus ribu",
                &["Rp 50.000", "2 juta", "dua ratus ribu"],
            ),
            (
                "pasien [<FULLNAME>]",
                "pasien Siti Aminah sakit, pasien Ahmad bin Yusuf",
                &["Siti Aminah", "Ahmad bin Yusuf"],
            ),
            ("(nya|itu)* salah", "itu nya itu salah", &["itu nya itu salah"]),
        ] {
            assert_eq!(marked(phrase, text), expected, "{phrase} in {text}");
        }
    }

    proptest! {
        #[test]
        fn any_phrase_in_any_text_stays_within_it(phrase in r"[a-c<>(|)\[\]?*+!.0-9^$ ]{0,24}", text in r"[a-c .,!\nA]{0,60}") {
            let mut numbers = Numbers::default();
            let mut phrase = Phrase::Written(phrase);
            let ready = phrase.prepare(&mut Words::new(&mut numbers, &Sets::default(), &Sets::default()).unwrap());
            if let (Ok(()), Ok(vocabulary)) = (ready, Vocabulary::build(&numbers)) {
                let message = message(&text);
                let (field, said) = (&message.fields[0], vocabulary.said(&message));
                for found in phrase.find(field, said.field(0)) {
                    prop_assert!(found.start < found.end && found.end <= field.tokens.len());
                    prop_assert!(!found.span(&field.tokens).of(&text).is_empty());
                }
            }
        }
    }
}
