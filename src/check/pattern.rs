//! `pattern`: regular expressions, run only where a literal that they need stands in the message.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::util::{interpolate, syntax};
use serde::Deserialize;

use super::literal::{self, Alternative};
use super::replacement::replacing;
use super::signs;
use super::{Check, Context, Findings};
use crate::diagnostic::Safety;
use crate::message::Field;
use crate::rule::{Grade, Severity, Unfit, value_or_table};
use crate::source::{floor_boundary, line_near};
use crate::span::TextSpan;
use crate::token::Signs;

/// The options of the kind.
#[derive(Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Pattern {
    /// A regular expression over one field; a capture named `here` narrows what is marked.
    #[cfg_attr(schema, schemars(with = "Option<ItemSpec>"))]
    pattern: Option<Item>,
    /// Several of them.
    #[serde(default)]
    #[cfg_attr(schema, schemars(with = "Vec<ItemSpec>"))]
    patterns: Vec<Item>,
    /// An expression that must not match within the lines of a match.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    unless: Option<Expression>,
    /// An expression that must not match anywhere in the field.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    unless_anywhere: Option<Expression>,
    /// Expressions that must all match somewhere in the same field.
    #[serde(default)]
    #[cfg_attr(schema, schemars(with = "Vec<String>"))]
    when: Vec<Expression>,
    /// Text that is put in for what is marked, with `$1`.
    replace: Option<String>,
    /// Whether the fix needs a person's eye.
    #[serde(default)]
    review: bool,
    /// How many of the `patterns` must match.
    #[serde(default)]
    at_least: usize,
}

/// An expression, and in what it differs from the rule.
#[derive(Debug, Deserialize)]
#[serde(from = "ItemSpec")]
struct Item {
    expression: Expression,
    own: Own,
}

/// An expression alone, or with options of its own.
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Pattern", untagged))]
enum ItemSpec {
    /// An expression alone.
    Expression(String),
    /// An expression with options of its own.
    Table(Box<ItemTable>),
}

impl From<String> for ItemSpec {
    fn from(text: String) -> Self {
        Self::Expression(text)
    }
}

impl From<ItemTable> for ItemSpec {
    fn from(table: ItemTable) -> Self {
        Self::Table(Box::new(table))
    }
}

impl<'de> Deserialize<'de> for ItemSpec {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_table::<D, String, ItemTable, Self>(deserializer, "an expression, or a table with `pattern`")
    }
}

/// An expression with options of its own.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "PatternTable"))]
#[serde(deny_unknown_fields)]
struct ItemTable {
    /// The expression.
    #[cfg_attr(schema, schemars(with = "String"))]
    pattern: Expression,
    /// Its own severity.
    severity: Option<Grade>,
    /// Text that is put in for what is marked, with `$1`.
    replace: Option<String>,
    /// Whether the fix needs a person's eye.
    review: Option<bool>,
    /// An expression that must not match within the lines of a match.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    unless: Option<Expression>,
    /// An expression that must not match anywhere in the field.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    unless_anywhere: Option<Expression>,
}

/// What an expression has instead of its rule.
#[derive(Debug, Default)]
struct Own {
    severity: Grade,
    replace: Option<String>,
    review: Option<bool>,
    unless: Option<Expression>,
    unless_anywhere: Option<Expression>,
}

impl From<ItemSpec> for Item {
    fn from(spec: ItemSpec) -> Self {
        match spec {
            ItemSpec::Expression(source) => Self { expression: source.into(), own: Own::default() },
            ItemSpec::Table(table) => {
                let ItemTable { pattern, severity, replace, review, unless, unless_anywhere } = *table;
                let severity = severity.unwrap_or_default();
                Self { expression: pattern, own: Own { severity, replace, review, unless, unless_anywhere } }
            }
        }
    }
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

/// What every match of an expression holds.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    /// By alternatives, literals and chains.
    pub(crate) alternatives: Vec<Alternative>,
    /// Sets of characters of each of which one stands in it.
    pub(crate) signs: Vec<Signs>,
}

/// How large a compiled expression may become, in bytes.
const EXPRESSION_BYTES: usize = 1 << 21;
/// How much memory the states of an expression may take that were met so far; too little is spent on making them anew.
const STATES_BYTES: usize = 2 << 20;
/// After so many bytes the time to compile it in full is won back.
const WARM: usize = 12 << 10;

