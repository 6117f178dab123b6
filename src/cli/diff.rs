//! What would be mended, as a unified diff.

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Effects, Style};
use similar::{ChangeTag, TextDiff};

use crate::lint::Linter;
use crate::read::{Format, Hints};
use crate::report::{Masking, masked_line};
use crate::source::Window;
use crate::span::TextSpan;

/// The differences of a window, with lines around them.
#[derive(Debug, Default)]
pub(super) struct Hunks {
    hunks: Vec<Hunk>,
    /// By how many lines the window has grown.
    grown: i64,
    /// Whether something stands here as it does not stand in the source, so that no program can apply it.
    altered: bool,
}

#[derive(Debug)]
struct Hunk {
    /// Lines in the source, from 1, before and after.
    old: Range<u64>,
    new: Range<u64>,
    lines: Vec<(ChangeTag, String)>,
}

/// A side of a difference: text as it may be shown.
struct Side {
    text: String,
    secrets: Vec<TextSpan>,
    /// Whether the text is that of the source, byte by byte.
    exact: bool,
}

impl Side {
    fn of(linter: &Linter<'_>, format: &Format, hints: &Hints, window: &Window) -> Self {
        let decoded = format.decode(window);
        let exact = std::str::from_utf8(&window.bytes).is_ok();
        let as_text = !exact && !format.bytes;
        let text = if as_text { decoded.text.to_string() } else { String::from_utf8_lossy(&window.bytes).into_owned() };
        let mut secrets = Vec::new();
        if linter.masking == Masking::On {
            let place = |at: u64| {
                let within = usize::try_from(at.saturating_sub(window.base)).unwrap_or(usize::MAX);
                if as_text { decoded.map.text_at(at) as usize } else { within }
            };
            let spans = linter.secrets(format, window, hints);
            secrets.extend(spans.into_iter().map(|span| TextSpan::new(place(span.start)..place(span.end))));
        }
        Self { text, secrets, exact }
    }
}

impl Hunks {
    /// The differences between a window and what it was mended to, without what a terminal would obey.
    pub(super) fn between(linter: &Linter<'_>, format: &Format, hints: &Hints, (old, new): (&Window, &Window)) -> Self {
        /// How many lines around a difference are shown.
        const CONTEXT: usize = 3;
        let [before, after] = [old, new].map(|window| Side::of(linter, format, hints, window));
        let [lines, new_lines] = [&before, &after].map(|side| side.text.split_inclusive('\n').collect::<Vec<_>>());
        let diff = TextDiff::configure().diff_slices(&lines, &new_lines);
        let [starts, new_starts] = [&lines, &new_lines].map(|lines| starts(lines));
        let mut hunks = Self { altered: !(before.exact && after.exact), ..Self::default() };
        hunks.grown = signed(new_lines.len()) - signed(lines.len());
        for group in diff.grouped_ops(CONTEXT) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            let mut lines = Vec::new();
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let (side, starts, number) = match change.tag() {
                    ChangeTag::Insert => (&after, &new_starts, change.new_index()),
                    ChangeTag::Delete | ChangeTag::Equal => (&before, &starts, change.old_index()),
                };
                let start = number.and_then(|number| starts.get(number).copied()).unwrap_or_default();
                let span = TextSpan::new(start..start + change.value().len());
                let line = masked_line(&side.text, span, &side.secrets, linter.masking);
                hunks.altered |= line != change.value();
                lines.push((change.tag(), line));
            }
            let numbers = |start: usize, end: usize| old.line + start as u64..old.line + end as u64;
            hunks.hunks.push(Hunk {
                old: numbers(first.old_range().start, last.old_range().end),
                new: numbers(first.new_range().start, last.new_range().end),
                lines,
            });
        }
        hunks
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }

    /// By how many lines the window has grown.
    pub(super) fn grown(&self) -> i64 {
        self.grown
    }

    /// Whether something stands here as it does not stand in the source.
    pub(super) fn is_altered(&self) -> bool {
        self.altered
    }

    /// The diff, behind its head where that is named. What came before it has `grown` by so many lines.
    pub(super) fn drawn(&self, head: Option<&str>, grown: i64, color: bool) -> String {
        let mut out = String::new();
        let mut line = |style: Style, text: &str| {
            let (text, end) = text.strip_suffix('\n').map_or((text, ""), |text| (text, "\n"));
            // Writing to a string cannot fail.
            let _ = if color { write!(out, "{style}{text}{style:#}{end}") } else { write!(out, "{text}{end}") };
        };
        let plain = Style::new();
        if let Some(path) = head {
            let bold = plain.effects(Effects::BOLD);
            line(bold, &format!("--- {path}\n"));
            line(bold, &format!("+++ {path}\n"));
        }
        for hunk in &self.hunks {
            let new = hunk.new.start.saturating_add_signed(grown)..hunk.new.end.saturating_add_signed(grown);
            let mark = format!("@@ -{} +{} @@\n", range(&hunk.old), range(&new));
            line(plain.fg_color(Some(AnsiColor::Cyan.into())), &mark);
            for (tag, text) in &hunk.lines {
                let (sign, style) = match tag {
                    ChangeTag::Equal => (' ', plain),
                    ChangeTag::Delete => ('-', plain.fg_color(Some(AnsiColor::Red.into()))),
                    ChangeTag::Insert => ('+', plain.fg_color(Some(AnsiColor::Green.into()))),
                };
                line(style, &format!("{sign}{text}"));
                if !text.ends_with('\n') {
                    line(plain, "\n\\ No newline at end of file\n");
                }
            }
        }
        out
    }
}

/// Where the lines of a text begin.
fn starts(lines: &[&str]) -> Vec<usize> {
    let lengths = lines.iter().map(|line| line.len());
    lengths.scan(0, |at, len| Some(std::mem::replace(at, *at + len))).collect()
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A range of lines as a hunk has it.
fn range(lines: &Range<u64>) -> String {
    match lines.end - lines.start {
        1 => lines.start.to_string(),
        0 => format!("{},0", lines.start.saturating_sub(1)),
        count => format!("{},{count}", lines.start),
    }
}
