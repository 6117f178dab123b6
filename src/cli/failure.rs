//! A fault of the program itself: what is said of it, without the text that was read.

use std::io::{self, Write};
use std::panic::{self, Location, PanicHookInfo};

use crate::locale::{Lang, fill};
use crate::texts::Key;

/// The exit code of a fault, which is neither that of findings nor that of input that cannot be read: Rust's own for a panic.
pub(super) const EXIT_CODE: u8 = 101;

/// Lets a panic tell where it is and nothing else: its words may quote what was read, and standard error goes into logs.
pub(super) fn keep_texts_to_itself(lang: Lang) {
    panic::set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
        // Written straight away: the panic may have come where progress or a line is being written.
        let _ = io::stderr().write_all(words(lang, panic.location()).as_bytes());
    }));
}

fn words(lang: Lang, place: Option<&Location<'_>>) -> String {
    let place = place.map(ToString::to_string).unwrap_or_default();
    let told = fill(lang.text(Key::OwnFault), &[("version", env!("CARGO_PKG_VERSION"))]);
    // The word is the one that people know from Rust, and look for.
    format!("santun: panicked at {place}\n{}: {told}\n", lang.text(Key::LabelTrouble))
}
