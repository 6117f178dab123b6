//! Exports of Slack: the JSON list of a day of a channel. Every entry is a turn; answers in threads stand where they were sent.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::export::{self, Turn};
use super::{Hints, Reading};
use crate::calendar::Moment;
use crate::decode::json::{self, Document};
use crate::message::{Field, Note, Part, Problem, Role, Unreadable};
use crate::source::{Text, Window};
use crate::span::{Layer, SpanMap, TextSpan};

/// Kinds of entries in which somebody speaks; in all others (somebody joined, a topic was set) the program does.
const SPOKEN: [&str; 5] = ["bot_message", "file_comment", "file_share", "me_message", "thread_broadcast"];

/// References that stand for characters with which constructs begin or end.
const REFERENCES: [(&str, &str); 3] = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")];

/// An entry. Values are kept as they stand, so that an odd one spoils no other and each knows its place.
#[derive(Deserialize)]
struct Entry<'l> {
    #[serde(borrow)]
    subtype: Option<&'l RawValue>,
    #[serde(borrow)]
    user: Option<&'l RawValue>,
    #[serde(borrow)]
    bot_id: Option<&'l RawValue>,
    #[serde(borrow)]
    username: Option<&'l RawValue>,
    #[serde(borrow)]
    user_profile: Option<&'l RawValue>,
    #[serde(borrow)]
    text: Option<&'l RawValue>,
    #[serde(borrow)]
    ts: Option<&'l RawValue>,
    #[serde(borrow)]
    files: Option<&'l RawValue>,
}

/// What an entry says of who speaks.
#[derive(Deserialize)]
struct Profile<'l> {
    #[serde(borrow)]
    real_name: Option<&'l RawValue>,
    #[serde(borrow)]
    display_name: Option<&'l RawValue>,
}

/// A list of objects that have a moment and somebody who speaks.
pub(super) fn sniff(_: &str, head: &str) -> bool {
    if !head.trim_start().starts_with('[') {
        return false;
    }
    let keys = json::keys(head);
    let has = |name: &str| keys.contains(&(2, name));
    has("ts") && (has("user") || has("bot_id") || has("text") && has("type"))
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let mut notes = Vec::new();
    let entries: Vec<&'w RawValue> = match serde_json::from_str(&text.text) {
        Ok(entries) => entries,
        Err(error) => {
            let line = text.line + error.line().saturating_sub(1) as u64;
            let problem = Problem::Json { column: error.column(), detail: json::complaint(&error) };
            let list = text.text.trim_start().strip_prefix('[').unwrap_or_default();
            let (entries, _) = json::salvaged(&text.text, text.text.len() - list.len());
            if entries.is_empty() {
                return vec![Err(Unreadable { index: window.index, line, id: None, problem })];
            }
            notes.push(Note::Broken(line));
            entries
        }
    };
    if entries.is_empty() {
        return Vec::new();
    }
    let document = Document(text);
    let entries: Vec<_> = entries.into_iter().map(|raw| (raw, entry(raw))).collect();
    // Not every entry of a person says what the person is called.
    let names: HashMap<&str, &RawValue> =
        entries.iter().filter_map(|(_, entry)| Some((entry.as_ref()?.user?.get(), entry.as_ref()?.name()?))).collect();
    let mut odd = 0;
    let turns = entries.iter().map(|(raw, entry)| {
        let Some(entry) = entry else {
            odd += 1;
            return Turn::silent(document.span(raw.get()));
        };
        turn(document, raw, entry, &names, &mut odd)
    });
    let turns: Vec<_> = turns.collect();
    if odd > 0 {
        notes.push(Note::OddTurns(odd));
    }
    // A day is a slice of the channel: who wrote in the evening may have been answered in the next day's file.
    let hints = Hints { goes_on: hints.goes_on || is_day(&hints.file_name), ..hints.clone() };
    vec![Ok(export::conversation(turns, window.index, &hints, notes))]
}

/// Whether a file is named as exports name a day: `2026-01-20.json`.
fn is_day(file_name: &str) -> bool {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = file_name.strip_suffix(".json").unwrap_or_default().split('-');
    [4, 2, 2].into_iter().all(|count| parts.next().is_some_and(|part| digits(part, count))) && parts.next().is_none()
}

/// The object that an entry is.
fn entry(raw: &RawValue) -> Option<Entry<'_>> {
    raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

impl<'w> Entry<'w> {
    /// The name by which the entry shows who speaks.
    fn name(&self) -> Option<&'w RawValue> {
        let profile = self.user_profile.filter(|raw| raw.get().starts_with('{'));
        let profile: Option<Profile<'w>> = profile.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let (real, display) = profile.map_or((None, None), |profile| (profile.real_name, profile.display_name));
        [real, display, self.username].into_iter().flatten().find(|raw| is_filled(raw))
    }
}

/// Whether a value is a string that holds something.
fn is_filled(raw: &RawValue) -> bool {
    raw.get().strip_prefix('"').is_some_and(|rest| !rest.trim_end_matches('"').trim().is_empty())
}

/// The turn that an entry describes, as far as it has the form of one; `odd` counts those that have not.
fn turn<'w>(
    document: Document<'w>,
    raw: &'w RawValue,
    entry: &Entry<'w>,
    names: &HashMap<&str, &'w RawValue>,
    odd: &mut usize,
) -> Turn<'w> {
    let mut turn = Turn::silent(document.span(raw.get()));
    let subtype = entry.subtype.map(|raw| raw.get().trim_matches('"'));
    if subtype.is_some_and(|subtype| !SPOKEN.contains(&subtype)) {
        return turn;
    }
    turn.sender = sender(document, entry, names);
    let seconds = entry.ts.and_then(|raw| raw.get().trim_matches('"').split('.').next()?.parse().ok());
    turn.sent = seconds.and_then(Moment::unix);
    let mut sound = turn.sender.is_some() && turn.sent.is_some();
    if let Some(files) = entry.files {
        let count = serde_json::from_str::<Vec<IgnoredAny>>(files.get()).map(|files| files.len());
        sound &= count.is_ok();
        turn.attachments = count.unwrap_or_default();
    }
    match entry.text.filter(|raw| raw.get().starts_with('"')) {
        Some(text) => (turn.body, turn.marks) = body(document, text),
        None => sound &= entry.text.is_none(),
    }
    *odd += usize::from(!sound);
    turn
}

