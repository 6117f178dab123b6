//! What is counted during a run.

use crate::diagnostic::{Diagnostic, Safety};
use crate::message::{ChannelSource, Message};
use crate::rule::Severity;

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages that were read.
    pub messages: u64,
    /// Messages without a finding.
    pub clean: u64,
    /// Findings that must be mended.
    pub errors: u64,
    /// Findings to be reviewed.
    pub warnings: u64,
    /// Suggestions.
    pub infos: u64,
    /// Findings with a fix.
    pub fixable: u64,
    /// Findings with a fix that can be applied unseen.
    pub safe: u64,
    /// Lines that could not be read as messages.
    pub unreadable: u64,
    /// Why the last message was taken for its channel.
    pub channel_source: Option<ChannelSource>,
    /// Messages by channel.
    pub channels: [u64; 4],
    /// Whether the run was ended before everything had been read.
    pub interrupted: bool,
}

impl Tally {
    /// Counts a message and its findings, but for those that can be mended, which the report tells.
    pub fn count(&mut self, message: &Message<'_>, findings: &[Diagnostic<'_>]) {
        self.messages += 1;
        self.clean += u64::from(findings.is_empty());
        self.channel_source = Some(message.channel_source);
        self.channels[message.channel as usize] += 1;
        for finding in findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }

    /// Takes a finding out of the counts.
    pub fn forget(&mut self, severity: Severity, fix: Option<Safety>) {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        };
        *count = count.saturating_sub(1);
        self.fixable -= u64::from(fix.is_some()).min(self.fixable);
        self.safe -= u64::from(fix == Some(Safety::Safe)).min(self.safe);
    }

    /// Adds the counts of another window.
    pub fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.clean += other.clean;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.fixable += other.fixable;
        self.safe += other.safe;
        self.unreadable += other.unreadable;
        self.channel_source = other.channel_source.or(self.channel_source);
        self.interrupted |= other.interrupted;
        for (own, other) in self.channels.iter_mut().zip(other.channels) {
            *own += other;
        }
    }

    /// How many findings are at least this grave.
    #[must_use]
    pub fn at_least(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Info => self.errors + self.warnings + self.infos,
        }
    }
}
