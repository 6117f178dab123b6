//! Kinds of rules: what they look for, and how they judge a message.
//!
//! Matching is shared (one table of words, one pass for literals); a kind gets what was matched for its rule and judges
//! it. A kind is one file here and its line in [`KINDS`].

mod address;
mod chain;
mod count;
mod digits;
mod edges;
mod identifier;
mod literal;
mod offer;
mod pattern;
mod phrase;
mod replacement;
mod require;
mod secret;
mod shape;
mod signs;
mod structure;
mod terms;
mod timing;
mod variants;

use std::any::Any;
use std::fmt::Debug;

use memchr::memmem;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, Place};
use crate::facts::Facts;
use crate::message::{Channel, Field, Message, Role};
use crate::phrase::{Called, Said, Way, Words};
use crate::rule::{ByChannel, Grade, Rule, Severity, Unfit};
use crate::span::TextSpan;
use crate::term::{Match, Term, TermTable};
use crate::token::BEYOND_ASCII as BEYOND;

pub(crate) use chain::{Chain, Places, flat};
pub(crate) use digits::digit;
pub(crate) use edges::Within;
pub(crate) use literal::{Alternative, BEYOND_ASCII, EDGE, is_blank};
pub(crate) use pattern::Needs;
pub(crate) use phrase::{Conditions, Item, Phrases};
pub(crate) use secret::{identifiers_in, numbers_in};
pub(crate) use terms::{Lexicon, Tables, TermSpec};

/// Every kind by its name in packs.
pub(crate) static KINDS: &[Kind] = &[
    Kind::of::<terms::Terms>("terms"),
    Kind::of::<shape::Shapes>("shape"),
    Kind {
        name: "phrase",
        parse: phrase::parse,
        load: None,
        #[cfg(schema)]
        schema: phrase::schema,
    },
    Kind::of::<pattern::Pattern>("pattern"),
    Kind::of::<require::Require>("require"),
    Kind::of::<count::Count>("count"),
    Kind::of::<address::Address>("address"),
    Kind::of::<identifier::Identifier>("identifier"),
    Kind::of::<variants::Variants>("variants"),
    Kind::of::<timing::Timing>("timing"),
];

/// Reads a long table by its name.
pub(crate) type ReadLexicon<'r> = dyn FnMut(&str) -> Result<Lexicon, String> + 'r;
/// Reads the options of a pack.
type Parse = fn(toml::de::Deserializer<'_>, &mut Words<'_>) -> Result<Box<dyn Check>, BadOptions>;
/// Reads the options that build.rs wrote down.
type Load = fn(&str) -> Result<Box<dyn Check>, serde_json::Error>;
/// Describes the options, for editors.
#[cfg(schema)]
type Describe = fn(&mut schemars::SchemaGenerator) -> schemars::Schema;

/// What options must be: packs write them, build.rs writes them down, and a schema describes them.
#[cfg(schema)]
trait Options: DeserializeOwned + schemars::JsonSchema {}
#[cfg(schema)]
impl<T: DeserializeOwned + schemars::JsonSchema> Options for T {}
#[cfg(not(schema))]
trait Options: DeserializeOwned {}
#[cfg(not(schema))]
impl<T: DeserializeOwned> Options for T {}

/// A kind of rule: how its options become a check.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Name in packs.
    pub(crate) name: &'static str,
    /// From the options of a pack.
    pub(crate) parse: Parse,
    /// From the options that build.rs wrote down; none where it writes the check itself.
    pub(crate) load: Option<Load>,
    /// The schema of its options.
    #[cfg(schema)]
    pub(crate) schema: Describe,
}

/// Why options of a pack make no check.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) enum BadOptions {
    /// They have not the form of the kind's options.
    Form(#[from] toml::de::Error),
    /// They have, but the kind does not accept what they say.
    Unfit(#[from] Unfit),
}

impl Kind {
    const fn of<T: Check + Options + 'static>(name: &'static str) -> Self {
        Self {
            name,
            parse: |options, _| Ok(Box::new(T::deserialize(options)?)),
            load: Some(|options| Ok(Box::new(serde_json::from_str::<T>(options)?))),
            #[cfg(schema)]
            schema: T::json_schema,
        }
    }
}

/// What a rule of some kind does.
pub(crate) trait Check: Any + Send + Sync + Debug {
    /// Takes out the words that the shared table looks up for it, once, when a pack is read. `lexicon` reads a long table
    /// by its name.
    fn terms(&mut self, _lexicon: &mut ReadLexicon<'_>) -> Result<Vec<Term>, String> {
        Ok(Vec::new())
    }

    /// The words that another pack adds, with what this check says of all its words; none where it does not work by words.
    fn more_terms(
        &self,
        _specs: Vec<TermSpec>,
        _tables: Tables,
        _lexicon: &mut ReadLexicon<'_>,
    ) -> Option<Result<Vec<Term>, String>> {
        None
    }

    /// The ways of each of its phrases; none for a check that has no phrases.
    fn ways(&self) -> Vec<Vec<Way>> {
        Vec::new()
    }

