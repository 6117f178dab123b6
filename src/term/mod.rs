//! The table in which every word of a message is looked up once, for all rules together.
//!
//! It is flat (numbers and one pool of text), so that build.rs can write it out as a constant; a user's pack builds the
//! same table at run time.

mod slot;
mod variants;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::rule::Grade;
use crate::span::TextSpan;
use crate::token::{self, Token, TokenKind};
use slot::{Slot, place, slot_of};

pub use variants::variants;

/// Words that must or must not stand near a match, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Conditions {
    /// One of them must stand in the sentence.
    pub when: Vec<String>,
    /// None of them may stand in the sentence.
    pub unless: Vec<String>,
    /// One of them must stand right before.
    pub before: Vec<String>,
    /// One of them must stand right after.
    pub after: Vec<String>,
    /// None of them may stand right before.
    pub not_before: Vec<String>,
    /// None of them may stand right after.
    pub not_after: Vec<String>,
}

impl Conditions {
    fn lists(&self) -> [&Vec<String>; 6] {
        [&self.when, &self.unless, &self.before, &self.after, &self.not_before, &self.not_after]
    }
}

/// A word or phrase that a rule looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own in packs")]
pub struct Term {
    /// Index of the rule.
    pub rule: u16,
    /// Which of the rule's lists it belongs to.
    pub group: u8,
    /// As it was written.
    pub text: String,
    /// Replacements, the first of which is offered.
    pub replace: Vec<String>,
    /// Whether it counts by itself.
    pub certain: bool,
    /// Whether its capitals matter.
    pub case: bool,
    /// Whether it may still have a capital where it opens a sentence.
    pub opening: bool,
    /// Whether its replacement needs a person's eye.
    pub review: bool,
    /// Whether its variants count as well: stretched, with its last letter doubled, with a clitic.
    pub variants: bool,
    /// Whether it shows the tone of the message, so that ambiguous terms of the theme count.
    pub evidence: bool,
    /// Its own severities.
    pub grade: Grade,
    /// Of an ambiguous term: the severities where nothing certain stands beside it; nothing where it does not count then.
    pub by_itself: Grade,
    /// What must or must not stand near it.
    pub conditions: Conditions,
}

/// A piece of the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Offset in the pool.
    pub start: u32,
    /// Bytes.
    pub len: u32,
}

/// One term in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Hash of the folded word, or of the first two.
    pub key: u32,
    /// Index of the rule.
    pub rule: u16,
    /// Which of the rule's lists.
    pub group: u8,
    /// `CERTAIN`, `CASE`, `REVIEW`, `EVIDENCE`, `VARIANTS`, `OPENING`, `WORD`.
    pub flags: u8,
    /// Its own severities.
    pub grade: Grade,
    /// Its severities where nothing certain stands beside it.
    pub by_itself: Grade,
    /// The folded phrase.
    pub text: Slice,
    /// As it was written; empty where capitals do not matter.
    pub exact: Slice,
    /// Replacements, with `SEPARATOR` between them.
    pub replace: Slice,
    /// Index into the contexts, from 1; 0 is none.
    pub context: u16,
}

/// A word or phrase of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Hash of its first word.
    pub hash: u32,
    /// How many words it has; 0 where it stands for any number.
    pub count: u32,
    /// The folded phrase.
    pub text: Slice,
}

/// Stands between alternative replacements in the pool.
pub const SEPARATOR: char = '\u{1f}';

impl Entry {
    /// Counts by itself.
    pub const CERTAIN: u8 = 1;
    /// Capitals matter.
    pub const CASE: u8 = 2;
    /// The replacement needs a person's eye.
    pub const REVIEW: u8 = 4;
    /// Shows the tone of the message.
    pub const EVIDENCE: u8 = 8;
    /// Its variants count as well.
    pub const VARIANTS: u8 = 16;
    /// May have a capital where it opens a sentence.
    pub const OPENING: u8 = 32;
    /// Is one word and nothing else.
    pub const WORD: u8 = 64;

