//! Tables in CSV and TSV: the first record names the columns, every further one is a message.
//!
//! The bytes are walked in the same way whether a window is cut, counted or read, so that all three agree on what is quoted.

use std::borrow::Cow;
use std::ops::Range;

use super::{Cut, Hints, Reading, channel, plain, structure};
use crate::calendar::Moment;
use crate::decode::charset;
use crate::decode::json::Document;
use crate::message::{Channel, Conversation, Field, Message, Note, Part, Problem, Unreadable};
use crate::source::{Text, Window};
use crate::span::{Layer, SpanMap, TextSpan};
use crate::token;

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// A field of the message.
    Part(Part),
    /// The channel by its name.
    Channel,
    /// Anything by which the message is known.
    Id,
}

impl Column {
    /// All that a column can hold, in the order in which complaints list it.
    pub const ALL: [Self; 11] = [
        Self::Part(Part::Body),
        Self::Part(Part::Subject),
        Self::Part(Part::From),
        Self::Part(Part::To),
        Self::Part(Part::Cc),
        Self::Part(Part::Bcc),
        Self::Part(Part::Date),
        Self::Channel,
        Self::Id,
        Self::Part(Part::Account),
        Self::Part(Part::Attachments),
    ];

    /// The name in `--columns`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Part(part) => part.name(),
            Self::Channel => "channel",
            Self::Id => "id",
        }
    }

    /// What is called so, in any capitals.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// What columns are called, as `folded` gives it. Of several that could be the same part, the one is taken whose name stands
/// first here.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Part(Part::Body),
        &[
            "body",
            "isi",
            "pesan",
            "isi pesan",
            "isi surel",
            "isi surat",
            "isi email",
            "message",
            "text",
            "teks",
            "konten",
            "content",
            "caption",
            "unggahan",
            "komentar",
            "comment",
        ],
    ),
    (Column::Part(Part::Subject), &["subject", "subjek", "perihal", "hal", "judul"]),
    (Column::Part(Part::From), &["from", "dari", "pengirim", "sender"]),
    (Column::Part(Part::To), &["to", "kepada", "penerima", "untuk", "recipient"]),
    (Column::Part(Part::Cc), &["cc", "tembusan"]),
    (Column::Part(Part::Bcc), &["bcc"]),
    (Column::Part(Part::Date), &["date", "tanggal", "tgl", "waktu", "time"]),
    (Column::Channel, &["channel", "kanal"]),
    (Column::Id, &["id", "no", "nomor"]),
    (Column::Part(Part::Account), &["account", "akun", "group", "grup"]),
    (Column::Part(Part::Attachments), &["attachments", "attachment", "lampiran"]),
];

/// The order of a message's fields; the body comes last.
const FIELDS: [Part; 8] =
    [Part::From, Part::To, Part::Cc, Part::Bcc, Part::Subject, Part::Date, Part::Account, Part::Attachments];

/// What may stand between cells; of those that occur equally often, the first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// How many names of columns a complaint lists.
const LISTED: usize = 20;

/// How long the name of a column is in a table that is known by its content alone.
const NAME_CHARS: usize = 30;

/// From how many bytes on the start of a source may be less than the whole.
const LONG_HEAD: usize = 32 << 10;

/// A file named so; or one whose first line can be nothing but names of columns, and whose records have as many cells.
pub(super) fn sniff(file_name: &str, head: &str) -> bool {
    if [".csv", ".tsv"].iter().any(|ending| file_name.to_ascii_lowercase().ends_with(ending)) {
        return true;
    }
    let mut cells = Cells::over(&[], head.as_bytes());
    if cells.separator.is_none() {
        return false;
    }
    let mut names = Vec::new();
    let Some(record) = cells.record(|_, range| names.push(head.get(range).unwrap_or_default())) else { return false };
    // Most drafts begin with a line that holds a comma, so a name has no blanks at its ends and no marks.
    let is_name = |raw: &&str| {
        let name = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
        !name.is_empty() && name.trim() == name && name.chars().count() <= NAME_CHARS && name.chars().all(plain)
    };
    let known = known_names(Column::Part(Part::Body));
    let has_body = names.iter().any(|name| known.contains(&folded(name).as_str()));
    if !record.ended || !has_body || !names.iter().all(is_name) || !cells.finds_record() {
        return false;
    }
    // Lines of prose have commas as it comes. What ends a long head may have been cut off.
    let fits = |next: &Record| next.cells == names.len() || !next.ended && head.len() >= LONG_HEAD;
    std::iter::from_fn(|| cells.record(|_, _| ())).all(|next| fits(&next))
}

