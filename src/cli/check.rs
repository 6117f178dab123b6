//! `lint PATHS` and `lint check PATHS`: the main job.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Outcome;
use super::archive::{Archive, Entry};
use super::args::{Check, Common};
use super::input::{Input, Opened, inputs, names_output};
use super::output::Output;
use super::problem;
use super::project::{Projects, Ready, unreadable};
use crate::config::FailOn;
use crate::limits;
use crate::lint::{Linter, WindowReport, in_order};
use crate::locale::Lang;
use crate::message::{Channel, ChannelSource, Note};
use crate::read::{Format, Hints};
use crate::render::{FileHead, FileTail, Render, Style};
use crate::report::{note_text, shown};
use crate::rule::Severity;
use crate::ruleset::{Choice, Selection};
use crate::source::Window;
use crate::tally::Tally;
use crate::texts::Key;

/// What standard input is called where no name is given.
const STDIN: &str = "<stdin>";

/// Checks what the paths hold.
pub(super) fn run(common: &Common, task: &Check) -> Outcome {
    let mut projects = Projects::new(common);
    let here = match task.paths.first() {
        Some(path) if path.as_os_str() != "-" => projects.for_file(&path.join("x")),
        _ => projects.here(),
    };
    let lang = common.lang.or(here.lang).unwrap_or_default();
    if let Some(outcome) = unknown_names(lang, task, &here) {
        return outcome;
    }
    if let Some(path) = task.output.as_deref().filter(|output| names_output(&task.paths, output)) {
        let path = shown(&path.display().to_string());
        problem::say(lang, &lang.fill(Key::ErrorOutputIsInput, &[("path", &path)]));
        return Outcome::Trouble;
    }
    let renderer = task.output_format.renderer(Style { lang, color: common.color && task.output.is_none() });
    let mut output = match Output::new(renderer.as_ref(), task.output.as_deref(), task.quiet) {
        Ok(output) => output,
        Err(error) => {
            let path = task.output.as_deref().unwrap_or(Path::new(STDIN));
            problem::say(lang, &unreadable(lang, path, &error));
            return Outcome::Trouble;
        }
    };
    let run = Run { task, lang, renderer: renderer.as_ref(), silent: output.is_silent() };
    let mut total = Total::default();
    let mut jobs = Jobs {
        run: &run,
        projects: &mut projects,
        inputs: Box::new(inputs(&task.paths, task.output.as_deref())),
        open: None,
    };
    in_order(
        task.jobs,
        jobs.by_ref(),
        |job| run.lint(job),
        |all| {
            let written = all.into_iter().try_for_each(|done| total.add(&run, &mut output, done));
            if let Err(error) = &written {
                total.trouble = true;
                problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
            }
            written.is_ok() && !output.closed
        },
    );
    drop(jobs);
    total.trouble |= projects.trouble;
    if let Err(error) = output.finish(&total.tally) {
        total.trouble = true;
        problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
    }
    total.summarise(&run);
    // The process ends; taking all rules apart would take as long as asking some of them.
    std::mem::forget(projects);
    total.outcome()
}

/// Rules and themes on the command line that do not exist.
fn unknown_names(lang: Lang, task: &Check, here: &Ready) -> Option<Outcome> {
    let unknown: Vec<&String> = task.select.iter().chain(&task.ignore).filter(|name| !here.rules.knows(name)).collect();
    for name in &unknown {
        problem::say(lang, &problem::unknown_rule(lang, name, &here.rules));
    }
    (!unknown.is_empty()).then_some(Outcome::Trouble)
}

/// What stays the same during a run.
struct Run<'r> {
    task: &'r Check,
    lang: Lang,
    renderer: &'r dyn Render,
    silent: bool,
}

/// A source, once it is clear what holds for it.
struct Source {
    path: PathBuf,
    /// Its path, fit to be shown.
    shown: String,
    hints: Hints,
    ready: Arc<Ready>,
    selection: Selection,
}