    /// Whether the flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// For each list of `Conditions`, its range in the table's list of words.
pub type ContextRow = [(u32, u32); 6];

/// The table.
#[derive(Clone, Debug, Default)]
pub struct TermTable {
    /// All text.
    pub pool: Cow<'static, str>,
    /// Open addressing by the keys of the entries and by the first words of those with several, as packed slots. A power of two
    /// long.
    pub slots: Cow<'static, [u64]>,
    /// Terms, grouped by key, the longest first.
    pub entries: Cow<'static, [Entry]>,
    /// Conditions.
    pub contexts: Cow<'static, [ContextRow]>,
    /// Words of the conditions.
    pub words: Cow<'static, [Word]>,
}

/// The key of terms whose first two words have these hashes.
fn pair(first: u32, second: u32) -> u32 {
    first.rotate_left(5).wrapping_mul(0x85eb_ca6b) ^ second
}

/// Stands for any number in the conditions of a term, folded.
const NUMBER: &str = "<number>";

/// A term that stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index of the entry.
    pub entry: u32,
    /// Index of its first token.
    pub token: u32,
    /// How many tokens it covers.
    pub tokens: u32,
    /// Where it stands.
    pub span: TextSpan,
}

impl Match {
    /// One past its last token.
    #[must_use]
    pub fn end(&self) -> usize {
        (self.token + self.tokens) as usize
    }
}

/// A term that cannot be looked up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the term {0:?} does not begin with a letter, a digit or #")]
pub struct BadTerm(pub String);

impl TermTable {
    /// The table of `terms`.
    ///
    /// # Errors
    /// A term that does not begin with a word.
    pub fn build(terms: &[Term]) -> Result<Self, BadTerm> {
        let mut builder = Builder::default();
        let mut entries = terms.iter().map(|term| builder.entry(term)).collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(|e| (e.key, std::cmp::Reverse(e.text.len), e.rule, e.group));
        let mut slots = vec![Slot::default(); (entries.len() * 2 + builder.opening.len()).next_power_of_two().max(2)];
        for (index, entry) in entries.iter().enumerate() {
            if index == 0 || entries[index - 1].key != entry.key {
                let slot = slot_of(&mut slots, entry.key);
                *slot = slot.with_first(index);
            }
        }
        for word in &builder.opening {
            slot_of(&mut slots, *word).0 |= Slot::OPENS;
        }
        Ok(Self {
            pool: builder.pool.into(),
            slots: slots.into_iter().map(|slot| slot.0).collect(),
            entries: entries.into(),
            contexts: builder.contexts.into(),
            words: builder.words.into(),
        })
    }

    /// Calls `found` for every term that begins at token `index`, the longest first.
    pub fn matches_at(&self, text: &str, tokens: &[Token], index: usize, found: &mut dyn FnMut(Match)) {
        let token = &tokens[index];
        let slot = self.slot(token.hash);
        if slot.is_free() {
            return;
        }
        if slot.opens()
            && let Some(next) = tokens.get(index + 1).filter(|next| next.hash != 0)
        {
            for number in self.entries_at(self.slot(pair(token.hash, next.hash))) {
                self.match_at(number, text, tokens, index, found);
            }
        }
        for number in self.entries_at(slot) {
            self.match_at(number, text, tokens, index, found);
        }
    }

    fn match_at(&self, number: usize, text: &str, tokens: &[Token], index: usize, found: &mut dyn FnMut(Match)) {
        let (entry, token) = (&self.entries[number], &tokens[index]);
        let stands = if entry.has(Entry::WORD) {
            let fits = entry.text.len == token.end - token.start || !token.shape.is_ascii();
            (fits && token.is(text, self.slice(entry.text))).then(|| (1, token.span()))
        } else {
            phrase_at(text, tokens, index, self.slice(entry.text))
        };
        if let Some((count, span)) = stands
            && (!entry.has(Entry::CASE) || self.fits_exactly(entry, text, tokens, index, span))
        {
            found(Match { entry: clip(number), token: clip(index), tokens: clip(count), span });
        }
    }

