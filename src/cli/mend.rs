//! `--fix` and `--diff`: what can be mended is mended in the files, or shown, before they are checked.

use std::collections::HashSet;
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::diff::Hunks;
use super::jobs::{Job, Jobs, Order, STDIN, Source};
use super::patient::Patient;
use super::problem;
use super::rewrite::{Refusal, Rewrite};
use crate::fix::Mended;
use crate::lint::{Linter, Masking, in_order};
use crate::locale::Lang;
use crate::open::Opened;
use crate::project::Projects;
use crate::read::Format;
use crate::report::shown;
use crate::source::Window;
use crate::texts::Key;

/// What is done with fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mending {
    /// They are put into the files.
    InPlace,
    /// They are shown, and no file changes.
    Diff,
}

/// What came of mending.
#[derive(Debug, Default)]
pub(super) struct Total {
    fixes: u64,
    files: u64,
    unwritten: u64,
    /// Where something stands in the diff as it does not stand in its file: whether masks did that too.
    altered: Option<Masking>,
    /// Whether a file could not be mended.
    pub(super) trouble: bool,
}

/// Mends what the paths hold, or shows what would be mended. What standard input holds is kept, so that it can be checked.
pub(super) fn run(order: &mut Order<'_>, projects: &mut Projects, mending: Mending, color: bool) -> Total {
    let mut total = Total::default();
    if order.task.paths.iter().any(|path| path.as_os_str() == "-") {
        match whole_stdin(order) {
            Ok(bytes) => order.stdin = Some(bytes),
            Err(error) => total.refuse(order.lang, STDIN, &error.into()),
        }
    }
    let mut desk = Desk { order, mending, color, total, open: None, met: HashSet::new(), read: 0, stdin: Vec::new() };
    in_order(
        order.task.jobs,
        Jobs::new(order, projects),
        |job| mend(order, job, mending),
        |pieces| pieces.into_iter().all(|piece| desk.take(piece)),
    );
    let Desk { mut total, read, stdin, .. } = desk;
    if let (Mending::InPlace, Some(before)) = (mending, order.stdin.take()) {
        // What could not be read to its end is handed on as it came.
        let after = if read == before.len() { stdin } else { before };
        if let Err(error) = handed_on(&after) {
            total.refuse(order.lang, STDIN, &error.into());
        }
        order.stdin = Some(after);
    }
    total
}

fn whole_stdin(order: &Order<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Patient::new(|| Ok(io::stdin().lock()), order.interrupt.clone())?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes to standard output; a reader who has gone away is no error.
fn handed_on(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// A window of a source, and what becomes of it.
struct Piece {
    source: Arc<Source>,
    window: Window,
    mended: Mended,
    hunks: Hunks,
}

/// Does one job. What cannot be read is told when it is checked; the entries of archives stay as they are.
fn mend(order: &Order<'_>, job: Job, mending: Mending) -> Vec<Piece> {
    match job {
        Job::File { source, path, .. } => match Opened::file(&path, order.reading(&source)) {
            Ok(opened) if !opened.is_archive() => windows(order, &source, opened, mending),
            _ => Vec::new(),
        },
        Job::Window { source, format, window, .. } => vec![piece(order, source, format, window, mending)],
        Job::Archive { .. } | Job::Broken { .. } => Vec::new(),
    }
}

fn windows(order: &Order<'_>, source: &Arc<Source>, mut opened: Opened, mending: Mending) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some(Ok(window)) = opened.window() {
        pieces.push(piece(order, Arc::clone(source), opened.format, window, mending));
    }
    pieces
}

fn piece(order: &Order<'_>, source: Arc<Source>, format: &Format, window: Window, mending: Mending) -> Piece {
    let linter = Linter {
        lang: order.lang,
        masking: order.task.masking,
        ..Linter::new(&source.ready.rules, &source.selection, &source.ready.project.facts)
    };
    let mended = linter.mend(format, &window, &source.hints, order.task.most);
    let mut hunks = Hunks::default();
    if let (Mending::Diff, Some(new)) = (mending, &mended.bytes) {
        let new = window.holding(new.clone());
        hunks = Hunks::between(&linter, format, &source.hints, (&window, &new));
    }
    Piece { source, window, mended, hunks }
}

/// Where the pieces of all sources come in, in order.
struct Desk<'d> {
    order: &'d Order<'d>,
    mending: Mending,
    color: bool,
    total: Total,
    /// The source whose windows are coming in.
    open: Option<Open>,
    /// Files that came in, so that one that is named twice is not taken for one that somebody changed.
    met: HashSet<PathBuf>,
    /// How much of standard input has come in, and what became of it.
    read: usize,
    stdin: Vec<u8>,
}

