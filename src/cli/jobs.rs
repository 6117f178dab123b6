//! The work of a run: files, windows of large files and archives, one after the other, with what holds for each.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::args::Check;
use super::input::{Input, inputs};
use super::interrupt::Interrupt;
use super::problem;
use crate::limits;
use crate::locale::Lang;
use crate::open::{Opened, Reading, unreadable};
use crate::project::{self, Projects};
use crate::read::{Format, Hints};
use crate::ready::Ready;
use crate::report::{Masking, note_text, shown};
use crate::ruleset::{Choice, Selection};
use crate::source::Window;
use crate::texts::Key;

/// What standard input is called where no name is given.
pub(super) const STDIN: &str = "<stdin>";

/// What is asked for, and what holds for all of it.
#[derive(Debug)]
pub(super) struct Order<'r> {
    pub(super) task: &'r Check,
    pub(super) lang: Lang,
    pub(super) interrupt: Interrupt,
    /// What standard input holds, where it has been read before.
    pub(super) stdin: Option<Vec<u8>>,
}

impl Order<'_> {
    fn broken(&self, source: &Arc<Source>, error: &std::io::Error) -> Job {
        Job::Broken { source: Arc::clone(source), error: unreadable(self.lang, &source.path, error) }
    }

    /// How a source is to be read: in the format that is asked for, or as is known of it.
    pub(super) fn reading(&self, source: &Source) -> Reading {
        let known = Reading::of(&source.hints);
        Reading { format: self.task.input_format.or(known.format), ..known }
    }

    /// What it calls standard input.
    pub(super) fn stdin_name(&self) -> &str {
        self.task.stdin_filename.as_deref().unwrap_or(STDIN)
    }
}

/// A source, once it is clear what holds for it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Its path, fit to be shown.
    pub(super) shown: String,
    stdin: bool,
    pub(super) hints: Hints,
    pub(super) ready: Arc<Ready>,
    pub(super) selection: Selection,
}

impl Source {
    /// Whether it is standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.stdin
    }

    /// The folder that it lies in, or the archive, fit to be shown; standard input lies in none.
    pub(super) fn folder(&self, masking: Masking) -> String {
        match self.path.parent() {
            _ if self.shown == STDIN => STDIN.to_owned(),
            Some(folder) if !folder.as_os_str().is_empty() => masking.shown(&folder.display().to_string()),
            _ => ".".to_owned(),
        }
    }

    /// The source that the entry `name` of an archive is. However strangers call it, it lies in the archive.
    pub(super) fn entry(&self, name: &str, masking: Masking) -> Self {
        let steps = Path::new(name).components().filter(|step| matches!(step, Component::Normal(_)));
        let path = self.path.join(steps.collect::<PathBuf>());
        let hints = self.hints.of_entry(name);
        let shown = format!("{}/{}", self.shown, masking.shown(name));
        let stdin = self.stdin;
        Self { path, shown, stdin, hints, ready: Arc::clone(&self.ready), selection: self.selection.clone() }
    }
}

/// A piece of work.
pub(super) enum Job {
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
    pub(super) fn bytes(&self) -> u64 {
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
pub(super) enum Packed {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// Makes jobs of the inputs, opening no more than one large file at a time.
pub(super) struct Jobs<'j> {
    order: &'j Order<'j>,
    projects: &'j mut Projects,
    inputs: Box<dyn Iterator<Item = Input> + 'j>,
    open: Option<(Arc<Source>, Opened)>,
}

impl Iterator for Jobs<'_> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        let interrupt = &self.order.interrupt;
        if interrupt.is_pressed() {
            return None;
        }
        // A source for which one need not wait any longer is not broken.
        self.job().filter(|job| !(interrupt.is_pressed() && matches!(job, Job::Broken { .. })))
    }
}

impl<'j> Jobs<'j> {
    pub(super) fn new(order: &'j Order<'j>, projects: &'j mut Projects) -> Self {
        let inputs = Box::new(inputs(&order.task.paths, order.task.output.as_deref(), projects.isolated()));
        Self { order, projects, inputs, open: None }
    }

    fn job(&mut self) -> Option<Job> {
        loop {
            if let Some((source, opened)) = &mut self.open {
                match opened.window() {
                    Some(Ok(window)) => {
                        let notes = opened
                            .notes
                            .drain(..)
                            .map(|note| note_text(self.order.lang, &note, self.order.task.masking))
                            .collect();
                        return Some(Job::Window { source: Arc::clone(source), format: opened.format, window, notes });
                    }
                    Some(Err(error)) => {
                        let job = self.order.broken(source, &error);
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
                let name = self.order.stdin_name();
                let source = self.source(Path::new(name), true);
                let reading = self.order.reading(&source);
                let opened = match &self.order.stdin {
                    Some(bytes) => Opened::bytes(bytes.clone(), name, reading),
                    None => Opened::stdin(name, reading, &self.order.interrupt),
                };
                match opened {
                    Ok(opened) if opened.is_archive() => Some(match opened.into_bytes() {
                        Ok(bytes) => Job::Archive { source, content: Packed::Bytes(bytes) },
                        Err(error) => self.order.broken(&source, &error),
                    }),
                    Ok(opened) => self.keep(source, opened),
                    Err(error) => Some(self.order.broken(&source, &error)),
                }
            }
            Input::File(path) => {
                let source = self.source(&path, false);
                let size = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
                if let Some(bytes) = size.filter(|size| *size <= limits::WINDOW_BYTES as u64) {
                    return Some(Job::File { source, path, bytes });
                }
                match Opened::path(&path, self.order.reading(&source), &self.order.interrupt) {
                    Ok(opened) if opened.is_archive() => Some(Job::Archive { source, content: Packed::File(path) }),
                    Ok(opened) => self.keep(source, opened),
                    Err(error) => Some(self.order.broken(&source, &error)),
                }
            }
            Input::Broken { path, error } => {
                let source = self.source(&path, false);
                let error =
                    self.order.lang.fill(Key::ErrorFileOther, &[("path", &source.shown), ("detail", &shown(&error))]);
                Some(Job::Broken { source, error })
            }
        }
    }

    /// Keeps a source open whose windows are the next jobs; one without any is a job of its own.
    fn keep(&mut self, source: Arc<Source>, opened: Opened) -> Option<Job> {
        let empty = opened
            .notes
            .iter()
            .map(|note| note_text(self.order.lang, note, self.order.task.masking))
            .collect::<Vec<_>>();
        if !empty.is_empty() {
            let window = Window::whole([]);
            return Some(Job::Window { source, format: opened.format, window, notes: empty });
        }
        self.open = Some((source, opened));
        None
    }

    fn source(&mut self, path: &Path, stdin: bool) -> Arc<Source> {
        let ready = self.projects.for_file(path);
        problem::tell(self.projects);
        let absolute = project::absolute(path);
        let (settings, _) = ready.project.for_path(&absolute);
        let task = self.order.task;
        let choice = Choice { select: task.select.clone(), ignore: task.ignore.clone() };
        let selection = ready.rules.select(&choice, &settings);
        let known = ready.hints(&absolute);
        let hints = Hints {
            forced: task.channel,
            me: if task.me.is_empty() { known.me.clone() } else { task.me.clone() },
            columns: task.columns.clone(),
            no_switches: task.no_suppressions,
            ..known
        };
        let shown = task.masking.shown(&path.display().to_string());
        Arc::new(Source { path: path.to_owned(), shown, stdin, hints, ready, selection })
    }
}