    /// Whether the match has the capitals of the entry; some may have a capital where they open a sentence.
    fn fits_exactly(&self, entry: &Entry, text: &str, tokens: &[Token], index: usize, span: TextSpan) -> bool {
        let (exact, own) = (self.slice(entry.exact), span.of(text));
        let lowered = || own.chars().next().map(|c| c.to_lowercase().chain(own.chars().skip(1)).eq(exact.chars()));
        // What is shortened ends with a full stop of its own, as in "Tgl. lahir" and "S.Pd."
        let shortened = || text.get(span.end as usize..).is_some_and(|rest| rest.starts_with('.'));
        let opens = || {
            let Some(before) = index.checked_sub(1).map(|at| &tokens[at]) else { return true };
            let gap = text.get(before.end as usize..span.start as usize).unwrap_or_default();
            gap.contains(['!', '?', '\n']) || gap.contains(". ") && before.end - before.start > 4
        };
        own == exact || entry.has(Entry::OPENING) && lowered() == Some(true) && !shortened() && opens()
    }

    /// Calls `found` for every term that wants variants and of which token `index` is one.
    pub fn variants_at(&self, text: &str, tokens: &[Token], index: usize, found: &mut dyn FnMut(Match)) {
        let token = &tokens[index];
        variants(text, token, &mut |form, len| {
            for number in self.entries_of(token::hash(form)) {
                let entry = &self.entries[number];
                if entry.has(Entry::VARIANTS) && !entry.has(Entry::CASE) && self.slice(entry.text) == form {
                    let span = TextSpan { start: token.start, end: token.start + clip(len) };
                    found(Match { entry: clip(number), token: clip(index), tokens: 1, span });
                }
            }
        });
    }

    /// Whether the rule with that index has the word or phrase.
    #[must_use]
    pub fn holds(&self, rule: u16, phrase: &str) -> bool {
        let folded = fold_phrase(phrase);
        self.entries.iter().any(|entry| entry.rule == rule && self.slice(entry.text) == folded)
    }

    /// The entries of the single word `folded`.
    pub fn word<'t>(&'t self, folded: &'t str) -> impl Iterator<Item = &'t Entry> {
        let entries = self.entries_of(token::hash(folded)).map(|number| &self.entries[number]);
        entries.filter(move |entry| self.slice(entry.text) == folded)
    }

    /// The numbers of the entries of single words with that hash.
    fn entries_of(&self, hash: u32) -> std::ops::Range<usize> {
        self.entries_at(self.slot(hash))
    }

    /// What stands under the key; a free slot where nothing does.
    fn slot(&self, key: u32) -> Slot {
        let mask = self.slots.len().wrapping_sub(1);
        if key == 0 || self.slots.is_empty() {
            return Slot::default();
        }
        let mut at = place(key) & mask;
        loop {
            let slot = Slot(self.slots[at]);
            if slot.is_free() || slot.key() == key {
                return slot;
            }
            at = (at + 1) & mask;
        }
    }

    /// The numbers of the entries that a slot leads to.
    fn entries_at(&self, slot: Slot) -> std::ops::Range<usize> {
        let Some(first) = slot.first() else { return 0..0 };
        let count = self.entries[first..].iter().take_while(|entry| entry.key == slot.key()).count();
        first..first + count
    }

    /// The text of a slice.
    #[must_use]
    pub fn slice(&self, slice: Slice) -> &str {
        TextSpan { start: slice.start, end: slice.start + slice.len }.of(&self.pool)
    }

    /// The replacements of an entry, the first of which is offered.
    pub fn replacements(&self, entry: &Entry) -> impl Iterator<Item = &str> {
        self.slice(entry.replace).split(SEPARATOR).filter(|text| !text.is_empty())
    }

