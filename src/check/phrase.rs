//! `phrase`: what people say in many ways, as words of named sets that follow each other.

use serde::{Deserialize, Serialize};

use super::edges::{Within, edges};
use super::terms::is_in_name;
use super::{Check, Context, Findings, is_quoted, with_capitals_of};
use crate::diagnostic::{Edit, Fix, Place, Safety};
use crate::message::{Field, Part};
use crate::phrase::{Called, FieldWords, Found, Needs, Phrase, Words};
use crate::rule::{Grade, Severity, Unfit};
use crate::span::TextSpan;

/// The options of the kind.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own in packs")]
pub(crate) struct Phrases {
    phrases: Vec<Item>,
    /// What must not be said in the sentences of a match.
    #[serde(default)]
    unless: Vec<Phrase>,
    /// What must not be said anywhere in the field.
    #[serde(default)]
    unless_anywhere: Vec<Phrase>,
    /// What must be said somewhere in the field, all of it.
    #[serde(default)]
    when: Vec<Phrase>,
    replace: Option<String>,
    #[serde(default)]
    review: bool,
    #[serde(default)]
    at_least: usize,
    #[serde(default)]
    outside_quotes: bool,
    #[serde(default)]
    outside_names: bool,
    /// Whether what is marked wants capitals: it is found where it begins with a small letter, and the fix puts them.
    #[serde(default)]
    capital: bool,
    /// Which part of the body is read.
    #[serde(default)]
    within: Within,
    /// Whether what is marked passes where it holds a term of address that the agency allows.
    #[serde(default)]
    address: bool,
}

/// Phrases, and in what they differ from the rule.
#[derive(Debug, Deserialize, Serialize)]
#[serde(from = "ItemSpec")]
struct Item {
    phrase: Vec<Phrase>,
    severity: Option<Grade>,
    replace: Option<String>,
    review: Option<bool>,
    unless: Vec<Phrase>,
    unless_anywhere: Vec<Phrase>,
    when: Vec<Phrase>,
}

/// A phrase alone, or with options of its own.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a phrase, or a table with `phrase`")]
enum ItemSpec {
    Table(Box<ItemTable>),
    Phrase(Phrase),
}

/// One phrase or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a phrase, or a list of phrases")]
enum OneOrMore {
    Many(Vec<Phrase>),
    One(Phrase),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemTable {
    phrase: OneOrMore,
    severity: Option<Grade>,
    replace: Option<String>,
    review: Option<bool>,
    #[serde(default)]
    unless: Vec<Phrase>,
    #[serde(default)]
    unless_anywhere: Vec<Phrase>,
    #[serde(default)]
    when: Vec<Phrase>,
}

impl From<ItemSpec> for Item {
    fn from(spec: ItemSpec) -> Self {
        let table = match spec {
            ItemSpec::Table(table) => *table,
            ItemSpec::Phrase(phrase) => ItemTable {
                phrase: OneOrMore::One(phrase),
                severity: None,
                replace: None,
                review: None,
                unless: Vec::new(),
                unless_anywhere: Vec::new(),
                when: Vec::new(),
            },
        };
        let ItemTable { phrase, severity, replace, review, unless, unless_anywhere, when } = table;
        let phrase = match phrase {
            OneOrMore::One(phrase) => vec![phrase],
            OneOrMore::Many(phrases) => phrases,
        };
        Self { phrase, severity, replace, review, unless, unless_anywhere, when }
    }
}

/// A match that counts, and how it is reported.
struct Match<'c> {
    /// Index of the field.
    field: usize,
    span: TextSpan,
    severity: Severity,
    item: &'c Item,
}

/// The text with a capital at the start of each word.
fn capitalised(text: &str) -> String {
    let mut inner = false;
    let capital = |c: char| {
        let opens = !std::mem::replace(&mut inner, c.is_alphanumeric());
        if opens { c.to_uppercase().collect::<String>() } else { c.to_string() }
    };
    text.chars().map(capital).collect()
}

impl Phrases {
    /// Whether something in the field excuses all that is found in it.
    fn field_excuses(&self, item: &Item, field: &Field<'_>, said: FieldWords<'_>) -> bool {
        let anywhere = |phrase: &Phrase| phrase.stands_in(field, said, 0, field.tokens.len());
        self.unless_anywhere.iter().chain(&item.unless_anywhere).any(anywhere)
            || !self.when.iter().chain(&item.when).all(anywhere)
    }

    /// Whether something excuses what was found: in its sentences, or in how it is written.
    fn excused(&self, item: &Item, field: &Field<'_>, said: FieldWords<'_>, found: &Found) -> bool {
        let (start, end) = said.sentences(found.start, found.end);
        let stands = |phrase: &Phrase| phrase.stands_in(field, said, start, end);
        self.unless.iter().chain(&item.unless).any(stands)
            || self.outside_names && is_in_name(field, found.from, found.to.max(found.from + 1))
            || self.outside_quotes && is_quoted(&field.text, found.span(&field.tokens).start as usize)
    }

