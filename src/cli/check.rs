//! `lint PATHS` and `lint check PATHS`: the main job.

use std::io::{Read, Seek};
use std::path::Path;
use std::sync::Arc;

use super::args::{Check, Common};
use super::baseline::{Baseline, Known};
use super::input::names_output;
use super::interrupt::Interrupt;
use super::jobs::{Job, Jobs, Order, Packed, STDIN, Source};
use super::mend::{self, Mending};
use super::output::{Output, Place};
use super::progress::Progress;
use super::total::Total;
use super::{Outcome, args, problem, progress, watch};
use crate::archive::{self, Entry};
use crate::checklist::Totals;
use crate::flaw::unknown_rule;
use crate::limits::REPORTED;
use crate::lint::{Detail, Linter, WindowReport, in_order};
use crate::locale::Lang;
use crate::open::{Opened, unreadable};
use crate::project::Projects;
use crate::read::Format;
use crate::ready::Ready;
use crate::render::{FileHead, Remark, Render, Style, statistics};
use crate::report::{Finding, MessageReport, nearest, note_text, shown};
use crate::source::Window;
use crate::statistics::Statistics;
use crate::tally::Tally;
use crate::texts::Key;

/// Checks what the paths hold, once or whenever they change.
pub(super) fn run(common: &Common, task: &Check) -> Outcome {
    let interrupt = Interrupt::listen();
    if !task.watch {
        return once(common, task, &interrupt);
    }
    let lang = common.lang.unwrap_or_default();
    let mut outcome = Outcome::Clean;
    match watch::run(lang, task, &interrupt, || outcome = once(common, task, &interrupt)) {
        Ok(()) if interrupt.is_pressed() => Outcome::Interrupted,
        Ok(()) => outcome,
        Err(error) => {
            problem::say(lang, &error);
            Outcome::Trouble
        }
    }
}

/// Mends what is to be mended, then checks what there is.
fn once(common: &Common, task: &Check, interrupt: &Interrupt) -> Outcome {
    let mut projects = Projects::new(common.setup());
    let here = match task.paths.first() {
        Some(path) if path.as_os_str() != "-" => projects.for_file(&path.join("x")),
        _ => projects.here(),
    };
    problem::tell(&mut projects);
    let lang = common.lang.or(here.lang).unwrap_or_default();
    let baseline = match accepted(lang, task, &here) {
        Ok(baseline) => baseline,
        Err(refused) => return refused,
    };
    let mut order = Order { task, lang, interrupt: interrupt.clone(), stdin: None };
    let mended = task.mending.map(|mending| (mending, mend::run(&mut order, &mut projects, mending, common.color)));
    let color = common.color && task.output.is_none();
    let renderer = task.output_format.renderer(Style { lang, color, masking: task.masking, root: current_folder() });
    let unsaid = task.statistics && !renderer.is_report();
    let renderer = if unsaid { Box::new(statistics::Unsaid) } else { renderer };
    let output = match Output::new(renderer.as_ref(), place(task), interrupt, !task.statistics) {
        Ok(output) => output,
        Err(error) => {
            let path = task.output.as_deref().unwrap_or(Path::new(STDIN));
            problem::say(lang, &unreadable(lang, path, &error));
            return Outcome::Trouble;
        }
    };
    let silent = output.is_silent() || unsaid;
    let run = Run { order, renderer: renderer.as_ref(), silent, color, baseline };
    let mut total = run.report(&mut projects, output);
    if let Some((mending, mended)) = &mended {
        total.trouble |= mended.trouble;
        mended.summarise(lang, *mending);
    }
    total.keep_baseline(&run);
    total.summarise(&run);
    if let Some(command) = misspelt_command(lang, task) {
        problem::hint(lang, &lang.fill(Key::HintNearest, &[("name", &format!("`lint {command}`"))]));
    }
    if !task.watch {
        // The process ends; taking all rules apart would take as long as asking some of them.
        std::mem::forget(projects);
    }
    total.outcome()
}

