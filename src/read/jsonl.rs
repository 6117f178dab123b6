//! JSONL: one message a line, as docs describe it. Every line is read by itself.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Cut, Hints, Reading, channel, structure};
use crate::calendar::Moment;
use crate::decode::json::{Document, complaint};
use crate::message::{Channel, Conversation, Field, Message, Part, Problem, Unreadable};
use crate::source::{Text, Window};
use crate::span::{Layer, SpanMap};

/// A line of input. Values are kept as they stand, so that each knows its place.
#[derive(Deserialize)]
#[serde(expecting = "an object with `body` or `turns`")]
struct Line<'l> {
    #[serde(borrow)]
    id: Option<&'l RawValue>,
    #[serde(borrow)]
    channel: Option<Cow<'l, str>>,
    #[serde(borrow)]
    subject: Option<&'l RawValue>,
    #[serde(borrow)]
    from: Option<&'l RawValue>,
    #[serde(borrow)]
    to: Option<&'l RawValue>,
    #[serde(borrow)]
    cc: Option<&'l RawValue>,
    #[serde(borrow)]
    bcc: Option<&'l RawValue>,
    #[serde(borrow)]
    date: Option<&'l RawValue>,
    #[serde(borrow)]
    account: Option<&'l RawValue>,
    #[serde(borrow)]
    attachments: Option<&'l RawValue>,
    #[serde(borrow)]
    body: Option<&'l RawValue>,
    ours: Option<bool>,
    /// The messages of a conversation, in the form of lines.
    #[serde(borrow)]
    turns: Option<Vec<&'l RawValue>>,
}

/// A file named so, or one whose first line is a JSON object with a body.
pub(super) fn sniff(file_name: &str, head: &str) -> bool {
    let named = [".jsonl", ".ndjson"].iter().any(|ending| file_name.to_ascii_lowercase().ends_with(ending));
    let line = head.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim_start();
    named || line.starts_with('{') && (line.contains("\"body\"") || line.contains("\"turns\""))
}

/// Lines are read by themselves.
pub(super) const CUT: Cut = Cut {
    last: |_, bytes| memchr::memrchr(b'\n', bytes).map(|end| end + 1),
    count: |_, bytes| filled_lines(bytes),
    head: None,
};

/// How many lines hold something.
fn filled_lines(bytes: &[u8]) -> u64 {
    bytes.split(|b| *b == b'\n').filter(|line| line.iter().any(|b| !b.is_ascii_whitespace())).count() as u64
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints, take: &mut dyn FnMut(Reading<'w>)) {
    let (mut line, mut index) = (text.line, window.index);
    for piece in text.text.split_inclusive('\n') {
        let trimmed = piece.trim();
        if !trimmed.is_empty() {
            let reading = conversation(Document(text), trimmed, index, hints);
            take(reading.map_err(|problem| Unreadable { index, line, id: id_of(trimmed), problem }));
            index += 1;
        }
        line += 1;
    }
}

fn conversation<'w>(
    document: Document<'w>,
    line: &'w str,
    index: u64,
    hints: &Hints,
) -> Result<Conversation<'w>, Problem> {
    let source = Place { document, line };
    let mut fields = source.parse(line)?;
    let turns = fields.turns.take().unwrap_or_default();
    if turns.is_empty() {
        return Ok(source.message(line, &fields, index, hints)?.into());
    }
    if fields.body.is_some() {
        return Err(Problem::Json { column: 1, detail: "either `body` or `turns`".to_owned() });
    }
    let mut messages = Vec::with_capacity(turns.len());
    for turn in turns {
        let mut own = source.parse(turn.get())?;
        // What is said of the conversation holds for its turns.
        own.channel = own.channel.or_else(|| fields.channel.clone());
        own.account = own.account.or(fields.account);
        own.id = own.id.or(fields.id);
        messages.push(source.message(turn.get(), &own, index, hints)?);
    }
    Ok(Conversation { messages, notes: Vec::new() })
}

/// The `id` of a line of which nothing else can be read.
fn id_of(line: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct OnlyId<'l> {
        #[serde(borrow)]
        id: Option<&'l RawValue>,
    }
    serde_json::from_str::<OnlyId<'_>>(line).ok()?.id.map(|raw| raw.get().to_owned())
}

/// A line within the text of its window.
struct Place<'w> {
    document: Document<'w>,
    line: &'w str,
}

