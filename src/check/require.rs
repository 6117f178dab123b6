//! `require`: what must be in a message, and where it is missed.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::edges::{Within, edges, is_own, lines};
use super::offer::{InsertAt, filled, inserting};
use super::pattern::{Expression, Needs};
use super::{Check, Context, Findings, ReadLexicon, Sight, Traits, Turns};
use crate::diagnostic::{Edit, Fix, Place, Safety};
use crate::facts::Facts;
use crate::locale::{Lang, Text};
use crate::message::{Field, Message, Part, Role};
use crate::rule::{Severity, Unfit};
use crate::span::TextSpan;
use crate::term::{Term, fold_phrase};

/// The options of the kind.
#[derive(Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Require {
    /// A role that must be there: `greeting`, `closing`, `signature` …
    role: Option<Role>,
    /// A field that must be there and not be empty.
    part: Option<RequiredPart>,
    /// Words or phrases, one of which must be there.
    #[serde(default)]
    any: Vec<String>,
    /// Expressions, one of which must match.
    #[serde(default)]
    #[cfg_attr(schema, schemars(with = "Vec<String>"))]
    patterns: Vec<Expression>,
    /// Where `any` and `patterns` are sought.
    #[serde(default)]
    within: Within,
    /// What a signature must hold, and the severity of its lack.
    #[serde(default)]
    elements: BTreeMap<Element, Severity>,
    /// Words or phrases, one of which must be in the message for the rule to judge it.
    #[serde(default)]
    when: Vec<String>,
    /// Words or phrases that excuse the message.
    #[serde(default)]
    unless: Vec<String>,
    /// Words of messages that a machine sends, which sign as an agency only.
    #[serde(default)]
    automated: Vec<String>,
    /// The severity within a thread, whose first mail has said what is missing.
    thread_severity: Option<Severity>,
    /// Which of our turns must have it.
    #[serde(default)]
    turn: Turn,
    /// Whether only messages with attachments are judged.
    #[serde(default)]
    attached: bool,
    /// Text that is offered; `{agency}`, `{name}`, `{position}` and `{contact}` are filled from the configuration.
    insert: Option<Text>,
    /// Where it is put.
    insert_at: Option<InsertAt>,
}

/// Which of our turns in a conversation must have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Turn {
    /// Any of them.
    #[default]
    Any,
    /// The first of them.
    First,
}

/// A field that a message must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum RequiredPart {
    /// The subject.
    Subject,
    /// What is attached.
    Attachments,
}

/// What a signature should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Element {
    /// The agency.
    Agency,
    /// A name.
    Name,
    /// A position or unit.
    Position,
    /// A telephone number or an address.
    Contact,
}

impl Element {
    const fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Name => "name",
            Self::Position => "position",
            Self::Contact => "contact",
        }
    }

    /// Whether the message's sender shows it, or the configuration recognises it.
    fn is_in(self, message: &Message<'_>, facts: &Facts) -> bool {
        let sender = &message.sender;
        let known = match self {
            Self::Agency => return sender.agency || mentions(message, &facts.names),
            Self::Name => (sender.name, &facts.people),
            Self::Position => (sender.position, &facts.positions),
            Self::Contact => (sender.contact, &facts.contacts),
        };
        known.0 || mentions(message, known.1)
    }
}

/// Whether one of `phrases` stands near either end of the body.
fn mentions(message: &Message<'_>, phrases: &[String]) -> bool {
    let Some(body) = message.body() else { return false };
    let edges = edges(body, Within::Both);
    phrases.iter().map(|phrase| fold_phrase(phrase)).any(|phrase| {
        let tokens = &body.tokens;
        (0..tokens.len()).any(|i| {
            edges.iter().any(|edge| edge.overlaps(tokens[i].span()))
                && crate::term::phrase_at(&body.text, tokens, i, &phrase).is_some()
        })
    })
}

