//! The terminal: whether it obeys escape sequences, and the window that would close before anybody has read it.

use std::io::{self, IsTerminal};

use super::problem;
use crate::locale::Lang;
use crate::texts::Key;

/// Whether `stream` is a terminal that obeys escape sequences. The consoles of Windows do so only where they are asked to; those
/// that cannot would show them as letters.
pub(super) fn obeys(stream: &impl IsTerminal) -> bool {
    let told = || anstyle_query::windows::enable_ansi_colors().unwrap_or(true);
    // A terminal that is none of Windows's own says so by its name.
    stream.is_terminal() && (told() || anstyle_query::term_supports_ansi_color())
}

/// Whether the command has a window of its own, which closes with it: File Explorer opens one for a program that is
/// double-clicked, or on which files are dropped.
pub(super) fn closes() -> bool {
    started_by_explorer() && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Keeps such a window until Enter is pressed.
pub(super) fn stay(lang: Lang) {
    if closes() {
        problem::line(&format!("\n{}", lang.text(Key::WaitEnter)));
        // Whoever closes the window is not waited for, either.
        let _ = io::stdin().read_line(&mut String::new());
    }
}

#[cfg(windows)]
fn started_by_explorer() -> bool {
    mousetrap::started_by_explorer()
}

/// Elsewhere, folders open no terminals.
#[cfg(not(windows))]
fn started_by_explorer() -> bool {
    false
}
