//! `pattern`: regular expressions, run only where a literal that they need stands in the message.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::util::{interpolate, syntax};
use serde::Deserialize;

use super::literal::{self, Needs};
use super::{Check, Context, Findings};
use crate::diagnostic::{Edit, Fix, Place, Safety};
use crate::message::Field;
use crate::source::{floor_boundary, line_around};
use crate::span::TextSpan;

/// The options of the kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pattern {
    pattern: Option<Expression>,
    #[serde(default)]
    patterns: Vec<Expression>,
    unless: Option<Expression>,
    /// What must not match anywhere in the field.
    unless_anywhere: Option<Expression>,
    /// Expressions that must all match somewhere in the same field.
    #[serde(default)]
    when: Vec<Expression>,
    replace: Option<String>,
    #[serde(default)]
    review: bool,
    #[serde(default)]
    at_least: usize,
}

/// A regular expression that is compiled when it is first needed.
///
/// Compiling all that makes the regex crate fast takes longer than reading a draft, so the engine under it starts with its
/// plainest parts, and the crate itself takes over once much has been read. Classes and capitals are ASCII, which compiles
/// in a third of the time, unless the expression names characters beyond it in a class.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Expression {
    source: String,
    quick: OnceLock<Option<meta::Regex>>,
    full: OnceLock<Option<Regex>>,
    /// Bytes that have been searched.
    read: AtomicUsize,
}

impl From<String> for Expression {
    fn from(source: String) -> Self {
        Self { source, quick: OnceLock::new(), full: OnceLock::new(), read: AtomicUsize::new(0) }
    }
}

/// How large a compiled expression may become, in bytes.
const EXPRESSION_BYTES: usize = 1 << 21;
/// After so many bytes the time to compile it in full is won back.
const WARM: usize = 12 << 10;

/// A match: the whole of it, what is marked, and its groups by number.
struct Match {
    whole: Range<usize>,
    here: Range<usize>,
    groups: Vec<Option<Range<usize>>>,
}

impl Expression {
    fn compile(&self) -> Result<Regex, regex::Error> {
        let build = |unicode| RegexBuilder::new(&self.source).unicode(unicode).size_limit(EXPRESSION_BYTES).build();
        build(false).or_else(|_| build(true))
    }

    fn full(&self) -> Option<&Regex> {
        self.full.get_or_init(|| self.compile().ok()).as_ref()
    }

    fn quick(&self) -> Option<&meta::Regex> {
        let config = meta::Config::new()
            .nfa_size_limit(Some(EXPRESSION_BYTES))
            .utf8_empty(false)
            .auto_prefilter(false)
            .hybrid(false)
            .dfa(false)
            .onepass(false);
        let build = |unicode| {
            let syntax = syntax::Config::new().unicode(unicode).utf8(false);
            meta::Regex::builder().syntax(syntax).configure(config.clone()).build(&self.source).ok()
        };
        self.quick.get_or_init(|| build(false).or_else(|| build(true))).as_ref()
    }

    fn is_warm(&self, text: &str) -> bool {
        self.read.fetch_add(text.len(), Ordering::Relaxed) + text.len() > WARM
    }