impl Source {
    /// The source that the entry `name` of an archive is.
    fn entry(&self, name: &str) -> Self {
        let path = self.path.join(name);
        // The entry of a chat is always called the same; what the archive is called tells with whom it was.
        let own = if name == "_chat.txt" { &self.hints.file_name } else { name.rsplit('/').next().unwrap_or(name) };
        // Keys are for files as an application reads them, and none reads archives.
        let hints = Hints { file_name: own.to_owned(), messages: Arc::default(), ..self.hints.clone() };
        let shown = format!("{}/{}", self.shown, shown(name));
        Self { path, shown, hints, ready: Arc::clone(&self.ready), selection: self.selection.clone() }
    }
}

/// A piece of work.
enum Job {
    /// A small file, to be opened and read by whoever takes the job.
    File { source: Arc<Source>, path: PathBuf },
    /// An archive, each of whose entries is a source of its own.
    Archive { source: Arc<Source>, content: Packed },
    /// A window of a large file or of standard input.
    Window { source: Arc<Source>, format: &'static Format, window: Window, notes: Vec<String> },
    /// Something that cannot be read.
    Broken { source: Arc<Source>, error: String },
}

/// Where an archive lies.
enum Packed {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// What came of a source, or of a window of one.
struct Done {
    source: Arc<Source>,
    format: Option<&'static str>,
    first: bool,
    last: bool,
    rendered: String,
    notes: Vec<String>,
    error: Option<String>,
    tally: Tally,
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
            error: None,
            tally: Tally::default(),
        }
    }

    /// A source that cannot be read.
    fn failed(source: Arc<Source>, error: String) -> Self {
        Self { error: Some(error), ..Self::of(source) }
    }
}

/// Makes jobs of the inputs, opening no more than one large file at a time.
struct Jobs<'j, 'c> {
    run: &'j Run<'j>,
    projects: &'j mut Projects<'c>,
    inputs: Box<dyn Iterator<Item = Input> + 'j>,
    open: Option<(Arc<Source>, Opened)>,
}

impl Iterator for Jobs<'_, '_> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        loop {
            if let Some((source, opened)) = &mut self.open {
                match opened.window() {
                    Some(Ok(window)) => {
                        let notes = opened.notes.drain(..).map(|note| note_text(self.run.lang, &note)).collect();
                        return Some(Job::Window { source: Arc::clone(source), format: opened.format, window, notes });
                    }
                    Some(Err(error)) => {
                        let job = self.run.broken(source, &error);
                        self.open = None;
                        return Some(job);
                    }
                    None => self.open = None,
                }
            }
            let input = self.inputs.next()?;
            if let Some(job) = self.begin(input) {
                return Some(job);
            }
        }
    }
}

impl Jobs<'_, '_> {
    fn begin(&mut self, input: Input) -> Option<Job> {
        match input {
            Input::Stdin => {
                let name = self.run.task.stdin_filename.clone().unwrap_or_else(|| STDIN.to_owned());
                let source = self.source(Path::new(&name));
                match Opened::stdin(&name, self.run.format(&source)) {
                    Ok(opened) if opened.is_archive() => Some(match opened.into_bytes() {
                        Ok(bytes) => Job::Archive { source, content: Packed::Bytes(bytes) },
                        Err(error) => self.run.broken(&source, &error),
                    }),
                    Ok(opened) => self.keep(source, opened),
                    Err(error) => Some(self.run.broken(&source, &error)),
                }
            }
            Input::File(path) => {
                let source = self.source(&path);
                let small =
                    path.metadata().is_ok_and(|data| data.is_file() && data.len() <= limits::WINDOW_BYTES as u64);
                if small {
                    return Some(Job::File { source, path });
                }
                match Opened::file(&path, self.run.format(&source)) {
                    Ok(opened) if opened.is_archive() => Some(Job::Archive { source, content: Packed::File(path) }),
                    Ok(opened) => self.keep(source, opened),
                    Err(error) => Some(self.run.broken(&source, &error)),
                }
            }
            Input::Broken { path, error } => {
                let source = self.source(&path);
                let error =
                    self.run.lang.fill(Key::ErrorFileOther, &[("path", &source.shown), ("detail", &shown(&error))]);
                Some(Job::Broken { source, error })
            }
        }
    }

