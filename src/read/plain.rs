//! Plain drafts: optional header lines at the top, then the body.

use std::borrow::Cow;

use super::{Hints, Reading, channel, front, structure};
use crate::decode::construct::Dialect;
use crate::decode::percent;
use crate::message::{Channel, Field, Message, Note, Part, Problem, Unreadable};
use crate::source::{Text, Window};
use crate::span::{SpanMap, TextSpan};

/// What a header line can name, in English and Indonesian.
const NAMES: &[(&str, Name)] = &[
    ("subject", Name::Part(Part::Subject)),
    ("subjek", Name::Part(Part::Subject)),
    ("perihal", Name::Part(Part::Subject)),
    ("hal", Name::Part(Part::Subject)),
    ("from", Name::Part(Part::From)),
    ("dari", Name::Part(Part::From)),
    ("to", Name::Part(Part::To)),
    ("kepada", Name::Part(Part::To)),
    ("untuk", Name::Part(Part::To)),
    ("cc", Name::Part(Part::Cc)),
    ("tembusan", Name::Part(Part::Cc)),
    ("bcc", Name::Part(Part::Bcc)),
    ("date", Name::Part(Part::Date)),
    ("tanggal", Name::Part(Part::Date)),
    ("attachment", Name::Part(Part::Attachments)),
    ("attachments", Name::Part(Part::Attachments)),
    ("lampiran", Name::Part(Part::Attachments)),
    ("account", Name::Part(Part::Account)),
    ("akun", Name::Part(Part::Account)),
    ("group", Name::Part(Part::Account)),
    ("grup", Name::Part(Part::Account)),
    ("channel", Name::Channel),
    ("kanal", Name::Channel),
];

/// What a name tells.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// A field.
    Part(Part),
    /// How the message travels.
    Channel,
}

/// What a draft says of itself before its body.
#[derive(Default)]
pub(super) struct Head<'w> {
    /// The fields that it has.
    pub(super) fields: Vec<Field<'w>>,
    /// The channel that it names.
    pub(super) channel: Option<Channel>,
    /// Where the body begins in the text.
    pub(super) end: usize,
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    read_in(Dialect::Message, text, window, hints)
}

/// Reads a draft, or the source of a template for one.
pub(super) fn read_in<'w>(dialect: Dialect, text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let unreadable = |problem| Unreadable { index: window.index, line: text.line, id: None, problem };
    let found = front::head(text).and_then(|found| found.map_or_else(|| head(text), Ok));
    let head = match found {
        Ok(head) => head,
        Err(problem) => return vec![Err(unreadable(problem))],
    };
    let rest = text.text.get(head.end..).unwrap_or_default();
    let mut body = field(text, Part::Body, TextSpan::new(head.end..text.text.len()));
    if let Some((lines, map)) = percent::lines(&body.text) {
        body = Field::new(Part::Body, Cow::Owned(lines), map.behind(&body.map));
    }
    let has_header = head.fields.iter().any(|f| f.part.is_header());
    let (channel, channel_source) = channel::find(hints, head.channel, has_header, rest);
    let sender = structure::divide_in(dialect, &mut body, channel, Vec::new());
    let attachments = head.attachments();
    let mut fields = head.fields;
    fields.push(body);
    let notes = if channel == Channel::Email && !has_header { vec![Note::NoHeader] } else { Vec::new() };
    let span = text.map.locate(TextSpan::new(0..text.text.len()));
    let message = Message {
        index: window.index,
        id: None,
        channel,
        channel_source,
        fields,
        attachments,
        sender,
        ours: true,
        sent: None,
        span,
        notes,
    };
    vec![Ok(message.into())]
}