/// The baseline of a task that can be done; what cannot be done is said.
fn accepted(lang: Lang, task: &Check, here: &Ready) -> Result<Option<Baseline>, Outcome> {
    let refused = |text: &str| {
        problem::say(lang, text);
        Outcome::Trouble
    };
    // Every name that does not exist is said, not only the first.
    let unknown: Vec<_> = task.select.iter().chain(&task.ignore).filter(|name| !here.rules.knows(name)).collect();
    for name in &unknown {
        problem::say(lang, &unknown_rule(lang, name, &here.rules));
    }
    if !unknown.is_empty() {
        return Err(Outcome::Trouble);
    }
    if let Some(path) = task.output.as_deref().filter(|output| names_output(&task.paths, output)) {
        let path = shown(&path.display().to_string());
        return Err(refused(&lang.fill(Key::ErrorOutputIsInput, &[("path", &path)])));
    }
    let Some(path) = task.baseline.as_deref() else { return Ok(None) };
    Baseline::read(path).map(Some).map_err(|error| refused(&no_baseline(lang, path, &error)))
}

/// Says why a baseline cannot be read.
fn no_baseline(lang: Lang, path: &Path, error: &std::io::Error) -> String {
    if error.kind() != std::io::ErrorKind::InvalidData {
        return unreadable(lang, path, error);
    }
    let path = shown(&path.display().to_string());
    lang.fill(Key::ErrorBaseline, &[("path", &path), ("detail", &shown(&error.to_string()))])
}

/// The folder in which the command runs, fit to be shown.
fn current_folder() -> String {
    std::env::current_dir().map(|folder| shown(&folder.display().to_string())).unwrap_or_default()
}

/// Where the report goes. A diff, and what standard input was mended to, have standard output for themselves.
fn place(task: &Check) -> Place<'_> {
    let mends_stdin = || task.paths.iter().any(|path| path.as_os_str() == "-");
    match (&task.output, task.mending) {
        (Some(path), _) => Place::File(path),
        _ if task.quiet => Place::Nowhere,
        (None, Some(Mending::Diff)) => Place::Nowhere,
        (None, Some(Mending::InPlace)) if mends_stdin() => Place::Stderr,
        _ => Place::Stdout,
    }
}

/// The command that may have been meant where the first path is a plain name without a file: a command that is misspelt is taken
/// for a path.
fn misspelt_command(lang: Lang, task: &Check) -> Option<String> {
    let path = task.paths.first()?;
    let name = path.to_str().filter(|name| name.chars().all(char::is_alphabetic))?;
    if path.exists() {
        return None;
    }
    let command = args::command(lang);
    nearest(name, command.get_subcommands().map(clap::Command::get_name)).map(str::to_owned)
}

/// What stays the same during a run.
pub(super) struct Run<'r> {
    pub(super) order: Order<'r>,
    pub(super) renderer: &'r dyn Render,
    silent: bool,
    pub(super) color: bool,
    /// Findings that do not count.
    pub(super) baseline: Option<Baseline>,
}

/// What came of a source, or of a window of one.
pub(super) struct Done {
    pub(super) source: Arc<Source>,
    pub(super) format: Option<&'static str>,
    pub(super) first: bool,
    pub(super) last: bool,
    pub(super) rendered: String,
    pub(super) notes: Vec<String>,
    /// What was said of its messages, where that is gathered.
    pub(super) remarks: Vec<Remark>,
    pub(super) error: Option<String>,
    pub(super) tally: Tally,
    pub(super) statistics: Statistics,
    /// Findings that a baseline names, or is to name.
    pub(super) known: Vec<Known>,
    pub(super) checklists: Totals,
    /// How many messages have findings, as far as messages are told.
    pub(super) found: u64,
    /// How many of them a report leaves out.
    pub(super) left_out: u64,
}

impl Done {
    /// A source of which nothing has been read.
    fn of(source: Arc<Source>) -> Self {
        Self {
            source,
            format: None,
            first: true,
            last: true,
            rendered: String::new(),
            notes: Vec::new(),
            remarks: Vec::new(),
            error: None,
            tally: Tally::default(),
            statistics: Statistics::default(),
            known: Vec::new(),
            checklists: Totals::default(),
            found: 0,
            left_out: 0,
        }
    }

    /// A source that cannot be read.
    fn failed(source: Arc<Source>, error: String) -> Self {
        Self { error: Some(error), ..Self::of(source) }
    }
}

