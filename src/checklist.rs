//! The guideline's statements as they stand for a message: fulfilled, to be mended, and what cannot be said of them.
//!
//! Nobody is praised for what was not looked at: a statement is fulfilled only where every rule that names it and is meant
//! for the message was asked, could see what it judges, and found nothing.

use std::borrow::Cow;

use crate::embedded::GUIDELINE;
use crate::rule::{Checkable, Guideline, Rule, Severity, Statement};

/// The guideline.
#[must_use]
pub fn guideline() -> &'static Guideline {
    &GUIDELINE
}

/// What became of a rule at a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// It judged.
    Yes,
    /// It is for other channels, or for other turns of the conversation.
    Elsewhere,
    /// It is on only where it is named.
    Dormant,
    /// What it waits for does not hold.
    Waiting,
    /// The message or the configuration lacks what it judges by.
    Blind,
    /// It was switched off or not selected, or its verdict was set aside.
    Off,
}

/// How a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its rules found nothing.
    Fulfilled,
    /// Its rules found something; the gravest finding is this grave.
    ToMend(Severity),
    /// None of its rules is for such a message.
    NotApplicable,
    /// Not all was checked that can be.
    NotChecked,
    /// Text does not show it.
    NotVisible,
}

impl State {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fulfilled => "fulfilled",
            Self::ToMend(_) => "to-mend",
            Self::NotApplicable => "not-applicable",
            Self::NotChecked => "not-checked",
            Self::NotVisible => "not-visible",
        }
    }
}

/// A statement as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The statement.
    pub statement: &'static Statement,
    /// How it stands.
    pub state: State,
    /// Rules that found something, and how many findings each has.
    pub found: Vec<(Cow<'static, str>, u64)>,
    /// Rules for such a message that did not judge it, and why.
    pub unchecked: Vec<(Cow<'static, str>, Asked)>,
}

/// All statements, in the order of the guideline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist {
    /// The statements.
    pub entries: Vec<Entry>,
}

impl Checklist {
    /// Its statements by the chapters of the guideline.
    pub fn chapters(&self) -> impl Iterator<Item = &[Entry]> {
        self.entries.chunk_by(|one, next| one.statement.section == next.statement.section)
    }
}

/// Which statements the rules name, found once for many messages.
#[derive(Debug)]
pub struct Chart<'r> {
    rules: Vec<(&'r Rule, Vec<usize>)>,
}

impl<'r> Chart<'r> {
    /// The chart of `rules`.
    #[must_use]
    pub fn of(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let position = |key: &Cow<'static, str>| GUIDELINE.statements.iter().position(|s| s.id == *key);
        Self { rules: rules.map(|rule| (rule, rule.guideline.iter().filter_map(position).collect())).collect() }
    }