/// The header lines at the top, with lines that continue them, up to an empty line or one that is none.
fn head<'w>(text: &'w Text<'w>) -> Result<Head<'w>, Problem> {
    let mut head = Head::default();
    // Where the values of each field stand: a header may be repeated.
    let mut values: Vec<(Part, Vec<TextSpan>)> = Vec::new();
    let mut open: Option<(Name, TextSpan)> = None;
    let mut at = 0;
    for line in text.text.split_inclusive('\n') {
        let (start, content) = (at, line.trim_end());
        at += line.len();
        if content.is_empty() {
            if open.is_some() {
                head.end = at;
                break;
            }
            continue;
        }
        if let (Some((_, span)), true) = (&mut open, line.starts_with([' ', '\t'])) {
            span.end = TextSpan::new(0..start + content.len()).end;
            continue;
        }
        let Some((name, value)) = named(content) else {
            head.end = if open.is_some() { start } else { 0 };
            break;
        };
        // A value that is blank stands behind the blank that parts it from its name.
        let blank = usize::from(value == content.len() && line.get(value..).is_some_and(|rest| rest.starts_with(' ')));
        if let Some(previous) =
            open.replace((name, TextSpan::new(start + value + blank..start + content.len() + blank)))
        {
            head.close(text, previous, &mut values)?;
        }
        head.end = at;
    }
    if let Some(last) = open {
        head.close(text, last, &mut values)?;
    }
    head.fields = values.into_iter().map(|(part, spans)| joined(text, part, &spans)).collect();
    Ok(head)
}

impl<'w> Head<'w> {
    /// Takes in a line that has ended.
    fn close(
        &mut self,
        text: &'w Text<'w>,
        (name, span): (Name, TextSpan),
        values: &mut Vec<(Part, Vec<TextSpan>)>,
    ) -> Result<(), Problem> {
        match name {
            Name::Part(part) => match values.iter_mut().find(|(known, _)| *known == part) {
                Some((_, spans)) => spans.push(span),
                None => values.push((part, vec![span])),
            },
            Name::Channel => self.set_channel(span.of(&text.text))?,
        }
        Ok(())
    }

    /// Whether it has that field.
    pub(super) fn has(&self, part: Part) -> bool {
        self.fields.iter().any(|known| known.part == part)
    }

    /// Sets the channel to the one of that name.
    pub(super) fn set_channel(&mut self, name: &str) -> Result<(), Problem> {
        let name = name.trim();
        self.channel = Some(Channel::parse(name).ok_or_else(|| Problem::Channel(name.to_owned()))?);
        Ok(())
    }

    /// How many files it names, if it says so.
    pub(super) fn attachments(&self) -> Option<usize> {
        self.fields.iter().find(|f| f.part == Part::Attachments).map(|f| attached(&f.text))
    }
}

/// The field `part` whose values stand at `spans`, with a comma between two of them.
fn joined<'w>(text: &'w Text<'w>, part: Part, spans: &[TextSpan]) -> Field<'w> {
    if let [span] = spans {
        return field(text, part, *span);
    }
    let (mut all, mut map) = (String::new(), SpanMap::default());
    for span in spans {
        let value = text.map.slice(*span);
        if !all.is_empty() {
            all.push_str(", ");
            map.push_atomic(2, value.locate(TextSpan::default()).start, 0);
        }
        all.push_str(span.of(&text.text));
        map.append(&value);
    }
    Field::new(part, Cow::Owned(all), map)
}

/// What the line names, and where its value begins.
fn named(line: &str) -> Option<(Name, usize)> {
    let (word, value) = line.split_once(':')?;
    let found = name(word)?;
    let lead = value.len() - value.trim_start().len();
    Some((found, word.len() + 1 + lead))
}

/// What the word names, in any capitals.
pub(super) fn name(word: &str) -> Option<Name> {
    let name = word.trim().to_lowercase();
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, found)| *found)
}

fn field<'w>(text: &'w Text<'w>, part: Part, span: TextSpan) -> Field<'w> {
    Field::new(part, Cow::Borrowed(span.of(&text.text)), text.map.slice(span))
}

/// How many files a header line names; `-` and words for none are none.
pub(super) fn attached(value: &str) -> usize {
    let value = value.trim();
    let none = ["", "-", "tidak ada", "none", "nihil", "0"].contains(&value.to_lowercase().as_str());
    if none { 0 } else { value.split([',', ';']).filter(|name| !name.trim().is_empty()).count() }
}