/// A match: what is marked, the term of address in it, and its groups by number.
struct Match {
    here: Range<usize>,
    address: Option<Range<usize>>,
    groups: Vec<Option<Range<usize>>>,
}

impl Expression {
    fn compile(&self) -> Result<Regex, regex::Error> {
        let build = |unicode| {
            RegexBuilder::new(&self.source(unicode))
                .unicode(unicode)
                .size_limit(EXPRESSION_BYTES)
                .dfa_size_limit(STATES_BYTES)
                .build()
        };
        build(false).or_else(|_| build(true))
    }

    /// The expression; the edges of words are those of ASCII in either way, since the others make a search slow wherever
    /// a text holds anything else.
    fn source(&self, unicode: bool) -> Cow<'_, str> {
        if !unicode {
            return Cow::Borrowed(&self.source);
        }
        let mut source = String::with_capacity(self.source.len() * 2);
        let mut rest = self.source.as_str();
        while let Some(at) = rest.find('\\') {
            let (head, escape) = rest.split_at(at);
            let len = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            let (escape, tail) = escape.split_at(len);
            source.push_str(head);
            source.push_str(if escape == r"\b" && !tail.starts_with('{') { r"(?-u:\b)" } else { escape });
            rest = tail;
        }
        source.push_str(rest);
        Cow::Owned(source)
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
            meta::Regex::builder().syntax(syntax).configure(config.clone()).build(&self.source(unicode)).ok()
        };
        self.quick.get_or_init(|| build(false).or_else(|| build(true))).as_ref()
    }

    fn is_warm(&self, text: &str) -> bool {
        self.read.fetch_add(text.len(), Ordering::Relaxed) + text.len() > WARM
    }

    /// Says what is wrong with it.
    pub(crate) fn validate(&self) -> Result<(), Unfit> {
        let problem = |error: regex::Error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Unfit::at(&self.source, format!("invalid regular expression: {last}"))
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

    /// Its matches that `wanted` says of, without overlaps. Where they stand is told fast, and what is in them slowly.
    fn matches(&self, text: &str, wanted: impl Fn(TextSpan) -> bool) -> Vec<Match> {
        let made = |groups: Vec<Option<Range<usize>>>, here: Option<Range<usize>>, address: Option<Range<usize>>| {
            let groups: Vec<_> =
                groups.into_iter().map(|group| group.map(|range| whole_characters(text, range))).collect();
            let whole = groups.first().cloned().flatten()?;
            let here = here.map_or_else(|| whole.clone(), |here| whole_characters(text, here));
            Some(Match { here, address, groups })
        };
        let wanted = |range: Range<usize>| wanted(TextSpan::new(whole_characters(text, range)));
        if self.is_warm(text) {
            let Some(regex) = self.full() else { return Vec::new() };
            let of = |found: regex::bytes::Match<'_>| {
                let found = regex.captures_at(text.as_bytes(), found.start())?;
                let named = |name| found.name(name).map(|group| group.range());
                let groups = found.iter().map(|group| group.map(|g| g.range())).collect();
                made(groups, named("here"), named("address"))
            };
            regex.find_iter(text.as_bytes()).filter(|found| wanted(found.range())).filter_map(of).collect()
        } else {
            let of = |found: Captures| {
                let named = |name| found.get_group_by_name(name).map(|group| group.range());
                let groups = (0..found.group_len()).map(|i| found.get_group(i).map(|g| g.range())).collect();
                made(groups, named("here"), named("address"))
            };
            let is_wanted = |found: &Captures| found.get_match().is_some_and(|found| wanted(found.range()));
            self.quick()
                .map(|regex| regex.captures_iter(text).filter(is_wanted).filter_map(of).collect())
                .unwrap_or_default()
        }
    }

    /// What stands in every text that it matches. `whole` says whether it is run over whole fields.
    pub(super) fn needs(&self, whole: bool) -> Needs {
        let mut parser = regex_syntax::ParserBuilder::new();
        let mut parse = |unicode| parser.unicode(unicode).utf8(false).build().parse(&self.source(unicode)).ok();
        let of = |hir| Needs { alternatives: literal::alternatives(&hir, whole), signs: signs::signs(&hir) };
        parse(false).or_else(|| parse(true)).map_or_else(Needs::default, of)
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
    fn items(&self) -> impl Iterator<Item = &Item> {
        self.pattern.iter().chain(&self.patterns)
    }

    fn excused(&self, item: &Item, text: &str, span: TextSpan) -> bool {
        /// How far a line is read around a match, so that one endless line stays cheap.
        const REACH: usize = 500;
        let Some(unless) = item.own.unless.as_ref().or(self.unless.as_ref()) else { return false };
        let (start, end) = (span.start as usize, span.end as usize);
        let from = line_near(text, start, REACH).start as usize;
        let to = (line_near(text, end, REACH).end as usize).max(end);
        unless.is_match(text.get(from..to).unwrap_or_default())
    }

    /// The places at which `item` matches in `field`, with the text that would replace them.
    fn matches(&self, context: &Context<'_, '_>, field: &Field<'_>, item: &Item) -> Vec<(TextSpan, Option<String>)> {
        let text = field.bare();
        let template = item.own.replace.as_ref().or(self.replace.as_ref());
        let wanted = |whole: TextSpan| !self.excused(item, text, whole);
        let found = item.expression.matches(text, wanted).into_iter().filter_map(|found| {
            let span = TextSpan::new(found.here.clone());
            let address = found.address.clone().and_then(|range| text.get(range));
            let counts = !span.of(text).is_empty()
                && context.reads(field, span.start)
                && !address.is_some_and(|term| context.facts.allows_address(term));
            let new = template.map(|template| found.expand(template, text));
            counts.then_some((span, new))
        });
        let found: Vec<_> = found.collect();
        let anywhere = item.own.unless_anywhere.as_ref().or(self.unless_anywhere.as_ref());
        let excused = || anywhere.is_some_and(|unless| unless.is_match(text));
        let fits = found.is_empty() || self.when.iter().all(|when| when.is_match(text)) && !excused();
        if fits { found } else { Vec::new() }
    }
}

