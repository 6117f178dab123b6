//! Catalogues of messages: files of an application, in JSON or YAML, whose strings are named by keys. The configuration says which
//! are messages.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde::de::IgnoredAny;

use super::html::keeps_lines;
use super::keys::{KeyPattern, KeyStep, MessageKeys};
use super::{Hints, Reading, channel, structure};
use crate::decode::html;
use crate::decode::json::{self, Document};
use crate::decode::yaml::Places;
use crate::message::{Conversation, Field, Message, Note, Part, Problem, Unreadable};
use crate::source::{Text, Window};
use crate::span::{Layer, Span, SpanMap};

/// How many objects and lists may lie in each other, as most parsers of JSON have it.
const DEPTH: usize = 128;
/// How many characters of a key are told, so that one long key above many strings is not told in full for each.
const KEY: usize = 80;
/// What ends a step in a list of numbers of keys.
const END: u32 = u32::MAX;
/// What is said of objects and lists that lie deeper than [`DEPTH`], as the parser of JSON has it.
const TOO_DEEP: &str = "recursion limit exceeded";

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    if hints.messages.is_empty() {
        return vec![Ok(Conversation::remark(vec![Note::NoKeys]))];
    }
    let mut walk = Walk::new(&hints.messages);
    let walked =
        if is_yaml(&hints.file_name, &text.text) { read_yaml(text, &mut walk) } else { read_json(text, &mut walk) };
    if let Err((line, problem)) = walked {
        let line = text.line + line.saturating_sub(1) as u64;
        return vec![Err(Unreadable { index: window.index, line, id: None, problem })];
    }
    let Walk { wanted, entries, mut subjects, .. } = walk;
    let mut readings = Vec::with_capacity(entries.len() + 1);
    let mut subject_seen = vec![false; wanted.len()];
    for (index, entry) in (window.index..).zip(entries) {
        let subject = wanted.get(entry.keys).and_then(|wanted| {
            let place = (entry.keys, wanted.beside(&entry.filled)?.to_vec());
            // Several bodies may stand beside one subject.
            if wanted.shares { subjects.get(&place).cloned() } else { subjects.remove(&place) }
        });
        if let (Some(seen), true) = (subject_seen.get_mut(entry.keys), subject.is_some()) {
            *seen = true;
        }
        readings.push(Ok(Conversation { messages: vec![message(entry, subject, index, hints)], notes: Vec::new() }));
    }
    let mut notes = Vec::new();
    for (wanted, subject_seen) in wanted.iter().zip(subject_seen) {
        let missed =
            if wanted.seen { wanted.keys.subject().filter(|_| !subject_seen) } else { Some(wanted.keys.body()) };
        notes.extend(missed.map(|key| Note::NoSuchKey(key.to_string())));
    }
    if !notes.is_empty() {
        readings.push(Ok(Conversation::remark(notes)));
    }
    readings
}

/// The message that a string of the catalogue is.
fn message<'w>(entry: Entry<'w>, subject: Option<Value<'w>>, index: u64, hints: &Hints) -> Message<'w> {
    let Entry { id, value: Value { text, map, span }, .. } = entry;
    let (text, map) = if html::tags(&text, 1) > 0 {
        let (seen, within) = html::text(&text, keeps_lines(&text));
        (Cow::Owned(seen), within.behind(&map))
    } else {
        (text, map)
    };
    let mut body = Field::new(Part::Body, text, map);
    let (channel, channel_source) = channel::find(hints, None, subject.is_some(), &body.text);
    let sender = structure::divide(&mut body, channel);
    let subject = subject.map(|value| Field::new(Part::Subject, value.text, value.map));
    Message {
        index,
        id: Some(Cow::Owned(id)),
        channel,
        channel_source,
        fields: subject.into_iter().chain([body]).collect(),
        attachments: None,
        sender,
        ours: true,
        sent: None,
        span,
        notes: Vec::new(),
    }
}

/// A string of a catalogue.
#[derive(Clone)]
struct Value<'w> {
    text: Cow<'w, str>,
    map: SpanMap,
    span: Span,
}

