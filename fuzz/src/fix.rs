//! What must hold of fixes, whatever they are put into.

use std::ops::Range;

use santun::diagnostic::Safety;
use santun::lint::{Detail, WindowReport};
use santun::message::Role;
use santun::read::{FORMATS, Format, Hints};
use santun::report::ShownPlace;
use santun::source::Window;
use santun::span::Span;

use crate::{chosen, hints, linter, window};

/// Mends a source in the format that the first byte chooses: with safe fixes, or with all.
///
/// # Panics
///
/// Where what came of it is no longer the same source.
pub fn fix(bytes: &[u8]) {
    let Some((format, source)) = chosen(FORMATS, bytes) else { return };
    check(format, source, if bytes[0] < 128 { Safety::Safe } else { Safety::Review });
}

fn check(format: &Format, bytes: &[u8], most: Safety) {
    let hints = hints();
    let linter = linter(Detail::Findings);
    let mended = linter.mend(format, &window(bytes), &hints, most);
    assert_eq!(mended.bytes.is_some(), mended.applied > 0, "there are new bytes where something was mended");
    let Some(new) = mended.bytes else { return };
    let again = linter.mend(format, &window(&new), &hints, most);
    assert_eq!(again.bytes.map(|bytes| shown(&bytes)), None, "{most:?} twice does more: {}", shown(&new));

    let quoted = quotations(format, &window(bytes), &hints);
    let touches = |span: Span| quoted.iter().any(|quoted| quoted.start < span.end && span.start < quoted.end);
    let first = linter.lint(format, &window(bytes), &hints);
    let edits = first.messages.iter().flat_map(|message| &message.findings).filter_map(|found| found.fix.as_ref());
    for edit in edits.flat_map(|fix| &fix.edits) {
        assert!(!touches(edit.place.span), "what others wrote stays as it is: {} in {}", edit.new, shown(bytes));
    }

    let (before, after) = (first, linter.lint(format, &window(&new), &hints));
    assert_eq!(before.messages.len(), after.messages.len(), "there are as many messages");
    assert_eq!(before.tally.unreadable, after.tally.unreadable, "as many lines cannot be read");
    assert_eq!(senders(&before), senders(&after), "the messages are of the same people");
    let sniffed = |bytes: &[u8]| Format::sniffed("", bytes).name;
    if sniffed(bytes) == format.name {
        assert_eq!(sniffed(&new), format.name, "it is still known by its looks");
    }
    // Whole lines that are added (a greeting, thanks) show the others in another light, and a person looks at what comes of that. How
    // far marks of quotation reach is measured in characters, so a longer word may end a quotation, and bare what it held.
    if most == Safety::Safe && !bytes.contains(&b'"') {
        let touched = lines_with_findings(&before, bytes);
        assert!(
            keeps(bytes, &new, &touched),
            "no more than {touched:?} changed: {}\nbefore: {}",
            shown(&new),
            shown(bytes)
        );
    }
}

/// Where in the source stands what messages quote or pass on.
fn quotations(format: &Format, window: &Window, hints: &Hints) -> Vec<Span> {
    let text = format.decode(window);
    let readings = format.read(&text, window, hints);
    let messages = readings.iter().flatten().flat_map(|conversation| &conversation.messages);
    messages
        .flat_map(|message| &message.fields)
        .flat_map(|field| field.segments.iter().map(move |segment| (field, segment)))
        .filter(|(_, segment)| matches!(segment.role, Role::Quote | Role::Forwarded))
        .map(|(field, segment)| field.locate(segment.text))
        .collect()
}

fn senders(report: &WindowReport) -> Vec<Option<String>> {
    report.messages.iter().map(|message| message.id.clone()).collect()
}

/// The lines of a source in which something was found or is to be put, in order. One fix makes room for another, so that more than
/// what was found at first may change in them.
fn lines_with_findings(report: &WindowReport, bytes: &[u8]) -> Vec<Range<usize>> {
    let line = |place: &ShownPlace| {
        let byte = |at: u64| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
        let (start, end) = (byte(place.span.start), byte(place.span.end));
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let first = bytes[..start].iter().rposition(is_end).map_or(0, |end| end + 1);
        let last = bytes[end..].iter().position(is_end).map_or(bytes.len(), |at| end + at);
        first..last
    };
    let findings = report.messages.iter().flat_map(|message| &message.findings);
    let mut lines: Vec<_> = findings
        .flat_map(|found| {
            let edits = found.fix.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.place);
            std::iter::once(&found.place).chain(edits).map(line).collect::<Vec<_>>()
        })
        .collect();
    lines.sort_by_key(|line| (line.start, line.end));
    lines
}

/// Whether what lies between `touched` of `old` stands in `new`, in the same order, and from the start to the end.
fn keeps(old: &[u8], new: &[u8], touched: &[Range<usize>]) -> bool {
    let mut at = 0;
    let mut rest = new;
    for (number, line) in touched.iter().enumerate() {
        let kept = old.get(at..line.start).unwrap_or_default();
        let place = if number == 0 { rest.starts_with(kept).then_some(0) } else { find(rest, kept) };
        let Some(place) = place else { return false };
        rest = &rest[place + kept.len()..];
        at = at.max(line.end);
    }
    rest.ends_with(&old[at..])
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    (0..=text.len().checked_sub(part.len())?).find(|at| text[*at..].starts_with(part))
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
