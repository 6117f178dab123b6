//! What is compact, made ready: the tables, and the checks of phrases.
//!
//! build.rs has made all of it before it wrote it down, so nothing here can fail; what did would be missed by the tests of the page.

use serde::de::DeserializeOwned;

use super::{Embedded, Stored};
use crate::check::{KINDS, load_phrases};
use crate::phrase::{Numbers, Sets, Vocabulary, Words};
use crate::rule::Unfit;
use crate::term::{TermTable, written};

/// The sets of words of a theme: how many rules it has, its sets, and those that single rules have, by their place in the theme.
pub(super) type ThemeWords = (usize, &'static str, &'static [(usize, &'static str)]);

/// Rules with their phrases, and the vocabulary of these.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    pub(super) rules: Vec<Embedded>,
    pub(super) vocabulary: Vocabulary,
}

/// The table of terms that are written down.
pub(super) fn table(text: &str) -> TermTable {
    written::read(text).ok().and_then(|terms| TermTable::build(&terms).ok()).unwrap_or_default()
}

impl Unpacked {
    /// Makes rules ready of which `themes` have the words, beside those that are `shared`. `seen` tells how often each word is.
    pub(super) fn new(written: &'static [Embedded], themes: &[ThemeWords], shared: &str, seen: &str) -> Self {
        let mut unpacked = Self::default();
        let mut numbers = Numbers::default();
        let shared: Sets = json(shared);
        let mut rest = written;
        for (count, sets, of_rules) in themes {
            let (rules, tail) = rest.split_at_checked(*count).unwrap_or_default();
            rest = tail;
            if unpacked.theme(rules, (&shared, &json(sets), of_rules), &mut numbers).is_err() {
                return Self::default();
            }
        }
        let seen: Vec<u32> = json(seen);
        unpacked.vocabulary = Vocabulary::with_seen(&numbers, &seen).unwrap_or_default();
        unpacked
    }

    fn theme(
        &mut self,
        rules: &'static [Embedded],
        (shared, sets, of_rules): (&Sets, &Sets, &[(usize, &str)]),
        numbers: &mut Numbers,
    ) -> Result<(), Unfit> {
        let mut words = Words::new(numbers, shared, sets)?;
        for (index, embedded) in rules.iter().enumerate() {
            let own = of_rules.iter().find(|(rule, _)| *rule == index).map(|(_, sets)| json(sets)).unwrap_or_default();
            let mut words = words.within(&own)?;
            let (mut check, mut ways) = (embedded.check, Vec::new());
            if let Stored::Options(kind, options) = embedded.check
                && KINDS[kind].load.is_none()
                && let Some(phrases) = load_phrases(options, &mut words)
            {
                let phrases: &'static dyn crate::check::Check = Box::leak(Box::new(phrases));
                ways = phrases.ways();
                check = Stored::Ready(phrases);
            }
            let count = ways.len();
            let first = words.add_phrases(ways);
            self.rules.push(Embedded {
                rule: embedded.rule.clone(),
                check,
                phrases: (first, first + count),
                ..*embedded
            });
        }
        Ok(())
    }
}

fn json<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}
