//! `--watch`: checks again whenever something changes, until Ctrl-C.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::event::EventKind;
use notify::{Event, RecursiveMode, Watcher};

use super::args::Check;
use super::interrupt::Interrupt;
use super::problem;
use super::terminal;
use super::whole::{DRAFT, folder_of};
use crate::locale::Lang;
use crate::report::shown;
use crate::texts::Key;

/// How long Ctrl-C may go unheard.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long nothing must happen before a change counts as done: programs save in several steps.
const SETTLED: Duration = Duration::from_millis(150);

/// Runs `check` now and after each change of what the task names, or of configurations beside it, until Ctrl-C.
pub(super) fn run(lang: Lang, task: &Check, interrupt: &Interrupt, mut check: impl FnMut()) -> Result<(), String> {
    let (sender, changes) = channel();
    let problem = |error: notify::Error| lang.fill(Key::ErrorWatch, &[("detail", &shown(&error.to_string()))]);
    let mut watcher = notify::recommended_watcher(move |event| {
        // Without a receiver everything has ended.
        let _ = sender.send(event);
    })
    .map_err(problem)?;
    for path in &task.paths {
        let (path, mode) = watched(path);
        watcher.watch(&path, mode).map_err(problem)?;
    }
    let ours: Option<PathBuf> = task.output.as_deref().and_then(|output| std::path::absolute(output).ok());
    loop {
        if terminal::obeys(&io::stdout()) {
            // A page of its own for each check; what was there before can be scrolled to.
            let _ = io::stdout().lock().write_all(b"\x1b[H\x1b[2J");
        }
        check();
        if interrupt.is_pressed() {
            return Ok(());
        }
        problem::line(lang.text(Key::WatchWaiting));
        if !wait(&changes, interrupt, ours.as_deref()) {
            return Ok(());
        }
    }
}

/// What is watched for a path: a folder with all below it, or the folder that holds a file, since programs put a new file in the
/// place of the old one.
fn watched(path: &Path) -> (PathBuf, RecursiveMode) {
    if path.is_dir() {
        return (path.to_owned(), RecursiveMode::Recursive);
    }
    (folder_of(path).to_owned(), RecursiveMode::NonRecursive)
}

/// Waits for a change and until it is done; false after Ctrl-C. What was written to `ours` is none.
fn wait(changes: &Receiver<notify::Result<Event>>, interrupt: &Interrupt, ours: Option<&Path>) -> bool {
    let counts = |event: &notify::Result<Event>| {
        let Ok(event) = event else { return false };
        let own = |path: &PathBuf| Some(path.as_path()) == ours || is_draft(path);
        !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(own)
    };
    loop {
        match changes.recv_timeout(PATIENCE) {
            _ if interrupt.is_pressed() => return false,
            Ok(event) if counts(&event) => break,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    while changes.recv_timeout(SETTLED).is_ok() {}
    !interrupt.is_pressed()
}

/// Whether a file is one of those that are written before they take their place.
fn is_draft(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(DRAFT))
}
