//! Findings counted by rule, theme, channel, sender and folder: what an archive looks like as a whole.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::limits;
use crate::report::{Finding, MessageReport};
use crate::rule::Severity;

/// Findings of one kind, and in how many messages they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Findings that must be mended.
    pub errors: u64,
    /// Findings to be reviewed.
    pub warnings: u64,
    /// Suggestions.
    pub infos: u64,
    /// Messages with at least one of them.
    pub messages: u64,
}

impl Count {
    /// All findings.
    #[must_use]
    pub fn findings(&self) -> u64 {
        self.errors + self.warnings + self.infos
    }

    /// Counts another finding of the same message.
    fn see(&mut self, finding: &Finding) {
        self.messages = 1;
        *match finding.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        } += 1;
    }

    /// Adds what was counted of other messages.
    pub fn add(&mut self, other: &Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.messages += other.messages;
    }
}

/// Counts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// By what is shown, and by what tells apart those that look the same.
    counts: BTreeMap<(String, u64), Count>,
    /// Those for which there was no room.
    others: Count,
}

impl Group {
    fn count(&mut self, name: &str, key: u64, count: &Count) {
        let has_room = self.counts.len() < limits::GROUPS;
        let name = (name.to_owned(), key);
        match self.counts.get_mut(&name) {
            Some(known) => known.add(count),
            None if has_room => {
                self.counts.insert(name, *count);
            }
            None => self.others.add(count),
        }
    }

    fn add(&mut self, other: &Self) {
        for ((name, key), count) in &other.counts {
            self.count(name, *key, count);
        }
        self.others.add(&other.others);
    }

    /// The counts, the largest first and then by name. Names that look the same are numbered.
    #[must_use]
    pub fn rows(&self) -> Vec<(Cow<'_, str>, Count)> {
        let mut rows: Vec<_> = self.counts.iter().map(|((name, _), count)| (name.as_str(), *count)).collect();
        rows.sort_by(|(one, count), (other, more)| more.findings().cmp(&count.findings()).then(one.cmp(other)));
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        rows.into_iter()
            .map(|(name, count)| {
                let nth = seen.entry(name).or_default();
                *nth += 1;
                let name = if *nth > 1 { format!("{name} ({nth})").into() } else { name.into() };
                (name, count)
            })
            .collect()
    }

    /// What was counted without a name, since there were too many.
    #[must_use]
    pub fn others(&self) -> Option<Count> {
        (self.others.messages > 0).then_some(self.others)
    }
}

/// What was counted of the findings of a run, or of a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// By rule.
    pub rules: Group,
    /// By theme.
    pub themes: Group,
    /// By channel.
    pub channels: Group,
    /// By sender, where messages name theirs.
    pub senders: Group,
    /// By the folder of the file, for all other messages.
    pub folders: Group,
}

impl Statistics {
    /// Counts the findings of a message that lies in `folder`.
    pub fn count(&mut self, message: &MessageReport, folder: &str) {
        let mut all = Count::default();
        let mut rules: BTreeMap<&str, Count> = BTreeMap::new();
        let mut themes: BTreeMap<&str, Count> = BTreeMap::new();
        for finding in &message.findings {
            let theme = finding.rule.split('/').next().unwrap_or_default();
            for count in [&mut all, rules.entry(&finding.rule).or_default(), themes.entry(theme).or_default()] {
                count.see(finding);
            }
        }
        if all.messages == 0 {
            return;
        }
        for (group, counts) in [(&mut self.rules, rules), (&mut self.themes, themes)] {
            for (name, count) in counts {
                group.count(name, 0, &count);
            }
        }
        if let Some((channel, _)) = message.channel {
            self.channels.count(channel.name(), 0, &all);
        }
        match &message.sender {
            Some(sender) => self.senders.count(&sender.shown(), sender.key(), &all),
            None => self.folders.count(folder, 0, &all),
        }
    }

    /// Adds what was counted elsewhere. Whoever comes first gets the room, so the order matters where there are too many.
    pub fn add(&mut self, other: &Self) {
        self.rules.add(&other.rules);
        self.themes.add(&other.themes);
        self.channels.add(&other.channels);
        self.senders.add(&other.senders);
        self.folders.add(&other.folders);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(warnings: u64) -> Count {
        Count { warnings, messages: 1, ..Count::default() }
    }

    #[test]
    fn rows_are_sorted_by_count_and_then_by_name() {
        let mut group = Group::default();
        for (name, key, warnings) in [("b", 0, 2), ("a", 0, 2), ("c", 0, 5), ("a", 1, 1)] {
            group.count(name, key, &count(warnings));
        }
        let rows: Vec<(String, u64)> = group.rows().iter().map(|(n, c)| (n.to_string(), c.findings())).collect();
        assert_eq!(rows, [("c".into(), 5), ("a".into(), 2), ("b".into(), 2), ("a (2)".into(), 1)]);
    }

    #[test]
    fn those_without_room_are_others() {
        let mut group = Group::default();
        for number in 0..limits::GROUPS + 3 {
            group.count(&number.to_string(), 0, &count(1));
        }
        group.count("0", 0, &count(1));
        assert_eq!(group.rows().len(), limits::GROUPS);
        assert_eq!(group.rows()[0].1.findings(), 2);
        assert_eq!(group.others(), Some(Count { warnings: 3, messages: 3, ..Count::default() }));
        let mut twice = group.clone();
        twice.add(&group);
        assert_eq!(twice.rows().len(), limits::GROUPS);
        assert_eq!(twice.others().map(|others| others.messages), Some(6));
    }
}
