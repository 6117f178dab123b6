//! `count`: a measure of the message that goes beyond its limits.

use std::sync::OnceLock;

use serde::Deserialize;

use super::{Check, Context, Findings};
use crate::diagnostic::{Edit, Fix, Label, LabelSays, Place, Safety};
use crate::message::{Field, Role, Segment};
use crate::rule::{ByChannel, Unfit};
use crate::source::line_near;
use crate::span::TextSpan;
use crate::token::{self, BEYOND_ASCII, Token, TokenKind, sentence_ends};

/// The options of the kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Count {
    /// What is counted.
    measure: Measure,
    /// The most that passes.
    max: Option<ByChannel<u32>>,
    /// The least that passes.
    min: Option<ByChannel<u32>>,
    /// Words or emoji that do not count.
    #[serde(default)]
    except: Vec<String>,
    /// Words one of which must be among those that are counted (`capitals`), or of which the share is taken.
    #[serde(default)]
    any: Vec<String>,
    /// Messages with fewer words are passed over (`listed-share`).
    #[serde(default)]
    min_words: usize,
    /// Hashes of `any`, sorted, once they are needed.
    #[serde(skip)]
    listed: OnceLock<Vec<u32>>,
    /// Words that say nothing when they stand alone (`words`).
    #[serde(default)]
    filler: Vec<String>,
    /// Emoji that do not count the first time.
    #[serde(default)]
    once: Vec<String>,
    /// Emoji that are too many at once.
    #[serde(default)]
    always: Vec<String>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Measure {
    /// Emoji and emoticons of a message.
    Emoji,
    /// Marks in a run of `!` and `?`.
    Punctuation,
    /// Neighbouring words in capitals.
    Capitals,
    /// Words of a sentence.
    SentenceWords,
    /// Words of a paragraph.
    ParagraphWords,
    /// Characters of a field or role.
    Characters,
    /// Words of a field or role.
    Words,
    /// Capitals, per cent of the letters of a field.
    CapitalsShare,
    /// Words that `any` lists, per cent of those of the body.
    ListedShare,
}

/// Emoticons made of plain characters, as they stand between blanks.
const EMOTICONS: &[&str] = &[
    ":(", ":)", ":-(", ":-)", ":-D", ":-P", ":-p", ":-/", ":'(", ":*", ":/", ":3", ":D", ":O", ":P", ":o", ":p", ":v",
    ":x", ":|", ";)", ";-)", "<3", "=(", "=)", "=D", "=P", ">:(", "T.T", "T_T", "XD", "^^", "^_^", "xD", "xixi", "-_-",
    "(:", "):",
];

impl Count {
    fn max(&self, context: &Context<'_, '_>) -> u64 {
        self.max.and_then(|max| max.get(context.channel())).map_or(u64::MAX, u64::from)
    }

    fn min(&self, context: &Context<'_, '_>) -> u64 {
        self.min.and_then(|min| min.get(context.channel())).map_or(0, u64::from)
    }

    fn counts(&self, text: &str, token: &Token) -> bool {
        !self
            .except
            .iter()
            .any(|word| if token.hash == 0 { same_emoji(token.of(text), word) } else { token.is(text, word) })
    }

