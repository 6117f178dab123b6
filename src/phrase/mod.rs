//! Phrases: expressions over words instead of characters, such as `<ask> ..6 <hand-over> ..4 [<secret>]`.
//!
//! Rules that look for what people say in many ways would need long regular expressions, slow to run and hard to read. A
//! phrase names sets of words; every word of a message is looked up once for all phrases, and only those whose words all
//! stand in the message are tried. `docs/packs.md` describes the notation.

mod calls;
mod class;
mod forms;
mod notation;
mod said;
mod search;
mod vocabulary;
mod ways;

use std::borrow::Cow;
use std::ops::Range;

use crate::message::Field;
use crate::rule::Unfit;
use notation::Node;
use search::Search;

pub(crate) use calls::{Call, Called, Key, Link};
pub(crate) use class::Class;
pub(crate) use said::{FieldWords, Said};
pub(crate) use search::Found;
pub(crate) use vocabulary::{Lists, Numbers, Sets, Vocabulary, Words};
pub(crate) use ways::Way;

/// Phrases made ready, flat: numbers without pointers, so that build.rs writes them out as they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Programs {
    /// The steps of all.
    pub(crate) steps: Cow<'static, [Step]>,
    /// Where those of each lie.
    pub(crate) list: Cow<'static, [Program]>,
    /// The ways of each, while packs are read.
    pub(crate) ways: Vec<Vec<Way>>,
}

/// What a phrase means, over the sets of a vocabulary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// Its steps.
    pub(crate) steps: Run,
    /// The set with which every match begins, where it begins with a word.
    pub(crate) first: Option<u16>,
}

/// A stretch of what stands flat.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// Where it begins.
    pub(crate) start: u32,
    /// How long it is.
    pub(crate) len: u32,
}

impl Run {
    /// What was added to something flat that was `before` long, and is now `after`.
    pub(crate) fn between(before: usize, after: usize) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: number(before), len: number(after - before) }
    }

    /// Its indices.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// A phrase that can be sought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase<'p> {
    steps: &'p [Step],
    first: Option<u16>,
}

/// One step of a match, which stands before some token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
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
    /// Whether a match may go on in several ways.
    fn branches(self) -> bool {
        matches!(self, Self::Or(_) | Self::Gap(_) | Self::WideGap(_))
    }
}

impl Programs {
    /// Makes the phrases of `written` ready, with the words that `words` numbers.
    ///
    /// # Errors
    /// What is wrong with the notation.
    pub(crate) fn add(&mut self, written: &[String], words: &mut Words<'_>) -> Result<Run, Unfit> {
        let before = self.list.len();
        for text in written {
            let draft = words.parse(text).and_then(|node| Draft::of(&node, words));
            let draft = draft.map_err(|problem| Unfit::at(text, format!("phrase `{text}`: {problem}")))?;
            let before = self.steps.len();
            self.steps.to_mut().extend(draft.steps);
            self.ways.push(draft.ways);
            let steps = Run::between(before, self.steps.len());
            self.list.to_mut().push(Program { steps, first: draft.first });
        }
        Ok(Run::between(before, self.list.len()))
    }

    /// The phrases of a stretch of the list.
    pub(crate) fn phrases(&self, run: Run) -> impl Iterator<Item = Phrase<'_>> {
        self.list[run.range()]
            .iter()
            .map(|program| Phrase { steps: &self.steps[program.steps.range()], first: program.first })
    }
}

/// A phrase that is being made ready.
#[derive(Debug, Default)]
struct Draft {
    steps: Vec<Step>,
    ways: Vec<Way>,
    first: Option<u16>,
}

impl Draft {
    fn of(node: &Node, words: &mut Words<'_>) -> Result<Self, String> {
        let mut draft = Self::default();
        draft.push(node, words)?;
        draft.ways = ways::ways(node, words)?;
        draft.first = node.first().map(|first| words.set(&first)).transpose()?;
        Ok(draft)
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
            Node::Either(nodes) => self.push_either(nodes, words)?,
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

    /// The first of the alternatives that fits. Most words begin none of them, and one look tells; many alternatives stand in
    /// groups, so that one look tells of a group.
    fn push_either(&mut self, nodes: &[Node], words: &mut Words<'_>) -> Result<(), String> {
        /// How many alternatives are looked at one by one.
        const FEW: usize = 6;
        if let Some(first) = notation::first_of(nodes) {
            self.steps.push(Step::Peek(words.set(&first)?));
        }
        let mut ends = Vec::new();
        let mut rest = nodes;
        while !rest.is_empty() {
            let known = rest.iter().take(FEW).take_while(|node| node.first().is_some()).count();
            let (group, tail) = rest.split_at(if nodes.len() > FEW { known.max(1) } else { 1 });
            rest = tail;
            let branch = self.steps.len();
            if !rest.is_empty() {
                self.steps.push(Step::Or(0));
            }
            match group {
                [node] => self.push(node, words)?,
                group => self.push_either(group, words)?,
            }
            if !rest.is_empty() {
                ends.push(self.steps.len());
                self.steps.push(Step::Jump(0));
                self.steps[branch] = Step::Or(self.next()?);
            }
        }
        for end in ends {
            self.steps[end] = Step::Jump(self.next()?);
        }
        Ok(())
    }
}

impl Phrase<'_> {
    /// Its matches in a field whose words are `said`, where it was called, in order and without overlaps.
    pub(crate) fn find(self, field: &Field<'_>, said: FieldWords<'_>, calls: &[Called]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut search = Search::new(self.steps, field, said);
        let mut at = 0;
        for Called { from, to, .. } in calls {
            at = self.seek(&mut search, at.max(*from as usize)..*to as usize, &mut |one| {
                found.push(one);
                true
            });
        }
        found
    }