    /// Every phrase, with what it belongs to.
    fn items(&self) -> impl Iterator<Item = (&Item, &Phrase)> {
        self.phrases.iter().flat_map(|item| item.phrase.iter().map(move |phrase| (item, phrase)))
    }

    /// Whether the rule reads what stands at `span`.
    fn reads(&self, context: &Context<'_, '_>, field: &Field<'_>, span: TextSpan) -> bool {
        let allowed = |word: &str| context.facts.allows_address(word);
        context.reads(field, span.start)
            && (!self.capital || span.of(&field.text).starts_with(char::is_lowercase))
            && !(self.address && field.tokens_in(span).iter().any(|token| allowed(token.of(&field.text))))
    }

    fn matches<'c>(
        &'c self,
        context: &Context<'_, '_>,
        item: &'c Item,
        phrase: &Phrase,
        calls: &[Called],
        severity: Severity,
    ) -> Vec<Match<'c>> {
        let mut all = Vec::new();
        for calls in calls.chunk_by(|one, other| one.field == other.field) {
            let index = usize::from(calls[0].field);
            let field = &context.message.fields[index];
            if !field.roles().meets(context.rule.roles) {
                continue;
            }
            let said = context.said.field(index);
            let found = phrase.find(field, said, calls);
            if found.is_empty() || self.field_excuses(item, field, said) {
                continue;
            }
            let narrow = self.within != Within::All && field.part == Part::Body;
            let edges = if narrow { edges(field, self.within) } else { Vec::new() };
            for found in found {
                let span = found.span(&field.tokens);
                let inside = !narrow || edges.iter().any(|edge| edge.overlaps(span));
                if inside && self.reads(context, field, span) && !self.excused(item, field, said, &found) {
                    all.push(Match { field: index, span, severity, item });
                }
            }
        }
        all
    }
}

impl Check for Phrases {
    fn prepare(&mut self, words: &mut Words<'_>) -> Result<(), Unfit> {
        if self.phrases.is_empty() {
            return Err("`phrases` is empty".into());
        }
        let Self { phrases, unless, unless_anywhere, when, .. } = self;
        let own = phrases.iter_mut().flat_map(|item| {
            let Item { phrase, unless, unless_anywhere, when, .. } = item;
            phrase.iter_mut().chain(unless).chain(unless_anywhere).chain(when)
        });
        own.chain(unless).chain(unless_anywhere).chain(when).try_for_each(|phrase| phrase.prepare(words))
    }

    fn stored(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    fn says(&self) -> Vec<Needs> {
        self.items().map(|(_, phrase)| phrase.needs()).collect()
    }

    fn fixable(&self) -> bool {
        self.capital || self.replace.is_some() || self.phrases.iter().any(|item| item.replace.is_some())
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let mut found: Vec<Match<'_>> = Vec::new();
        // Phrases that stand in one list count once.
        let mut families: Vec<&Item> = Vec::new();
        for calls in context.calls.chunk_by(|one, other| one.phrase == other.phrase) {
            let index = usize::from(calls[0].phrase) - context.first_phrase;
            let Some((item, phrase)) = self.items().nth(index) else { continue };
            let severity = findings.grade(item.severity.unwrap_or_default(), context.channel());
            let Some(severity) = severity else { continue };
            let matches = self.matches(context, item, phrase, calls, severity);
            if !matches.is_empty() && families.last().is_none_or(|last| !std::ptr::eq(*last, item)) {
                families.push(item);
            }
            found.extend(matches);
        }
        if families.len() < self.at_least {
            return;
        }
        found.sort_by_key(|f| (f.field, f.span.start, std::cmp::Reverse((f.span.end, f.severity))));
        found.dedup_by(|next, kept| next.field == kept.field && next.span.overlaps(kept.span));
        for Match { field, span, severity, item } in found {
            let field = &context.message.fields[field];
            let old = span.of(&field.text);
            let new = item.replace.as_ref().or(self.replace.as_ref()).map(|new| with_capitals_of(old, new));
            let new = if self.capital { Some(capitalised(old)) } else { new };
            let safety = if item.review.unwrap_or(self.review) { Safety::Review } else { Safety::Safe };
            let diagnostic = findings.add_graded(field, span, Some(severity));
            diagnostic.values.replacement.clone_from(&new);
            diagnostic.fix = new.map(|new| Fix { safety, edits: vec![Edit { place: Place::new(field, span), new }] });
        }
    }
}