    fn emoji(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let max = self.max(context);
        let mut once: Vec<&String> = self.once.iter().collect();
        let mut counted: Vec<(&Field<'_>, TextSpan)> = Vec::new();
        let mut angry = None;
        for field in context.fields() {
            for span in emoji_in(field) {
                let sign = span.of(&field.text);
                if !context.reads(field, span.start) {
                    continue;
                }
                if self.always.iter().any(|s| same_emoji(s, sign)) {
                    angry = angry.or(Some((field, span)));
                }
                if let Some(at) = once.iter().position(|s| same_emoji(s, sign)) {
                    once.swap_remove(at);
                    continue;
                }
                if !self.except.iter().any(|s| same_emoji(s, sign)) && !is_bullet(&field.text, span) {
                    counted.push((field, span));
                }
            }
        }
        let total = counted.len() as u64;
        let excess = usize::try_from(max).unwrap_or(usize::MAX);
        let first = angry.or_else(|| counted.get(excess).copied());
        if let Some((field, span)) = first {
            let end = run_end(&counted, field, span);
            let found = findings.add(field, TextSpan { start: span.start, end });
            let later = counted.iter().skip(excess.saturating_add(1)).filter(|(_, next)| next.start >= end);
            found.labels = later
                .map(|(field, next)| Label {
                    place: Place::new(field, *next),
                    says: LabelSays::Another,
                    elsewhere: None,
                })
                .collect();
            (found.values.count, found.values.limit) = (Some(total.max(1)), Some(max));
        }
    }

    fn punctuation(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let max = self.max(context);
        let mark = |b: u8| matches!(b, b'!' | b'?');
        for field in context.fields().filter(|field| field.has_sign(b"!?")) {
            let bytes = field.text.as_bytes();
            let mut at = 0;
            while let Some(offset) = memchr::memchr2(b'!', b'?', &bytes[at..]) {
                let start = at + offset;
                let len = bytes[start..].iter().take_while(|b| mark(**b)).count();
                at = start + len;
                let span = TextSpan::new(start..at);
                if len as u64 <= max || !context.reads(field, span.start) || in_link(field, span) {
                    continue;
                }
                let new = if bytes[start..at].contains(&b'?') { "?" } else { "!" }.to_owned();
                let found = findings.add(field, span);
                found.values.replacement = Some(new.clone());
                (found.values.count, found.values.limit) = (Some(len as u64), Some(max));
                found.fix =
                    Some(Fix { safety: Safety::Safe, edits: vec![Edit { place: Place::new(field, span), new }] });
            }
        }
    }

    /// Runs of words in capitals, within lines that are not all capitals.
    fn capitals(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let max = self.max(context);
        for field in context.fields().filter(|field| field.shape.loud()) {
            let mut run: Vec<Token> = Vec::new();
            let tokens = field.tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number));
            for token in tokens {
                let joined = run.last().is_none_or(|last| gap_joins(field, last, token));
                if !joined {
                    self.end_run(context, field, &mut run, max, findings);
                }
                if token.shape.all_capitals() && context.reads(field, token.start) {
                    run.push(*token);
                } else if token.kind == TokenKind::Word {
                    self.end_run(context, field, &mut run, max, findings);
                }
            }
            self.end_run(context, field, &mut run, max, findings);
        }
    }

    fn end_run(
        &self,
        _: &Context<'_, '_>,
        field: &Field<'_>,
        run: &mut Vec<Token>,
        max: u64,
        findings: &mut Findings<'_, '_>,
    ) {
        let words: Vec<Token> = std::mem::take(run);
        let words: Vec<&Token> = words.iter().filter(|t| self.counts(&field.text, t)).collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let span = TextSpan { start: first.start, end: last.end };
        let shouts = self.any.is_empty() || words.iter().any(|t| self.any.iter().any(|word| t.is(&field.text, word)));
        if words.len() as u64 > max && shouts && !line_is_all_capitals(field, span) {
            let found = findings.add(field, span);
            (found.values.count, found.values.limit) = (Some(words.len() as u64), Some(max));
        }
    }

    fn stretches(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let max = self.max(context);
        for field in context.fields().filter(|field| field.tokens.len() as u64 > max) {
            let ends: Box<dyn Iterator<Item = usize>> = match self.measure {
                Measure::SentenceWords => {
                    let stands_in = |end: &usize| field.role_at(TextSpan::new(0..end - 1).end) == Role::Placeholder;
                    Box::new(sentence_ends(&field.text).filter(move |end| !stands_in(end)))
                }
                _ => Box::new(paragraph_ends(&field.text)),
            };
            let mut start = 0;
            for end in ends.chain([field.text.len()]) {
                let tokens = field.tokens_in(TextSpan::new(start..end));
                start = end;
                let words = tokens.iter().filter(|t| self.counts(&field.text, t)).count() as u64;
                let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
                let written = tokens.iter().find(|t| t.kind != TokenKind::Construct);
                if words > max && written.is_some_and(|t| context.reads(field, t.start)) {
                    let found = findings.add(field, TextSpan { start: first.start, end: last.end });
                    (found.values.count, found.values.limit) = (Some(words), Some(max));
                }
            }
        }
    }

    fn whole(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let (min, max) = (self.min(context), self.max(context));
        for field in context.fields() {
            for segment in field.stretches().iter().filter(|s| context.rule.roles.has(s.role)) {
                let Some(value) = self.value(field, segment) else { continue };
                // What a template puts in may be as long as it wants.
                let is_open = || field.tokens_in(segment.text).iter().any(|token| token.kind == TokenKind::Construct);
                if value > max || value < min && !is_open() {
                    let found = findings.add(field, trimmed(&field.text, segment.text));
                    let limit = if value > max { max } else { min };
                    (found.values.count, found.values.limit) = (Some(value), Some(limit));
                }
            }
        }
    }

    /// The share of the message's words that are listed.
    fn share(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let listed = self.listed.get_or_init(|| {
            let mut hashes: Vec<u32> = self.any.iter().map(|word| token::hash(&token::fold(word))).collect();
            hashes.sort_unstable();
            hashes
        });
        let max = self.max(context);
        let Some(body) = context.message.body().filter(|body| body.tokens.len() >= self.min_words) else { return };
        let own = |t: &&Token| t.kind == TokenKind::Word && context.reads(body, t.start);
        let words = body.tokens.iter().filter(own).count();
        let Some(first) = body.tokens.iter().find(own).filter(|_| words >= self.min_words.max(1)) else { return };
        let found = body.tokens.iter().filter(own).filter(|t| listed.binary_search(&t.hash).is_ok()).count();
        let share = (found * 100 / words) as u64;
        if share > max {
            let line = crate::source::line_around(&body.text, first.start as usize);
            let end = body.tokens_in(line).last().map_or(first.end, |last| last.end);
            let found = findings.add(body, TextSpan { start: first.start, end });
            (found.values.count, found.values.limit) = (Some(share), Some(max));
        }
    }

    /// The measure of a whole segment; `None` where it is empty.
    fn value(&self, field: &Field<'_>, segment: &Segment) -> Option<u64> {
        let text = written(field, segment.text);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let value = match self.measure {
            Measure::Words => {
                let tokens = field.tokens_in(segment.text).iter().filter(|t| t.kind != TokenKind::Emoji);
                let counted: Vec<&Token> = tokens.filter(|t| self.counts(&field.text, t)).collect();
                let says_nothing = |t: &&Token| self.filler.iter().any(|word| t.is(&field.text, word));
                if counted.iter().all(says_nothing) { 0 } else { counted.len() }
            }
            Measure::CapitalsShare => {
                let letters = text.chars().filter(|c| c.is_alphabetic()).count();
                let capitals = text.chars().filter(|c| c.is_uppercase()).count();
                // A field of a few letters is an acronym, not a shout.
                if letters < 8 { 0 } else { capitals * 100 / letters }
            }
            _ => text.chars().count(),
        };
        Some(value as u64)
    }
}