/// Records are read by themselves, once it is known what their columns are.
pub(super) const CUT: Cut = Cut { last, count, head: Some(head) };

/// The end of the last line that ends a record.
fn last(head: &[u8], bytes: &[u8]) -> Option<usize> {
    let mut cells = Cells::over(head, bytes);
    let mut last = 0;
    while cells.finds_record() && cells.record(|_, _| ()).is_some_and(|record| record.ended) {
        last = cells.at;
    }
    Some(last.max(cells.blank)).filter(|end| *end > 0)
}

fn count(head: &[u8], bytes: &[u8]) -> u64 {
    let mut cells = Cells::over(head, bytes);
    let mut records = 0_u64;
    while cells.record(|_, _| ()).is_some() {
        records += 1;
    }
    // The header is no message.
    if head.is_empty() { records.saturating_sub(1) } else { records }
}

/// What windows have to know of the first: the separator (an end of line where there is none), then the header, in UTF-8, since
/// an older encoding may be guessed otherwise in another place.
fn head(window: &Window) -> Vec<u8> {
    let text = charset::decode(window);
    let mut cells = Cells::over(&[], text.text.as_bytes());
    let Some(header) = cells.record(|_, _| ()) else { return Vec::new() };
    let mut head = vec![cells.separator.unwrap_or(b'\n')];
    head.extend_from_slice(text.text.as_bytes().get(header.range).unwrap_or_default());
    head
}

/// Walks over the cells of a table.
struct Cells<'b> {
    bytes: &'b [u8],
    at: usize,
    /// The end of the last blank line that was passed over.
    blank: usize,
    /// None where the header has one column, so that the whole line is its cell.
    separator: Option<u8>,
}

/// A record that was walked over.
struct Record {
    /// Its bytes, without its line end.
    range: Range<usize>,
    /// How many cells it has.
    cells: usize,
    /// Whether a line end stands behind it.
    ended: bool,
}

impl<'b> Cells<'b> {
    /// The cells of `bytes`, which begin with the header where `head` is empty.
    fn over(head: &[u8], bytes: &'b [u8]) -> Self {
        let Some(separator) = head.first() else {
            let at = if bytes.starts_with("\u{feff}".as_bytes()) { '\u{feff}'.len_utf8() } else { 0 };
            return Self { bytes, at, blank: 0, separator: separator(bytes, at) };
        };
        Self { bytes, at: 0, blank: 0, separator: Some(*separator).filter(|byte| *byte != b'\n') }
    }

    /// Passes over blank lines; whether a record follows.
    fn finds_record(&mut self) -> bool {
        let start = self.at;
        for (offset, byte) in self.bytes.get(start..).unwrap_or_default().iter().enumerate() {
            match byte {
                b'\n' => {
                    self.at = start + offset + 1;
                    self.blank = self.at;
                }
                byte if byte.is_ascii_whitespace() && Some(*byte) != self.separator => {}
                _ => return true,
            }
        }
        false
    }

    /// The next record. `cell` is told the number of each cell and its bytes, with its quotes.
    fn record(&mut self, mut cell: impl FnMut(usize, Range<usize>)) -> Option<Record> {
        if !self.finds_record() {
            return None;
        }
        let start = self.at;
        let mut cells = 0;
        loop {
            let (range, stop) = self.cell();
            let end = range.end;
            cell(cells, range);
            cells += 1;
            if stop.is_none_or(|byte| byte == b'\n') {
                return Some(Record { range: start..end, cells, ended: stop.is_some() });
            }
        }
    }

