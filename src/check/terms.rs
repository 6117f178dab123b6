//! `terms`: words and phrases, with replacements and what must stand near them.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Deserializer};

use super::replacement::replacing;
use super::{Check, Context, Findings, Hit, ReadLexicon, Traits, is_quoted, with_capitals_of};
use crate::diagnostic::Safety;
use crate::message::Field;
use crate::rule::{Grade, OneOrMany, value_or_table};
use crate::term::{Conditions, Entry, Term, fold_phrase, phrase_at};
use crate::token::{Token, TokenKind};

/// A long table of words: `word = replacement`.
pub(crate) type Lexicon = BTreeMap<String, LexiconEntry>;

/// What a lexicon says of a word.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a replacement, a list of them, or a table")]
pub(crate) enum LexiconEntry {
    /// Its replacement, or several.
    Replace(OneOrMany),
    /// Its replacement and what must stand near it.
    Row(Row),
}

/// A word of the rule's own list.
#[derive(Clone, Debug)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(untagged))]
pub(crate) enum TermSpec {
    /// The word alone.
    Word(String),
    /// The word, and what is said of it.
    Row(Row),
}

impl From<String> for TermSpec {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<Row> for TermSpec {
    fn from(row: Row) -> Self {
        Self::Row(row)
    }
}

impl<'de> Deserialize<'de> for TermSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_table::<D, String, Row, Self>(deserializer, "a word, or a table with `term`")
    }
}

/// What can be said of one term; what is left out is as the rule says.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Term"))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Row {
    /// The word or phrase.
    term: Option<String>,
    /// Its replacement, or several, of which the first is offered.
    replace: Option<OneOrMany>,
    /// Whether it counts by itself.
    certain: Option<bool>,
    /// Whether it counts only in exactly these capitals; a small letter may be a capital at the start of a sentence.
    case: Option<bool>,
    /// Whether the replacement needs a person's eye.
    review: Option<bool>,
    /// Words or phrases one of which must stand in the sentence of a match.
    when: Option<Vec<String>>,
    /// Words or phrases none of which may stand in the sentence of a match.
    unless: Option<Vec<String>>,
    /// A match counts only if one of these words stands right before it.
    before: Option<Vec<String>>,
    /// A match counts only if one of these words stands right after it.
    after: Option<Vec<String>>,
    /// A match counts only if none of these words stands right before it.
    not_before: Option<Vec<String>>,
    /// A match counts only if none of these words stands right after it.
    not_after: Option<Vec<String>>,
    /// Whether finding it makes ambiguous terms of the theme count.
    evidence: Option<bool>,
    /// Its own severity; a channel that is left out means that it counts for nothing there.
    severity: Option<Grade>,
    /// Its severity where nothing certain stands beside it.
    by_itself: Option<Grade>,
}

/// A long table: by name, or with what its words have in common.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a name, or a table with `name`")]
pub(crate) enum TableSpec {
    /// Its name.
    Name(String),
    /// Its name, and what its words have in common.
    Shared(Shared),
}

/// What the words of a long table have in common.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Table"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Shared {
    /// Its name: `slang` is `lexicon/slang.toml` beside the pack.
    name: String,
    /// Whether finding its words makes ambiguous terms of the theme count.
    evidence: Option<bool>,
    /// The severity of its words.
    severity: Option<Grade>,
    /// The severity of its words where nothing certain stands beside them.
    by_itself: Option<Grade>,
}

/// The long tables of a rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected the name of a lexicon, or a list of them")]
pub(crate) enum Tables {
    #[default]
    #[cfg_attr(schema, schemars(skip))]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<TableSpec>),
}

impl Tables {
    fn into_vec(self) -> Vec<Shared> {
        let named = |name| Shared { name, ..Shared::default() };
        match self {
            Self::None => Vec::new(),
            Self::One(name) => vec![named(name)],
            Self::Many(list) => list
                .into_iter()
                .map(|spec| match spec {
                    TableSpec::Name(name) => named(name),
                    TableSpec::Shared(shared) => shared,
                })
                .collect(),
        }
    }
}