    /// Whether the conditions of the matched entry hold where it stands.
    #[must_use]
    pub fn conditions_hold(&self, text: &str, tokens: &[Token], found: &Match) -> bool {
        let entry = &self.entries[found.entry as usize];
        let Some(row) = (entry.context as usize).checked_sub(1).map(|i| &self.contexts[i]) else { return true };
        let list = |at: usize| &self.words[row[at].0 as usize..row[at].1 as usize];
        let (first, after) = (found.token as usize, (found.token + found.tokens) as usize);
        let [when, unless, before, next, not_before, not_next] = std::array::from_fn(list);
        let is_number = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Number);
        let has_hash = |at: usize, word: &Word| tokens.get(at).is_some_and(|token| token.hash == word.hash);
        let precedes = |word: &Word| match word.count as usize {
            0 => first.checked_sub(1).is_some_and(is_number),
            count => first
                .checked_sub(count)
                .is_some_and(|at| has_hash(at, word) && ends_at(text, tokens, first, count, self.slice(word.text))),
        };
        let follows = |word: &Word| match word.count {
            0 => is_number(after),
            _ => has_hash(after, word) && begins_at(text, tokens, after, self.slice(word.text)),
        };
        if !before.is_empty() && !before.iter().any(precedes) || not_before.iter().any(precedes) {
            return false;
        }
        if !next.is_empty() && !next.iter().any(follows) || not_next.iter().any(follows) {
            return false;
        }
        if when.is_empty() && unless.is_empty() {
            return true;
        }
        let sentence = token::sentence_around(text, found.span);
        let start = tokens.partition_point(|t| t.start < sentence.start);
        let end = tokens.partition_point(|t| t.start < sentence.end);
        let stands = |word: &Word| {
            let here = |i: &usize| tokens[*i].hash == word.hash;
            (start..end).filter(here).any(|i| phrase_at(text, tokens, i, self.slice(word.text)).is_some())
        };
        (when.is_empty() || when.iter().any(stands)) && !unless.iter().any(stands)
    }
}

#[derive(Default)]
struct Builder {
    pool: String,
    known: HashMap<String, Slice>,
    contexts: Vec<ContextRow>,
    rows: HashMap<Conditions, u16>,
    words: Vec<Word>,
    /// Hashes of the first words of terms that have several.
    opening: BTreeSet<u32>,
}

impl Builder {
    fn entry(&mut self, term: &Term) -> Result<Entry, BadTerm> {
        let folded = fold_phrase(&term.text);
        let tokens = token::tokens(&folded);
        let first = tokens.first().filter(|t| t.start == 0 && t.hash != 0).ok_or_else(|| BadTerm(term.text.clone()))?;
        let key = tokens.get(1).map_or(first.hash, |second| pair(first.hash, second.hash));
        if tokens.len() > 1 {
            self.opening.insert(first.hash);
        }
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let replace = term.replace.join(&SEPARATOR.to_string());
        Ok(Entry {
            key,
            rule: term.rule,
            group: term.group,
            flags: flag(term.certain, Entry::CERTAIN)
                | flag(term.case, Entry::CASE)
                | flag(term.review, Entry::REVIEW)
                | flag(term.evidence, Entry::EVIDENCE)
                | flag(term.variants, Entry::VARIANTS)
                | flag(term.opening, Entry::OPENING)
                | flag(first.end as usize == folded.len(), Entry::WORD),
            grade: term.grade,
            by_itself: term.by_itself,
            text: self.intern(&folded),
            exact: if term.case { self.intern(term.text.trim()) } else { Slice::default() },
            replace: self.intern(&replace),
            context: self.context(&term.conditions),
        })
    }

    fn context(&mut self, conditions: &Conditions) -> u16 {
        if *conditions == Conditions::default() {
            return 0;
        }
        if let Some(row) = self.rows.get(conditions) {
            return *row;
        }
        let row = conditions.lists().map(|list| {
            let start = clip(self.words.len());
            for word in list {
                let folded = fold_phrase(word);
                let hash = token::tokens(&folded).first().map_or(0, |first| first.hash);
                let count = if folded == NUMBER { 0 } else { clip(folded.split(' ').count()) };
                let text = self.intern(&folded);
                self.words.push(Word { hash, count, text });
            }
            (start, clip(self.words.len()))
        });
        self.contexts.push(row);
        let index = u16::try_from(self.contexts.len()).unwrap_or_default();
        self.rows.insert(conditions.clone(), index);
        index
    }

    fn intern(&mut self, text: &str) -> Slice {
        if let Some(slice) = self.known.get(text) {
            return *slice;
        }
        let slice = Slice { start: clip(self.pool.len()), len: clip(text.len()) };
        self.pool.push_str(text);
        self.known.insert(text.to_owned(), slice);
        slice
    }
}

/// The folded form of a phrase: as `token::fold`, with single blanks.
#[must_use]
pub fn fold_phrase(phrase: &str) -> String {
    let words: Vec<_> = phrase.split_whitespace().map(token::fold).collect();
    words.join(" ")
}

