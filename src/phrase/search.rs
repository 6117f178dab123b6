//! How a phrase is sought: step by step over tokens, with backtracking.

use super::Step;
use super::said::{Break, FieldWords};
use crate::message::Field;
use crate::span::TextSpan;
use crate::token::Token;

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

/// How far a match may reach, in tokens.
pub(super) const REACH: usize = 96;

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

/// States that the search has been in: a table of their numbers, from 1, with open addressing. Few searches need many.
#[derive(Debug, Default)]
struct Seen {
    slots: Vec<u32>,
    used: usize,
}

impl Seen {
    fn clear(&mut self) {
        if self.used > 0 {
            self.slots.fill(0);
            self.used = 0;
        }
    }

    /// Whether the state is a new one.
    fn insert(&mut self, step: usize, distance: usize, over: bool) -> bool {
        let number = u32::try_from(2 * (step * REACH + distance) + usize::from(over) + 1).unwrap_or(u32::MAX);
        if self.used * 2 >= self.slots.len() {
            let next = vec![0; (self.slots.len() * 2).max(32)];
            for known in std::mem::replace(&mut self.slots, next) {
                self.put(known);
            }
        }
        let is_new = self.put(number);
        self.used += usize::from(is_new);
        is_new
    }

    fn put(&mut self, number: u32) -> bool {
        let mask = self.slots.len() - 1;
        let mut at = number.wrapping_mul(0x9e37_79b1) as usize >> 7 & mask;
        while self.slots[at] != 0 && self.slots[at] != number {
            at = (at + 1) & mask;
        }
        std::mem::replace(&mut self.slots[at], number) != number
    }
}

/// A search with backtracking that parts its ways at no step twice for the same token, so that it ends soon.
pub(super) struct Search<'p, 'f> {
    steps: &'p [Step],
    field: &'f Field<'f>,
    pub(super) said: FieldWords<'f>,
    seen: Seen,
    open: Vec<State>,
}

impl<'p, 'f> Search<'p, 'f> {
    /// A search for what `steps` say.
    pub(super) fn new(steps: &'p [Step], field: &'f Field<'f>, said: FieldWords<'f>) -> Self {
        Self { steps, field, said, seen: Seen::default(), open: Vec::new() }
    }

    /// The match that begins at token `start`.
    pub(super) fn match_at(&mut self, start: usize) -> Option<Found> {
        self.seen.clear();
        self.open.clear();
        self.open.push(State { step: 0, token: start, over: false, from: None, to: None });
        while let Some(state) = self.open.pop() {
            let found = self.follow(state, start);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Goes on from a state as far as it can, along the preferred way; the others are left open.
    fn follow(&mut self, mut state: State, start: usize) -> Option<Found> {
        let (said, tokens) = (self.said, &self.field.tokens);
        loop {
            let distance = state.token - start;
            if distance >= REACH {
                return None;
            }
            let Some(step) = self.steps.get(state.step).copied() else {
                let from = state.from.unwrap_or(start);
                let found = Found { start, end: state.token, from, to: state.to.unwrap_or(state.token) };
                return (state.token > start).then_some(found);
            };
            // Only where ways part can the same state be met again and again.
            if step.branches() && !self.seen.insert(state.step, distance, state.over) {
                return None;
            }
            let at = state.token;
            // A match goes over the end of a sentence only in a wide gap, which leaves its last token to the next step.
            let limit = if state.over { Break::Paragraph } else { Break::Sentence };
            let in_sentence = || at == start || said.breaks(at) < limit;
            let next = State { step: state.step + 1, ..state };
            state = match step {
                Step::Word(set) => {
                    let mut lengths = said.lengths(set, at).filter(|_| in_sentence());
                    self.part(&mut lengths, next)?
                }
                Step::Class(class) => {
                    let is_here = at < tokens.len() && in_sentence();
                    let mut lengths =
                        is_here.then(|| class.tokens_at(&self.field.text, tokens, at)).into_iter().flatten();
                    self.part(&mut lengths, next)?
                }
                Step::Peek(set) => (said.has(set, at) && in_sentence()).then_some(next)?,
                Step::Not(set) => (!said.has(set, at) || !in_sentence()).then_some(next)?,
                Step::Gap(words) | Step::WideGap(words) => {
                    let wide = matches!(step, Step::WideGap(_));
                    let limit = if wide { Break::Paragraph } else { Break::Sentence };
                    let last = (at + usize::from(words)).min(tokens.len());
                    // Before the gap begins, a break belongs to it; a gap of one sentence does not begin at one.
                    let ends = |token: &usize| *token != start && said.breaks(*token) >= limit;
                    let end = (at..last).find(ends).unwrap_or(last);
                    // Where a word must follow, only those tokens matter at which one of its set begins.
                    let mut rest = self.steps.get(next.step..).unwrap_or_default().iter();
                    let follows = match rest.find(|step| !matches!(step, Step::Open | Step::Close)) {
                        Some(Step::Word(set) | Step::Peek(set)) => Some(*set),
                        _ => None,
                    };
                    let goes_on = |token: &usize| follows.is_none_or(|set| said.has(set, *token));
                    let behind = (at + 1..=end).rev().filter(goes_on);
                    self.open.extend(behind.map(|token| State { token, over: wide, ..next }));
                    goes_on(&at).then_some(State { over: wide, ..next })?
                }
                Step::ClauseStart | Step::SentenceStart => {
                    let least = if step == Step::ClauseStart { Break::Clause } else { Break::Sentence };
                    (at < tokens.len() && said.breaks(at) >= least).then_some(next)?
                }
                Step::ClauseEnd | Step::SentenceEnd => {
                    let least = if step == Step::ClauseEnd { Break::Clause } else { Break::Sentence };
                    (at >= tokens.len() || said.breaks(at) >= least).then_some(next)?
                }
                Step::Open => State { from: Some(at), ..next },
                Step::Close => State { to: Some(at), ..next },
                Step::Or(other) => {
                    self.open.push(State { step: usize::from(other), ..state });
                    next
                }
                Step::Jump(target) => State { step: usize::from(target), ..state },
            };
        }
    }

    /// The state behind the longest of these lengths, which come last; the others are left open.
    fn part(&mut self, lengths: &mut dyn Iterator<Item = usize>, next: State) -> Option<State> {
        let mut preferred = None;
        for length in lengths {
            let state = State { token: next.token + length, over: false, ..next };
            self.open.extend(preferred.replace(state));
        }
        preferred
    }
}
