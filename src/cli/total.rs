//! What a run came to: put together as windows come in, told in the end.

use std::sync::Arc;

use super::check::{Done, Run};
use super::jobs::Source;
use super::output::Output;
use super::{Outcome, checklist, problem, progress};
use crate::checklist::Totals;
use crate::config::FailOn;
use crate::message::{Channel, ChannelSource};
use crate::render::{FileHead, FileTail, Overview, statistics};
use crate::rule::Severity;
use crate::statistics::Statistics;
use crate::tally::Tally;
use crate::texts::Key;

/// What a run came to.
#[derive(Default)]
pub(super) struct Total {
    files: u64,
    rules: usize,
    pub(super) tally: Tally,
    statistics: Statistics,
    checklists: Totals,
    failed: bool,
    pub(super) trouble: bool,
    /// The source whose windows are coming in, and remarks about it.
    open: Option<(Arc<Source>, Option<&'static str>)>,
    notes: Vec<String>,
    /// How many messages it holds, and how many of them have findings.
    counts: (u64, u64),
}

impl Total {
    pub(super) fn add(&mut self, run: &Run<'_>, output: &mut Output<'_>, done: Done) -> std::io::Result<()> {
        let head = FileHead { path: &done.source.shown, format: done.format };
        if done.first {
            self.rules = self.rules.max(done.source.selection.count());
            self.files += 1;
            self.notes.clear();
            self.counts = (0, 0);
            self.open = Some((Arc::clone(&done.source), done.format));
            output.open(head)?;
        }
        self.notes.extend(done.notes);
        self.counts = (self.counts.0 + done.tally.messages, self.counts.1 + done.found);
        output.messages(&done.rendered, (done.found, done.left_out))?;
        if let Some(error) = &done.error {
            self.trouble = true;
            problem::say(run.order.lang, error);
        }
        self.trouble |= done.tally.unreadable > 0;
        let fail_on = run.order.task.fail_on.or(done.source.ready.fail_on).unwrap_or(FailOn::Error);
        self.failed |= fail_on.severity().is_some_and(|severity| done.tally.at_least(severity) > 0);
        self.tally.add(&done.tally);
        self.statistics.add(&done.statistics);
        self.checklists.add(done.checklists);
        if done.last {
            self.open = None;
            output.close(head, self.tail(done.error.as_deref()))?;
        }
        Ok(())
    }

    /// Closes a source in the midst of which the run was ended, and says what was counted.
    pub(super) fn close(&mut self, run: &Run<'_>, output: &mut Output<'_>) -> std::io::Result<()> {
        if let Some((source, format)) = self.open.take() {
            output.close(FileHead { path: &source.shown, format }, self.tail(None))?;
        }
        if run.order.task.checklist && run.is_for_people() {
            // Drawings end with an empty line, lines do not.
            let begun = run.order.task.output_format.name == "short" && self.tally.at_least(Severity::Info) > 0;
            let text = checklist::text(&self.checklists, run.order.lang, run.color);
            return output.say(&format!("{}{text}", if begun && !text.is_empty() { "\n" } else { "" }));
        }
        match (run.order.task.statistics, run.is_for_people()) {
            (false, _) => Ok(()),
            _ if run.is_report() => Ok(()),
            (_, true) => output.say(&statistics::tables(&self.statistics, run.order.lang)),
            (_, false) => output.say(&statistics::object(&self.statistics, self.files, &self.tally)),
        }
    }

    /// What is known of the open source.
    fn tail<'t>(&'t self, error: Option<&'t str>) -> FileTail<'t> {
        FileTail { notes: &self.notes, error, messages: self.counts.0, found: self.counts.1 }
    }

    /// What was counted.
    pub(super) fn overview(&self) -> Overview<'_> {
        let Self { files, tally, statistics, checklists, .. } = self;
        Overview { files: *files, tally, statistics, checklists, left_out: 0, unlisted: 0 }
    }

    /// What has been done by now.
    pub(super) fn done(&self) -> progress::Done {
        let findings = self.tally.at_least(Severity::Info);
        progress::Done { files: self.files, messages: self.tally.messages, findings }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match (self.trouble, self.failed) {
            _ if self.tally.interrupted => Outcome::Interrupted,
            (true, _) => Outcome::Trouble,
            (_, true) => Outcome::Findings,
            _ => Outcome::Clean,
        }
    }

    /// What was checked, how, and what to do next.
    pub(super) fn summarise(&self, run: &Run<'_>) {
        let lang = run.order.lang;
        let tally = &self.tally;
        if tally.interrupted {
            problem::line(lang.text(Key::SummaryInterrupted));
        }
        if !run.is_for_people() && !run.is_report() && !run.order.task.quiet {
            return;
        }
        if tally.messages == 0 {
            problem::line(lang.text(if self.trouble { Key::SummaryTrouble } else { Key::SummaryNothing }));
            return;
        }
        let channels: Vec<String> = Channel::ALL
            .into_iter()
            .filter(|channel| tally.channels[*channel as usize] > 0)
            .map(|channel| format!("{} {}", channel.name(), tally.channels[channel as usize]))
            .collect();
        // Of one message it is worth saying how its channel was found: a wrong guess explains odd findings.
        let source = tally.channel_source.filter(|_| tally.messages == 1).map(|source| lang.text(source_key(source)));
        let channels: Vec<&str> = channels.iter().map(String::as_str).chain(source).collect();
        let number = |n: u64| n.to_string();
        problem::line(&lang.fill(
            Key::SummaryChecked,
            &[
                ("files", &number(self.files)),
                ("messages", &number(tally.messages)),
                ("channels", &channels.join(", ")),
                ("rules", &self.rules.to_string()),
            ],
        ));
        if tally.at_least(Severity::Info) == 0 {
            // Of what has not been read nobody knows whether it can go out.
            match (self.trouble, tally.interrupted) {
                (true, _) => problem::line(lang.text(Key::SummaryTrouble)),
                (_, true) => {}
                _ => problem::line(lang.text(Key::SummaryClean)),
            }
            return;
        }
        problem::line(&lang.fill(
            Key::SummaryFindings,
            &[
                ("errors", &number(tally.errors)),
                ("warnings", &number(tally.warnings)),
                ("infos", &number(tally.infos)),
            ],
        ));
        // Who counts an archive is not about to send it.
        if run.order.task.statistics {
            return;
        }
        if tally.safe > 0 && run.order.task.mending.is_none() {
            problem::line(&lang.fill(Key::SummaryFixable, &[("fixes", &number(tally.safe))]));
        }
        problem::line(lang.text(if tally.errors > 0 { Key::SummaryMend } else { Key::SummaryReview }));
    }
}

/// How the channel of a message was found, in words.
fn source_key(source: ChannelSource) -> Key {
    match source {
        ChannelSource::Given => Key::ChannelGiven,
        ChannelSource::Named => Key::ChannelNamed,
        ChannelSource::Headers => Key::ChannelHeaders,
        ChannelSource::FileName => Key::ChannelFileName,
        ChannelSource::Shape => Key::ChannelShape,
    }
}