/// How many tokens from `index` on, and what stretch of `text`, the folded `phrase` covers.
#[must_use]
pub fn phrase_at(text: &str, tokens: &[Token], index: usize, phrase: &str) -> Option<(usize, TextSpan)> {
    let mut rest = phrase;
    let mut at = index;
    loop {
        let token = tokens.get(at)?;
        let word = word_at(rest, token, text)?;
        rest = rest.get(word..)?;
        let next = rest.char_indices().find(|(_, c)| c.is_alphanumeric() || *c == '#').map_or(rest.len(), |(i, _)| i);
        let (gap, tail) = rest.split_at_checked(next)?;
        at += 1;
        if tail.is_empty() {
            let end = token.end as usize + gap.len();
            let span = TextSpan::new(tokens[index].start as usize..end);
            return (text.get(token.end as usize..end)? == gap).then_some((at - index, span));
        }
        let follower = tokens.get(at)?;
        if !gap_fits(text.get(token.end as usize..follower.start as usize)?, gap) {
            return None;
        }
        rest = tail;
    }
}

/// Length of the word at the start of `phrase`, if `token` is that word.
fn word_at(phrase: &str, token: &Token, text: &str) -> Option<usize> {
    if token.hash == 0 {
        return None;
    }
    let len = token::word_len(phrase);
    token.is(text, phrase.get(..len)?).then_some(len)
}

/// Whether what stands between two words is what the phrase wants there. A blank stands for any blank space within a
/// paragraph, with the marks of emphasis that open or close there.
fn gap_fits(found: &str, wanted: &str) -> bool {
    if wanted == " " {
        let emphasis = |c: char| matches!(c, '*' | '_' | '~');
        return found.contains(char::is_whitespace)
            && found.chars().all(|c| c.is_whitespace() || emphasis(c))
            && memchr::memchr_iter(b'\n', found.as_bytes()).count() < 2;
    }
    let mut apostrophe = found.chars();
    found == wanted
        || wanted == "'" && apostrophe.next().is_some_and(token::is_apostrophe) && apostrophe.next().is_none()
}

fn begins_at(text: &str, tokens: &[Token], index: usize, phrase: &str) -> bool {
    let near = index > 0
        && tokens.get(index).is_some_and(|t| {
            text.get(tokens[index - 1].end as usize..t.start as usize).is_some_and(|gap| gap_fits(gap, " "))
        });
    near && phrase_at(text, tokens, index, phrase).is_some()
}

fn ends_at(text: &str, tokens: &[Token], end: usize, words: usize, phrase: &str) -> bool {
    let Some(start) = end.checked_sub(words) else { return false };
    let Some(target) = tokens.get(end) else { return false };
    phrase_at(text, tokens, start, phrase).is_some_and(|(count, span)| {
        count == words && text.get(span.end as usize..target.start as usize).is_some_and(|gap| gap_fits(gap, " "))
    })
}

fn clip(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a table of `words` finds in `text`, variants included.
    fn found(words: &[&str], text: &str) -> Vec<String> {
        let term = |text: &&str| Term { text: (*text).to_owned(), variants: true, ..Term::default() };
        let table = TermTable::build(&words.iter().map(term).collect::<Vec<_>>()).unwrap();
        let tokens = token::tokens(text);
        let mut all = Vec::new();
        for index in 0..tokens.len() {
            let mut take = |found: Match| all.push(found.span.of(text).to_owned());
            table.matches_at(text, &tokens, index, &mut take);
            table.variants_at(text, &tokens, index, &mut take);
        }
        all
    }

    #[test]
    fn knows_stretched_doubled_and_suffixed_words() {
        assert_eq!(found(&["banget"], "bangettt bangett banget"), ["bangettt", "bangett", "banget"]);
        assert_eq!(found(&["maaf"], "maaaaf"), ["maaaaf"]);
        assert_eq!(found(&["ijin"], "ijinnya Ijinkah"), ["ijin", "Ijin"]);
        assert_eq!(found(&["ta", "bu"], "tanya buku bunya"), [""; 0]);
        assert_eq!(found(&["gan"], "gan2 9an"), [""; 0]);
    }
}
