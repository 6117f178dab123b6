//! `pattern`: regular expressions, run only where a literal that they need stands in the message.

use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use super::literal::{self, Needs};
use super::{Check, Context, Findings};
use crate::diagnostic::{Edit, Fix, Place, Safety};
use crate::message::Field;
use crate::source::{floor_boundary, line_around};
use crate::span::TextSpan;

/// The options of the kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pattern {
    pattern: Option<Expression>,
    #[serde(default)]
    patterns: Vec<Expression>,
    unless: Option<Expression>,
    replace: Option<String>,
    #[serde(default)]
    review: bool,
    #[serde(default)]
    at_least: usize,
}

/// A regular expression that is compiled when it is first needed.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Expression {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Expression {
    fn from(source: String) -> Self {
        Self { source, compiled: OnceLock::new() }
    }
}

/// How large a compiled expression may become, in bytes.
const EXPRESSION_BYTES: usize = 1 << 21;

impl Expression {
    fn compile(source: &str) -> Result<Regex, regex::Error> {
        regex::RegexBuilder::new(source).size_limit(EXPRESSION_BYTES).build()
    }

    /// The expression; `None` cannot happen for one that was validated.
    pub(crate) fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Self::compile(&self.source).ok()).as_ref()
    }

    /// Says what is wrong with it.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let problem = |error: regex::Error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("invalid regular expression: {last}")
        };
        Self::compile(&self.source).map(|_| ()).map_err(problem)
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// What stands in every text that it matches.
    fn needs(&self) -> Needs {
        regex_syntax::Parser::new().parse(&self.source).map_or_else(|_| Vec::new(), |hir| literal::needs(&hir))
    }
}

impl Pattern {
    fn all(&self) -> impl Iterator<Item = &Expression> {
        self.pattern.iter().chain(&self.patterns)
    }

    fn excused(&self, text: &str, span: TextSpan) -> bool {
        /// How far a line is read around a match, so that one endless line stays cheap.
        const REACH: usize = 500;
        let Some(unless) = &self.unless else { return false };
        let (start, end) = (span.start as usize, span.end as usize);
        let from = (line_around(text, start).start as usize).max(floor_boundary(text, start.saturating_sub(REACH)));
        let to = (line_around(text, end).end as usize).min(floor_boundary(text, end + REACH)).max(end);
        unless.is_match(text.get(from..to).unwrap_or_default())
    }

    /// The places at which `expression` matches in `field`, with the text that would replace them.
    fn matches(&self, context: &Context<'_, '_>, field: &Field<'_>, expression: &Expression) -> Vec<(TextSpan, Option<String>)> {
        let Some(regex) = expression.regex() else { return Vec::new() };
        let found = regex.captures_iter(&field.text).filter_map(|captures| {
            let whole = captures.get(0)?;
            let here = captures.name("here").unwrap_or(whole);
            let span = TextSpan::new(here.range());
            let new = self.replace.as_ref().map(|template| {
                let mut new = String::new();
                captures.expand(template, &mut new);
                new
            });
            let counts = !span.of(&field.text).is_empty() && context.reads(field, span.start);
            (counts && !self.excused(&field.text, TextSpan::new(whole.range()))).then_some((span, new))
        });
        found.collect()
    }
}

impl Check for Pattern {
    fn validate(&self) -> Result<(), String> {
        if self.all().next().is_none() {
            return Err("missing field `pattern`".to_owned());
        }
        self.all().chain(&self.unless).try_for_each(Expression::validate)
    }

    fn needs(&self) -> Vec<Needs> {
        self.all().map(Expression::needs).collect()
    }

    fn fixable(&self) -> bool {
        self.replace.is_some()
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let mut found = Vec::new();
        let mut matched = 0;
        for (_, expression) in self.all().enumerate().filter(|(index, _)| context.may_match(*index)) {
            let before = found.len();
            for (index, field) in context.message.fields.iter().enumerate() {
                if field.roles().meets(context.rule.roles) {
                    found.extend(self.matches(context, field, expression).into_iter().map(|(span, new)| (index, span, new)));
                }
            }
            matched += usize::from(found.len() > before);
        }
        if matched < self.at_least {
            return;
        }
        found.sort_by_key(|(field, span, _)| (*field, span.start, std::cmp::Reverse(span.end)));
        found.dedup_by(|next, kept| next.0 == kept.0 && next.1.overlaps(kept.1));
        for (index, span, new) in found {
            let field = &context.message.fields[index];
            let diagnostic = findings.add(field, span);
            diagnostic.values.replacement.clone_from(&new);
            let safety = if self.review { Safety::Review } else { Safety::Safe };
            diagnostic.fix = new.map(|new| Fix { safety, edits: vec![Edit { place: Place::new(field, span), new }] });
        }
    }
}