    /// The next cell, and what stands behind it.
    fn cell(&mut self) -> (Range<usize>, Option<u8>) {
        let start = self.at;
        // A quotation mark within a cell is one of its characters; only the first opens.
        let open = if self.bytes.get(start) == Some(&b'"') { quoted_end(self.bytes, start) } else { start };
        let rest = self.bytes.get(open..).unwrap_or_default();
        let found = match self.separator {
            Some(separator) => memchr::memchr2(separator, b'\n', rest),
            None => memchr::memchr(b'\n', rest),
        };
        let end = found.map_or(self.bytes.len(), |found| open + found);
        let stop = self.bytes.get(end).copied();
        self.at = if stop.is_some() { end + 1 } else { end };
        let content = self.bytes.get(open..end).unwrap_or_default();
        let carriage = stop.is_none_or(|byte| byte == b'\n') && content.ends_with(b"\r");
        (start..end - usize::from(carriage), stop)
    }
}

/// Where the cell that is quoted from `start` on has its closing mark, one past it; where nothing closes it, the end.
fn quoted_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(mark) = memchr::memchr(b'"', bytes.get(at..).unwrap_or_default()).map(|mark| at + mark) {
        if bytes.get(mark + 1) != Some(&b'"') {
            return mark + 1;
        }
        at = mark + 2;
    }
    bytes.len()
}

/// What stands between the cells of the header, which begins at `at` or after blank lines: what occurs most outside quotes.
fn separator(bytes: &[u8], at: usize) -> Option<u8> {
    let blank = |byte: &&u8| byte.is_ascii_whitespace();
    let mut at = at + bytes.get(at..).unwrap_or_default().iter().take_while(blank).count();
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut opens = true;
    while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'\n') {
        if *byte == b'"' && opens {
            at = quoted_end(bytes, at);
            opens = false;
            continue;
        }
        opens = false;
        for (_, count) in SEPARATORS.iter().zip(&mut counts).filter(|(separator, _)| *separator == byte) {
            *count += 1;
            opens = true;
        }
        at += 1;
    }
    let most = counts.into_iter().max().unwrap_or_default();
    SEPARATORS.into_iter().zip(counts).find(|(_, count)| *count == most && most > 0).map(|(separator, _)| separator)
}

/// The text of the cell `raw`, which stands at `at`. `map` gains its pieces: two quotation marks are one, the rest is verbatim.
fn unquoted<'r>(raw: &'r str, at: u64, map: &mut SpanMap) -> Cow<'r, str> {
    let Some(inner) = raw.strip_prefix('"') else {
        map.push_verbatim(raw.len(), at);
        return Cow::Borrowed(raw);
    };
    let base = at + 1;
    let next = |from: usize| memchr::memchr(b'"', inner.as_bytes().get(from..).unwrap_or_default()).map(|n| from + n);
    let first = next(0).unwrap_or(inner.len());
    if first + 1 >= inner.len() {
        map.push_verbatim(first, base);
        return Cow::Borrowed(inner.get(..first).unwrap_or_default());
    }
    let mut text = String::with_capacity(inner.len());
    let (mut from, mut mark) = (0, Some(first));
    while let Some(at) = mark {
        let plain = inner.get(from..at).unwrap_or_default();
        text.push_str(plain);
        map.push_verbatim(plain.len(), base + from as u64);
        if inner.as_bytes().get(at + 1) == Some(&b'"') {
            text.push('"');
            map.push_atomic(1, base + at as u64, 2);
            from = at + 2;
            mark = next(from);
        } else {
            // What stands behind the closing mark belongs to the cell, too, and is not quoted.
            from = at + 1;
            mark = None;
        }
    }
    let plain = inner.get(from..).unwrap_or_default();
    text.push_str(plain);
    map.push_verbatim(plain.len(), base + from as u64);
    Cow::Owned(text)
}