    /// The checklist of a message, given what became of each rule and what was found.
    #[must_use]
    pub fn checklist<'f>(
        &self,
        asked: &[Asked],
        found: &(impl Iterator<Item = (&'f str, Severity)> + Clone),
    ) -> Checklist {
        let mut drafts = vec![Draft::default(); GUIDELINE.statements.len()];
        for ((rule, statements), asked) in self.rules.iter().zip(asked) {
            let own = found.clone().filter(|(id, _)| *id == rule.id);
            let gravest = own.clone().map(|(_, severity)| severity).max();
            let count = own.count() as u64;
            for (place, statement) in statements.iter().enumerate() {
                let draft = &mut drafts[*statement];
                draft.known = true;
                if place == 0 && *asked != Asked::Dormant {
                    draft.leads.0 += 1;
                    draft.leads.1 += u64::from(*asked == Asked::Elsewhere);
                }
                match gravest {
                    Some(severity) => {
                        draft.gravest = draft.gravest.max(Some(severity));
                        draft.found.push((rule.id.clone(), count));
                    }
                    None if *asked == Asked::Yes => draft.judged = true,
                    None if *asked == Asked::Elsewhere => {}
                    None => draft.unchecked.push((rule.id.clone(), *asked)),
                }
            }
        }
        Checklist { entries: GUIDELINE.statements.iter().zip(drafts).map(|(own, draft)| draft.entry(own)).collect() }
    }
}

/// A statement while its rules are gone through.
#[derive(Clone, Debug, Default)]
struct Draft {
    /// Whether any rule names it.
    known: bool,
    /// How many rules are about it above all, and how many of them are not for such a message.
    leads: (u64, u64),
    judged: bool,
    gravest: Option<Severity>,
    found: Vec<(Cow<'static, str>, u64)>,
    unchecked: Vec<(Cow<'static, str>, Asked)>,
}

impl Draft {
    fn entry(mut self, statement: &'static Statement) -> Entry {
        // Where others judge, rules that nobody asked for leave no gap.
        if self.judged || self.gravest.is_some() {
            self.unchecked.retain(|(_, asked)| *asked >= Asked::Blind);
        }
        // Rules that touch on it in passing do not make up for those that are about it.
        let beside = self.leads.0 > 0 && self.leads.0 == self.leads.1;
        let state = match self.gravest {
            Some(severity) => State::ToMend(severity),
            None if beside => State::NotApplicable,
            None if !self.unchecked.is_empty() => State::NotChecked,
            None if self.judged => State::Fulfilled,
            None if self.known => State::NotApplicable,
            None if statement.checkable == Checkable::No => State::NotVisible,
            None => State::NotChecked,
        };
        Entry { statement, state, found: self.found, unchecked: self.unchecked }
    }
}

/// In how many messages a statement stands how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Messages that fulfil it.
    pub fulfilled: u64,
    /// Messages that must be mended.
    pub errors: u64,
    /// Messages to be reviewed.
    pub warnings: u64,
    /// Messages with suggestions only.
    pub infos: u64,
    /// Messages for which it is not meant.
    pub not_applicable: u64,
    /// Messages that were not checked for it, or not wholly.
    pub not_checked: u64,
    /// Messages whose text does not show it.
    pub not_visible: u64,
}

impl Standing {
    fn of(state: State) -> Self {
        let mut own = Self::default();
        *match state {
            State::Fulfilled => &mut own.fulfilled,
            State::ToMend(Severity::Error) => &mut own.errors,
            State::ToMend(Severity::Warning) => &mut own.warnings,
            State::ToMend(Severity::Info) => &mut own.infos,
            State::NotApplicable => &mut own.not_applicable,
            State::NotChecked => &mut own.not_checked,
            State::NotVisible => &mut own.not_visible,
        } = 1;
        own
    }

    fn add(&mut self, other: Self) {
        self.fulfilled += other.fulfilled;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.not_applicable += other.not_applicable;
        self.not_checked += other.not_checked;
        self.not_visible += other.not_visible;
    }

    /// Messages for which it can be said whether they fulfil it.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.fulfilled + self.errors + self.warnings + self.infos
    }
}

/// The checklists of a run taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many messages have one.
    messages: u64,
    standings: Vec<Standing>,
    /// The first of them.
    first: Option<Checklist>,
}

impl Totals {
    /// Counts the checklist of another message.
    pub fn count(&mut self, checklist: &Checklist) {
        let standings = checklist.entries.iter().map(|entry| Standing::of(entry.state)).collect();
        self.add(Self { messages: 1, standings, first: self.first.is_none().then(|| checklist.clone()) });
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.standings.resize(self.standings.len().max(other.standings.len()), Standing::default());
        for (own, other) in self.standings.iter_mut().zip(other.standings) {
            own.add(other);
        }
        if self.first.is_none() {
            self.first = other.first;
        }
    }

    /// How many messages have a checklist.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// The checklist, where there is but one message.
    #[must_use]
    pub fn only(&self) -> Option<&Checklist> {
        self.first.as_ref().filter(|_| self.messages == 1)
    }

