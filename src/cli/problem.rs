//! What goes wrong, told on standard error: a sentence, or the place in a pack or a configuration.

use std::io::Write;
use std::ops::Range;
use std::path::Path;

use ariadne::Color;

use super::{progress, terminal};
use crate::harmless::{is_hidden, is_obeyed};
use crate::locale::Lang;
use crate::project::Projects;
use crate::render::drawing::Drawing;
use crate::report::shown;
use crate::texts::Key;

/// Says on standard error that something went wrong.
pub(super) fn say(lang: Lang, text: &str) {
    line(&format!("{}: {text}", lang.text(Key::LabelTrouble)));
}

/// Says on standard error what might help.
pub(super) fn hint(lang: Lang, text: &str) {
    line(&format!("{}: {text}", lang.text(Key::LabelHelp)));
}

/// Writes a line to standard error; a reader who has gone away is no trouble.
pub(super) fn line(text: &str) {
    progress::aside(|| {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    });
}

/// A place in a pack or a configuration, and what is to be said there.
pub(super) struct Spot<'s> {
    /// The file and its text.
    pub(super) path: &'s Path,
    pub(super) text: &'s str,
    /// The word for what it is, and its code.
    pub(super) word: &'s str,
    pub(super) code: Option<&'s str>,
    pub(super) message: &'s str,
    /// What stands at the mark.
    pub(super) label: &'s str,
    pub(super) color: bool,
}

impl Spot<'_> {
    /// The line of the place with the mark under it; none where there is no such place.
    pub(super) fn draw(&self, span: Option<Range<usize>>) -> Option<String> {
        let Self { path, text, word, code, message, label, color } = *self;
        let span = span.filter(|span| span.end <= text.len() && text.is_char_boundary(span.start))?;
        // The line alone: packs are long, and spans of whole tables would be drawn in full.
        let at = crate::source::line_around(text, span.start);
        let row = at.of(text).chars().map(|c| if c == '\t' { ' ' } else { c }).collect::<String>();
        let row = shown_row(&row);
        let start = (span.start - at.start as usize).min(row.len());
        let end = (span.end.min(at.end as usize) - at.start as usize).clamp(start, row.len());
        let number = text.get(..at.start as usize).unwrap_or_default().matches('\n').count() as u64 + 1;
        let column = row.get(..start).unwrap_or_default().chars().count() + 1;
        let drawing = Drawing {
            kind: (word, Color::Red, code),
            message,
            place: &format!("{}:{number}:{column}", shown(&path.display().to_string())),
            line: number,
            row: &row,
            marks: vec![(start..end, label.to_owned())],
            crowded: false,
            color,
        };
        Some(drawing.draw().trim_end().to_owned())
    }
}

/// Shows a place in a pack or a configuration.
fn show(lang: Lang, path: &Path, text: &str, span: Option<Range<usize>>, message: &str) {
    let color = terminal::obeys(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
    let (word, label) = (lang.text(Key::LabelTrouble), lang.text(Key::LabelHere));
    match (Spot { path, text, word, code: None, message, label, color }).draw(span) {
        Some(drawing) => line(&drawing),
        None => say(lang, &format!("{}: {message}", shown(&path.display().to_string()))),
    }
}

/// The row without characters that a terminal would obey or nobody sees, each replaced by one of the same length.
fn shown_row(row: &str) -> String {
    let replaced = |c: char| is_obeyed(c) || is_hidden(c);
    row.chars().flat_map(|c| if replaced(c) { vec!['?'; c.len_utf8()] } else { vec![c] }).collect()
}

/// Shows what went wrong with configurations and packs since this was last asked.
pub(super) fn tell(projects: &mut Projects) {
    let lang = projects.lang();
    for problem in projects.take_problems() {
        for flaw in problem.flaws {
            match &problem.text {
                Some(text) => show(lang, &problem.path, text, flaw.span, &flaw.message),
                None => say(lang, &flaw.message),
            }
        }
    }
}
