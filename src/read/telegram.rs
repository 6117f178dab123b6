//! Exports of Telegram: `result.json`, of one chat or of all. Every chat is a conversation, every entry of it a turn.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::export::{self, Turn};
use super::{Hints, Reading};
use crate::calendar::Moment;
use crate::decode::json::{self, Document};
use crate::message::{Field, Note, Part, Problem, Role, Unreadable};
use crate::source::{Text, Window};
use crate::span::{Layer, SpanMap, TextSpan};

/// A file: one chat, or the account with all of them.
#[derive(Deserialize)]
#[serde(expecting = "an object with `messages` or `chats`")]
struct Export<'l> {
    #[serde(borrow)]
    messages: Option<Vec<&'l RawValue>>,
    #[serde(borrow)]
    chats: Option<Chats<'l>>,
    /// Chats that the account has left.
    #[serde(borrow)]
    left_chats: Option<Chats<'l>>,
}

#[derive(Deserialize)]
struct Chats<'l> {
    #[serde(borrow, default)]
    list: Vec<Chat<'l>>,
}

#[derive(Deserialize)]
struct Chat<'l> {
    #[serde(borrow, default)]
    messages: Vec<&'l RawValue>,
}

/// An entry of a chat. Values are kept as they stand, so that an odd one spoils no other and each knows its place.
#[derive(Deserialize)]
struct Entry<'l> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'l RawValue>,
    #[serde(borrow)]
    date: Option<&'l RawValue>,
    #[serde(borrow)]
    date_unixtime: Option<&'l RawValue>,
    #[serde(borrow)]
    from: Option<&'l RawValue>,
    #[serde(borrow)]
    from_id: Option<&'l RawValue>,
    #[serde(borrow)]
    text: Option<&'l RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    forwarded_from: Option<&'l RawValue>,
    #[serde(borrow)]
    file: Option<&'l RawValue>,
    #[serde(borrow)]
    photo: Option<&'l RawValue>,
    #[serde(borrow)]
    media_type: Option<&'l RawValue>,
}

/// A stretch of a text with a form of its own.
#[derive(Deserialize)]
struct Entity<'l> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'l RawValue>,
    #[serde(borrow)]
    text: Option<&'l RawValue>,
}

/// What was forwarded from an account that is gone is from `null`.
fn even_null<'l, D: Deserializer<'l>>(deserializer: D) -> Result<Option<&'l RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// An object with the messages of a chat, or with chats. The head may end before the chats of a whole account begin.
pub(super) fn sniff(_: &str, head: &str) -> bool {
    if !head.trim_start().starts_with('{') {
        return false;
    }
    let keys = json::keys(head);
    let has = |depth: usize, names: &[&str]| keys.iter().any(|(at, key)| *at == depth && names.contains(key));
    let dated = has(3, &["date", "date_unixtime"]) && has(3, &["type", "from"]);
    let empty = has(1, &["type"]) && has(1, &["id"]) && !keys.iter().any(|(depth, _)| *depth > 1);
    let chat = has(1, &["messages"]) && !has(1, &["body", "turns"]) && (dated || empty);
    chat || has(1, &["chats"]) && has(2, &["list"]) || has(1, &["about"]) && has(1, &["personal_information"])
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let mut notes = Vec::new();
    let chats = match parse(text) {
        Ok(Export { messages, chats, left_chats }) => {
            let alone = messages.map(|messages| Chat { messages });
            let listed = [chats, left_chats].into_iter().flatten().flat_map(|chats| chats.list);
            alone.into_iter().chain(listed).collect()
        }
        Err((line, problem)) => {
            let line = text.line + line.saturating_sub(1) as u64;
            let chats = salvaged(&text.text);
            if chats.is_empty() {
                return vec![Err(Unreadable { index: window.index, line, id: None, problem })];
            }
            notes.push(Note::Broken(line));
            chats
        }
    };
    let mut index = window.index;
    let mut readings = Vec::new();
    for chat in chats.into_iter().filter(|chat| !chat.messages.is_empty()) {
        let mut odd = 0;
        let turns: Vec<_> = chat.messages.iter().map(|raw| turn(Document(text), raw, &mut odd)).collect();
        let mut notes = std::mem::take(&mut notes);
        if odd > 0 {
            notes.push(Note::OddTurns(odd));
        }
        readings.push(Ok(export::conversation(turns, index, hints, notes)));
        index += chat.messages.len() as u64;
    }
    readings
}

/// The chats of a file that is damaged, as far as their messages can be read.
fn salvaged(text: &str) -> Vec<Chat<'_>> {
    const KEY: &str = "\"messages\"";
    let mut chats = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(KEY)) {
        at += found + KEY.len();
        let rest = text.get(at..).unwrap_or_default().trim_start();
        let list = rest.strip_prefix(':').map(str::trim_start).and_then(|value| value.strip_prefix('['));
        if let Some(list) = list {
            let (messages, end) = json::salvaged(text, text.len() - list.len());
            at = end;
            chats.push(Chat { messages });
        }
    }
    chats.retain(|chat| !chat.messages.is_empty());
    chats
}