/// The name of a column as names are compared: without capitals, and with blanks for what joins words.
fn folded(name: &str) -> String {
    let name = token::fold(name.trim_matches(|c: char| !c.is_alphanumeric())).replace(['_', '-'], " ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names by which a column is known to hold this.
fn known_names(column: Column) -> &'static [&'static str] {
    NAMES.iter().find(|(known, _)| *known == column).map_or(&[], |(_, names)| names)
}

/// Which columns of a table are read.
struct Layout {
    /// How many columns there are.
    columns: usize,
    /// Numbers of columns, in order, with what they hold.
    wanted: Vec<(usize, Column)>,
}

/// What a table lacks.
enum Lack {
    /// A column that holds messages, among these; such a table may be about something else.
    Messages(Vec<String>),
    /// A column that was asked for.
    Named(Problem),
}

impl Layout {
    /// The layout of a table whose header is `header`.
    fn of(header: &str, separator: Option<u8>, hints: &Hints) -> Result<Self, Lack> {
        let mut cells = Cells { bytes: header.as_bytes(), at: 0, blank: 0, separator };
        let mut names = Vec::new();
        cells.record(|_, range| {
            let raw = header.get(range).unwrap_or_default();
            names.push(unquoted(raw, 0, &mut SpanMap::default()));
        });
        let plain: Vec<String> = names.iter().map(|name| folded(name)).collect();
        let listed = || {
            let mut there: Vec<String> = names.iter().take(LISTED).map(|name| name.trim().to_owned()).collect();
            if names.len() > LISTED {
                there.push("…".to_owned());
            }
            there
        };
        let missing = |column: Column, name: &str| {
            Lack::Named(Problem::Column { part: column.name(), name: name.to_owned(), there: listed() })
        };
        let mut wanted: Vec<(usize, Column)> = Vec::new();
        for (column, name) in &hints.columns {
            let exact = names.iter().position(|own| own.trim() == name.trim());
            let at = exact.or_else(|| plain.iter().position(|own| *own == folded(name)));
            // What is said last of a part counts, as for other options.
            wanted.retain(|(_, known)| known != column);
            wanted.push((at.ok_or_else(|| missing(*column, name))?, *column));
        }
        if hints.columns.is_empty() {
            let at = |known: &[&str]| known.iter().find_map(|name| plain.iter().position(|own| own == name));
            wanted.extend(NAMES.iter().filter_map(|(column, known)| Some((at(known)?, *column))));
        }
        let body = Column::Part(Part::Body);
        if !wanted.iter().any(|(_, column)| *column == body) {
            return Err(Lack::Messages(listed()));
        }
        wanted.sort_by_key(|(at, _)| *at);
        Ok(Self { columns: names.len(), wanted })
    }
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let mut cells = Cells::over(&window.head, text.text.as_bytes());
    let mut lines = Lines { text: &text.text, at: 0, line: text.line };
    let layout = if window.head.is_empty() {
        let Some(header) = cells.record(|_, _| ()) else { return Vec::new() };
        let line = lines.of(header.range.start);
        match Layout::of(text.text.get(header.range).unwrap_or_default(), cells.separator, hints) {
            Ok(layout) => layout,
            Err(Lack::Named(problem)) => {
                return vec![Err(Unreadable { index: window.index, line, id: None, problem })];
            }
            Err(Lack::Messages(there)) => {
                return vec![Ok(Conversation { messages: Vec::new(), notes: vec![Note::NoColumn(there)] })];
            }
        }
    } else {
        // A header of which nothing can be made was told in its own window.
        let header = window.head.get(1..).and_then(|header| std::str::from_utf8(header).ok()).unwrap_or_default();
        let Ok(layout) = Layout::of(header, cells.separator, hints) else { return Vec::new() };
        layout
    };
    let mut readings = Vec::new();
    let mut index = window.index;
    loop {
        let mut row = Row { text, cells: vec![None; layout.wanted.len()], layout: &layout, filled: 0 };
        let Some(record) = cells.record(|number, range| row.take(number, range)) else { return readings };
        let line = lines.of(record.range.start);
        let message = row.message(record.range, index, hints);
        readings.push(match message {
            Ok(message) => Ok(message.into()),
            Err(problem) => Err(Unreadable { index, line, id: row.id(), problem }),
        });
        index += 1;
    }
}

/// Counts lines up to offsets that rise.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, offset: usize) -> u64 {
        let passed = self.text.as_bytes().get(self.at..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at = offset;
        self.line
    }
}