/// The options of the kind, independent switches among them. Its terms leave for the shared table when the pack is read.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own in packs")]
pub(crate) struct Terms {
    /// Words and phrases.
    #[serde(default)]
    terms: Vec<TermSpec>,
    /// Names of long tables: `slang` is `lexicon/slang.toml` beside the pack.
    #[serde(default)]
    lexicon: Tables,
    /// Whether its terms count by themselves, or only where a certain term of the theme is found in the message.
    #[serde(default = "yes")]
    certain: bool,
    /// Whether its terms count only in exactly these capitals.
    #[serde(default)]
    exact: bool,
    /// Whether replacements need a person's eye.
    #[serde(default)]
    review: bool,
    /// Words or phrases one of which must stand in the sentence of a match.
    #[serde(default)]
    when: Vec<String>,
    /// Words or phrases none of which may stand in the sentence of a match.
    #[serde(default)]
    unless: Vec<String>,
    /// A match counts only if one of these words stands right before it.
    #[serde(default)]
    before: Vec<String>,
    /// A match counts only if one of these words stands right after it.
    #[serde(default)]
    after: Vec<String>,
    /// A match counts only if none of these words stands right before it.
    #[serde(default)]
    not_before: Vec<String>,
    /// A match counts only if none of these words stands right after it.
    #[serde(default)]
    not_after: Vec<String>,
    /// Words none of which may stand anywhere in the field.
    #[serde(default)]
    unless_anywhere: Vec<String>,
    /// How many different terms must be in the message.
    #[serde(default)]
    at_least: usize,
    /// Whether what stands within quotation marks does not count.
    #[serde(default)]
    outside_quotes: bool,
    /// Whether stretched words, doubled last letters and clitics count as well.
    #[serde(default)]
    variants: bool,
    /// Whether a capitalised word among other capitalised ones is a name and does not count.
    #[serde(default)]
    outside_names: bool,
    /// Whether a finding makes ambiguous terms of the theme count.
    #[serde(default = "yes")]
    evidence: bool,
}

fn yes() -> bool {
    true
}

impl Terms {
    fn term(&self, text: String, row: Row) -> Term {
        let replace = row.replace.map(OneOrMany::into_vec).unwrap_or_default();
        let or = |own: Option<Vec<String>>, rule: &Vec<String>| own.unwrap_or_else(|| rule.clone());
        Term {
            text,
            replace: replace.into_iter().filter(|text| !text.is_empty()).collect(),
            certain: row.certain.unwrap_or(self.certain && row.by_itself.is_none()),
            variants: self.variants && row.certain != Some(false),
            case: row.case.unwrap_or(self.exact),
            opening: row.case == Some(true) && !self.exact,
            review: row.review.unwrap_or(self.review),
            evidence: row.evidence.unwrap_or(self.evidence),
            grade: row.severity.unwrap_or_default(),
            by_itself: row.by_itself.unwrap_or_default(),
            conditions: Conditions {
                when: or(row.when, &self.when),
                unless: or(row.unless, &self.unless),
                before: or(row.before, &self.before),
                after: or(row.after, &self.after),
                not_before: or(row.not_before, &self.not_before),
                not_after: or(row.not_after, &self.not_after),
            },
            ..Term::default()
        }
    }

    /// The terms of lists and of long tables, with what the rule says of all its terms.
    fn gather(&self, specs: Vec<TermSpec>, tables: Tables, lexicon: &mut ReadLexicon<'_>) -> Result<Vec<Term>, String> {
        let mut terms = Vec::new();
        for spec in specs {
            let (text, row) = match spec {
                TermSpec::Word(text) => (text, Row::default()),
                TermSpec::Row(mut row) => {
                    let text = row.term.take().ok_or("missing field `term`")?;
                    (text, row)
                }
            };
            terms.push(self.term(text, row));
        }
        for shared in tables.into_vec() {
            for (text, entry) in lexicon(&shared.name)? {
                let mut row = match entry {
                    LexiconEntry::Replace(replace) => Row { replace: Some(replace), ..Row::default() },
                    LexiconEntry::Row(row) => row,
                };
                row.evidence = row.evidence.or(shared.evidence);
                row.severity = row.severity.or(shared.severity);
                row.by_itself = row.by_itself.or(shared.by_itself);
                terms.push(self.term(text, row));
            }
        }
        Ok(terms)
    }
}