    /// Keeps a source open whose windows are the next jobs; one without any is a job of its own.
    fn keep(&mut self, source: Arc<Source>, opened: Opened) -> Option<Job> {
        let empty = opened.notes.iter().map(|note| note_text(self.run.lang, note)).collect::<Vec<_>>();
        if !empty.is_empty() {
            let window = Window { line: 1, first: true, last: true, ..Window::default() };
            return Some(Job::Window { source, format: opened.format, window, notes: empty });
        }
        self.open = Some((source, opened));
        None
    }

    fn source(&mut self, path: &Path) -> Arc<Source> {
        let ready = self.projects.for_file(path);
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (settings, configured) = ready.project.for_path(&absolute);
        let task = self.run.task;
        let choice = Choice { select: task.select.clone(), ignore: task.ignore.clone() };
        let selection = ready.rules.select(&choice, &settings);
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let project = &ready.project;
        let hints = Hints {
            forced: task.channel,
            configured,
            file_name,
            me: if task.me.is_empty() { project.identity.names.clone() } else { task.me.clone() },
            own_names: project.facts.names.iter().chain(&project.facts.people).cloned().collect(),
            columns: task.columns.clone(),
            goes_on: false,
            no_switches: task.no_suppressions,
            messages: project.messages_of(&absolute),
            limits: project.limits,
        };
        let shown = shown(&path.display().to_string());
        Arc::new(Source { path: path.to_owned(), shown, hints, ready, selection })
    }
}

