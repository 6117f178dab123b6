//! Ctrl-C: the first ends a run in good order, with what was found so far; the second ends it at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// How a program ends that was interrupted: 128 and the number of the signal, as shells count.
pub(super) const EXIT_CODE: u8 = 130;

/// Whether Ctrl-C was pressed, and what would be left behind by a run that ends at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt {
    pressed: Arc<AtomicBool>,
    unfinished: Arc<Mutex<Vec<PathBuf>>>,
}

impl Interrupt {
    /// Listens from now on.
    pub(super) fn listen() -> Self {
        let interrupt = Self::default();
        let heard = interrupt.clone();
        // Where nobody can listen, Ctrl-C ends the program as it ends any other.
        let _ = ctrlc::set_handler(move || {
            if heard.pressed.swap(true, Ordering::Relaxed) {
                heard.end_at_once();
            }
        });
        interrupt
    }

    /// Whether the run is to end.
    pub(super) fn is_pressed(&self) -> bool {
        self.pressed.load(Ordering::Relaxed)
    }

    /// A file is being written that is nothing before it is whole.
    pub(super) fn begins(&self, file: &Path) {
        if let Ok(mut unfinished) = self.unfinished.lock() {
            unfinished.push(file.to_owned());
        }
    }

    /// It is whole, or gone.
    pub(super) fn ends(&self, file: &Path) {
        if let Ok(mut unfinished) = self.unfinished.lock() {
            unfinished.retain(|other| other != file);
        }
    }

    #[allow(clippy::exit, reason = "whoever presses Ctrl-C twice will not wait for what is under way")]
    fn end_at_once(&self) {
        if let Ok(unfinished) = self.unfinished.lock() {
            unfinished.iter().for_each(|file| drop(fs::remove_file(file)));
        }
        std::process::exit(i32::from(EXIT_CODE));
    }
}