    /// Makes sure that what is compiled when first needed can be compiled.
    fn validate(&self) -> Result<(), Unfit> {
        Ok(())
    }

    /// What each of its expressions needs; none for a check that has no expressions.
    fn needs(&self) -> Vec<Needs> {
        Vec::new()
    }

    /// What the rule set must know before it asks the check.
    fn traits(&self) -> Traits {
        Traits::default()
    }

    /// Whether its findings can carry a fix.
    fn fixable(&self) -> bool {
        false
    }

    /// Takes over a limit from the configuration; false where it has none.
    fn set_limit(&mut self, _limit: ByChannel<u32>) -> bool {
        false
    }

    /// What it can make of the message: where it sees nothing, its silence is no praise.
    fn sight(&self, context: &Context<'_, '_>) -> Sight {
        match context.fields().next() {
            Some(_) => Sight::Sees,
            // Nothing but words of others stands in the body.
            None if context.rule.roles.has(Role::Body) => Sight::Elsewhere,
            None => Sight::Blind,
        }
    }

    /// Judges the message.
    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>);
}

/// What a check can make of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// What it judges is there.
    Sees,
    /// The message or the configuration lacks what it judges by.
    Blind,
    /// It is about other messages.
    Elsewhere,
}

/// How a check wants to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// Only its words can make it find something, so it need not be asked without any.
    pub(crate) by_terms: bool,
    /// It finds what is not there, so it is asked whatever stands in a message.
    pub(crate) misses: bool,
    /// Which turns of a conversation it asks.
    pub(crate) turns: Turns,
}

/// Which turns of a conversation a check asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Turns {
    /// Each of ours, by itself.
    #[default]
    Each,
    /// It misses something, which any of ours may have: its finding stands once, and only if none has it.
    Any,
    /// It misses something in the first of ours.
    First,
    /// All of both parties, since it is about what lies between them.
    Both,
}

/// A term of a rule that stands in a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    /// Index of the rule.
    pub(crate) rule: u16,
    /// Which of its lists.
    pub(crate) group: u8,
    /// Whether it counts by itself.
    pub(crate) certain: bool,
    /// Index of the table.
    pub(crate) table: u8,
    /// Index of the field.
    pub(crate) field: u8,
    /// Where, and which entry of the table.
    pub(crate) found: Match,
}

/// What a check may know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a, 'w> {
    /// The conversation.
    pub(crate) turns: &'a [Message<'w>],
    /// The index of the message in it.
    pub(crate) turn: usize,
    /// The message.
    pub(crate) message: &'a Message<'w>,
    /// The rule.
    pub(crate) rule: &'a Rule,
    /// The agency.
    pub(crate) facts: &'a Facts,
    /// What stands in the message of the rule's terms, by field and place.
    pub(crate) hits: &'a [Hit],
    /// Whether the hits are certain, or something certain of the theme was found beside them.
    pub(crate) supported: bool,
    /// The tables that the hits point into.
    pub(crate) tables: &'a [TermTable],
    /// What the message says of the words of the rule's phrases.
    pub(crate) said: &'a Said<'a>,
    /// Which of the rule's phrases may stand in the message, and where, in order.
    pub(crate) calls: &'a [Called],
    /// The number of the rule's first phrase.
    pub(crate) first_phrase: usize,
    /// Which of the rule's expressions can match, as bits; what lies beyond them can.
    pub(crate) expressions: u128,
}

impl<'a, 'w> Context<'a, 'w> {
    /// The channel of the message.
    pub(crate) fn channel(&self) -> Channel {
        self.message.channel
    }

    /// Whether the rule's expression at `index` can match here.
    pub(crate) fn may_match(&self, index: usize) -> bool {
        index >= 128 || self.expressions & (1 << index) != 0
    }

    /// The fields that hold a role of the rule.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'a Field<'w>> {
        let roles = self.rule.roles;
        self.message.fields.iter().filter(move |field| field.roles().meets(roles))
    }

    /// Whether the rule reads the stretch of `field` at byte `at`.
    pub(crate) fn reads(&self, field: &Field<'_>, at: u32) -> bool {
        self.rule.roles.has(field.role_at(at))
    }

    /// The field that a hit stands in.
    pub(crate) fn field_of(&self, hit: &Hit) -> &'a Field<'w> {
        &self.message.fields[hit.field as usize]
    }
}

/// Where a check puts its findings.
pub(crate) struct Findings<'o, 'r> {
    rule: &'r Rule,
    severity: Severity,
    /// Whether the configuration has set the severity, so that grades within the rule do not count.
    fixed: bool,
    /// Whether one of them shows the tone of the message, so that ambiguous terms of the theme count.
    pub(crate) evidence: bool,
    out: &'o mut Vec<Diagnostic<'r>>,
    /// How many there may be with those before, and how many are left out for that.
    most: usize,
    left_out: u64,
}

