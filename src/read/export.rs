//! What exports of chats have in common: turns of people, of whom one is ours.

use std::collections::HashMap;

use super::{Hints, identity, structure};
use crate::calendar::Moment;
use crate::message::{Channel, ChannelSource, Conversation, Field, Message, Note, Part, Role};
use crate::span::{Span, SpanMap, TextSpan};

/// What somebody said.
pub(super) struct Turn<'w> {
    /// The name of who said it, as a field of [`Part::From`]; none for a line of the program itself.
    pub(super) sender: Option<Field<'w>>,
    /// When.
    pub(super) sent: Option<Moment>,
    /// What, as a field of [`Part::Body`].
    pub(super) body: Field<'w>,
    /// Stretches of the body that its sender did not write: placeholders, quoted and forwarded text. In order, apart.
    pub(super) marks: Vec<(TextSpan, Role)>,
    /// How many files came with it.
    pub(super) attachments: usize,
    /// Where it lies in the source.
    pub(super) span: Span,
}

impl Turn<'_> {
    /// A turn at `span` in which nobody said anything: a line of the program itself, or one that cannot be read.
    pub(super) fn silent(span: Span) -> Self {
        let body = Field::new(Part::Body, "".into(), SpanMap::verbatim(span.start, 0));
        Self { sender: None, sent: None, body, marks: Vec::new(), attachments: 0, span }
    }
}

/// The conversation of some turns, the first of which is message `index` of the source. `notes` go with the first.
pub(super) fn conversation<'w>(turns: Vec<Turn<'w>>, index: u64, hints: &Hints, notes: Vec<Note>) -> Conversation<'w> {
    let channel = hints.forced.or(hints.configured).unwrap_or(Channel::Chat);
    let given = hints.forced.or(hints.configured).is_some();
    let mut senders: Vec<&str> = Vec::new();
    // Groups have many members, and files of strangers more.
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut speakers: Vec<Option<usize>> = Vec::with_capacity(turns.len());
    for turn in &turns {
        let name = turn.sender.as_ref().map(|sender| identity::plain_name(&sender.text));
        speakers.push(name.map(|name| {
            *numbers.entry(name).or_insert_with(|| {
                senders.push(name);
                senders.len() - 1
            })
        }));
    }
    let (known, note) = identity::find(&senders, hints);
    let is_ours = |speaker: &Option<usize>| speaker.is_some_and(|at| known.get(at).is_some_and(|ours| *ours));
    let ours: Vec<bool> = speakers.iter().map(is_ours).collect();
    // Where the conversation goes on elsewhere, what waits at the end may have been answered there; where we do not know who
    // of them we are, so may everything.
    let answered = match ours.iter().rposition(|ours| *ours) {
        Some(at) if hints.goes_on => at + 1,
        None if hints.goes_on || hints.me.is_empty() => 0,
        _ => turns.len(),
    };
    let mut messages = Vec::with_capacity(turns.len());
    for (at, (turn, ours)) in turns.into_iter().zip(ours).enumerate() {
        let Turn { sender, sent, mut body, marks, attachments, span } = turn;
        let shown = structure::divide_with(&mut body, channel, marks);
        messages.push(Message {
            index: index + at as u64,
            id: None,
            channel,
            channel_source: if given { ChannelSource::Given } else { ChannelSource::Headers },
            fields: sender.into_iter().chain([body]).collect(),
            attachments: Some(attachments),
            sender: shown,
            ours,
            sent: sent.filter(|_| at < answered),
            span,
            notes: Vec::new(),
        });
    }
    if let Some(first) = messages.first_mut() {
        first.notes = notes.into_iter().chain(note).collect();
    }
    Conversation { messages, notes: Vec::new() }
}

/// The field `part` that is the piece `range` of a text, which was mapped to the source by `map`.
pub(super) fn piece<'w>(part: Part, text: &'w str, range: TextSpan, map: &SpanMap) -> Field<'w> {
    let piece = range.of(text);
    Field::new(part, piece.into(), map.slice(range))
}
