//! One row of text with marks under it, drawn by ariadne.
//!
//! ariadne gets a row at a time, already masked and cropped, since it would print whole lines as they are. It counts lines
//! and columns within that row; people want those of their file, which are put in afterwards.

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use unicode_width::UnicodeWidthStr;

/// What is drawn.
#[derive(Debug)]
pub(crate) struct Drawing<'d> {
    /// The word for the kind of problem, its colour, and its code.
    pub(crate) kind: (&'d str, Color, Option<&'d str>),
    /// What is wrong.
    pub(crate) message: &'d str,
    /// Where: path, line and column.
    pub(crate) place: &'d str,
    /// The number of the line.
    pub(crate) line: u64,
    /// The row.
    pub(crate) row: &'d str,
    /// Ranges of bytes of the row, and what is said there.
    pub(crate) marks: Vec<(std::ops::Range<usize>, String)>,
    /// Whether there are so many marks that they get no arrows and nothing is said at them.
    pub(crate) crowded: bool,
    /// Whether colours may be used.
    pub(crate) color: bool,
}

/// How wide texts are at most, in columns.
pub(crate) const WIDTH: usize = 78;

/// What ariadne draws around a row and its labels, in columns.
const FRAME: usize = 7;

/// Stands for the source's name until its place is put in.
const NAME: &str = "\u{1}";

impl Drawing<'_> {
    /// The drawing, or the bare message where ariadne cannot draw.
    pub(crate) fn draw(self) -> String {
        let (word, color, code) = self.kind;
        let head = code.map_or(word.len() + 2, |code| code.len() + word.len() + 5);
        let first = self.marks.first().map_or(0..0, |(range, _)| range.clone());
        let reach = self.marks.iter().map(|(range, _)| range.end).max().unwrap_or(0);
        let column = self.row.get(..reach).map_or(0, UnicodeWidthStr::width) + self.line.to_string().len() + FRAME;
        let fits = |text: &str| column + text.width() <= WIDTH;
        let shown = self.marks.iter().filter(|_| !self.crowded).map(|(_, text)| text.as_str());
        let wide = shown.filter(|text| !fits(text) && text.starts_with('→'));
        let wide = wide.collect::<Vec<_>>().join(", ");
        let message = if wide.is_empty() { self.message.to_owned() } else { format!("{} ({wide})", self.message) };
        let config = Config::new().with_color(self.color).with_index_type(IndexType::Byte);
        let mut report = Report::build(ReportKind::Custom(word, color), (NAME, first))
            .with_config(config)
            .with_message(wrap(&message, "  ", head));
        report = code.into_iter().fold(report, ariadne::ReportBuilder::with_code);
        for (range, text) in &self.marks {
            let label = Label::new((NAME, range.clone())).with_color(color);
            // Without any words ariadne draws no mark at all.
            report = report.with_label(label.with_message(if fits(text) { text } else { "↑" }));
        }
        let mut drawing = Vec::new();
        if report.finish().write((NAME, Source::from(self.row)), &mut drawing).is_err() {
            return format!("{}\n", self.message);
        }
        let drawing = put_place(&String::from_utf8_lossy(&drawing), self.place, self.line, self.crowded);
        // A kind of report of one's own keeps its colour whatever the configuration says.
        if self.color { drawing } else { anstream::adapter::strip_str(&drawing).to_string() }
    }
}

/// Puts the place of the finding where ariadne wrote the name, line and column of the row, and the number of the line where
/// it counted from 1. In a crowded drawing, what stands below the marks is left out.
fn put_place(drawing: &str, place: &str, line: u64, crowded: bool) -> String {
    let number = format!(" {line} ");
    let gap = " ".repeat(number.len() - 3);
    let mut out = String::new();
    let (mut placed, mut numbered, mut marked) = (false, false, false);
    for row in drawing.lines().map(str::trim_end) {
        if let Some((before, after)) = row.split_once(NAME) {
            placed = true;
            let rest = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
            out.extend([&gap, before, place, rest]);
        } else if !placed {
            out.push_str(row);
        } else if let Some((before, after)) = row.split_once(" 1 ").filter(|_| !numbered) {
            numbered = true;
            out.extend([before, &number, after]);
        } else if !(is_empty_gutter(row) || crowded && marked) {
            marked = numbered;
            out.extend([&gap, row]);
        } else {
            continue;
        }
        out.push('\n');
    }
    out
}

/// Whether a row of a drawing holds nothing but its frame.
fn is_empty_gutter(row: &str) -> bool {
    anstream::adapter::strip_str(row).to_string().chars().all(|c| matches!(c, ' ' | '│' | '─' | '╯'))
}

/// Breaks `text` into lines of at most `WIDTH` columns: the first after `head` columns, the later ones behind `indent`.
pub(crate) fn wrap(text: &str, indent: &str, head: usize) -> String {
    let mut out = String::new();
    let (mut width, mut begun) = (head, false);
    for word in text.split_whitespace() {
        let len = word.width();
        if begun && width + 1 + len > WIDTH {
            out.push('\n');
            out.push_str(indent);
            width = indent.len();
        } else if begun {
            out.push(' ');
            width += 1;
        }
        begun = true;
        out.push_str(word);
        width += len;
    }
    out
}