    /// Says what is wrong with it.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let problem = |error: regex::Error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("invalid regular expression: {last}")
        };
        self.compile().map(|_| ()).map_err(problem)
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        if self.is_warm(text) {
            self.full().is_some_and(|regex| regex.is_match(text.as_bytes()))
        } else {
            self.quick().is_some_and(|regex| regex.is_match(text))
        }
    }

    /// Its matches, without overlaps.
    fn matches(&self, text: &str) -> Vec<Match> {
        let made = |groups: Vec<Option<Range<usize>>>, here: Option<Range<usize>>| {
            let groups: Vec<_> =
                groups.into_iter().map(|group| group.map(|range| whole_characters(text, range))).collect();
            let whole = groups.first().cloned().flatten()?;
            let here = here.map_or_else(|| whole.clone(), |here| whole_characters(text, here));
            Some(Match { whole, here, groups })
        };
        if self.is_warm(text) {
            let of = |found: regex::bytes::Captures<'_>| {
                made(
                    found.iter().map(|group| group.map(|g| g.range())).collect(),
                    found.name("here").map(|here| here.range()),
                )
            };
            self.full().map(|regex| regex.captures_iter(text.as_bytes()).filter_map(of).collect()).unwrap_or_default()
        } else {
            let of = |found: Captures| {
                let groups = (0..found.group_len()).map(|i| found.get_group(i).map(|g| g.range())).collect();
                made(groups, found.get_group_by_name("here").map(|here| here.range()))
            };
            self.quick().map(|regex| regex.captures_iter(text).filter_map(of).collect()).unwrap_or_default()
        }
    }

    /// What stands in every text that it matches.
    fn needs(&self) -> Needs {
        let mut parser = regex_syntax::ParserBuilder::new();
        let mut parse = |unicode| parser.unicode(unicode).utf8(false).build().parse(&self.source).ok();
        parse(false).or_else(|| parse(true)).map_or_else(Vec::new, |hir| literal::needs(&hir))
    }
}

/// `range`, widened to whole characters: a class of bytes may end within one.
fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let mut end = range.end;
    while !text.is_char_boundary(end) {
        end += 1;
    }
    floor_boundary(text, range.start)..end
}

impl Match {
    /// `template` with `$1` and the like replaced by the groups, and `$here` by what is marked.
    fn expand(&self, template: &str, text: &str) -> String {
        let mut out = String::new();
        let append = |index: usize, out: &mut String| {
            let group = self.groups.get(index).cloned().unwrap_or_else(|| Some(self.here.clone()));
            out.push_str(group.and_then(|range| text.get(range)).unwrap_or_default());
        };
        let number = |name: &str| if name == "here" { Some(usize::MAX) } else { name.parse().ok() };
        interpolate::string(template, append, number, &mut out);
        out
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
    fn matches(
        &self,
        context: &Context<'_, '_>,
        field: &Field<'_>,
        expression: &Expression,
    ) -> Vec<(TextSpan, Option<String>)> {
        let text: &str = &field.text;
        let found = expression.matches(text).into_iter().filter_map(|found| {
            let span = TextSpan::new(found.here.clone());
            let counts = !span.of(text).is_empty() && context.reads(field, span.start);
            let new = self.replace.as_ref().map(|template| found.expand(template, text));
            (counts && !self.excused(text, TextSpan::new(found.whole))).then_some((span, new))
        });
        let found: Vec<_> = found.collect();
        let excused = || self.unless_anywhere.as_ref().is_some_and(|unless| unless.is_match(text));
        let fits = found.is_empty() || self.when.iter().all(|when| when.is_match(text)) && !excused();
        if fits { found } else { Vec::new() }
    }
}

impl Check for Pattern {
    fn validate(&self) -> Result<(), String> {
        if self.all().next().is_none() {
            return Err("missing field `pattern`".to_owned());
        }
        self.all().chain(&self.unless).chain(&self.unless_anywhere).chain(&self.when).try_for_each(Expression::validate)
    }

    fn needs(&self) -> Vec<Needs> {
        self.all().map(Expression::needs).collect()
    }

    fn fixable(&self) -> bool {
        self.replace.is_some()
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        if (0..self.all().count()).filter(|index| context.may_match(*index)).count() < self.at_least {
            return;
        }
        let mut found = Vec::new();
        let mut matched = 0;
        for (_, expression) in self.all().enumerate().filter(|(index, _)| context.may_match(*index)) {
            let before = found.len();
            for (index, field) in context.message.fields.iter().enumerate() {
                if field.roles().meets(context.rule.roles) {
                    found.extend(
                        self.matches(context, field, expression).into_iter().map(|(span, new)| (index, span, new)),
                    );
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