impl<'w> Place<'w> {
    /// The keys of an object that stands in the line.
    fn parse(&self, object: &'w str) -> Result<Line<'w>, Problem> {
        let at = self.offset(object);
        let problem =
            |error: serde_json::Error| Problem::Json { column: at + error.column(), detail: complaint(&error) };
        if !object.starts_with('{') {
            // A list would be read as an object whose keys are left out.
            return Err(Problem::Json { column: at + 1, detail: "expected value".to_owned() });
        }
        serde_json::from_str(object).map_err(problem)
    }

    /// The message that an object of the line describes.
    fn message(&self, object: &'w str, fields: &Line<'w>, index: u64, hints: &Hints) -> Result<Message<'w>, Problem> {
        let named = match fields.channel.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(name) => Some(Channel::parse(name).ok_or_else(|| Problem::Channel(name.to_owned()))?),
        };
        let Some(raw_body) = fields.body else {
            let column = self.offset(object) + object.len();
            return Err(Problem::Json { column, detail: "missing field `body`".to_owned() });
        };
        let parts = [
            (Part::From, fields.from),
            (Part::To, fields.to),
            (Part::Cc, fields.cc),
            (Part::Bcc, fields.bcc),
            (Part::Subject, fields.subject),
            (Part::Date, fields.date),
            (Part::Account, fields.account),
            (Part::Attachments, fields.attachments),
        ];
        let mut list = Vec::new();
        let mut attachments = None;
        for (part, value) in parts {
            let Some(raw) = value.filter(|raw| raw.get() != "null") else { continue };
            let (field, items) = self.field(part, raw)?;
            if part == Part::Attachments {
                attachments = Some(items);
            }
            list.push(field);
        }
        let (mut body, _) = self.field(Part::Body, raw_body)?;
        let sent = list.iter().find(|field| field.part == Part::Date).and_then(|field| Moment::parse(&field.text));
        let has_header = list.iter().any(|field| field.part.is_header() && field.part != Part::Attachments);
        let (channel, channel_source) = channel::find(hints, named, has_header, &body.text);
        let sender = structure::divide(&mut body, channel);
        list.push(body);
        Ok(Message {
            index,
            id: fields.id.map(|raw| Cow::Borrowed(raw.get())),
            channel,
            channel_source,
            fields: list,
            attachments,
            sender,
            ours: fields.ours.unwrap_or(true),
            sent,
            span: self.document.span(object),
            notes: Vec::new(),
        })
    }

    /// A field from a string or a list of strings, and how many there are.
    fn field(&self, part: Part, raw: &'w RawValue) -> Result<(Field<'w>, usize), Problem> {
        let wrong = |detail: &str| Problem::Json {
            column: self.offset(raw.get()) + 1,
            detail: format!("`{}`: {detail}", part.name()),
        };
        let mut map = SpanMap::default();
        let (text, count) = if raw.get().starts_with('"') {
            (self.document.string(raw.get(), &mut map), 1)
        } else if raw.get().starts_with('[') && part != Part::Body {
            let items: Vec<&'w RawValue> =
                serde_json::from_str(raw.get()).map_err(|error| wrong(&complaint(&error)))?;
            let mut joined = String::new();
            for (index, item) in items.iter().enumerate() {
                if !item.get().starts_with('"') {
                    return Err(wrong("expected a list of strings"));
                }
                if index > 0 {
                    joined.push_str(", ");
                    map.push_atomic(2, self.document.place(item.get()), 0);
                }
                joined.push_str(&self.document.string(item.get(), &mut map));
            }
            (Cow::Owned(joined), items.len())
        } else {
            return Err(wrong("expected a string"));
        };
        Ok((Field::new(part, text, self.document.settled(map).wrapped(Layer::Json)), count))
    }

    /// Where a value stands in the line, in bytes.
    fn offset(&self, value: &str) -> usize {
        self.document.offset(value) - self.document.offset(self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_the_same_as_left_out() {
        let line = r#"{"id":null,"channel":null,"subject":null,"body":"Baik.","ours":null,"turns":null}"#;
        let text = Text { text: line.into(), map: SpanMap::verbatim(0, line.len()), ..Text::default() };
        let read = conversation(Document(&text), line, 0, &Hints::default()).unwrap();
        assert!(read.messages.len() == 1 && read.messages[0].ours);
    }
}