/// A match that counts, and how it is reported.
struct Found {
    /// Index of the field.
    field: usize,
    span: TextSpan,
    new: Option<String>,
    severity: Severity,
    safety: Safety,
}

impl Check for Pattern {
    fn validate(&self) -> Result<(), Unfit> {
        if self.items().next().is_none() {
            return Err("missing field `pattern`".into());
        }
        let own = |item: &'_ Item| -> Result<(), Unfit> {
            let Own { unless, unless_anywhere, .. } = &item.own;
            [Some(&item.expression), unless.as_ref(), unless_anywhere.as_ref()]
                .into_iter()
                .flatten()
                .try_for_each(Expression::validate)
        };
        self.items().try_for_each(own)?;
        self.unless.iter().chain(&self.unless_anywhere).chain(&self.when).try_for_each(Expression::validate)
    }

    fn needs(&self) -> Vec<Needs> {
        self.items().map(|item| item.expression.needs(true)).collect()
    }

    fn fixable(&self) -> bool {
        self.replace.is_some() || self.items().any(|item| item.own.replace.is_some())
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let possible = || self.items().enumerate().filter(|(index, _)| context.may_match(*index));
        if possible().count() < self.at_least {
            return;
        }
        let mut found: Vec<Found> = Vec::new();
        let mut matched = 0;
        for (_, item) in possible() {
            let Some(severity) = findings.grade(item.own.severity, context.channel()) else { continue };
            let safety = if item.own.review.unwrap_or(self.review) { Safety::Review } else { Safety::Safe };
            let before = found.len();
            for (index, field) in context.message.fields.iter().enumerate() {
                if field.roles().meets(context.rule.roles) {
                    let places = self.matches(context, field, item).into_iter();
                    found.extend(places.map(|(span, new)| Found { field: index, span, new, severity, safety }));
                }
            }
            matched += usize::from(found.len() > before);
        }
        if matched < self.at_least {
            return;
        }
        found.sort_by_key(|f| (f.field, f.span.start, std::cmp::Reverse((f.span.end, f.severity))));
        found.dedup_by(|next, kept| next.field == kept.field && next.span.overlaps(kept.span));
        for Found { field, span, new, severity, safety } in found {
            let field = &context.message.fields[field];
            let diagnostic = findings.add_graded(field, span, Some(severity));
            diagnostic.values.replacement.clone_from(&new);
            diagnostic.fix = new.and_then(|new| replacing(field, span, &new, safety));
        }
    }
}