/// A source whose windows are coming in.
#[derive(Default)]
struct Open {
    /// The file, where it is to change.
    file: Option<Rewrite>,
    fixes: u64,
    unwritten: u64,
    /// Whether a part of the diff is shown, and by how many lines the source has grown up to here.
    drawn: bool,
    grown: i64,
}

impl Desk<'_> {
    /// Takes the next piece. False ends it all.
    fn take(&mut self, piece: Piece) -> bool {
        if piece.window.first {
            self.open = self.begin(&piece.source);
        }
        let Some(mut open) = self.open.take() else { return true };
        open.fixes += piece.mended.applied;
        open.unwritten += piece.mended.unwritten;
        if piece.source.is_stdin() {
            self.read += piece.window.bytes.len();
            self.stdin.extend_from_slice(piece.mended.bytes.as_ref().unwrap_or(&piece.window.bytes));
        }
        let Piece { source, window, mended, hunks } = piece;
        if let Some(file) = &mut open.file
            && let Err(refusal) = file.push(&window.bytes, mended.bytes.as_deref(), &self.order.interrupt)
        {
            self.total.refuse(self.order.lang, &source.shown, &refusal);
            return true;
        }
        if !hunks.is_empty() {
            let head = (!std::mem::replace(&mut open.drawn, true)).then_some(source.shown.as_str());
            if hunks.is_altered() {
                self.total.altered = Some(self.order.task.masking);
            }
            if handed_on(hunks.drawn(head, open.grown, self.color).as_bytes()).is_err() {
                return false;
            }
            open.grown += hunks.grown();
        }
        if window.last {
            self.close(&source, open);
        } else {
            self.open = Some(open);
        }
        true
    }

    /// Opens a source, unless it has come in before or cannot be changed.
    fn begin(&mut self, source: &Source) -> Option<Open> {
        if source.is_stdin() || self.mending == Mending::Diff {
            return Some(Open::default());
        }
        self.met.insert(source.path.clone()).then_some(())?;
        match Rewrite::of(&source.path) {
            Ok(file) => Some(Open { file: Some(file), ..Open::default() }),
            Err(Refusal::Special) => None,
            Err(refusal) => {
                self.total.refuse(self.order.lang, &source.shown, &refusal);
                None
            }
        }
    }

    /// Puts a file in its place, now that all of it has come in.
    fn close(&mut self, source: &Source, open: Open) {
        let finished = open.file.map_or(Ok(true), |file| file.finish(&self.order.interrupt));
        if let Err(refusal) = finished {
            self.total.refuse(self.order.lang, &source.shown, &refusal);
            return;
        }
        self.total.fixes += open.fixes;
        self.total.files += u64::from(open.fixes > 0);
        self.total.unwritten += open.unwritten;
    }
}

impl Total {
    fn refuse(&mut self, lang: Lang, path: &str, refusal: &Refusal) {
        self.trouble = true;
        let key = match refusal {
            Refusal::Link => Key::ErrorFixLink,
            Refusal::ReadOnly => Key::ErrorFixReadOnly,
            Refusal::Special => Key::ErrorFixSpecial,
            Refusal::Changed => Key::ErrorFixChanged,
            Refusal::TooLarge => Key::ErrorFixTooLarge,
            Refusal::System(_) => Key::ErrorFixSystem,
        };
        let detail = match refusal {
            Refusal::System(error) => shown(&error.to_string()),
            _ => String::new(),
        };
        problem::say(lang, &lang.fill(key, &[("path", path), ("detail", &detail)]));
    }

    /// Tells what was mended, or could be.
    pub(super) fn summarise(&self, lang: Lang, mending: Mending) {
        let key = match mending {
            Mending::InPlace => Key::SummaryFixed,
            Mending::Diff => Key::SummaryDiff,
        };
        let fill =
            |key, fixes: u64| lang.fill(key, &[("fixes", &fixes.to_string()), ("files", &self.files.to_string())]);
        problem::line(&fill(key, self.fixes));
        if self.unwritten > 0 {
            problem::line(&fill(Key::SummaryUnwritten, self.unwritten));
        }
        match self.altered {
            Some(Masking::On) => problem::line(lang.text(Key::SummaryMasked)),
            Some(Masking::Lifted) => problem::line(lang.text(Key::SummaryAltered)),
            None => {}
        }
    }
}
