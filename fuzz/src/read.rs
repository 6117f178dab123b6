//! What must hold of any bytes as a source, in whichever format they are read.

use std::sync::Arc;

use santun::lint::Detail;
use santun::message::{Field, Message};
use santun::read::{Format, Hints};
use santun::report::ShownPlace;
use santun::source::Window;
use santun::span::{Span, TextSpan};

use crate::{hints, linter, window};

/// Reads and lints `bytes` in the format of that name, in one window and in two, and checks what came of it.
///
/// # Panics
///
/// Where something does not hold.
pub fn check(format: &str, bytes: &[u8]) {
    let format = Format::by_name(format).expect("a format");
    let hints = hints();
    let _ = Format::sniffed(&hints.file_name, bytes);
    check_window(format, &window(bytes), &hints);
    let Some(cut) = format.cut else { return };
    let first = cut_off(format, bytes, bytes.len() / 2);
    let Some((first, rest)) = first else { return };
    let next = Window {
        base: first.bytes.len() as u64,
        line: 1 + first.bytes.iter().filter(|byte| **byte == b'\n').count() as u64,
        index: (cut.count)(&first.head, &first.bytes),
        head: cut.head.map_or_else(Arc::default, |tell| tell(&first).into()),
        last: true,
        bytes: rest.to_vec(),
        ..Window::default()
    };
    check_window(format, &first, &hints);
    check_window(format, &next, &hints);
}

/// The first window of a source of which so many bytes are known, and what is left.
fn cut_off<'b>(format: &Format, bytes: &'b [u8], known: usize) -> Option<(Window, &'b [u8])> {
    let end = (format.cut?.last)(&[], &bytes[..known])?;
    assert!(end <= known, "a window ends within its bytes");
    let (first, rest) = bytes.split_at(end);
    Some((Window { last: false, ..window(first) }, rest))
}

fn check_window(format: &Format, window: &Window, hints: &Hints) {
    let text = format.decode(window);
    let within = Span { start: window.base, end: window.base + window.bytes.len() as u64 };
    for message in format.read(&text, window, hints).iter().flatten().flat_map(|read| &read.messages) {
        check_message(message, within);
    }
    let report = linter(Detail::Lines).lint(format, window, hints);
    for finding in report.messages.iter().flat_map(|message| &message.findings) {
        check_place(&finding.place, within);
    }
}

fn check_message(message: &Message<'_>, within: Span) {
    check_span(message.span, within);
    for field in &message.fields {
        check_field(field, within);
    }
}

fn check_field(field: &Field<'_>, within: Span) {
    let mut at = 0;
    for segment in &field.segments {
        assert_eq!(segment.text.start, at, "segments follow each other");
        assert!(segment.text.end >= at, "segments do not run backwards");
        assert!(field.text.get(segment.text.range()).is_some(), "segments end at characters");
        check_span(field.locate(segment.text), within);
        at = segment.text.end;
    }
    assert_eq!(at as usize, field.text.len(), "segments cover the text");
    assert_eq!(field.map.text_len(), at, "the map covers the text");
    let mut last = 0;
    for token in &field.tokens {
        assert!(token.start >= last, "tokens are in order");
        assert!(field.text.get(token.span().range()).is_some(), "tokens end at characters");
        check_span(field.locate(token.span()), within);
        last = token.start;
    }
    check_span(field.locate(TextSpan::new(0..field.text.len())), within);
}

fn check_place(place: &ShownPlace, within: Span) {
    check_span(place.span, within);
    assert!(place.text.0 <= place.text.1, "a text span runs forwards");
    assert!((place.start.line, place.start.column) <= (place.end.line, place.end.column), "a place runs forwards");
}

fn check_span(span: Span, within: Span) {
    assert!(
        within.start <= span.start && span.start <= span.end && span.end <= within.end,
        "{span:?} lies within {within:?}"
    );
}
