//! `pattern`: regular expressions, run only where a literal that they need stands in the message.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::Deserialize;

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

    /// Literals, in lower case, one of which stands in every match; `None` if there are none or too many.
    fn literals(&self) -> Option<BTreeSet<String>> {
        let hir = regex_syntax::Parser::new().parse(&self.source).ok()?;
        let Required { set, .. } = required(&hir)?;
        (set.iter().map(String::len).min()? >= 2).then_some(set)
    }
}

/// Literals of which a match holds one, and whether they are all of it.
struct Required {
    set: BTreeSet<String>,
    whole: bool,
}

/// More alternatives than this are not worth looking for.
const MOST_LITERALS: usize = 64;

fn required(hir: &Hir) -> Option<Required> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(Required { set: BTreeSet::from([String::new()]), whole: true }),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?.to_lowercase();
            Some(Required { set: BTreeSet::from([text]), whole: true })
        }
        HirKind::Class(class) => class_letters(class).map(|set| Required { set, whole: true }),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            let inner = required(&repetition.sub)?;
            Some(Required { whole: inner.whole && repetition.max == Some(1), ..inner })
        }
        HirKind::Repetition(_) => None,
        HirKind::Concat(parts) => concat(parts),
        HirKind::Alternation(parts) => {
            let mut all = Required { set: BTreeSet::new(), whole: true };
            for part in parts {
                let one = required(part)?;
                all.set.extend(one.set);
                all.whole &= one.whole;
            }
            (all.set.len() <= MOST_LITERALS).then_some(all)
        }
    }
}

/// The letters of a class, folded, where they are few.
fn class_letters(class: &Class) -> Option<BTreeSet<String>> {
    let Class::Unicode(class) = class else { return None };
    let mut letters = BTreeSet::new();
    for range in class.ranges() {
        if u32::from(range.end()) - u32::from(range.start()) > 8 {
            return None;
        }
        for c in range.start()..=range.end() {
            // The Kelvin sign and the long s fold to ASCII letters and would double every alternative.
            letters.insert(match c {
                '\u{17f}' => "s".to_owned(),
                '\u{212a}' => "k".to_owned(),
                c => c.to_lowercase().collect(),
            });
        }
    }
    (letters.len() <= 8).then_some(letters)
}

/// The best run of neighbours: the one whose shortest literal is the longest.
fn concat(parts: &[Hir]) -> Option<Required> {
    let score = |set: &BTreeSet<String>| set.iter().map(String::len).min().unwrap_or(0);
    let mut best: Option<BTreeSet<String>> = None;
    let mut keep = |set: &BTreeSet<String>| {
        if score(set) > best.as_ref().map_or(0, score) {
            best = Some(set.clone());
        }
    };
    let mut run = BTreeSet::from([String::new()]);
    let mut whole = true;
    for part in parts {
        match required(part) {
            Some(next) if next.whole && run.len() * next.set.len() <= MOST_LITERALS => {
                run = run.iter().flat_map(|a| next.set.iter().map(move |b| format!("{a}{b}"))).collect();
            }
            other => {
                keep(&run);
                whole = false;
                run = BTreeSet::from([String::new()]);
                if let Some(next) = other {
                    keep(&next.set);
                    if next.whole {
                        run = next.set;
                    }
                }
            }
        }
    }
    keep(&run);
    if whole { Some(Required { set: run, whole }) } else { best.map(|set| Required { set, whole }) }
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

    fn literals(&self) -> Option<Vec<String>> {
        let mut all = BTreeSet::new();
        for expression in self.all() {
            all.extend(expression.literals()?);
        }
        Some(all.into_iter().collect())
    }

    fn fixable(&self) -> bool {
        self.replace.is_some()
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let mut found = Vec::new();
        let mut matched = 0;
        for expression in self.all() {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(source: &str) -> Vec<String> {
        Expression::from(source.to_owned()).literals().map(|set| set.into_iter().collect()).unwrap_or_default()
    }

    #[test]
    fn finds_the_literals_that_a_match_needs() {
        assert_eq!(literals(r"(?i)rekening\s+saya"), ["rekening"]);
        assert_eq!(literals(r"[0-9]{4}\s*(coblos|pilih) nomor"), ["coblos nomor", "pilih nomor"]);
        assert_eq!(literals(r"(?i)\b(anda|kamu)\b[^.]{0,40}\bsalah"), ["salah"]);
        assert_eq!(literals(r"[0-9]+"), [""; 0]);
    }
}