/// A string that is a message.
struct Entry<'w> {
    /// Which keys of the configuration named it.
    keys: usize,
    /// What their stars stand for.
    filled: Vec<u32>,
    id: String,
    value: Value<'w>,
}

/// Keys of the configuration, with numbers for names.
struct Wanted<'k> {
    keys: &'k MessageKeys,
    body: Vec<Step>,
    subject: Option<Vec<Step>>,
    /// How many stars the subject has.
    stars: usize,
    /// Whether the subject has fewer stars than the body.
    shares: bool,
    /// Whether a body was found.
    seen: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Named(u32),
    One,
    Many,
}

impl<'k> Wanted<'k> {
    fn new(keys: &'k MessageKeys, names: &mut Names<'_>) -> Self {
        let mut steps = |pattern: &KeyPattern| -> Vec<Step> {
            let step = |step: &KeyStep| match step {
                KeyStep::Named(name) => Step::Named(names.number(Cow::Owned(name.clone()))),
                KeyStep::One => Step::One,
                KeyStep::Many => Step::Many,
            };
            pattern.steps().iter().map(step).collect()
        };
        let stars = |steps: &[Step]| steps.iter().filter(|step| !matches!(step, Step::Named(_))).count();
        let body = steps(keys.body());
        let subject = keys.subject().map(steps);
        let own = subject.as_deref().map_or(0, stars);
        Self { keys, stars: own, shares: own < stars(&body), body, subject, seen: false }
    }

    /// Of what the stars of a body stand for, those that its subject has, too; none where there is no subject.
    fn beside<'f>(&self, filled: &'f [u32]) -> Option<&'f [u32]> {
        self.subject.as_ref()?;
        let ends = filled.iter().enumerate().filter(|(_, number)| **number == END);
        let end = ends.take(self.stars).last().map_or(0, |(at, _)| at + 1);
        filled.get(..end)
    }
}

/// What the stars of `steps` stand for, if they lead along `path`. With one `**` at most, there is but one way.
fn filled(steps: &[Step], path: &[u32]) -> Option<Vec<u32>> {
    let many = steps.iter().position(|step| *step == Step::Many);
    let (head, tail) = steps.split_at_checked(many.unwrap_or(steps.len()))?;
    let tail = tail.get(1..).unwrap_or_default();
    let free = path.len().checked_sub(head.len() + tail.len()).filter(|free| many.is_some() || *free == 0)?;
    let (first, rest) = path.split_at_checked(head.len())?;
    let (middle, last) = rest.split_at_checked(free)?;
    let pairs = || head.iter().zip(first).chain(tail.iter().zip(last));
    if !pairs().all(|(step, name)| !matches!(step, Step::Named(own) if own != name)) {
        return None;
    }
    let mut all = Vec::new();
    let ones = |all: &mut Vec<u32>, steps: &[Step], names: &[u32]| {
        let wild = steps.iter().zip(names).filter(|(step, _)| **step == Step::One);
        all.extend(wild.flat_map(|(_, name)| [*name, END]));
    };
    ones(&mut all, head, first);
    if many.is_some() {
        all.extend_from_slice(middle);
        all.push(END);
    }
    ones(&mut all, tail, last);
    Some(all)
}

/// The names of keys, each with a number: paths are compared often, and names may be long.
#[derive(Default)]
struct Names<'w> {
    numbers: HashMap<Cow<'w, str>, u32>,
    names: Vec<Cow<'w, str>>,
}

