//! What a pack changes of the rules of others.
//!
//! An embedded rule was compiled by build.rs and keeps no text of its pack, so a rule is not written anew: it is changed in place,
//! as the configuration changes it, and keeps note of who changed what.

use std::collections::HashSet;
use std::ops::Range;

use super::{ReadTable, RuleSet, lexicon};
use crate::check::{Tables, TermSpec};
use crate::pack::{Extension, Extensions, PackError, PackFlaw};
use crate::rule::{ByChannel, Case, PerChannel, Severity};
use crate::term::{Term, TermTable, fold_phrase};

/// What a pack has changed of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the pack.
    pub pack: String,
    /// Which of its `[[extend]]` says so, from 0.
    pub number: usize,
    /// The keys of a rule that it changed.
    pub keys: Vec<&'static str>,
    /// Its examples, which hold for the rule as it is then.
    pub cases: Vec<Case>,
}

impl RuleSet {
    /// Changes rules as a pack says. Packs that are to be extended must have been taken in; of packs that change the same, the later
    /// one holds.
    ///
    /// # Errors
    /// Everything that does not fit the rules. What fits has been changed.
    pub fn extend(&mut self, extensions: Extensions, table: &mut ReadTable<'_>) -> Result<(), Vec<PackError>> {
        if extensions.is_empty() {
            return Ok(());
        }
        let Extensions { pack, list } = extensions;
        let mut errors = Vec::new();
        for (number, extension) in list.into_iter().enumerate() {
            errors.extend(self.extend_rule((&pack, number), extension, table));
        }
        self.rebuild().map_err(|error| vec![PackError::form(None, error.to_string())])?;
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What packs have changed of a rule, in order.
    #[must_use]
    pub fn changes(&self, id: &str) -> &[Change] {
        self.index(id).map_or(&[], |index| &self.rules[index].changes)
    }

    /// Changes one rule as one of the `[[extend]]` of a pack says; returns what does not fit it.
    fn extend_rule(
        &mut self,
        (pack, number): (&str, usize),
        mut extension: Extension,
        table: &mut ReadTable<'_>,
    ) -> Vec<PackError> {
        let (id, id_at) = (extension.rule.get_ref().clone(), extension.rule.span());
        let Some(index) = self.index(&id) else {
            let flaw = if self.knows(&id) { PackFlaw::Theme(id) } else { PackFlaw::UnknownRule(id) };
            return vec![PackError::at(id_at, flaw)];
        };
        let mut errors = Vec::new();
        let not_for = |key: &'static str| PackFlaw::NotForRule { rule: id.clone(), key };
        if let Some(limit) = &extension.limit
            && !self.set_limit(&id, *limit.get_ref())
        {
            errors.push(PackError::at(limit.span(), not_for("limit")));
        }
        if let Some(allow) = &extension.allow
            && !self.allow_words(&id, allow.get_ref())
        {
            errors.push(PackError::at(allow.span(), not_for("allow")));
        }
        match self.more_terms(index, &extension, table) {
            Ok(terms) => {
                let mends = terms.iter().any(|term| !term.replace.is_empty());
                self.replace_terms(index, terms);
                self.rules[index].rule.to_mut().fixable |= mends;
            }
            Err(error) => errors.push(error),
        }
        let keys = extension.keys();
        let rule = self.rules[index].rule.to_mut();
        if let Some(severity) = extension.severity {
            rule.severity = regraded(rule.severity, severity);
        }
        rule.default = extension.default.unwrap_or(rule.default);
        if let Some(message) = extension.message.take() {
            rule.message = message;
        }
        if let Some(help) = extension.help.take() {
            rule.help = help;
        }
        if let Some(basis) = extension.basis.take() {
            rule.basis.to_mut().extend(basis.into_vec().into_iter().map(Into::into));
        }
        let first = rule.channels().next();
        match extension.cases(first) {
            Ok(cases) => self.rules[index].changes.push(Change { pack: pack.to_owned(), number, keys, cases }),
            Err(error) => errors.push(error),
        }
        errors
    }

    /// Takes in terms of the rule at `index` in place of those that say something of the same words. What is embedded cannot be taken
    /// out of its table, so it is passed over.
    fn replace_terms(&mut self, index: usize, terms: Vec<Term>) {
        let replaced = &mut self.rules[index].replaced;
        let new: HashSet<String> = terms.iter().map(|term| fold_phrase(&term.text)).collect();
        self.own_terms.retain(|term| usize::from(term.rule) != index || !new.contains(&fold_phrase(&term.text)));
        self.own_terms.extend(terms);
        replaced.extend(new);
    }

    /// The words that an extension adds to the rule at `index`: those of its list, then those of long tables.
    fn more_terms(
        &self,
        index: usize,
        extension: &Extension,
        table: &mut ReadTable<'_>,
    ) -> Result<Vec<Term>, PackError> {
        let check = self.rules[index].check.get();
        let mut made = |key: &'static str, at: Range<usize>, specs: Vec<TermSpec>, tables: Tables| {
            let made = check.and_then(|check| check.more_terms(specs, tables, &mut |name| lexicon(table, name)));
            let not_for = || PackFlaw::NotForRule { rule: extension.rule.get_ref().clone(), key };
            let made = made.ok_or_else(|| PackError::at(at.clone(), not_for()))?;
            made.map_err(|message| PackError::form(Some(at), message))
        };
        let mut terms = Vec::new();
        if let Some(specs) = &extension.terms {
            for spec in specs.get_ref() {
                let own = made("terms", spec.span(), vec![spec.get_ref().clone()], Tables::default())?;
                TermTable::build(&own).map_err(|bad| PackError::at(spec.span(), bad.into()))?;
                terms.extend(own);
            }
        }
        if let Some(tables) = &extension.lexicon {
            let own = made("lexicon", tables.span(), Vec::new(), tables.get_ref().clone())?;
            TermTable::build(&own).map_err(|bad| PackError::at(tables.span(), bad.into()))?;
            terms.extend(own);
        }
        let number = u16::try_from(index).unwrap_or(u16::MAX);
        for term in &mut terms {
            term.rule = number;
        }
        Ok(terms)
    }
}

/// One severity holds in the channels that the rule has, as in the configuration; a table says anew which these are.
fn regraded(own: PerChannel<Severity>, severity: ByChannel<Severity>) -> PerChannel<Severity> {
    match severity {
        ByChannel::All(severity) => own.map(|own| own.map(|_| severity)),
        table @ ByChannel::Table(_) => table.each(),
    }
}
