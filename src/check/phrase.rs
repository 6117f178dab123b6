//! `phrase`: what people say in many ways, as words of named sets that follow each other.

use std::borrow::Cow;

#[cfg(schema)]
use schemars::{JsonSchema as _, Schema, SchemaGenerator};
use serde::Deserialize;
use toml::de::Deserializer;

use super::edges::{Within, edges};
use super::replacement::replacing;
use super::terms::is_in_name;
use super::{BadOptions, Check, Context, Findings, is_quoted, with_capitals_of};
use crate::diagnostic::Safety;
use crate::message::{Field, Part};
use crate::phrase::{Called, FieldWords, Found, Phrase, Programs, Run, Way, Words};
use crate::rule::{Grade, OneOrMany, Severity, Unfit, value_or_table};
use crate::span::TextSpan;

/// The check of a rule: flat, so that build.rs writes it out as a constant.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own in packs")]
pub(crate) struct Phrases {
    /// All phrases, those of conditions among them.
    pub(crate) programs: Programs,
    /// All replacements.
    pub(crate) texts: Cow<'static, str>,
    /// What is looked for.
    pub(crate) items: Cow<'static, [Item]>,
    /// What holds for all of them.
    pub(crate) conditions: Conditions,
    pub(crate) at_least: usize,
    pub(crate) outside_quotes: bool,
    pub(crate) outside_names: bool,
    pub(crate) capital: bool,
    pub(crate) within: Within,
    pub(crate) address: bool,
}

/// Phrases, and in what they differ from the rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) phrases: Run,
    pub(crate) severity: Grade,
    pub(crate) conditions: Conditions,
}

/// On what conditions something counts, and how it is then mended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) unless: Run,
    pub(crate) unless_anywhere: Run,
    pub(crate) when: Run,
    /// A stretch of the texts.
    pub(crate) replace: Option<Run>,
    pub(crate) review: Option<bool>,
}

/// The options as packs write them.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own in packs")]
struct Written {
    /// What is looked for, in the notation of phrases.
    phrases: Vec<ItemSpec>,
    /// Phrases none of which may stand in the sentences of a match.
    #[serde(default)]
    unless: Vec<String>,
    /// Phrases none of which may stand anywhere in the field.
    #[serde(default)]
    unless_anywhere: Vec<String>,
    /// Phrases each of which must stand somewhere in the field.
    #[serde(default)]
    when: Vec<String>,
    /// Text that is put in for what is marked.
    replace: Option<String>,
    /// Whether the fix needs a person's eye.
    review: Option<bool>,
    /// How many of the phrases must match.
    #[serde(default)]
    at_least: usize,
    /// Whether what stands within quotation marks does not count.
    #[serde(default)]
    outside_quotes: bool,
    /// Whether what capitals show to be part of a name does not count.
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

/// A phrase alone, or with options of its own.
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Phrase", untagged))]
enum ItemSpec {
    /// A phrase with options of its own.
    Table(Box<ItemTable>),
    /// A phrase alone.
    Phrase(String),
}

impl From<String> for ItemSpec {
    fn from(text: String) -> Self {
        Self::Phrase(text)
    }
}

impl From<ItemTable> for ItemSpec {
    fn from(table: ItemTable) -> Self {
        Self::Table(Box::new(table))
    }
}

impl<'de> Deserialize<'de> for ItemSpec {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_table::<D, String, ItemTable, Self>(deserializer, "a phrase, or a table with `phrase`")
    }
}

/// A phrase with options of its own.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "PhraseTable"))]
#[serde(deny_unknown_fields)]
struct ItemTable {
    /// A phrase, or several that count as one.
    phrase: OneOrMany,
    /// Its own severity.
    severity: Option<Grade>,
    /// Text that is put in for what is marked.
    replace: Option<String>,
    /// Whether the fix needs a person's eye.
    review: Option<bool>,
    /// Phrases none of which may stand in the sentences of a match.
    #[serde(default)]
    unless: Vec<String>,
    /// Phrases none of which may stand anywhere in the field.
    #[serde(default)]
    unless_anywhere: Vec<String>,
    /// Phrases each of which must stand somewhere in the field.
    #[serde(default)]
    when: Vec<String>,
}

/// Reads the options of a pack.
pub(super) fn parse(options: Deserializer<'_>, words: &mut Words<'_>) -> Result<Box<dyn Check>, BadOptions> {
    let written = Written::deserialize(options)?;
    Ok(Box::new(Phrases::of(written, words)?))
}

/// The schema of the options.
#[cfg(schema)]
pub(super) fn schema(generator: &mut SchemaGenerator) -> Schema {
    Written::json_schema(generator)
}

/// What is flat in a check that is being made.
struct Parts<'w, 'n> {
    programs: Programs,
    texts: String,
    words: &'w mut Words<'n>,
}

impl Parts<'_, '_> {
    fn item(&mut self, spec: ItemSpec) -> Result<Item, Unfit> {
        let table = match spec {
            ItemSpec::Table(table) => *table,
            ItemSpec::Phrase(text) => {
                let phrases = self.programs.add(&[text], self.words)?;
                return Ok(Item { phrases, severity: Grade::default(), conditions: Conditions::default() });
            }
        };
        let ItemTable { phrase, severity, replace, review, unless, unless_anywhere, when } = table;
        Ok(Item {
            phrases: self.programs.add(&phrase.into_vec(), self.words)?,
            severity: severity.unwrap_or_default(),
            conditions: self.conditions([&unless, &unless_anywhere, &when], replace.as_deref(), review)?,
        })
    }

