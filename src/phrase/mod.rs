//! Phrases: expressions over words instead of characters, such as `<ask> ..6 <hand-over> ..4 [<secret>]`.
//!
//! Rules that look for what people say in many ways would need long regular expressions, slow to run and hard to read. A
//! phrase names sets of words; every word of a message is looked up once for all phrases, and only those whose words all
//! stand in the message are tried. `docs/packs.md` describes the notation.

mod calls;
mod class;
mod forms;
mod notation;
mod search;
mod vocabulary;

use serde::{Deserialize, Serialize};

use crate::message::Field;
use crate::rule::Unfit;
use class::Class;
use notation::Node;
use search::{REACH, Search};

pub(crate) use calls::{Call, Called, Needs};
pub(crate) use search::Found;
pub(crate) use vocabulary::{FieldWords, Lists, Numbers, Said, Sets, Vocabulary, Words};

/// A phrase: as packs write it, or made ready by a [`Words`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
pub(crate) enum Phrase {
    /// The notation.
    Written(String),
    /// What it means.
    Ready(Program),
}

/// What a phrase means, over the sets of a vocabulary.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    steps: Vec<Step>,
    /// What every match holds; asked when packs are read.
    needs: Needs,
    /// The set with which every match begins, where it begins with a word.
    first: Option<u16>,
}

/// One step of a match, which stands before some token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Step {
    /// The step that `parts` gave.
    fn from_parts(kind: u32, value: u16) -> Option<Self> {
        Some(match kind {
            0 => Self::Word(value),
            1 => Self::Not(value),
            2 => Self::Class(Class::by_number(value)?),
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
            _ => return None,
        })
    }

    /// Whether a match may go on in several ways.
    fn branches(self) -> bool {
        matches!(self, Self::Or(_) | Self::Gap(_) | Self::WideGap(_))
    }
}

/// Marks a text that build.rs wrote instead of the notation.
const READY: char = '\u{2}';

/// Numbers with blanks between: first set, and 0 for none; then the steps.
impl From<Phrase> for String {
    fn from(phrase: Phrase) -> Self {
        let program = match phrase {
            Phrase::Written(text) => return text,
            Phrase::Ready(program) => program,
        };
        let first = program.first.map_or(0, |first| u32::from(first) + 1);
        let steps = program.steps.iter().map(|step| {
            let (kind, value) = step.parts();
            kind << 16 | u32::from(value)
        });
        let numbers: Vec<String> = std::iter::once(first).chain(steps).map(|number| number.to_string()).collect();
        format!("{READY}{}", numbers.join(" "))
    }
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        text.strip_prefix(READY).and_then(Program::read).map_or_else(|| Self::Written(text.clone()), Self::Ready)
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

    /// What every match holds, while packs are read.
    pub(crate) fn needs(&self) -> Needs {
        self.program().map(|program| program.needs.clone()).unwrap_or_default()
    }

    /// Its matches in a field whose words are `said`, where it was called, in order and without overlaps.
    pub(crate) fn find(&self, field: &Field<'_>, said: FieldWords<'_>, called: &[Called]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let Some(program) = self.program() else { return found };
        let mut search = Search::new(&program.steps, field, said);
        let mut at = 0;
        for Called { from, to, .. } in called {
            at = program.find(&mut search, at.max(*from as usize), *to as usize, &mut |one| {
                found.push(one);
                true
            });
        }
        found
    }

    /// Whether it begins at one of the tokens from `start` to `end`.
    pub(crate) fn stands_in(&self, field: &Field<'_>, said: FieldWords<'_>, start: usize, end: usize) -> bool {
        let Some(program) = self.program() else { return false };
        let mut stands = false;
        program.find(&mut Search::new(&program.steps, field, said), start, end, &mut |_| {
            stands = true;
            false
        });
        stands
    }
}

impl Program {
    /// The program that stands in `text` as numbers.
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(|number| number.parse::<u32>().ok());
        let mut next = || numbers.next().flatten();
        let set = |number: u32| u16::try_from(number).ok();
        let first = next()?.checked_sub(1).and_then(set);
        let step = |number: u32| Step::from_parts(number >> 16, set(number & 0xffff)?);
        let steps = std::iter::from_fn(|| next().map(step)).collect::<Option<Vec<_>>>()?;
        Some(Self { steps, needs: Needs::default(), first })
    }

    fn of(node: &Node, words: &mut Words<'_>) -> Result<Self, String> {
        let mut program = Self::default();
        program.push(node, words)?;
        for need in node.needs() {
            program.needs.sets.push(words.set(&need)?);
        }
        program.needs.reach = u16::try_from(node.longest().unwrap_or(REACH).min(REACH)).unwrap_or(u16::MAX);
        program.needs.wide = program.steps.iter().any(|step| matches!(step, Step::WideGap(_)));
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

    /// Hands the matches that begin at the tokens from `start` to `end` to `take`, in order and without overlaps, until that
    /// returns false; returns where the next one may begin.
    fn find(
        &self,
        search: &mut Search<'_, '_>,
        start: usize,
        end: usize,
        take: &mut dyn FnMut(Found) -> bool,
    ) -> usize {
        let mut at = start;
        while at < end {
            let Some(next) = self.first.map_or(Some(at), |first| search.said.next(first, at, end)) else {
                return end;
            };
            at = next + 1;
            if let Some(one) = search.match_at(next) {
                at = one.end.max(at);
                if !take(one) {
                    return at;
                }
            }
        }
        at
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
        numbers.add_phrases(vec![phrase.needs()]);
        let vocabulary = Vocabulary::build(&numbers, &[]).unwrap();
        let message = message(text);
        let said = vocabulary.said(&message);
        let field = &message.fields[0];
        let found = phrase.find(field, said.field(0), said.calls());
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

    #[test]
    fn an_endless_sentence_is_read_only_near_a_match() {
        let text = "bodoh ".repeat(1000);
        let message = message(&text);
        let mut numbers = Numbers::default();
        let mut phrase = Phrase::Written("bodoh".to_owned());
        phrase.prepare(&mut Words::new(&mut numbers, &Sets::default(), &Sets::default()).unwrap()).unwrap();
        let vocabulary = Vocabulary::build(&numbers, &[]).unwrap();
        let said = vocabulary.said(&message);
        let (start, end) = said.field(0).sentences(500, 501);
        assert!(start < 500 && end > 501 && end - start < 400, "{start} to {end}");
    }

    proptest! {
        #[test]
        fn any_phrase_in_any_text_stays_within_it(phrase in r"[a-c<>(|)\[\]?*+!.0-9^$ ]{0,24}", text in r"[a-c .,!\nA]{0,60}") {
            let mut numbers = Numbers::default();
            let mut phrase = Phrase::Written(phrase);
            let ready = phrase.prepare(&mut Words::new(&mut numbers, &Sets::default(), &Sets::default()).unwrap());
            numbers.add_phrases(vec![phrase.needs()]);
            if let (Ok(()), Ok(vocabulary)) = (ready, Vocabulary::build(&numbers, &[])) {
                let message = message(&text);
                let (field, said) = (&message.fields[0], vocabulary.said(&message));
                for found in phrase.find(field, said.field(0), said.calls()) {
                    prop_assert!(found.start < found.end && found.end <= field.tokens.len());
                    prop_assert!(!found.span(&field.tokens).of(&text).is_empty());
                }
            }
        }
    }
}