impl Run<'_> {
    fn broken(&self, source: &Arc<Source>, error: &std::io::Error) -> Job {
        Job::Broken { source: Arc::clone(source), error: unreadable(self.lang, &source.path, error) }
    }

    /// The format of a source, where it need not be guessed: catalogues are what the configuration calls so.
    fn format(&self, source: &Source) -> Option<&'static Format> {
        let catalogue = || (!source.hints.messages.is_empty()).then(|| Format::by_name("catalogue")).flatten();
        self.task.input_format.or_else(catalogue)
    }

    /// Does one job.
    fn lint(&self, job: Job) -> Vec<Done> {
        match job {
            Job::File { source, path } => match Opened::file(&path, self.format(&source)) {
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
        .unwrap_or_else(|error| vec![Done::failed(Arc::clone(source), unreadable(self.lang, &source.path, &error))])
    }

    fn entries(&self, source: &Arc<Source>, content: impl Read + Seek) -> std::io::Result<Vec<Done>> {
        let mut all = Vec::new();
        let mut notes = vec![Note::Binary];
        if let Some(mut archive) = Archive::open(content, source.hints.limits)? {
            while let Some(Entry { name, bytes }) = archive.entry() {
                let entry = Arc::new(source.entry(&name));
                let opened = Opened::bytes(bytes, &name, self.format(&entry));
                all.extend(self.whole(&entry, opened));
            }
            if !all.is_empty() {
                notes.clear();
            }
            notes.extend(archive.note());
        }
        if !notes.is_empty() {
            let notes = notes.iter().map(|note| note_text(self.lang, note)).collect();
            all.push(Done { notes, ..Done::of(Arc::clone(source)) });
        }
        Ok(all)
    }

    /// Every window of a small source.
    fn whole(&self, source: &Arc<Source>, opened: std::io::Result<Opened>) -> Vec<Done> {
        let mut all = Vec::new();
        let broken = |error| Done::failed(Arc::clone(source), unreadable(self.lang, &source.path, error));
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(error) => return vec![broken(&error)],
        };
        loop {
            let window = match opened.window() {
                Some(Ok(window)) => window,
                Some(Err(error)) => {
                    all.push(Done { first: all.is_empty(), ..broken(&error) });
                    return all;
                }
                None if all.is_empty() => Window { line: 1, first: true, last: true, ..Window::default() },
                None => return all,
            };
            let notes = opened.notes.drain(..).map(|note| note_text(self.lang, &note)).collect();
            let last = window.last;
            all.push(self.window(Arc::clone(source), opened.format, &window, notes));
            if last {
                return all;
            }
        }
    }

    fn window(&self, source: Arc<Source>, format: &'static Format, window: &Window, mut notes: Vec<String>) -> Done {
        let linter = Linter {
            rules: &source.ready.rules,
            selection: &source.selection,
            facts: &source.ready.project.facts,
            lang: self.lang,
            lines: self.task.output_format.lines && !self.silent,
        };
        // A binary file has a note and nothing to read.
        let skipped = window.bytes.is_empty() && !notes.is_empty();
        let mut report = if skipped { WindowReport::default() } else { linter.lint(format, window, &source.hints) };
        notes.append(&mut report.notes);
        if let Some(first) = report.messages.first_mut().filter(|_| self.renderer.is_by_message()) {
            first.notes.splice(0..0, notes.iter().cloned());
        }
        let head = FileHead { path: &source.shown, format: Some(format.name) };
        let mut rendered = String::new();
        if !self.silent {
            for message in &report.messages {
                if !rendered.is_empty() {
                    rendered.push_str(self.renderer.separator());
                }
                self.renderer.message(head, message, &mut rendered);
            }
        }
        Done {
            format: Some(format.name),
            first: window.first,
            last: window.last,
            rendered,
            notes,
            error: None,
            tally: report.tally,
            source,
        }
    }
}

/// What a run came to.
#[derive(Default)]
struct Total {
    files: u64,
    rules: usize,
    tally: Tally,
    failed: bool,
    trouble: bool,
    /// Remarks about the source whose windows are coming in.
    notes: Vec<String>,
}

impl Total {
    fn add(&mut self, run: &Run<'_>, output: &mut Output<'_>, done: Done) -> std::io::Result<()> {
        let head = FileHead { path: &done.source.shown, format: done.format };
        if done.first {
            self.rules = self.rules.max(done.source.selection.count());
            self.files += 1;
            self.notes.clear();
            output.open(head)?;
        }
        self.notes.extend(done.notes);
        output.messages(&done.rendered)?;
        if let Some(error) = &done.error {
            self.trouble = true;
            problem::say(run.lang, error);
        }
        self.trouble |= done.tally.unreadable > 0;
        let fail_on = run.task.fail_on.or(done.source.ready.fail_on).unwrap_or(FailOn::Error);
        self.failed |= fail_on.severity().is_some_and(|severity| done.tally.at_least(severity) > 0);
        self.tally.add(&done.tally);
        if done.last {
            output.close(head, FileTail { notes: &self.notes, error: done.error.as_deref() })?;
        }
        Ok(())
    }

    fn outcome(&self) -> Outcome {
        match (self.trouble, self.failed) {
            (true, _) => Outcome::Trouble,
            (_, true) => Outcome::Findings,
            _ => Outcome::Clean,
        }
    }

    /// What was checked, how, and what to do next. Formats for programs say it themselves.
    fn summarise(&self, run: &Run<'_>) {
        let for_people = matches!(run.task.output_format.name, "pretty" | "short");
        if !for_people && !run.task.quiet {
            return;
        }
        let lang = run.lang;
        let tally = &self.tally;
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
            let key = if self.trouble { Key::SummaryTrouble } else { Key::SummaryClean };
            problem::line(lang.text(key));
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