impl<'w> Names<'w> {
    fn number(&mut self, name: Cow<'w, str>) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(END - 1);
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// The path as people write it.
    fn dotted(&self, path: &[u32]) -> String {
        let mut dotted = String::new();
        for (at, number) in path.iter().enumerate() {
            if at > 0 {
                dotted.push('.');
            }
            let name = self.names.get(*number as usize).map_or("", AsRef::as_ref);
            match name.char_indices().nth(KEY) {
                Some((end, _)) => dotted.extend([name.get(..end).unwrap_or_default(), "…"]),
                None => dotted.push_str(name),
            }
        }
        dotted
    }
}

/// A walk through a catalogue, value by value, that keeps what is wanted.
struct Walk<'w, 'k> {
    wanted: Vec<Wanted<'k>>,
    names: Names<'w>,
    path: Vec<u32>,
    levels: Vec<Level>,
    entries: Vec<Entry<'w>>,
    subjects: HashMap<(usize, Vec<u32>), Value<'w>>,
}

/// An object or a list that is open.
enum Level {
    /// Whether a key stands there whose value follows.
    Object { keyed: bool },
    /// How many values came before.
    List(usize),
}

impl<'w, 'k> Walk<'w, 'k> {
    fn new(keys: &'k [MessageKeys]) -> Self {
        let mut names = Names::default();
        Self {
            wanted: keys.iter().map(|keys| Wanted::new(keys, &mut names)).collect(),
            names,
            path: Vec::new(),
            levels: Vec::new(),
            entries: Vec::new(),
            subjects: HashMap::new(),
        }
    }

    /// Whether a key is due.
    fn wants_key(&self) -> bool {
        matches!(self.levels.last(), Some(Level::Object { keyed: false }))
    }

    fn key(&mut self, key: Cow<'w, str>) {
        if let Some(Level::Object { keyed }) = self.levels.last_mut() {
            *keyed = true;
            self.path.push(self.names.number(key));
        }
    }

    fn begin(&mut self) {
        if let Some(Level::List(count)) = self.levels.last_mut() {
            let name = count.to_string();
            *count += 1;
            self.path.push(self.names.number(Cow::Owned(name)));
        }
    }

    fn end(&mut self) {
        self.path.pop();
        if let Some(Level::Object { keyed }) = self.levels.last_mut() {
            *keyed = false;
        }
    }

    /// An object or a list begins; false where it lies too deep.
    fn open(&mut self, is_list: bool) -> bool {
        self.begin();
        self.levels.push(if is_list { Level::List(0) } else { Level::Object { keyed: false } });
        self.levels.len() <= DEPTH
    }

    fn close(&mut self) {
        self.levels.pop();
        self.end();
    }

    /// A value that is no string.
    fn pass(&mut self) {
        self.begin();
        self.end();
    }

    /// A string, which is decoded only where it is wanted: the first keys that name it count.
    fn string(&mut self, value: impl Fn() -> Value<'w>) {
        self.begin();
        let mut is_body = false;
        for (keys, wanted) in self.wanted.iter_mut().enumerate() {
            if let Some(subject) = wanted.subject.as_deref().and_then(|steps| filled(steps, &self.path)) {
                self.subjects.insert((keys, subject), value());
            }
            if let Some(filled) = filled(&wanted.body, &self.path) {
                wanted.seen = true;
                if !std::mem::replace(&mut is_body, true) {
                    let value = value();
                    // What has not been translated yet is no message.
                    if !value.text.trim().is_empty() {
                        let id = serde_json::Value::String(self.names.dotted(&self.path)).to_string();
                        self.entries.push(Entry { keys, filled, id, value });
                    }
                }
            }
        }
        self.end();
    }
}

/// Whether a catalogue is YAML: by its name, or by how it begins where the name does not tell. JSON is YAML, but what is wrong in
/// it is told better by its own parser.
fn is_yaml(file_name: &str, text: &str) -> bool {
    let ending = Path::new(file_name).extension().unwrap_or_default();
    let is = |name: &str| ending.eq_ignore_ascii_case(name);
    is("yaml") || is("yml") || !is("json") && !text.trim_start().starts_with(['{', '['])
}

/// Walks through JSON. Fails with the line from 1 and what is wrong in it.
fn read_json<'w>(text: &'w Text<'w>, walk: &mut Walk<'w, '_>) -> Result<(), (usize, Problem)> {
    let problem = |error: serde_json::Error| {
        (error.line(), Problem::Json { column: error.column().max(1), detail: json::complaint(&error) })
    };
    serde_json::from_str::<IgnoredAny>(&text.text).map_err(problem)?;
    // It is JSON; from here on only its marks are looked at.
    let document = Document(text);
    let source: &'w str = &text.text;
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' | b'[' => {
                if !walk.open(*byte == b'[') {
                    let before = source.get(..start).unwrap_or_default();
                    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
                    let detail = TOO_DEEP.to_owned();
                    return Err((before.matches('\n').count() + 1, Problem::Json { column: line.len() + 1, detail }));
                }
            }
            b'}' | b']' => walk.close(),
            b'"' => {
                at = json::end_of_string(bytes, at);
                let raw = source.get(start..at).unwrap_or_default();
                if walk.wants_key() {
                    walk.key(document.string(raw, &mut SpanMap::default()));
                } else {
                    walk.string(|| {
                        let mut map = SpanMap::default();
                        let text = document.string(raw, &mut map);
                        Value { text, map: document.settled(map).wrapped(Layer::Json), span: document.span(raw) }
                    });
                }
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                at += rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).count();
                walk.pass();
            }
        }
    }
    Ok(())
}