    fn conditions(
        &mut self,
        [unless, unless_anywhere, when]: [&[String]; 3],
        replace: Option<&str>,
        review: Option<bool>,
    ) -> Result<Conditions, Unfit> {
        let mut add = |written| self.programs.add(written, self.words);
        let (unless, unless_anywhere, when) = (add(unless)?, add(unless_anywhere)?, add(when)?);
        let replace = replace.map(|text| {
            let before = self.texts.len();
            self.texts.push_str(text);
            Run::between(before, self.texts.len())
        });
        Ok(Conditions { unless, unless_anywhere, when, replace, review })
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
    /// Makes ready what a pack says.
    fn of(written: Written, words: &mut Words<'_>) -> Result<Self, Unfit> {
        let Written { phrases, unless, unless_anywhere, when, replace, review, .. } = written;
        if phrases.is_empty() {
            return Err("`phrases` is empty".into());
        }
        let mut parts = Parts { programs: Programs::default(), texts: String::new(), words };
        let items = phrases.into_iter().map(|spec| parts.item(spec)).collect::<Result<Vec<_>, _>>()?;
        let conditions = parts.conditions([&unless, &unless_anywhere, &when], replace.as_deref(), review)?;
        Ok(Self {
            programs: parts.programs,
            texts: parts.texts.into(),
            items: items.into(),
            conditions,
            at_least: written.at_least,
            outside_quotes: written.outside_quotes,
            outside_names: written.outside_names,
            capital: written.capital,
            within: written.within,
            address: written.address,
        })
    }

    /// The phrases of a condition: the rule's, then those of `item`.
    fn stated(&self, item: &Item, condition: fn(&Conditions) -> Run) -> impl Iterator<Item = Phrase<'_>> {
        let runs = [&self.conditions, &item.conditions].map(condition);
        runs.into_iter().flat_map(|run| self.programs.phrases(run))
    }

    /// Whether something in the field excuses all that is found in it.
    fn field_excuses(&self, item: &Item, field: &Field<'_>, said: FieldWords<'_>) -> bool {
        let anywhere = |phrase: Phrase<'_>| phrase.stands_in(field, said, 0, field.tokens.len());
        self.stated(item, |c| c.unless_anywhere).any(anywhere) || !self.stated(item, |c| c.when).all(anywhere)
    }

    /// Whether something excuses what was found: in its sentences, or in how it is written.
    fn excused(&self, item: &Item, field: &Field<'_>, said: FieldWords<'_>, found: &Found) -> bool {
        let (start, end) = said.sentences(found.start, found.end);
        self.stated(item, |c| c.unless).any(|phrase| phrase.stands_in(field, said, start, end))
            || self.outside_names && is_in_name(field, found.from, found.to.max(found.from + 1))
            || self.outside_quotes && is_quoted(field, found.span(&field.tokens).start as usize)
    }

    /// The phrase with that number among those that are looked for, and what it belongs to.
    fn item(&self, mut index: usize) -> Option<(&Item, Phrase<'_>)> {
        let mut owner = |item: &&Item| {
            let count = item.phrases.range().len();
            let owns = index < count;
            index -= if owns { 0 } else { count };
            owns
        };
        let item = self.items.iter().find(&mut owner)?;
        self.programs.phrases(item.phrases).nth(index).map(|phrase| (item, phrase))
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
        phrase: Phrase<'_>,
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
    fn ways(&self) -> Vec<Vec<Way>> {
        let own = self.items.iter().flat_map(|item| item.phrases.range());
        own.filter_map(|index| self.programs.ways.get(index).cloned()).collect()
    }

    fn fixable(&self) -> bool {
        let mends = |conditions: &Conditions| conditions.replace.is_some();
        self.capital || mends(&self.conditions) || self.items.iter().any(|item| mends(&item.conditions))
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let mut found: Vec<Match<'_>> = Vec::new();
        // Phrases that stand in one list count once.
        let mut families: Vec<&Item> = Vec::new();
        for calls in context.calls.chunk_by(|one, other| one.phrase == other.phrase) {
            let index = usize::from(calls[0].phrase) - context.first_phrase;
            let Some((item, phrase)) = self.item(index) else { continue };
            let Some(severity) = findings.grade(item.severity, context.channel()) else { continue };
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
            let replace = item.conditions.replace.or(self.conditions.replace);
            let new = replace.and_then(|run| self.texts.get(run.range())).map(|new| with_capitals_of(old, new));
            let new = if self.capital { Some(capitalised(old)) } else { new };
            let review = item.conditions.review.or(self.conditions.review).unwrap_or_default();
            let safety = if review { Safety::Review } else { Safety::Safe };
            let diagnostic = findings.add_graded(field, span, Some(severity));
            diagnostic.values.replacement.clone_from(&new);
            diagnostic.fix = new.and_then(|new| replacing(field, span, &new, safety));
        }
    }
}
