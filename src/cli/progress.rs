//! How far a long run has come, on standard error.
//!
//! It is shown only where nobody sees findings come in: they tell by themselves how far it is, and a line that is drawn and
//! wiped between them would make both unreadable. So findings on a terminal and progress never meet, and nothing needs to
//! be kept apart on standard output.

use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Check;
use super::input::{Input, inputs};
use crate::locale::Lang;
use crate::texts::Key;

/// How long a run takes before anything is shown of it.
const DELAY: Duration = Duration::from_secs(1);

/// The line, once it is shown. There is one standard error, which complaints share with it.
static LINE: OnceLock<ProgressBar> = OnceLock::new();

/// What has been done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) files: u64,
    pub(super) messages: u64,
    pub(super) findings: u64,
}

/// Follows a run.
#[derive(Debug)]
pub(super) struct Progress {
    lang: Lang,
    wanted: bool,
    start: Instant,
    /// Bytes that have been read, and how many there are in all: 0 while that is not known.
    bytes: u64,
    all: Arc<AtomicU64>,
    measured: bool,
    paths: Vec<PathBuf>,
    except: Option<PathBuf>,
    isolated: bool,
}

impl Progress {
    /// Follows a run from its start.
    pub(super) fn new(lang: Lang, task: &Check, isolated: bool) -> Self {
        let seen = task.output.is_none() && !task.statistics && stdout().is_terminal();
        Self {
            lang,
            wanted: !task.quiet && !seen && stderr().is_terminal(),
            start: Instant::now(),
            bytes: 0,
            all: Arc::default(),
            measured: false,
            paths: task.paths.clone(),
            except: task.output.clone(),
            isolated,
        }
    }

    /// Tells that so many bytes more have been read, and what has been done by now.
    pub(super) fn advance(&mut self, bytes: u64, done: Done) {
        self.bytes += bytes;
        let elapsed = self.start.elapsed();
        if !self.wanted || elapsed < DELAY {
            return;
        }
        let line = LINE.get_or_init(|| {
            self.measure();
            let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            line.set_style(style("{spinner} {wide_msg}"));
            line
        });
        let all = self.all.load(Ordering::Relaxed);
        if all > 0 && !std::mem::replace(&mut self.measured, true) {
            line.set_style(style("{bar:20} {percent:>3}%  {wide_msg}"));
        }
        if all > 0 {
            line.set_length(all);
        }
        line.set_message(said(self.lang, done, left(elapsed, self.bytes, all)));
        line.set_position(self.bytes);
        line.tick();
    }

    /// Finds out how much there is to read, while reading goes on: folders may be large. Nobody knows it of a pipe.
    fn measure(&self) {
        let (paths, except, isolated) = (self.paths.clone(), self.except.clone(), self.isolated);
        let all = Arc::clone(&self.all);
        let measure = move || {
            let sizes = inputs(&paths, except.as_deref(), isolated).map(|input| match input {
                Input::Stdin => None,
                Input::File(path) => match path.metadata() {
                    Ok(data) => data.is_file().then_some(data.len()),
                    Err(_) => Some(0),
                },
                Input::Broken { .. } => Some(0),
            });
            if let Some(size) = sizes.sum::<Option<u64>>() {
                all.store(size, Ordering::Relaxed);
            }
        };
        // Without it, progress has no end; that is all.
        let _ = thread::Builder::new().name("measure".to_owned()).spawn(measure);
    }
}

/// Takes the line away for good.
pub(super) fn clear() {
    if let Some(line) = LINE.get() {
        line.finish_and_clear();
    }
}

/// Writes to standard error while the line is out of the way.
pub(super) fn aside(write: impl FnOnce()) {
    match LINE.get() {
        Some(line) => line.suspend(write),
        None => write(),
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    style.unwrap_or_else(|_| ProgressStyle::default_spinner()).progress_chars("█░")
}

fn said(lang: Lang, done: Done, left: Option<Duration>) -> String {
    let [files, messages, findings] = [done.files, done.messages, done.findings].map(|number| number.to_string());
    let values = [("files", files.as_str()), ("messages", &messages), ("findings", &findings)];
    let counts = lang.fill(Key::ProgressCounts, &values);
    match left {
        Some(left) => format!("{counts}; {}", lang.fill(Key::ProgressLeft, &[("time", &clock(left))])),
        None => counts,
    }
}

/// How long the rest takes if it takes as long as what is done.
fn left(elapsed: Duration, done: u64, all: u64) -> Option<Duration> {
    let rest = all.checked_sub(done)?;
    let millis = elapsed.as_millis() * u128::from(rest) / u128::from(done.max(1));
    (done > 0).then(|| Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
}

/// Hours, minutes and seconds, as any language writes them.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_left_where_that_is_known() {
        let second = Duration::from_secs(1);
        assert_eq!(left(second, 1, 4), Some(3 * second));
        assert_eq!(left(second, 0, 4), None);
        assert_eq!(left(second, 5, 0), None);
        let done = Done { files: 12, messages: 340, findings: 5 };
        assert_eq!(said(Lang::Id, done, None), "12 berkas, 340 pesan, 5 catatan");
        assert_eq!(said(Lang::En, done, Some(3661 * second)), "files 12, messages 340, findings 5; 1:01:01 left");
        assert_eq!(clock(65 * second), "1:05");
    }
}