impl Check for Count {
    fn set_limit(&mut self, limit: ByChannel<u32>) -> bool {
        if self.max.is_some() {
            self.max = Some(limit);
        } else {
            self.min = Some(limit);
        }
        true
    }

    fn validate(&self) -> Result<(), Unfit> {
        if self.max.is_none() && self.min.is_none() { Err("missing field `max`".into()) } else { Ok(()) }
    }

    fn fixable(&self) -> bool {
        self.measure == Measure::Punctuation
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        match self.measure {
            Measure::Emoji => self.emoji(context, findings),
            Measure::Punctuation => self.punctuation(context, findings),
            Measure::Capitals => self.capitals(context, findings),
            Measure::SentenceWords | Measure::ParagraphWords => self.stretches(context, findings),
            Measure::ListedShare => self.share(context, findings),
            Measure::Characters | Measure::Words | Measure::CapitalsShare => self.whole(context, findings),
        }
    }
}

/// Emoji and emoticons of a field, in order.
fn emoji_in(field: &Field<'_>) -> Vec<TextSpan> {
    let mut all: Vec<TextSpan> = if field.signs & BEYOND_ASCII == 0 {
        Vec::new()
    } else {
        field.tokens.iter().filter(|t| t.kind == TokenKind::Emoji).map(Token::span).collect()
    };
    let text: &str = &field.text;
    if field.has_sign(b":_=^D<") {
        let start = text.as_ptr() as usize;
        for chunk in text.split_whitespace() {
            // Most words are told from emoticons by how they begin.
            if !chunk.starts_with(|c: char| !c.is_ascii_lowercase() || c == 'x') {
                continue;
            }
            let sign = chunk.trim_end_matches([',', '!', '?']);
            let sign = sign.strip_suffix('.').unwrap_or(sign);
            if EMOTICONS.contains(&sign) {
                let at = chunk.as_ptr() as usize - start;
                all.push(TextSpan::new(at..at + sign.len()));
            }
        }
        all.sort_unstable();
    }
    all
}

