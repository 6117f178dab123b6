//! What was found in the pieces of a document whose lines are read by themselves, so that typing in one line of many has no
//! more looked at than that line and a few around it.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::lint::WindowReport;
use crate::report::{Finding, MessageReport, ShownPlace};

/// How many lines a piece has about.
const LINES: u64 = 8;

/// What was found in the pieces of a text.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    known: HashMap<String, WindowReport>,
}

impl Pieces {
    /// The report of a text, of whose pieces only those are linted that are new. None if the program failed at one.
    pub(super) fn report(&mut self, text: &str, look: impl Fn(&str) -> Option<WindowReport>) -> Option<WindowReport> {
        let mut known = HashMap::new();
        let mut all = WindowReport::default();
        let (mut byte, mut line, mut index) = (0, 0, 0);
        for piece in pieces(text) {
            let report = match known.remove(piece).or_else(|| self.known.remove(piece)) {
                Some(report) => report,
                None => look(piece)?,
            };
            all.messages.extend(report.messages.iter().map(|message| moved(message, byte, line, index)));
            all.notes.extend(report.notes.iter().filter(|note| !all.notes.contains(note)).cloned().collect::<Vec<_>>());
            byte += piece.len() as u64;
            line += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
            index += report.messages.last().map_or(0, |message| message.index + 1);
            known.insert(piece.to_owned(), report);
        }
        self.known = known;
        Some(all)
    }
}

/// The text in pieces of whole lines. A piece ends behind a line that the line itself decides on, so that a change of a line
/// moves no other ends.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            end += line.len();
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            if hasher.finish().is_multiple_of(LINES) {
                break;
            }
        }
        let (piece, left) = rest.split_at_checked(end)?;
        rest = left;
        (!piece.is_empty()).then_some(piece)
    })
}

/// A message of a piece, as it stands in the text.
fn moved(message: &MessageReport, byte: u64, line: u64, index: u64) -> MessageReport {
    let mut message = message.clone();
    message.index += index;
    if let Some((own, _)) = &mut message.error {
        *own += line;
    }
    message.findings.iter_mut().flat_map(places).for_each(|place| {
        place.span.start += byte;
        place.span.end += byte;
        place.start.line += line;
        place.end.line += line;
    });
    message
}

/// All places of a finding.
fn places(found: &mut Finding) -> impl Iterator<Item = &mut ShownPlace> {
    let edits = found.fix.iter_mut().flat_map(|fix| fix.edits.iter_mut().map(|edit| &mut edit.place));
    std::iter::once(&mut found.place).chain(edits).chain(found.labels.iter_mut().map(|(place, _)| place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_looked_at_than_changed() {
        let looks = std::cell::Cell::new(0);
        let look = |piece: &str| {
            looks.set(looks.get() + piece.len());
            Some(WindowReport::default())
        };
        let text: String =
            (0..1000).flat_map(|number| ["baris ".to_owned(), number.to_string(), "\n".to_owned()]).collect();
        assert_eq!(pieces(&text).collect::<String>(), text);
        let mut known = Pieces::default();
        known.report(&text, look).unwrap();
        assert_eq!(looks.take(), text.len());
        known.report(&text.replace("baris 500\n", "baris lain\n"), look).unwrap();
        assert!((1..1000).contains(&looks.get()), "{} bytes", looks.get());
    }
}
