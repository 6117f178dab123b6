//! What a run came to: put together as windows come in, told in the end.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::baseline::{self, Baseline};
use super::check::{Done, Run};
use super::jobs::Source;
use super::output::Output;
use super::{Outcome, checklist, problem, progress};
use crate::config::FailOn;
use crate::message::{Channel, ChannelSource};
use crate::render::{FileHead, FileTail, Gathered, Remark, statistics};
use crate::report::shown;
use crate::rule::Severity;
use crate::tally::Tally;
use crate::texts::Key;

/// What a run came to.
#[derive(Default)]
pub(super) struct Total {
    files: u64,
    rules: usize,
    pub(super) tally: Tally,
    failed: bool,
    pub(super) trouble: bool,
    /// The source whose windows are coming in, remarks about it, and what was counted in it.
    open: Option<(Arc<Source>, Option<&'static str>)>,
    notes: Vec<String>,
    /// Findings that a baseline names, or is to name, and the files that were looked at.
    known: Baseline,
    paths: BTreeSet<String>,
    source: Tally,
    /// What the end of the report tells.
    pub(super) gathered: Gathered,
    /// The last source whose rules were gathered.
    gathered_from: Option<Arc<Source>>,
}

impl Total {
    pub(super) fn add(&mut self, run: &Run<'_>, output: &mut Output<'_>, done: Done) -> std::io::Result<()> {
        let head = FileHead { path: &done.source.shown, format: done.format };
        if done.first {
            self.rules = self.rules.max(done.source.selection.count());
            self.files += 1;
            self.notes.clear();
            self.source = Tally::default();
            if run.renderer.ends_with_rules() {
                self.gather_rules(&done.source);
            }
            self.open = Some((Arc::clone(&done.source), done.format));
            output.open(head)?;
        }
        self.notes.extend(done.notes);
        if done.first && run.baseline.is_some() {
            self.paths.insert(baseline::plain(&done.source.shown));
        }
        for known in done.known {
            self.known.add(&done.source.shown, known);
        }
        self.source.add(&done.tally);
        self.gathered.remark(done.remarks);
        output.messages(&done.rendered, (done.found, done.left_out))?;
        if let Some(error) = &done.error {
            self.trouble = true;
            problem::say(run.order.lang, error);
        }
        self.trouble |= done.tally.unreadable > 0;
        let fail_on = run.order.task.fail_on.or(done.source.ready.fail_on).unwrap_or(FailOn::Error);
        self.failed |= fail_on.severity().is_some_and(|severity| done.tally.at_least(severity) > 0);
        self.tally.add(&done.tally);
        self.gathered.statistics.add(&done.statistics);
        self.gathered.checklists.add(done.checklists);
        if done.last {
            self.open = None;
            self.close_source(run, output, head, done.error.as_deref())?;
        }
        Ok(())
    }

    /// Closes a source of which all has been written.
    fn close_source(
        &mut self,
        run: &Run<'_>,
        output: &mut Output<'_>,
        head: FileHead<'_>,
        error: Option<&str>,
    ) -> std::io::Result<()> {
        if run.renderer.ends_with_rules() {
            let remark = |text: &str, is_error| Remark {
                path: head.path.to_owned(),
                line: None,
                text: text.to_owned(),
                is_error,
            };
            self.gathered.remark(self.notes.iter().map(|note| remark(note, false)));
            self.gathered.remark(error.map(|error| remark(error, true)));
        }
        output.close(head, FileTail { notes: &self.notes, error, tally: &self.source })
    }

    /// Takes in the rules that are on for a source. Those of neighbours are mostly the same.
    fn gather_rules(&mut self, source: &Arc<Source>) {
        let same = |last: &Arc<Source>| Arc::ptr_eq(&last.ready, &source.ready) && last.selection == source.selection;
        if self.gathered_from.as_ref().is_some_and(same) {
            return;
        }
        for rule in source.ready.rules.selected(&source.selection) {
            if !self.gathered.rules.contains_key(rule.id.as_ref()) {
                self.gathered.rules.insert(rule.id.to_string(), rule.clone());
            }
        }
        self.gathered_from = Some(Arc::clone(source));
    }

    /// Closes a source in the midst of which the run was ended, and says what was counted.
    pub(super) fn close(&mut self, run: &Run<'_>, output: &mut Output<'_>) -> std::io::Result<()> {
        if let Some((source, format)) = self.open.take() {
            self.close_source(run, output, FileHead { path: &source.shown, format }, None)?;
        }
        if run.order.task.checklist && run.is_for_people() {
            // Drawings end with an empty line, lines do not.
            let begun = run.order.task.output_format.name == "short" && self.tally.at_least(Severity::Info) > 0;
            let text = checklist::text(&self.gathered.checklists, run.order.lang, run.color);
            return output.say(&format!("{}{text}", if begun && !text.is_empty() { "\n" } else { "" }));
        }
        match (run.order.task.statistics, run.is_for_people()) {
            (false, _) => Ok(()),
            _ if run.is_report() => Ok(()),
            (_, true) => output.say(&statistics::tables(&self.gathered.statistics, run.order.lang)),
            (_, false) => output.say(&statistics::object(&self.gathered.statistics, self.files, &self.tally)),
        }
    }

    /// Writes the baseline that is asked for, or tells what one had to say.
    pub(super) fn keep_baseline(&mut self, run: &Run<'_>) {
        let (lang, task) = (run.order.lang, run.order.task);
        let said = |key, path: &Path, count: usize| {
            let path = shown(&path.display().to_string());
            problem::line(&lang.fill(key, &[("path", &path), ("count", &count.to_string())]));
        };
        if let Some(path) = &task.write_baseline {
            // What was not looked at to its end would be missed.
            if self.tally.interrupted || self.trouble {
                return;
            }
            match self.known.write(path) {
                Ok(()) => {
                    self.failed = false;
                    said(Key::SummaryWritten, path, self.known.len());
                }
                Err(error) => {
                    self.trouble = true;
                    problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
                }
            }
        } else if let (Some(path), Some(baseline)) = (&task.baseline, &run.baseline) {
            if self.known.len() > 0 {
                said(Key::SummaryKnown, path, self.known.len());
            }
            let stale = baseline.stale(&self.known, &self.paths);
            if stale > 0 && !self.tally.interrupted {
                said(Key::SummaryStale, path, stale);
            }
        }
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
                // A baseline hides what is known, and that may be much.
                _ if run.baseline.is_some() => problem::line(lang.text(Key::SummaryNoneNew)),
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