    /// The statements by chapter, each with its standing.
    #[must_use]
    pub fn chapters(&self) -> Vec<Vec<(&'static Statement, Standing)>> {
        let rows: Vec<_> = GUIDELINE.statements.iter().zip(self.standings.iter().copied()).collect();
        rows.chunk_by(|(one, _), (next, _)| one.section == next.section).map(<[_]>::to_vec).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::RuleSet;

    /// The state of a statement where all rules had `asked` but those of `others`, and `found` was found.
    fn state(key: &str, asked: Asked, others: &[(&str, Asked)], found: &[(&str, Severity)]) -> Entry {
        let rules = RuleSet::embedded();
        let own = |rule: &Rule| others.iter().find(|(id, _)| *id == rule.id).map_or(asked, |(_, asked)| *asked);
        let asked: Vec<Asked> = rules.rules().map(own).collect();
        let checklist = Chart::of(rules.rules()).checklist(&asked, &found.iter().copied());
        checklist.entries.into_iter().find(|entry| entry.statement.id == key).unwrap()
    }

    #[test]
    fn silence_of_all_rules_fulfils() {
        assert_eq!(state("chat-5", Asked::Yes, &[], &[]).state, State::Fulfilled);
        let dormant = [("neutrality/gesture", Asked::Dormant)];
        assert_eq!(state("p5", Asked::Elsewhere, &dormant, &[]).state, State::NotApplicable);
        let one = [("tone/hate", Asked::Elsewhere)];
        assert_eq!(state("dont-2", Asked::Yes, &one, &[]).state, State::Fulfilled);
        assert_eq!(state("chat-5", Asked::Elsewhere, &[], &[]).state, State::NotApplicable);
        let address = [("email/sender-official", Asked::Elsewhere)];
        assert_eq!(state("email-1", Asked::Yes, &address, &[]).state, State::NotApplicable);
    }

    #[test]
    fn what_was_not_checked_is_not_praised() {
        for asked in [Asked::Off, Asked::Blind] {
            let entry = state("dont-2", Asked::Yes, &[("tone/hate", asked)], &[]);
            assert_eq!(entry.state, State::NotChecked);
            assert_eq!(entry.unchecked, [("tone/hate".into(), asked)]);
        }
        for asked in [Asked::Dormant, Asked::Waiting] {
            assert_eq!(state("p5", Asked::Yes, &[("neutrality/gesture", asked)], &[]).state, State::Fulfilled);
            assert_eq!(state("chat-6", asked, &[], &[]).state, State::NotChecked);
        }
        let none = Chart::of(std::iter::empty()).checklist(&[], &std::iter::empty());
        assert!(none.entries.iter().all(|entry| matches!(entry.state, State::NotChecked | State::NotVisible)));
    }

    #[test]
    fn findings_count_whatever_else() {
        let found = [("tone/hate", Severity::Error), ("tone/insult", Severity::Info), ("tone/hate", Severity::Info)];
        let entry = state("dont-2", Asked::Off, &[], &found);
        assert_eq!(entry.state, State::ToMend(Severity::Error));
        assert_eq!(entry.found, [("tone/insult".into(), 1), ("tone/hate".into(), 2)]);
        assert_eq!(state("chat-5", Asked::Yes, &[], &found).state, State::Fulfilled);
    }

    #[test]
    fn what_text_does_not_show_stays_so() {
        for asked in [Asked::Yes, Asked::Off] {
            assert_eq!(state("strategy-4", asked, &[], &[]).state, State::NotVisible);
        }
    }

    #[test]
    fn totals_add_up_and_know_the_only_one() {
        let rules = RuleSet::embedded();
        let (chart, all) = (Chart::of(rules.rules()), vec![Asked::Yes; rules.rules().count()]);
        let good = chart.checklist(&all, &std::iter::empty());
        let bad = chart.checklist(&all, &[("tone/hate", Severity::Error)].into_iter());
        let mut totals = Totals::default();
        totals.count(&good);
        assert_eq!(totals.only(), Some(&good));
        let mut other = Totals::default();
        other.count(&bad);
        totals.add(other);
        assert_eq!((totals.messages(), totals.only()), (2, None));
        let chapters = totals.chapters();
        let row = chapters.iter().flatten().find(|(statement, _)| statement.id == "dont-2").unwrap().1;
        assert_eq!((row.fulfilled, row.errors, row.judged()), (1, 1, 2));
        assert_eq!(chapters.len(), good.chapters().count());
    }
}