/// Reports a match with the replacement that it offers.
fn report(context: &Context<'_, '_>, hit: &Hit, findings: &mut Findings<'_, '_>) {
    let field = context.field_of(hit);
    let table = &context.tables[hit.table as usize];
    let entry = &table.entries[hit.found.entry as usize];
    let span = hit.found.span;
    let grade = if context.supported { entry.grade } else { entry.by_itself };
    let Some(severity) = findings.grade(grade, context.channel()) else { return };
    let old = span.of(&field.text);
    let replacement = table.replacements(entry).next().map(|new| with_capitals_of(old, new));
    findings.evidence |= entry.has(Entry::EVIDENCE);
    let found = findings.add_graded(field, span, Some(severity));
    found.fix = replacement.as_deref().and_then(|new| {
        let several = table.replacements(entry).nth(1).is_some();
        let safety = if several || entry.has(Entry::REVIEW) { Safety::Review } else { Safety::Safe };
        replacing(field, span, new, safety)
    });
    found.values.replacement = replacement;
}

/// Whether the tokens from `first` to `end` are written as part of a name: capitalised within a sentence and
/// beside another capitalised word, of which one that opens the sentence does not count.
pub(super) fn is_in_name(field: &Field<'_>, first: usize, end: usize) -> bool {
    let text: &str = &field.text;
    let tokens = &field.tokens;
    let name =
        |token: &Token| token.kind == TokenKind::Word && token.shape.capitalised() && !token.shape.all_capitals();
    let gap = |a: &Token, b: &Token| text.get(a.end as usize..b.start as usize).unwrap_or_default();
    let [own, ..] = &tokens[first..end] else { return false };
    if !tokens[first..end].iter().all(name) {
        return false;
    }
    // Titles before a name end with a full stop and end no sentence: drg. Martin
    let goes_on = |before: &Token, gap: &str| match gap {
        " " | "-" | "/" | ". " => gap != ". " || before.end - before.start <= 4,
        _ => false,
    };
    let Some(before) = first.checked_sub(1).map(|at| &tokens[at]) else { return false };
    if !goes_on(before, gap(before, own)) {
        return false;
    }
    let followed = tokens.get(end).is_some_and(|next| name(next) && matches!(gap(&tokens[end - 1], next), " " | "-"));
    let opening = first.checked_sub(2).map(|at| &tokens[at]);
    let within = name(before) && opening.is_some_and(|opening| goes_on(opening, gap(opening, before)));
    followed || within
}

/// Whether the folded phrase stands anywhere in the field.
fn stands_in(field: &Field<'_>, phrase: &str) -> bool {
    let phrase = fold_phrase(phrase);
    (0..field.tokens.len()).any(|index| phrase_at(&field.text, &field.tokens, index, &phrase).is_some())
}

impl Check for Terms {
    fn terms(&mut self, lexicon: &mut ReadLexicon<'_>) -> Result<Vec<Term>, String> {
        let (specs, tables) = (std::mem::take(&mut self.terms), std::mem::take(&mut self.lexicon));
        self.gather(specs, tables, lexicon)
    }

    fn more_terms(
        &self,
        specs: Vec<TermSpec>,
        tables: Tables,
        lexicon: &mut ReadLexicon<'_>,
    ) -> Option<Result<Vec<Term>, String>> {
        Some(self.gather(specs, tables, lexicon))
    }

    fn traits(&self) -> Traits {
        Traits { by_terms: true, ..Traits::default() }
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let counts = |hit: &&Hit| {
            let field = context.field_of(hit);
            let table = &context.tables[hit.table as usize];
            (context.supported || !table.entries[hit.found.entry as usize].by_itself.is_empty())
                && context.reads(field, hit.found.span.start)
                && table.conditions_hold(&field.text, &field.tokens, &hit.found)
                && !(self.outside_quotes && is_quoted(field, hit.found.span.start as usize))
                && !(self.outside_names && is_in_name(field, hit.found.token as usize, hit.found.end()))
                && !self.unless_anywhere.iter().any(|phrase| stands_in(field, phrase))
        };
        let hits: Vec<&Hit> = context.hits.iter().filter(counts).collect();
        let different: HashSet<_> = hits.iter().map(|hit| (hit.table, hit.found.entry)).collect();
        if different.len() >= self.at_least {
            for hit in hits {
                report(context, hit, findings);
            }
        }
    }
}
