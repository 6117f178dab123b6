//! `lint PATHS` and `lint check PATHS`: the main job.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{Archive, Entry};
use super::args::{Check, Common};
use super::input::{Input, Opened, inputs, names_output};
use super::interrupt::Interrupt;
use super::output::Output;
use super::progress::Progress;
use super::project::{Projects, Ready, unreadable};
use super::total::Total;
use super::{Outcome, problem, progress};
use crate::limits;
use crate::lint::{Detail, Linter, WindowReport, in_order};
use crate::locale::Lang;
use crate::message::Note;
use crate::read::{Format, Hints};
use crate::render::{FileHead, Render, Style, statistics};
use crate::report::{note_text, shown};
use crate::ruleset::{Choice, Selection};
use crate::source::Window;
use crate::statistics::Statistics;
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
    let style = Style { lang, color: common.color && task.output.is_none() };
    let renderer = if task.statistics { Box::new(statistics::Unsaid) } else { task.output_format.renderer(style) };
    let mut output = match Output::new(renderer.as_ref(), task.output.as_deref(), task.quiet) {
        Ok(output) => output,
        Err(error) => {
            let path = task.output.as_deref().unwrap_or(Path::new(STDIN));
            problem::say(lang, &unreadable(lang, path, &error));
            return Outcome::Trouble;
        }
    };
    let interrupt = Interrupt::listen(output.unfinished().map(Path::to_owned));
    let run = Run { task, lang, renderer: renderer.as_ref(), silent: output.is_silent() || task.statistics, interrupt };
    let mut total = Total::default();
    let mut progress = Progress::new(lang, task);
    let mut jobs = Jobs {
        run: &run,
        projects: &mut projects,
        inputs: Box::new(inputs(&task.paths, task.output.as_deref())),
        open: None,
    };
    in_order(
        task.jobs,
        jobs.by_ref(),
        |job| (job.bytes(), run.lint(job)),
        |(bytes, all)| {
            let written = all.into_iter().try_for_each(|done| total.add(&run, &mut output, done));
            if let Err(error) = &written {
                total.trouble = true;
                problem::say(lang, &lang.fill(Key::ErrorWrite, &[("detail", &shown(&error.to_string()))]));
            }
            progress.advance(bytes, total.done());
            written.is_ok() && !output.closed
        },
    );
    drop(jobs);
    progress::clear();
    total.trouble |= projects.trouble;
    total.tally.interrupted = run.interrupt.is_pressed();
    if let Err(error) = total.close(&run, &mut output).and_then(|()| output.finish(&total.tally)) {
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
pub(super) struct Run<'r> {
    pub(super) task: &'r Check,
    pub(super) lang: Lang,
    renderer: &'r dyn Render,
    silent: bool,
    interrupt: Interrupt,
}

/// A source, once it is clear what holds for it.
pub(super) struct Source {
    path: PathBuf,
    /// Its path, fit to be shown.
    pub(super) shown: String,
    hints: Hints,
    pub(super) ready: Arc<Ready>,
    pub(super) selection: Selection,
}

impl Source {
    /// The folder that it lies in, or the archive, fit to be shown; standard input lies in none.
    fn folder(&self) -> String {
        match self.path.parent() {
            _ if self.shown == STDIN => STDIN.to_owned(),
            Some(folder) if !folder.as_os_str().is_empty() => shown(&folder.display().to_string()),
            _ => ".".to_owned(),
        }
    }

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
    File { source: Arc<Source>, path: PathBuf, bytes: u64 },
    /// An archive, each of whose entries is a source of its own.
    Archive { source: Arc<Source>, content: Packed },
    /// A window of a large file or of standard input.
    Window { source: Arc<Source>, format: &'static Format, window: Window, notes: Vec<String> },
    /// Something that cannot be read.
    Broken { source: Arc<Source>, error: String },
}

impl Job {
    /// How many bytes of the input it does away with.
    fn bytes(&self) -> u64 {
        let size = |path: &Path| path.metadata().map_or(0, |data| data.len());
        match self {
            Self::File { bytes, .. } => *bytes,
            Self::Archive { content: Packed::File(path), .. } => size(path),
            Self::Archive { content: Packed::Bytes(bytes), .. } => bytes.len() as u64,
            // What holds no text is passed over as a whole.
            Self::Window { source, window, .. } if window.bytes.is_empty() => size(&source.path),
            Self::Window { window, .. } => window.bytes.len() as u64,
            Self::Broken { .. } => 0,
        }
    }
}

/// Where an archive lies.
enum Packed {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// What came of a source, or of a window of one.
pub(super) struct Done {
    pub(super) source: Arc<Source>,
    pub(super) format: Option<&'static str>,
    pub(super) first: bool,
    pub(super) last: bool,
    pub(super) rendered: String,
    pub(super) notes: Vec<String>,
    pub(super) error: Option<String>,
    pub(super) tally: Tally,
    pub(super) statistics: Statistics,
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
            statistics: Statistics::default(),
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
        let interrupt = &self.run.interrupt;
        if interrupt.is_pressed() {
            return None;
        }
        // A source for which one need not wait any longer is not broken.
        self.job().filter(|job| !(interrupt.is_pressed() && matches!(job, Job::Broken { .. })))
    }
}

impl Jobs<'_, '_> {
    fn job(&mut self) -> Option<Job> {
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

    fn begin(&mut self, input: Input) -> Option<Job> {
        match input {
            Input::Stdin => {
                let name = self.run.task.stdin_filename.clone().unwrap_or_else(|| STDIN.to_owned());
                let source = self.source(Path::new(&name));
                match Opened::stdin(&name, self.run.format(&source), &self.run.interrupt) {
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
                let size = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
                if let Some(bytes) = size.filter(|size| *size <= limits::WINDOW_BYTES as u64) {
                    return Some(Job::File { source, path, bytes });
                }
                match Opened::path(&path, self.run.format(&source), &self.run.interrupt) {
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
    /// Whether people read the output. Formats for programs say what was checked themselves.
    pub(super) fn is_for_people(&self) -> bool {
        matches!(self.task.output_format.name, "pretty" | "short")
    }

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
            Job::File { source, path, .. } => match Opened::file(&path, self.format(&source)) {
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
            while !self.interrupt.is_pressed()
                && let Some(Entry { name, bytes }) = archive.entry()
            {
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

    /// How much is told of what is found.
    fn detail(&self) -> Detail {
        if self.silent {
            if self.task.statistics { Detail::Findings } else { Detail::Counts }
        } else if self.task.output_format.lines {
            Detail::Lines
        } else {
            Detail::Findings
        }
    }

    fn window(&self, source: Arc<Source>, format: &'static Format, window: &Window, mut notes: Vec<String>) -> Done {
        let linter = Linter {
            rules: &source.ready.rules,
            selection: &source.selection,
            facts: &source.ready.project.facts,
            lang: self.lang,
            detail: self.detail(),
        };
        // A binary file has a note and nothing to read.
        let skipped = window.bytes.is_empty() && !notes.is_empty();
        let mut report = if skipped { WindowReport::default() } else { linter.lint(format, window, &source.hints) };
        notes.append(&mut report.notes);
        if let Some(first) = report.messages.first_mut().filter(|_| self.renderer.is_by_message()) {
            first.notes.splice(0..0, notes.iter().cloned());
        }
        let mut statistics = Statistics::default();
        if self.task.statistics {
            let folder = source.folder();
            for message in &report.messages {
                statistics.count(message, &folder);
            }
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
            statistics,
            source,
        }
    }
}