    /// Whether it begins at one of the tokens from `start` to `end`.
    pub(crate) fn stands_in(self, field: &Field<'_>, said: FieldWords<'_>, start: usize, end: usize) -> bool {
        let mut stands = false;
        self.seek(&mut Search::new(self.steps, field, said), start..end, &mut |_| {
            stands = true;
            false
        });
        stands
    }

    /// Hands the matches that begin at the tokens of `among` to `take`, in order and without overlaps, until that returns
    /// false. Returns where the next match may begin.
    fn seek(self, search: &mut Search<'_, '_>, among: Range<usize>, take: &mut dyn FnMut(Found) -> bool) -> usize {
        let mut at = among.start;
        while at < among.end {
            let Some(next) = self.first.map_or(Some(at), |first| search.said.next(first, at, among.end)) else {
                return among.end;
            };
            at = next + 1;
            if let Some(one) = search.match_at(next) {
                at = one.end.max(at);
                if !take(one) {
                    break;
                }
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
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
        let mut programs = Programs::default();
        let mut words = Words::new(&mut numbers, &Sets::default(), &sets).unwrap();
        let run = programs.add(&[phrase.to_owned()], &mut words).unwrap();
        words.add_phrases(programs.ways.clone());
        let phrase = programs.phrases(run).next().unwrap();
        let vocabulary = Vocabulary::build(&numbers, &[]).unwrap();
        let message = message(text);
        let mut said = Said::new(&vocabulary);
        said.read(&message);
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
        let mut words = Words::new(&mut numbers, &Sets::default(), &Sets::default()).unwrap();
        Programs::default().add(&["bodoh".to_owned()], &mut words).unwrap();
        let vocabulary = Vocabulary::build(&numbers, &[]).unwrap();
        let mut said = Said::new(&vocabulary);
        said.read(&message);
        let (start, end) = said.field(0).sentences(500, 501);
        assert!(start < 500 && end > 501 && end - start < 400, "{start} to {end}");
    }

    proptest! {
        #[test]
        fn any_phrase_in_any_text_stays_within_it(phrase in r"[a-c<>(|)\[\]?*+!.0-9^$ ]{0,24}", text in r"[a-c .,!\nA]{0,60}") {
            let mut numbers = Numbers::default();
            let mut programs = Programs::default();
            let mut words = Words::new(&mut numbers, &Sets::default(), &Sets::default()).unwrap();
            let ready = programs.add(&[phrase], &mut words);
            words.add_phrases(programs.ways.clone());
            if let (Ok(run), Ok(vocabulary)) = (ready, Vocabulary::build(&numbers, &[])) {
                let phrase = programs.phrases(run).next().unwrap();
                let message = message(&text);
                let (field, mut said) = (&message.fields[0], Said::new(&vocabulary));
                said.read(&message);
                for found in phrase.find(field, said.field(0), said.calls()) {
                    prop_assert!(found.start < found.end && found.end <= field.tokens.len());
                    prop_assert!(!found.span(&field.tokens).of(&text).is_empty());
                }
            }
        }

        /// Phrases made of few words, which come again and again, so that many match.
        #[test]
        fn a_phrase_is_called_wherever_it_stands(
            parts in proptest::collection::vec(prop_oneof![
                Just("a"), Just("b"), Just("c d"), Just("(a | b e)"), Just("(c d | <NUMBER> b)"), Just("e*"), Just("a?"),
                Just("..2"), Just("...3"), Just("[b]"), Just("^ a"), Just("c $"), Just("!d"),
            ], 1..5),
            text in proptest::collection::vec(prop_oneof![
                Just("a "), Just("b "), Just("c "), Just("d "), Just("e "), Just("1 "), Just(". "), Just(", "), Just("\n"), Just("\n\n"),
            ], 0..40),
        ) {
            let text = text.concat();
            let mut numbers = Numbers::default();
            let mut programs = Programs::default();
            let mut words = Words::new(&mut numbers, &Sets::default(), &Sets::default()).unwrap();
            let Ok(run) = programs.add(&[parts.join(" ")], &mut words) else { return Ok(()) };
            words.add_phrases(programs.ways.clone());
            let Ok(vocabulary) = Vocabulary::build(&numbers, &[]) else { return Ok(()) };
            let phrase = programs.phrases(run).next().unwrap();
            let message = message(&text);
            let (field, mut said) = (&message.fields[0], Said::new(&vocabulary));
            said.read(&message);
            let to = u32::try_from(field.tokens.len()).unwrap();
            let everywhere = [Called { phrase: 0, field: 0, from: 0, to }];
            let called = phrase.find(field, said.field(0), said.calls());
            prop_assert_eq!(called, phrase.find(field, said.field(0), &everywhere));
        }
    }
}