/// The field of the name of who speaks, or of what stands for it.
fn sender<'w>(document: Document<'w>, entry: &Entry<'w>, names: &HashMap<&str, &'w RawValue>) -> Option<Field<'w>> {
    let mut map = SpanMap::default();
    let own = entry.name();
    let raw = own.or_else(|| [entry.user, entry.bot_id].into_iter().flatten().find(|raw| is_filled(raw)))?;
    let mut name = document.string(raw.get(), &mut map);
    if let Some(known) = names.get(raw.get()).filter(|_| own.is_none()) {
        // The name stands in another entry; here, the person's number stands for it.
        name = document.string(known.get(), &mut SpanMap::default());
        map = SpanMap::default();
        map.push_atomic(name.len(), document.place(raw.get()) + 1, raw.get().len().saturating_sub(2));
    }
    Some(Field::new(Part::From, name, document.settled(map).wrapped(Layer::Json)))
}

/// The body as it is shown, and the stretches of it that stand for somebody or something.
fn body<'w>(document: Document<'w>, raw: &'w RawValue) -> (Field<'w>, Vec<(TextSpan, Role)>) {
    let mut map = SpanMap::default();
    let written = document.string(raw.get(), &mut map);
    if memchr::memchr2(b'<', b'&', written.as_bytes()).is_none() {
        return (Field::new(Part::Body, written, document.settled(map).wrapped(Layer::Json)), Vec::new());
    }
    let mut shown = Shown {
        written: &written,
        text: String::with_capacity(written.len()),
        map: SpanMap::default(),
        marks: Vec::new(),
    };
    shown.read();
    let Shown { text, map: own, marks, .. } = shown;
    let map = document.settled(own.wrapped(Layer::HtmlLines).behind(&map)).wrapped(Layer::Json);
    (Field::new(Part::Body, text.into(), map), marks)
}

/// What is shown of a text while it is read.
struct Shown<'t> {
    written: &'t str,
    text: String,
    map: SpanMap,
    marks: Vec<(TextSpan, Role)>,
}

impl Shown<'_> {
    fn read(&mut self) {
        let written = self.written;
        let mut done = 0;
        while let Some(start) = memchr::memchr(b'<', written.as_bytes().get(done..).unwrap_or_default()) {
            let start = done + start;
            self.plain(done, start);
            let inner = start + 1;
            let stop = memchr::memchr3(b'>', b'<', b'\n', written.as_bytes().get(inner..).unwrap_or_default());
            let end = inner + stop.unwrap_or(0);
            done = if written.as_bytes().get(end) == Some(&b'>') && end > inner {
                self.construct(inner, end);
                end + 1
            } else {
                // An angle that closes nowhere.
                self.plain(start, inner);
                inner
            };
        }
        self.plain(done, written.len());
        // A text of which nothing is shown has a place, too.
        self.map.push_verbatim(0, 0);
    }

    /// Shows a link, or somebody or something that is called by its number.
    fn construct(&mut self, start: usize, end: usize) {
        let inner = self.written.get(start..end).unwrap_or_default();
        let (target, label) = inner.split_once('|').unwrap_or((inner, ""));
        let label_at = end - label.len();
        // What stands around the text that is shown must not get lost.
        self.map.push_seam();
        let sigil = match target.bytes().next() {
            Some(b'@') => '@',
            // A date is written out in its label.
            Some(b'!') if !target.starts_with("!date") => '@',
            Some(b'#') => '#',
            _ => {
                if label.is_empty() {
                    self.plain(start, start + target.len());
                } else {
                    self.plain(label_at, end);
                }
                self.map.push_seam();
                return;
            }
        };
        let from = self.text.len();
        self.text.push(sigil);
        self.map.push_atomic(1, start as u64, 1);
        if label.is_empty() {
            self.plain(start + 1, start + target.len());
        } else {
            self.plain(end - label.trim_start_matches(sigil).len(), end);
        }
        self.marks.push((TextSpan::new(from..self.text.len()), Role::Placeholder));
        self.map.push_seam();
    }

    /// Shows a stretch as it stands, but for its references.
    fn plain(&mut self, start: usize, end: usize) {
        let mut done = start;
        while let Some(next) = memchr::memchr(b'&', self.written.as_bytes().get(done..end).unwrap_or_default()) {
            let at = done + next;
            self.verbatim(done, at);
            let rest = self.written.get(at..end).unwrap_or_default();
            let reference = REFERENCES.iter().find(|(reference, _)| rest.starts_with(reference));
            done = if let Some((reference, character)) = reference {
                self.text.push_str(character);
                self.map.push_atomic(character.len(), at as u64, reference.len());
                at + reference.len()
            } else {
                self.verbatim(at, at + 1);
                at + 1
            };
        }
        self.verbatim(done, end);
    }

    fn verbatim(&mut self, start: usize, end: usize) {
        let piece = self.written.get(start..end).unwrap_or_default();
        self.text.push_str(piece);
        if !piece.is_empty() {
            self.map.push_verbatim(piece.len(), start as u64);
        }
    }
}
