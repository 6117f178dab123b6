//! Ctrl-C: the first ends a run in good order, with what was found so far; the second ends it at once.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a program ends that was interrupted: 128 and the number of the signal, as shells count.
pub(super) const EXIT_CODE: u8 = 130;

/// Whether Ctrl-C was pressed.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. `unfinished` is a file that would be left behind by a run that ends at once.
    pub(super) fn listen(unfinished: Option<PathBuf>) -> Self {
        let interrupt = Self::default();
        let pressed = Arc::clone(&interrupt.0);
        // Where nobody can listen, Ctrl-C ends the program as it ends any other.
        let _ = ctrlc::set_handler(move || {
            if pressed.swap(true, Ordering::Relaxed) {
                end_at_once(unfinished.as_ref());
            }
        });
        interrupt
    }

    /// Whether the run is to end.
    pub(super) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[allow(clippy::exit, reason = "whoever presses Ctrl-C twice will not wait for what is under way")]
fn end_at_once(unfinished: Option<&PathBuf>) {
    if let Some(path) = unfinished {
        let _ = fs::remove_file(path);
    }
    std::process::exit(i32::from(EXIT_CODE));
}
