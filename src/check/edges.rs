//! Which part of a body a rule reads: all of it, or the first or last lines of the writer's own text.

use serde::Deserialize;

use crate::message::{Field, Role, Roles};
use crate::span::TextSpan;

/// Where something is sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Within {
    /// In all of it.
    #[default]
    All,
    /// In the first five lines.
    Start,
    /// In the last five lines.
    End,
    /// In both.
    Both,
}

/// How many lines at either end count as start and end.
const EDGE_LINES: usize = 5;

/// The stretches of the writer's own text that `within` means.
pub(super) fn edges(body: &Field<'_>, within: Within) -> Vec<TextSpan> {
    let lines: Vec<TextSpan> = lines(&body.text).filter(|line| is_own(body, *line)).collect();
    let first = lines.iter().take(EDGE_LINES).copied();
    let last = lines.iter().skip(lines.len().saturating_sub(EDGE_LINES)).copied();
    match within {
        // Neighbours in one piece, so that an expression may run from the body into the closing.
        Within::All => body
            .stretches()
            .chunk_by(|a, b| Roles::PROSE.has(a.role) == Roles::PROSE.has(b.role))
            .filter(|run| Roles::PROSE.has(run[0].role))
            .map(|run| TextSpan { start: run[0].text.start, end: run[run.len() - 1].text.end })
            .collect(),
        Within::Start => first.collect(),
        Within::End => last.collect(),
        Within::Both => first.chain(last).collect(),
    }
}

/// Whether something in `line` is the writer's own prose; what stands between placeholders must be words.
pub(super) fn is_own(body: &Field<'_>, line: TextSpan) -> bool {
    let first = body.segments.partition_point(|s| s.text.end <= line.start);
    let segments = || body.segments[first..].iter().take_while(|s| s.text.start < line.end);
    let filled = segments().any(|s| s.role == Role::Placeholder);
    let says = |span: TextSpan| {
        let span = TextSpan { start: span.start.max(line.start), end: span.end.min(line.end) };
        span.of(&body.text).contains(char::is_alphanumeric)
    };
    segments().any(|s| Roles::PROSE.has(s.role) && (!filled || says(s.text)))
}

/// The lines of `text` that hold something, without blanks around them.
pub(super) fn lines(text: &str) -> impl DoubleEndedIterator<Item = TextSpan> {
    let start = text.as_ptr() as usize;
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(move |line| {
        let at = line.as_ptr() as usize - start;
        TextSpan::new(at..at + line.len())
    })
}