/// Whether a mail answers another one: its subject says so, or it quotes.
fn is_reply(message: &Message<'_>) -> bool {
    /// How mail programs mark answers.
    const MARKS: [&str; 5] = ["re", "bls", "balas", "aw", "sv"];
    let subject = message.field(Part::Subject).map_or("", |field| field.text.trim_start());
    let mark = subject.split_once(':').map_or("", |(mark, _)| mark.trim_end());
    let quotes = || message.body().is_some_and(|body| body.segments.iter().any(|s| s.role == Role::Quote));
    MARKS.iter().any(|known| mark.eq_ignore_ascii_case(known)) || quotes()
}

/// Which list of the rule a term of the shared table belongs to.
const ANY: u8 = 0;
const WHEN: u8 = 1;
const UNLESS: u8 = 2;
const AUTOMATED: u8 = 3;

impl Require {
    /// Whether one of the rule's words of that list stands in what it reads.
    fn stands(context: &Context<'_, '_>, group: u8) -> bool {
        let own = |hit: &&super::Hit| context.reads(context.field_of(hit), hit.found.span.start);
        context.hits.iter().filter(own).any(|hit| hit.group == group)
    }

    fn is_there(&self, context: &Context<'_, '_>) -> bool {
        let message = context.message;
        if let Some(role) = self.role
            && self.elements.is_empty()
        {
            return message
                .fields
                .iter()
                .any(|f| f.segments.iter().any(|s| s.role == role && s.text.start < s.text.end));
        }
        if let Some(part) = self.part {
            return match part {
                RequiredPart::Subject => message.field(Part::Subject).is_some_and(|f| !f.text.trim().is_empty()),
                RequiredPart::Attachments => message.attachments != Some(0),
            };
        }
        let Some(body) = message.body() else { return true };
        let is_possible = |index: usize| context.may_match(index);
        if context.hits.is_empty() && !(0..self.patterns.len()).any(is_possible) {
            return false;
        }
        let edges = edges(body, self.within);
        let inside = |span: TextSpan| edges.iter().any(|edge| edge.overlaps(span));
        let hit = context.hits.iter().any(|hit| {
            let field = context.field_of(hit);
            hit.group == ANY
                && context.reads(field, hit.found.span.start)
                && (field.part != Part::Body || inside(hit.found.span))
        });
        let mut possible = self.patterns.iter().enumerate().filter(|(index, _)| is_possible(*index));
        hit || possible.any(|(_, pattern)| edges.iter().any(|edge| pattern.is_match(edge.of(body.bare()))))
    }

    /// Whether the rule has anything to say about this message at all.
    fn applies(&self, context: &Context<'_, '_>) -> bool {
        let asks_header = matches!(self.part, Some(RequiredPart::Subject));
        let says = |body: &Field<'_>, line| is_own(body, line) || body.role_at(line.start) != Role::Placeholder;
        let own_text = || context.message.body().is_some_and(|body| lines(&body.text).any(|line| says(body, line)));
        (self.when.is_empty() || Self::stands(context, WHEN))
            && !Self::stands(context, UNLESS)
            && (!self.attached || context.message.attachments.is_some_and(|files| files > 0))
            && (asks_header || own_text())
            && (!asks_header || context.message.has_header())
            && !(self.part == Some(RequiredPart::Attachments) && context.message.attachments.is_none())
    }

    /// Whether the finding stands at the top of the message.
    fn at_top(&self) -> bool {
        self.part.is_some() || self.role == Some(Role::Greeting) || self.within == Within::Start
    }

    /// Offers the text that is missing, for a person to look at. It is Indonesian, as the message is.
    fn offer(&self, context: &Context<'_, '_>, field: &Field<'_>, missing: &[&str]) -> Option<Fix> {
        let text = filled(self.insert.as_ref()?.get(Lang::Id), context.facts, missing)?;
        match self.part {
            None if field.part == Part::Body => inserting(field, &text, self.insert_at.unwrap_or(self.usual_place())),
            Some(RequiredPart::Subject) if field.part == Part::Subject => {
                let place = Place::new(field, TextSpan::new(0..field.text.len()));
                Some(Fix { safety: Safety::Review, edits: vec![Edit { place, new: text }] })
            }
            _ => None,
        }
    }

    fn usual_place(&self) -> InsertAt {
        if self.at_top() { InsertAt::Top } else { InsertAt::End }
    }