/// A record whose cells are known.
struct Row<'w, 'l> {
    text: &'w Text<'w>,
    layout: &'l Layout,
    /// The cells that are wanted, as the layout lists them.
    cells: Vec<Option<Range<usize>>>,
    /// How many cells there are up to the last one that holds something beyond the columns.
    filled: usize,
}

impl<'w> Row<'w, '_> {
    fn take(&mut self, number: usize, range: Range<usize>) {
        if number >= self.layout.columns {
            let bytes = self.text.text.as_bytes().get(range).unwrap_or_default();
            if !bytes.trim_ascii().is_empty() {
                self.filled = number + 1;
            }
            return;
        }
        let first = self.layout.wanted.partition_point(|(at, _)| *at < number);
        let same = self.layout.wanted.iter().skip(first).take_while(|(at, _)| *at == number).count();
        self.cells.iter_mut().skip(first).take(same).for_each(|cell| *cell = Some(range.clone()));
    }

    /// The cell that holds `column`; none where the table has no such column, or the record ends before it.
    fn cell(&self, column: Column) -> Option<(Cow<'w, str>, SpanMap)> {
        let at = self.layout.wanted.iter().position(|(_, known)| *known == column)?;
        let raw = self.text.text.get(self.cells.get(at)?.clone()?)?;
        let document = Document(self.text);
        let mut map = SpanMap::default();
        let text = unquoted(raw, document.place(raw), &mut map);
        let layer = if raw.starts_with('"') { Layer::Cell } else { Layer::Bare };
        Some((text, document.settled(map).wrapped(layer)))
    }

    /// The cell, if it is not blank: an empty cell says nothing, as a column holds a cell for every message.
    fn filled_cell(&self, column: Column) -> Option<(Cow<'w, str>, SpanMap)> {
        self.cell(column).filter(|(text, _)| !text.trim().is_empty())
    }

    /// The id as JSON.
    fn id(&self) -> Option<String> {
        self.filled_cell(Column::Id).map(|(id, _)| serde_json::Value::from(id).to_string())
    }

    fn message(&self, range: Range<usize>, index: u64, hints: &Hints) -> Result<Message<'w>, Problem> {
        if self.filled > 0 {
            return Err(Problem::Cells(self.filled));
        }
        let named = match self.filled_cell(Column::Channel) {
            None => None,
            Some((name, _)) => {
                let name = name.trim();
                Some(Channel::parse(name).ok_or_else(|| Problem::Channel(name.to_owned()))?)
            }
        };
        let mut fields: Vec<Field<'w>> = FIELDS
            .into_iter()
            .filter_map(|part| self.filled_cell(Column::Part(part)).map(|(text, map)| Field::new(part, text, map)))
            .collect();
        let end = self.text.map.slice(TextSpan::new(range.end..range.end));
        let (text, map) = self.cell(Column::Part(Part::Body)).unwrap_or((Cow::Borrowed(""), end));
        let mut body = Field::new(Part::Body, text, map);
        let sent = fields.iter().find(|field| field.part == Part::Date).and_then(|field| Moment::parse(&field.text));
        // Tables of any channel have a column of dates.
        let has_header =
            fields.iter().any(|field| field.part.is_header() && !matches!(field.part, Part::Date | Part::Attachments));
        let (channel, channel_source) = channel::find(hints, named, has_header, &body.text);
        let sender = structure::divide(&mut body, channel);
        let attachments = self.cell(Column::Part(Part::Attachments)).map(|(names, _)| plain::attached(&names));
        fields.push(body);
        Ok(Message {
            index,
            id: self.id().map(Cow::Owned),
            channel,
            channel_source,
            fields,
            attachments,
            sender,
            ours: true,
            sent,
            span: self.text.map.locate(TextSpan::new(range)),
            notes: Vec::new(),
        })
    }
}