impl<'o, 'r> Findings<'o, 'r> {
    /// A place for up to `most` findings, behind those of other rules.
    pub(crate) fn new(
        rule: &'r Rule,
        severity: Severity,
        fixed: bool,
        most: usize,
        out: &'o mut Vec<Diagnostic<'r>>,
    ) -> Self {
        let most = out.len().saturating_add(most);
        Self { rule, severity, fixed, evidence: false, out, most, left_out: 0 }
    }

    /// How many findings are left out, since there are more than there may be.
    pub(crate) fn finish(mut self) -> u64 {
        self.make_room(self.most);
        self.left_out
    }

    /// Leaves out what stands beyond `most`.
    fn make_room(&mut self, most: usize) {
        self.left_out += self.out.len().saturating_sub(most) as u64;
        self.out.truncate(most);
    }

    /// Adds a finding at `text` of `field`.
    pub(crate) fn add(&mut self, field: &Field<'_>, text: TextSpan) -> &mut Diagnostic<'r> {
        self.add_graded(field, text, None)
    }

    /// The severity of what has this grade, unless the configuration has set it; none where that finds nothing.
    pub(crate) fn grade(&self, grade: Grade, channel: Channel) -> Option<Severity> {
        grade.severity(channel, self.severity).map(|own| if self.fixed { self.severity } else { own })
    }

    /// Adds a finding whose severity differs from the rule's, unless the configuration has set it.
    pub(crate) fn add_graded(
        &mut self,
        field: &Field<'_>,
        text: TextSpan,
        grade: Option<Severity>,
    ) -> &mut Diagnostic<'r> {
        let severity = grade.filter(|_| !self.fixed).unwrap_or(self.severity);
        // One too many is kept until the next takes its place, for whoever adds it has more to say of it.
        self.make_room(self.most);
        self.out.push(Diagnostic {
            rule: self.rule,
            severity,
            place: Place::new(field, text),
            labels: Vec::new(),
            values: crate::diagnostic::Values::default(),
            fix: None,
        });
        let last = self.out.len() - 1;
        &mut self.out[last]
    }
}

/// Gives `new` the capitals of `old`: none, the first, or all.
pub(crate) fn with_capitals_of(old: &str, new: &str) -> String {
    let mut letters = old.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return new.to_owned() };
    if !first.is_uppercase() {
        return new.to_owned();
    }
    let mut rest = letters.peekable();
    if rest.peek().is_some() && rest.all(char::is_uppercase) {
        return new.to_uppercase();
    }
    let mut chars = new.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Whether byte `at` of `text` stands between quotation marks, or between the marks of code, that open and close within
/// its paragraph.
pub(crate) fn is_quoted(field: &Field<'_>, at: usize) -> bool {
    /// How far marks are sought to both sides.
    const REACH: usize = 400;
    let ascii = field.signs & BEYOND == 0;
    if ascii && !field.has_sign(b"\"`'") {
        return false;
    }
    let text: &str = &field.text;
    let from = crate::source::floor_boundary(text, at.saturating_sub(REACH));
    let to = crate::source::floor_boundary(text, at + REACH);
    let before = text.get(from..at).unwrap_or_default();
    let after = text.get(at..to).unwrap_or_default();
    let before = memmem::rfind(before.as_bytes(), b"\n\n").map_or(before, |at| before.split_at(at).1);
    let after = memmem::find(after.as_bytes(), b"\n\n").map_or(after, |at| after.split_at(at).0);
    let straight = |mark: u8| {
        memchr::memchr_iter(mark, before.as_bytes()).count() % 2 == 1
            && memchr::memchr(mark, after.as_bytes()).is_some()
    };
    let curly = |open: &[char], close: &[char]| {
        let opened = before.rfind(open).is_some_and(|open| !before.split_at(open).1.contains(close));
        opened && after.contains(close)
    };
    straight(b'"')
        || straight(b'`')
        || !ascii && curly(&['\u{201c}', '\u{201e}', '\u{ab}'], &['\u{201d}', '\u{bb}'])
        || (!ascii || field.has_sign(b"'")) && is_singly_quoted(before, after)
}

/// Whether single quotation marks open before and close behind, which an apostrophe within a word does not.
fn is_singly_quoted(before: &str, after: &str) -> bool {
    let marks: &[char] = &['\'', '\u{2018}', '\u{2019}'];
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let opens = |at: usize| {
        let (head, tail) = before.split_at(at);
        edge(head.chars().next_back()) && tail.chars().nth(1).is_none_or(char::is_alphanumeric)
    };
    let closes = |(at, mark): (usize, &str)| {
        let (head, tail) = after.split_at(at);
        head.chars().next_back().is_some_and(|c| !c.is_whitespace())
            && edge(tail.get(mark.len()..).and_then(|rest| rest.chars().next()))
    };
    if before.is_ascii() && after.is_ascii() {
        let last = memchr::memrchr(b'\'', before.as_bytes());
        let next = memchr::memchr(b'\'', after.as_bytes());
        return last.is_some_and(opens) && next.is_some_and(|at| closes((at, "'")));
    }
    let last = before.rmatch_indices(marks).map(|(at, _)| at).next();
    last.is_some_and(opens) && after.match_indices(marks).next().is_some_and(closes)
}