/// The chats of a file, or the line from 1 and what is wrong in it.
fn parse<'w>(text: &'w Text<'w>) -> Result<Export<'w>, (usize, Problem)> {
    let lacks = |detail: &str| (1, Problem::Json { column: 1, detail: detail.to_owned() });
    if !text.text.trim_start().starts_with('{') {
        // A list would be read as an object whose keys are left out.
        return Err(lacks("expected value"));
    }
    let export: Export<'_> = serde_json::from_str(&text.text)
        .map_err(|error| (error.line(), Problem::Json { column: error.column(), detail: json::complaint(&error) }))?;
    if export.messages.is_none() && export.chats.is_none() && export.left_chats.is_none() {
        return Err(lacks("missing field `messages`"));
    }
    Ok(export)
}

/// The turn that an entry describes, as far as it has the form of one; `odd` counts those that have not.
fn turn<'w>(document: Document<'w>, raw: &'w RawValue, odd: &mut usize) -> Turn<'w> {
    let span = document.span(raw.get());
    let entry: Option<Entry<'w>> = raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok()).flatten();
    let Some(entry) = entry else {
        *odd += 1;
        return Turn::silent(span);
    };
    let kind = entry.kind.map_or("", RawValue::get);
    if kind == "\"service\"" {
        return Turn::silent(span);
    }
    let mut sound = matches!(kind, "\"message\"" | "\"unsupported\"" | "");
    let mut turn = Turn::silent(span);
    // An account that is gone has no name, but is still somebody.
    turn.sender = [entry.from, entry.from_id].into_iter().flatten().find_map(|raw| sender(document, raw));
    turn.sent = sent(&entry);
    sound &= turn.sender.is_some() || entry.from.is_none() && entry.from_id.is_none();
    sound &= turn.sent.is_some() || entry.date.is_none() && entry.date_unixtime.is_none();
    if let Some(text) = entry.text {
        let mut body = Body { document, text: Cow::Borrowed(""), map: SpanMap::default(), marks: Vec::new() };
        sound &= body.read(text);
        body.map.push_verbatim(0, document.place(text.get()));
        turn.body = Field::new(Part::Body, body.text, document.settled(body.map).wrapped(Layer::Json));
        turn.marks = body.marks;
    }
    if entry.forwarded_from.is_some() {
        turn.marks = vec![(TextSpan::new(0..turn.body.text.len()), Role::Forwarded)];
    }
    // A sticker or an animation is a gesture; nobody waits for an answer to it.
    let gesture = matches!(entry.media_type.map(RawValue::get), Some("\"sticker\"" | "\"animation\""));
    let media = entry.file.or(entry.photo).or(entry.media_type);
    turn.attachments = usize::from(media.is_some() && !gesture);
    *odd += usize::from(!sound);
    turn
}

/// The field of a name or a number by which a sender is known.
fn sender<'w>(document: Document<'w>, raw: &'w RawValue) -> Option<Field<'w>> {
    let mut map = SpanMap::default();
    let name = match raw.get().bytes().next()? {
        b'"' => document.string(raw.get(), &mut map),
        b'0'..=b'9' => {
            map.push_verbatim(raw.get().len(), document.place(raw.get()));
            Cow::Borrowed(raw.get())
        }
        _ => return None,
    };
    (!name.trim().is_empty()).then(|| Field::new(Part::From, name, document.settled(map).wrapped(Layer::Json)))
}

/// When an entry was sent. The count of seconds is exact; the date is what the clock of the exporting computer showed.
fn sent(entry: &Entry<'_>) -> Option<Moment> {
    let plain = |raw: &'_ RawValue| raw.get().trim_matches('"').to_owned();
    let seconds = entry.date_unixtime.and_then(|raw| plain(raw).parse().ok());
    seconds.and_then(Moment::unix).or_else(|| entry.date.and_then(|raw| Moment::parse(&plain(raw))))
}

/// The body of a turn while its pieces are joined.
struct Body<'w> {
    document: Document<'w>,
    text: Cow<'w, str>,
    map: SpanMap,
    marks: Vec<(TextSpan, Role)>,
}

impl<'w> Body<'w> {
    /// Reads a string, or a list of strings and entities. Whether all of it has that form.
    fn read(&mut self, raw: &'w RawValue) -> bool {
        if !raw.get().starts_with('[') {
            return self.push(raw, None);
        }
        let pieces: Vec<&'w RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
        pieces.into_iter().fold(true, |sound, piece| {
            let entity: Option<Entity<'w>> =
                piece.get().starts_with('{').then(|| serde_json::from_str(piece.get()).ok()).flatten();
            let pushed = match entity {
                None => self.push(piece, None),
                Some(Entity { kind, text: Some(text) }) => {
                    let role = match kind.map_or("", RawValue::get) {
                        "\"pre\"" | "\"code\"" | "\"link\"" | "\"mention\"" | "\"bot_command\"" => {
                            Some(Role::Placeholder)
                        }
                        "\"blockquote\"" => Some(Role::Quote),
                        _ => None,
                    };
                    self.push(text, role)
                }
                Some(_) => false,
            };
            pushed && sound
        })
    }

    /// Appends a string, the whole of which has the role.
    fn push(&mut self, raw: &'w RawValue, role: Option<Role>) -> bool {
        if !raw.get().starts_with('"') {
            return false;
        }
        let start = self.text.len();
        if start > 0 {
            // Between two pieces stands what makes them a list.
            self.map.push_seam();
        }
        let piece = self.document.string(raw.get(), &mut self.map);
        if start == 0 {
            self.text = piece;
        } else {
            self.text.to_mut().push_str(&piece);
        }
        let span = TextSpan::new(start..self.text.len());
        self.marks.extend(role.filter(|_| span.start < span.end).map(|role| (span, role)));
        true
    }
}