impl Run<'_> {
    /// Whether people read the output at the terminal, where what is said of the run as a whole belongs.
    pub(super) fn is_for_people(&self) -> bool {
        self.order.task.output_format.is_for_people()
    }

    /// Whether the output is a report to be read as a whole.
    pub(super) fn is_report(&self) -> bool {
        self.renderer.is_report()
    }

    /// Does all jobs, and writes what came of them in their order.
    fn report(&self, projects: &mut Projects, mut output: Output<'_>) -> Total {
        let (task, lang) = (self.order.task, self.order.lang);
        let unwritten = |error: &std::io::Error| {
            problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
        };
        let mut total = Total::default();
        let mut progress = Progress::new(lang, task, projects.isolated());
        let mut jobs = Jobs::new(&self.order, projects);
        in_order(
            task.jobs,
            jobs.by_ref(),
            |job| (job.bytes(), self.lint(job)),
            |(bytes, all)| {
                let written = all.into_iter().try_for_each(|done| total.add(self, &mut output, done));
                if let Err(error) = &written {
                    total.trouble = true;
                    unwritten(error);
                }
                progress.advance(bytes, total.done());
                written.is_ok() && !output.closed
            },
        );
        drop(jobs);
        progress::clear();
        total.trouble |= projects.trouble;
        total.tally.interrupted = self.order.interrupt.is_pressed();
        if let Err(error) = total.close(self, &mut output).and_then(|()| output.finish(&total.tally, &total.gathered)) {
            total.trouble = true;
            unwritten(&error);
        }
        total
    }

    /// Does one job.
    fn lint(&self, job: Job) -> Vec<Done> {
        match job {
            Job::File { source, path, .. } => match Opened::file(&path, self.order.reading(&source)) {
                Ok(opened) if opened.is_archive() => self.archive(&source, Packed::File(path)),
                opened => self.whole(&source, opened),
            },
            Job::Archive { source, content } => self.archive(&source, content),
            Job::Window { source, format, window, notes } => vec![self.window(source, format, &window, notes)],
            Job::Broken { source, error } => vec![Done::failed(source, error)],
        }
    }

    /// Every entry of an archive, as a source of its own, and the archive itself where something is to be said of it.
    fn archive(&self, source: &Arc<Source>, content: Packed) -> Vec<Done> {
        match content {
            Packed::File(path) => std::fs::File::open(path).and_then(|file| self.entries(source, file)),
            Packed::Bytes(bytes) => self.entries(source, std::io::Cursor::new(bytes)),
        }
        .unwrap_or_else(|error| {
            vec![Done::failed(Arc::clone(source), unreadable(self.order.lang, &source.path, &error))]
        })
    }

    fn entries(&self, source: &Arc<Source>, content: impl Read + Seek) -> std::io::Result<Vec<Done>> {
        let mut all = Vec::new();
        let notes = archive::entries(content, source.hints.limits, &mut |Entry { name, bytes }| {
            let entry = Arc::new(source.entry(&name, self.order.task.masking));
            let opened = Opened::bytes(bytes, &name, self.order.reading(&entry));
            all.extend(self.whole(&entry, opened));
            !self.order.interrupt.is_pressed()
        })?;
        if !notes.is_empty() {
            let notes = notes.iter().map(|note| note_text(self.order.lang, note, self.order.task.masking)).collect();
            all.push(Done { notes, ..Done::of(Arc::clone(source)) });
        }
        Ok(all)
    }

    /// Every window of a small source.
    fn whole(&self, source: &Arc<Source>, opened: std::io::Result<Opened>) -> Vec<Done> {
        let mut all = Vec::new();
        let broken =
            |error: &std::io::Error| Done::failed(Arc::clone(source), unreadable(self.order.lang, &source.path, error));
        let opened = match opened {
            Ok(opened) => opened,
            Err(error) => return vec![broken(&error)],
        };
        let format = opened.format;
        opened.each(&mut |step| {
            all.push(match step {
                Ok((window, notes)) => {
                    let (lang, masking) = (self.order.lang, self.order.task.masking);
                    let notes = notes.iter().map(|note| note_text(lang, note, masking)).collect();
                    self.window(Arc::clone(source), format, &window, notes)
                }
                Err(error) => Done { first: all.is_empty(), ..broken(&error) },
            });
        });
        all
    }

    /// How much is told of what is found.
    fn detail(&self) -> Detail {
        let task = self.order.task;
        let compares = self.baseline.is_some() || task.write_baseline.is_some();
        if !self.silent && (task.checklist || self.renderer.is_report()) {
            Detail::Everything
        } else if compares || !self.silent && task.output_format.lines {
            // What stands around findings tells those apart that a baseline names.
            Detail::Lines
        } else if self.silent && !task.statistics {
            Detail::Counts
        } else {
            Detail::Findings
        }
    }

    /// Takes out of a report what the baseline names, and tells what that is; where one is to be written, what it is to name.
    fn sift(&self, source: &Source, report: &mut WindowReport) -> Vec<Known> {
        let mut known = Vec::new();
        let keep = |finding: &Finding| (finding.rule.to_string(), finding.content.clone());
        let tally = &mut report.tally;
        for message in &mut report.messages {
            if self.order.task.write_baseline.is_some() {
                known.extend(message.findings.iter().map(keep));
            } else if let Some(baseline) = &self.baseline {
                let had_findings = !message.findings.is_empty();
                message.findings.retain(|finding| {
                    let named = baseline.names(&source.shown, finding);
                    if named {
                        known.push(keep(finding));
                        tally.forget(finding.severity, finding.fix.as_ref().map(|fix| fix.safety));
                    }
                    !named
                });
                tally.clean += u64::from(had_findings && message.findings.is_empty());
            }
        }
        known
    }

    fn window(&self, source: Arc<Source>, format: &'static Format, window: &Window, mut notes: Vec<String>) -> Done {
        let linter = Linter {
            rules: &source.ready.rules,
            selection: &source.selection,
            facts: &source.ready.project.facts,
            lang: self.order.lang,
            detail: self.detail(),
            masking: self.order.task.masking,
        };
        // A binary file has a note and nothing to read.
        let skipped = window.bytes.is_empty() && !notes.is_empty();
        let mut report = if skipped { WindowReport::default() } else { linter.lint(format, window, &source.hints) };
        let known = self.sift(&source, &mut report);
        notes.append(&mut report.notes);
        if let Some(first) = report.messages.first_mut().filter(|_| self.renderer.is_by_message()) {
            first.notes.splice(0..0, notes.iter().cloned());
        }
        let mut statistics = Statistics::default();
        if self.order.task.statistics || self.renderer.is_report() {
            let folder = source.folder(self.order.task.masking);
            for message in &report.messages {
                statistics.count(message, &folder);
            }
        }
        let gathers = self.renderer.ends_with_rules() && !self.silent;
        let remarks =
            if gathers { report.messages.iter().flat_map(|m| remarks(&source, m)).collect() } else { Vec::new() };
        let mut checklists = Totals::default();
        report.messages.iter().filter_map(|message| message.checklist.as_ref()).for_each(|list| checklists.count(list));
        let found = report.messages.iter().filter(|message| !message.findings.is_empty()).count() as u64;
        let head = FileHead { path: &source.shown, format: Some(format.name) };
        let mut rendered = String::new();
        // No window shows more than a whole report may.
        let mut room = if self.renderer.is_report() { REPORTED.0 } else { u64::MAX };
        let mut left_out = 0;
        if !self.silent {
            for message in &report.messages {
                if !message.findings.is_empty() {
                    if room == 0 {
                        left_out += 1;
                        continue;
                    }
                    room -= 1;
                }
                let before = rendered.len();
                if !rendered.is_empty() {
                    rendered.push_str(self.renderer.separator());
                }
                let begin = rendered.len();
                self.renderer.message(head, message, &mut rendered);
                if rendered.len() == begin {
                    rendered.truncate(before);
                }
            }
        }
        Done {
            format: Some(format.name),
            first: window.first,
            last: window.last,
            rendered,
            notes,
            remarks,
            error: None,
            tally: report.tally,
            statistics,
            known,
            checklists,
            found,
            left_out,
            source,
        }
    }
}

/// What is said of a message besides findings.
fn remarks(source: &Source, message: &MessageReport) -> impl Iterator<Item = Remark> {
    let path = &source.shown;
    let notes =
        message.notes.iter().map(|text| Remark { path: path.clone(), line: None, text: text.clone(), is_error: false });
    let error = message.error.iter().map(|(line, text)| Remark {
        path: path.clone(),
        line: Some(*line),
        text: text.clone(),
        is_error: true,
    });
    notes.chain(error)
}
