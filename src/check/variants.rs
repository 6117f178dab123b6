//! `variants`: several forms of one thing in one message, of which the writer should keep to one.

use serde::Deserialize;

use super::{Check, Context, Findings, Hit, ReadLexicon, Traits, is_quoted};
use crate::diagnostic::{Label, LabelSays, Place};
use crate::message::Field;
use crate::rule::Unfit;
use crate::term::Term;
use crate::token::TokenKind;

/// The options of the kind. Its terms leave for the shared table when the pack is read.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Variants {
    /// Lists of terms, each of which is one form.
    #[serde(default)]
    forms: Vec<Vec<String>>,
    /// Several such things that have nothing to do with each other.
    #[serde(default)]
    sets: Vec<Vec<Vec<String>>>,
    /// Whether terms count only in exactly these capitals.
    #[serde(default)]
    exact: bool,
    /// Whether what stands within quotation marks does not count.
    #[serde(default)]
    outside_quotes: bool,
    /// Whether a word before a capitalised one names somebody else and does not count.
    #[serde(default)]
    not_before_name: bool,
}

/// How many forms the terms of a set may have: the set and the form share a byte.
const FORMS: usize = 16;

/// The set that a term belongs to.
fn set_of(hit: &Hit) -> usize {
    hit.group as usize / FORMS
}

impl Variants {
    fn sets(&self) -> impl Iterator<Item = &Vec<Vec<String>>> {
        std::iter::once(&self.forms).filter(|forms| !forms.is_empty()).chain(&self.sets)
    }

    fn counts(&self, context: &Context<'_, '_>, hit: &Hit) -> bool {
        let field = context.field_of(hit);
        context.reads(field, hit.found.span.start)
            && !(self.outside_quotes && is_quoted(field, hit.found.span.start as usize))
            && !(self.not_before_name && precedes_name(field, hit))
    }
}

/// Whether a capitalised word follows within the line, so that the term belongs to a name or a position.
fn precedes_name(field: &Field<'_>, hit: &Hit) -> bool {
    let next = field.tokens.get((hit.found.token + hit.found.tokens) as usize);
    next.is_some_and(|next| {
        let gap = field.text.get(hit.found.span.end as usize..next.start as usize).unwrap_or_default();
        next.kind == TokenKind::Word && next.shape.capitalised() && gap.chars().all(|c| c == ' ')
    })
}

/// Whether two terms are listed side by side, as in Bapak/Ibu/Saudara or "Bapak, Ibu, dan Saudara".
fn joined(field: &Field<'_>, a: &Hit, b: &Hit) -> bool {
    let gap = field.text.get(a.found.span.end as usize..b.found.span.start as usize).unwrap_or(".");
    let mut words = gap.split([' ', '/', ',', '\n']).filter(|word| !word.is_empty());
    a.field == b.field && !gap.is_empty() && words.all(|word| ["dan", "serta", "atau", "maupun", "&"].contains(&word))
}

impl Check for Variants {
    fn terms(&mut self, _lexicon: &mut ReadLexicon<'_>) -> Result<Vec<Term>, String> {
        let mut terms = Vec::new();
        for (set, forms) in self.sets().enumerate() {
            if forms.len() < 2 || forms.len() > FORMS || set >= 256 / FORMS {
                return Err(format!("a set has 2 to {FORMS} forms, and a rule at most {} sets", 256 / FORMS));
            }
            for (form, words) in forms.iter().enumerate() {
                let group = u8::try_from(set * FORMS + form).unwrap_or(u8::MAX);
                let term = |text: &String| Term {
                    group,
                    text: text.clone(),
                    certain: true,
                    case: self.exact,
                    ..Term::default()
                };
                terms.extend(words.iter().map(term));
            }
        }
        Ok(terms)
    }

    fn validate(&self) -> Result<(), Unfit> {
        if self.sets().next().is_some() { Ok(()) } else { Err("missing field `forms`".into()) }
    }

    fn traits(&self) -> Traits {
        Traits { by_terms: true, ..Traits::default() }
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let mut hits: Vec<&Hit> = context.hits.iter().filter(|hit| self.counts(context, hit)).collect();
        hits.sort_by_key(|hit| (hit.field, hit.found.span.start));
        let phrases = hits.chunk_by(|a, b| joined(context.field_of(a), a, b));
        let one_form = |phrase: &&[&Hit]| phrase.iter().all(|hit| hit.group == phrase[0].group);
        let free: Vec<&Hit> = phrases.filter(one_form).flatten().copied().collect();
        for set in 0..self.sets().count() {
            let own: Vec<&Hit> = free.iter().copied().filter(|hit| set_of(hit) == set).collect();
            let uses = |group: u8| own.iter().filter(|hit| hit.group == group).count();
            // What is used less is what should change; of equals, the form that the pack names later.
            let rare = own.iter().map(|hit| hit.group).min_by_key(|group| (uses(*group), std::cmp::Reverse(*group)));
            let Some(rare) = rare else { continue };
            let Some(other) = own.iter().find(|hit| hit.group != rare) else { continue };
            let Some(first) = own.iter().find(|hit| hit.group == rare) else { continue };
            let found = findings.add(context.field_of(first), first.found.span);
            found.values.other = Some(other.found.span.of(&context.field_of(other).text).to_owned());
            let place = Place::new(context.field_of(other), other.found.span);
            found.labels = vec![Label { place, says: LabelSays::OtherForm, elsewhere: None }];
        }
    }
}