/// Walks through YAML. Fails with the line from 1 and what is wrong in it.
fn read_yaml<'w>(text: &'w Text<'w>, walk: &mut Walk<'w, '_>) -> Result<(), (usize, Problem)> {
    let source: &'w str = &text.text;
    if let Some((before, _)) = source.split_once('\0') {
        // The parser would take it for the end of all.
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        let detail = "control characters are not allowed".to_owned();
        return Err((before.matches('\n').count() + 1, Problem::Yaml { column: line.chars().count() + 1, detail }));
    }
    let document = Document(text);
    let mut places = Places::new(source);
    // How many lists and objects are open within a key: no pattern can name what such a key leads to.
    let mut nested = 0_usize;
    for event in Parser::new_from_str(source) {
        let (event, span) = event.map_err(|error| {
            let (mark, detail) = (error.marker(), error.info().to_owned());
            (mark.line(), Problem::Yaml { column: mark.col() + 1, detail })
        })?;
        let is_key = nested == 0 && walk.wants_key();
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let fits = if is_key || nested > 0 {
                    nested += 1;
                    nested <= DEPTH
                } else {
                    walk.open(matches!(event, Event::SequenceStart(..)))
                };
                if !fits {
                    let problem = Problem::Yaml { column: span.start.col() + 1, detail: TOO_DEEP.to_owned() };
                    return Err((span.start.line(), problem));
                }
            }
            Event::SequenceEnd | Event::MappingEnd if nested > 0 => {
                nested -= 1;
                if nested == 0 {
                    walk.key(Cow::Borrowed(""));
                }
            }
            Event::SequenceEnd | Event::MappingEnd => walk.close(),
            _ if nested > 0 => {}
            Event::Scalar(name, ..) if is_key => walk.key(name),
            Event::Alias(_) if is_key => walk.key(Cow::Borrowed("")),
            Event::Scalar(text, style, _, tag) if is_string(&text, style, tag.as_deref()) => {
                let scalar = places.scalar(span, style);
                walk.string(|| {
                    let piece = scalar.piece();
                    let map = scalar.map(&text, document.place(piece));
                    Value { text: text.clone(), map: document.settled(map), span: document.span(piece) }
                });
            }
            // What an alias stands for is a message where it is written.
            Event::Scalar(..) | Event::Alias(_) => walk.pass(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }
    Ok(())
}

/// Whether a scalar of YAML is a string, and no number or the like.
fn is_string(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> bool {
    if let Some(tag) = tag.filter(|tag| tag.is_yaml_core_schema()) {
        return tag.suffix == "str";
    }
    if style != ScalarStyle::Plain {
        return true;
    }
    let known = ["", "~", "null", "true", "false", ".inf", "-.inf", "+.inf", ".nan"];
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.ends_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.parse::<f64>().is_ok();
    !is_number && !known.iter().any(|known| text.eq_ignore_ascii_case(known))
}