/// Whether two emoji are the same but for skin tone and presentation.
fn same_emoji(a: &str, b: &str) -> bool {
    let counts = |c: &char| !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    a.chars().filter(counts).eq(b.chars().filter(counts))
}

/// Whether the emoji opens its line, as a bullet does.
fn is_bullet(text: &str, span: TextSpan) -> bool {
    let before = text.get(..span.start as usize).unwrap_or_default();
    // Read backwards, so that the first word ends it.
    let mut line = before.chars().rev().take_while(|c| *c != '\n');
    let followed =
        text.get(span.end as usize..).and_then(|rest| rest.chars().next()).is_some_and(|c| c == ' ' || c == '*');
    followed && line.all(|c| c.is_whitespace() || matches!(c, '*' | '_' | '-' | '•'))
}

/// Where the run of neighbouring emoji that begins at `span` ends.
fn run_end(counted: &[(&Field<'_>, TextSpan)], field: &Field<'_>, span: TextSpan) -> u32 {
    let same = counted.iter().filter(|(other, next)| other.part == field.part && next.start >= span.end);
    same.fold(span.end, |end, (_, next)| if next.start == end { next.end } else { end })
}

fn in_link(field: &Field<'_>, span: TextSpan) -> bool {
    let index = field.tokens.partition_point(|t| t.end <= span.start);
    field.tokens.get(index).is_some_and(|t| t.kind == TokenKind::Link && t.start < span.start)
}

/// Whether two words stand next to each other with nothing but blanks, commas or marks of emphasis between them.
fn gap_joins(field: &Field<'_>, last: &Token, next: &Token) -> bool {
    let gap = field.text.get(last.end as usize..next.start as usize).unwrap_or_default();
    gap.chars().all(|c| matches!(c, ' ' | '\t' | '\u{a0}' | ',' | '*' | '_' | '!' | '-'))
}

fn line_is_all_capitals(field: &Field<'_>, span: TextSpan) -> bool {
    /// Longer lines are prose, whatever their capitals.
    const HEADING: u32 = 90;
    /// The line end, and a character that would be cut.
    const MORE: usize = 8;
    let line = line_near(&field.text, span.start as usize, HEADING as usize + MORE);
    if line.end - line.start > HEADING || span.end > line.end {
        return false;
    }
    let words = field.tokens_in(line).iter().filter(|t| t.kind == TokenKind::Word);
    let ends_loud = line.of(&field.text).trim_end().ends_with(['!', '?']);
    !ends_loud && words.into_iter().all(|t| t.shape.all_capitals())
}

/// What was written in `span` by people, without placeholders.
fn written(field: &Field<'_>, span: TextSpan) -> String {
    let own = field.segments.iter().filter(|s| s.role != Role::Placeholder && s.text.overlaps(span));
    own.map(|s| TextSpan { start: s.text.start.max(span.start), end: s.text.end.min(span.end) }.of(&field.text))
        .collect()
}

fn paragraph_ends(text: &str) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(text.as_bytes(), b"\n\n").map(|at| at + 1)
}

fn trimmed(text: &str, span: TextSpan) -> TextSpan {
    let piece = span.of(text);
    let start = span.start as usize + (piece.len() - piece.trim_start().len());
    TextSpan::new(start..start + piece.trim().len())
}