    /// Where a reader would look for what is missing: greeting and subject at the top, everything else at the end, what
    /// another word promises at that word.
    fn anchor<'a, 'w>(&self, context: &Context<'a, 'w>) -> Option<(&'a Field<'w>, TextSpan)> {
        if let Some(hit) = context.hits.iter().find(|hit| hit.group == WHEN) {
            return Some((context.field_of(hit), hit.found.span));
        }
        if let Some(subject) = context.message.field(Part::Subject).filter(|_| self.part.is_some()) {
            return Some((subject, TextSpan::new(0..subject.text.len())));
        }
        let body = context.message.body()?;
        let mut own_lines = lines(&body.text).filter(|line| is_own(body, *line));
        let line = if self.at_top() { own_lines.next() } else { own_lines.next_back() };
        Some((body, line.unwrap_or_default()))
    }
}

impl Check for Require {
    fn terms(&mut self, _lexicon: &mut ReadLexicon<'_>) -> Result<Vec<Term>, String> {
        let groups = [(ANY, &self.any), (WHEN, &self.when), (UNLESS, &self.unless), (AUTOMATED, &self.automated)];
        let term = |group: u8, text: &String| Term { group, text: text.clone(), certain: true, ..Term::default() };
        Ok(groups.into_iter().flat_map(|(group, words)| words.iter().map(move |word| term(group, word))).collect())
    }

    fn traits(&self) -> Traits {
        let turns = match self.turn {
            Turn::Any => Turns::Any,
            Turn::First => Turns::First,
        };
        let by_terms = !self.when.is_empty();
        Traits { turns, by_terms, misses: !by_terms }
    }

    fn needs(&self) -> Vec<Needs> {
        self.patterns.iter().map(|pattern| pattern.needs(false)).collect()
    }

    fn fixable(&self) -> bool {
        self.insert.is_some()
    }

    fn validate(&self) -> Result<(), Unfit> {
        let asks = self.role.is_some() || self.part.is_some() || !self.any.is_empty() || !self.patterns.is_empty();
        if !asks {
            return Err("one of `role`, `part`, `any`, `patterns` must say what is required".into());
        }
        self.patterns.iter().try_for_each(Expression::validate)
    }

    fn sight(&self, context: &Context<'_, '_>) -> Sight {
        let files = context.message.attachments;
        let promises = self.when.is_empty() || Self::stands(context, WHEN);
        let lacks = match self.part {
            Some(RequiredPart::Subject) => !context.message.has_header(),
            Some(RequiredPart::Attachments) => files.is_none(),
            None => self.attached && files.is_none(),
        };
        match () {
            () if lacks && promises => Sight::Blind,
            () if self.attached && files == Some(0) => Sight::Elsewhere,
            () => Sight::Sees,
        }
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        if !self.applies(context) {
            return;
        }
        let Some((field, place)) = self.anchor(context) else { return };
        let thread = self.thread_severity.filter(|_| is_reply(context.message));
        if self.elements.is_empty() {
            if !self.is_there(context) {
                findings.add_graded(field, place, thread).fix = self.offer(context, field, &[]);
            }
            return;
        }
        let automated = Self::stands(context, AUTOMATED);
        let missing: Vec<(Element, Severity)> = self
            .elements
            .iter()
            .filter(|(element, _)| !automated || **element == Element::Agency)
            .filter(|(element, _)| !element.is_in(context.message, context.facts))
            .filter(|_| !(automated && context.message.sender.named))
            .map(|(element, severity)| (*element, *severity))
            .collect();
        // An agency that signs as such ("Salam hormat, Dinas X") needs no person.
        let agency_alone =
            context.message.sender.agency && !context.message.sender.name && !context.message.sender.position;
        if missing.is_empty() || agency_alone && missing.iter().all(|(e, _)| *e != Element::Agency) {
            return;
        }
        let severity = thread.or_else(|| missing.iter().map(|(_, severity)| *severity).max());
        let found = findings.add_graded(field, place, severity);
        found.values.missing = missing.iter().map(|(element, _)| element.name()).collect();
        found.fix = self.offer(context, field, &found.values.missing);
    }
}
