//! E-mail as it travels (RFC 5322, MIME): header fields, and the text that its reader sees as the body.
//!
//! Everything is found by its bytes; a part is decoded only if it is read.

use std::borrow::Cow;

use super::parts::{self, Body, Entity};
use super::{Hints, Reading, channel, structure};
use crate::calendar::Moment;
use crate::decode::{charset, header};
use crate::message::{Field, Message, Note, Part};
use crate::source::{Text, Window};
use crate::span::{SpanMap, TextSpan};

/// Header fields that are read, and the part that each is.
const FIELDS: [(&str, Part); 6] = [
    ("from", Part::From),
    ("to", Part::To),
    ("cc", Part::Cc),
    ("bcc", Part::Bcc),
    ("subject", Part::Subject),
    ("date", Part::Date),
];

/// Header fields that programs write and people do not: one of them tells a mail from a draft.
const BY_PROGRAMS: [&str; 14] = [
    "arc-seal",
    "content-transfer-encoding",
    "content-type",
    "delivered-to",
    "dkim-signature",
    "in-reply-to",
    "message-id",
    "mime-version",
    "received",
    "references",
    "return-path",
    "user-agent",
    "x-mailer",
    "x-received",
];

/// A file that begins with header fields of which one is written by programs; one named as a mail may do without it.
pub(super) fn sniff(file_name: &str, head: &str) -> bool {
    let named = file_name.to_ascii_lowercase().ends_with(".eml");
    let mut fields = 0;
    for line in head.split(['\n', '\r']).skip_while(|line| line.is_empty() || line.starts_with("From ")) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && fields > 0 {
            continue;
        }
        let Some(name) = parts::field_name(line.as_bytes()) else { break };
        fields += 1;
        if BY_PROGRAMS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())) {
            return true;
        }
    }
    named && fields > 0
}

pub(super) fn read<'w>(_: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let bytes = window.bytes.as_slice();
    let map = SpanMap::verbatim(window.base, bytes.len());
    vec![Ok(message(bytes, &map, window.line, window.index, hints).into())]
}

/// The message that `bytes` hold, of which `map` tells where in the source they stand. It begins in `line` and is message `index`.
pub(super) fn message<'w>(bytes: &[u8], map: &SpanMap, line: u64, index: u64, hints: &Hints) -> Message<'w> {
    let (bytes, plain) = plain_bytes(bytes);
    let bytes = bytes.as_ref();
    let map = &plain.map_or_else(|| map.clone(), |plain| plain.behind(map));
    let entity = Entity::parse(bytes, 0..bytes.len());
    let mut notes: Vec<Note> = Vec::new();
    if let Some(at) = entity.broken_at {
        notes.push(Note::BadHeader(line + memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64));
    }
    let mut values: Vec<(Part, String, SpanMap)> = Vec::new();
    for (part, value) in entity.fields.iter().filter_map(|field| Some((part_of(field.name)?, field.value.clone()))) {
        let span = header::trimmed(&bytes[value.clone()]).range();
        let (from, to) = (value.start + span.start, value.start + span.end);
        let end = to.min(from.saturating_add(hints.limits.field_bytes));
        if end < to {
            notes.push(Note::FieldCut(hints.limits.field_bytes));
        }
        let (text, inner) = header::text(&bytes[from..end], from as u64);
        match values.iter_mut().find(|(known, ..)| *known == part) {
            // Of recipients there may be several fields; of the rest, the first counts.
            Some((Part::To | Part::Cc | Part::Bcc, known, known_map)) => {
                known.push_str(", ");
                known_map.push_atomic(2, from as u64, 0);
                known.push_str(&text);
                known_map.append(&inner);
            }
            Some(_) => {}
            None => values.push((part, text, inner)),
        }
    }
    values.sort_by_key(|(part, ..)| *part);
    let as_field = |(part, text, inner): (Part, String, SpanMap)| Field::new(part, Cow::Owned(text), inner.behind(map));
    let mut fields: Vec<Field<'w>> = values.into_iter().map(as_field).collect();
    let Body { text, map: inner, known, attachments, notes: remarks } = parts::body(bytes, &entity, &hints.limits);
    notes.extend(remarks);
    let mut body = Field::new(Part::Body, Cow::Owned(text), inner.behind(map));
    let (channel, channel_source) = channel::find(hints, None, true, &body.text);
    let sender = structure::divide_with(&mut body, channel, known);
    let sent = fields.iter().find(|field| field.part == Part::Date).and_then(|field| Moment::parse(&field.text));
    fields.push(body);
    Message {
        index,
        id: None,
        channel,
        channel_source,
        fields,
        attachments: Some(attachments),
        sender,
        ours: true,
        sent,
        span: map.locate(TextSpan::new(0..bytes.len())),
        notes,
    }
}

fn part_of(name: &[u8]) -> Option<Part> {
    FIELDS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, part)| *part)
}

/// The bytes of a mail without what an editor put in: UTF-16, a byte order mark, line ends of CR alone; and the map to the
/// bytes as they were, where they differ.
fn plain_bytes(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<SpanMap>) {
    if charset::utf16(bytes).is_some() {
        let (text, map) = charset::marked_utf16(bytes);
        return (Cow::Owned(text.into_bytes()), Some(map));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return (Cow::Borrowed(rest), Some(SpanMap::verbatim(3, rest.len())));
    }
    if memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        let with_lines = bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect();
        return (Cow::Owned(with_lines), None);
    }
    (Cow::Borrowed(bytes), None)
}
