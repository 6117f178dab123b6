//! What is judged: conversations of messages, whose fields have segments with a role.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::span::{Span, SpanMap, TextSpan};
use crate::token::{self, Shape, Signs, Token, Tokens};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// `WhatsApp`, Telegram and the like.
    Chat,
    /// A post or a comment.
    Social,
    /// An official letter (naskah dinas).
    Letter,
}

impl Channel {
    /// All channels, in the order of their tables.
    pub const ALL: [Self; 4] = [Self::Email, Self::Chat, Self::Social, Self::Letter];

    /// The name in packs, options and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Chat => "chat",
            Self::Social => "social",
            Self::Letter => "letter",
        }
    }

    /// The channel of that name, in any capitals.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// Why a message is taken for its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelSource {
    /// The command line or the configuration said so.
    Given,
    /// A field or a header line named it.
    Named,
    /// Header lines of an e-mail or lines of an export stand in it.
    Headers,
    /// The file's name.
    FileName,
    /// The shape of the text.
    Shape,
}

/// What a stretch of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The salutation.
    Greeting,
    /// What the message says.
    Body,
    /// The phrase that ends it.
    Closing,
    /// Who writes.
    Signature,
    /// What it quotes.
    Quote,
    /// A message that is passed on.
    Forwarded,
    /// What a machine adds.
    Disclaimer,
    /// What stands for something else, as in templates.
    Placeholder,
    /// The subject.
    Subject,
    /// The sender's address.
    From,
    /// The recipients.
    To,
    /// Recipients of copies.
    Cc,
    /// Recipients of copies that others do not see.
    Bcc,
    /// When it was sent.
    Date,
    /// The names of what is attached.
    Attachments,
    /// The account of a post, or the group of a chat.
    Account,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 16] = [
        Self::Greeting,
        Self::Body,
        Self::Closing,
        Self::Signature,
        Self::Quote,
        Self::Forwarded,
        Self::Disclaimer,
        Self::Placeholder,
        Self::Subject,
        Self::From,
        Self::To,
        Self::Cc,
        Self::Bcc,
        Self::Date,
        Self::Attachments,
        Self::Account,
    ];

    /// The name in packs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Body => "body",
            Self::Closing => "closing",
            Self::Signature => "signature",
            Self::Quote => "quote",
            Self::Forwarded => "forwarded",
            Self::Disclaimer => "disclaimer",
            Self::Placeholder => "placeholder",
            Self::Subject => "subject",
            Self::From => "from",
            Self::To => "to",
            Self::Cc => "cc",
            Self::Bcc => "bcc",
            Self::Date => "date",
            Self::Attachments => "attachments",
            Self::Account => "account",
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles(u32);

impl Roles {
    /// Every role.
    pub const ALL: Self = Self(u32::MAX);
    /// The writer's own prose.
    pub const PROSE: Self = Self::of(&[Role::Subject, Role::Greeting, Role::Body, Role::Closing, Role::Signature]);

    /// The set of `roles`.
    #[must_use]
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < roles.len() {
            bits |= 1 << roles[i] as u32;
            i += 1;
        }
        Self(bits)
    }

    /// The set with these bits, as `bits` gave them.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The set as bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether `role` is in the set.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u32) != 0
    }

    /// Whether the sets share a role.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are those of header fields")]
pub enum Part {
    From,
    To,
    Cc,
    Bcc,
    Subject,
    Date,
    Account,
    Attachments,
    Body,
}

impl Part {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            _ => self.role().name(),
        }
    }

    /// The role that the whole field has; the body's is divided further.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::From => Role::From,
            Self::To => Role::To,
            Self::Cc => Role::Cc,
            Self::Bcc => Role::Bcc,
            Self::Subject => Role::Subject,
            Self::Date => Role::Date,
            Self::Account => Role::Account,
            Self::Attachments => Role::Attachments,
            Self::Body => Role::Body,
        }
    }

    /// Whether the field is one of an e-mail's header.
    #[must_use]
    pub const fn is_header(self) -> bool {
        !matches!(self, Self::Body | Self::Account)
    }
}

/// A stretch of a field with one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it is.
    pub role: Role,
    /// Where it lies in the field's text.
    pub text: TextSpan,
}

/// A decoded field: its text, where each byte came from, its segments and its tokens.
#[derive(Clone, Debug)]
pub struct Field<'w> {
    /// Which field.
    pub part: Part,
    /// The decoded text.
    pub text: Cow<'w, str>,
    /// From the text to bytes of the source.
    pub map: SpanMap,
    /// Stretches that cover the text, in order.
    pub segments: Vec<Segment>,
    /// Words and the like, in order.
    pub tokens: Vec<Token>,
    /// What is unusual about any of the words, before constructs were set apart.
    pub shape: Shape,
    /// Which characters the text holds.
    pub signs: Signs,
    /// The text without emphasis, once it is asked for and if it differs.
    bare: OnceLock<Option<String>>,
}

impl<'w> Field<'w> {
    /// A field whose text has one role.
    #[must_use]
    pub fn new(part: Part, text: Cow<'w, str>, map: SpanMap) -> Self {
        let segments = vec![Segment { role: part.role(), text: TextSpan::new(0..text.len()) }];
        let Tokens { list: tokens, shape } = token::scan(&text);
        let signs = token::signs(&text);
        Self { part, text, map, segments, tokens, shape, signs, bare: OnceLock::new() }
    }

    /// The text with blanks for the marks of emphasis around *words*, so that expressions read through them. Offsets are
    /// those of the text.
    #[must_use]
    pub fn bare(&self) -> &str {
        if !self.has_sign(b"*_~") {
            return &self.text;
        }
        self.bare.get_or_init(|| token::without_emphasis(&self.text)).as_deref().unwrap_or(&self.text)
    }

    /// Whether one of these ASCII characters stands in it.
    #[must_use]
    pub fn has_sign(&self, signs: &[u8]) -> bool {
        signs.iter().any(|sign| self.signs >> sign & 1 != 0)
    }

    /// The bytes of the source behind `span`: the only way from text to source.
    #[must_use]
    pub fn locate(&self, span: TextSpan) -> Span {
        self.map.locate(span)
    }

    /// The role at byte `at` of the text.
    #[must_use]
    pub fn role_at(&self, at: u32) -> Role {
        let index = self.segments.partition_point(|s| s.text.end <= at);
        self.segments.get(index).or(self.segments.last()).map_or(self.part.role(), |s| s.role)
    }

    /// The roles that its segments have.
    #[must_use]
    pub fn roles(&self) -> Roles {
        self.segments.iter().fold(Roles::of(&[]), |all, s| Roles(all.0 | Roles::of(&[s.role]).0))
    }

    /// The segments, each in one piece where placeholders stand in it.
    #[must_use]
    pub fn stretches(&self) -> Vec<Segment> {
        let mut all: Vec<Segment> = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            match all.last_mut() {
                Some(last) if segment.role == Role::Placeholder || segment.role == last.role => {
                    last.text.end = segment.text.end;
                }
                Some(last) if last.role == Role::Placeholder => {
                    *last = Segment { role: segment.role, text: TextSpan { start: last.text.start, ..segment.text } };
                }
                _ => all.push(*segment),
            }
        }
        all
    }

    /// The tokens that begin within `span`.
    #[must_use]
    pub fn tokens_in(&self, span: TextSpan) -> &[Token] {
        let first = self.tokens.partition_point(|t| t.start < span.start);
        let last = self.tokens.partition_point(|t| t.start < span.end);
        self.tokens.get(first..last).unwrap_or_default()
    }
}

/// A remark about a file or a message that is no finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The text was not UTF-8 and was read in this encoding.
    Encoding(&'static str),
    /// The file holds no text.
    Binary,
    /// The source goes on after this many bytes, which is as far as it was read.
    Cut(u64),
    /// There are no header lines, so nothing was said about sender and subject.
    NoHeader,
    /// The turns of this sender are taken for ours.
    TakenForOurs(String),
    /// None of the senders could be taken for ours, so nothing was checked but what holds for everybody.
    NobodyOurs,
    /// An e-mail has parts within parts more than so many levels deep, which were not read.
    TooDeep(usize),
    /// An e-mail has more parts than so many; the others were not read.
    TooManyParts(usize),
    /// A field or a part goes on after so many bytes, which is as far as it was read.
    FieldCut(usize),
    /// The body is encrypted, or in a form of one program alone.
    Sealed,
    /// The lines from this one on are no header fields as e-mail has them.
    BadHeader(u64),
    /// So many entries of an archive were not read: too many, too large, locked or damaged.
    Unpacked(u64),
    /// The switch in this line names no reason, so it does not count.
    SwitchWithoutReason(u64),
    /// The switch in this line names a theme that nobody can switch off.
    SwitchProtected(u64, String),
    /// The switch in this line names a rule that does not exist.
    SwitchUnknown(u64, String),
    /// The switch in this line turns nothing of this rule off.
    SwitchUnused(u64, String),
    /// None of the columns of a table, the first of which are these, is known to hold messages.
    NoColumn(Vec<String>),
    /// In this line the file is not what its start says, so it was read as far as it goes.
    Broken(u64),
    /// The file holds no message: code, or a layout that shows the text of others.
    NoMessage,
    /// Nothing says which strings of a catalogue are messages.
    NoKeys,
    /// A key of the configuration names nothing in a catalogue.
    NoSuchKey(String),
    /// So many turns of a conversation have a form that is not the export's; of them was read what could be read.
    OddTurns(usize),
    /// So many findings are not told, since a rule found too many in one message.
    MoreFindings(u64),
}

/// What a message shows of who sends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct Sender {
    /// A person's name.
    pub name: bool,
    /// A position or a unit.
    pub position: bool,
    /// An agency that signs; outside e-mail, one that is named at either end.
    pub agency: bool,
    /// An agency that is named at either end.
    pub named: bool,
    /// A telephone number, an address or a site.
    pub contact: bool,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Message<'w> {
    /// Position among the messages of the source, from 0.
    pub index: u64,
    /// The `id` of a JSONL line, as it stood there.
    pub id: Option<Cow<'w, str>>,
    /// How it travels.
    pub channel: Channel,
    /// Why the channel was taken.
    pub channel_source: ChannelSource,
    /// Its fields; the body comes last.
    pub fields: Vec<Field<'w>>,
    /// How many files are attached; `None` where that is not known.
    pub attachments: Option<usize>,
    /// What the message shows of its sender at its start or end.
    pub sender: Sender,
    /// Whether it is ours; a message that stands alone is.
    pub ours: bool,
    /// When it was sent, in a conversation that tells.
    pub sent: Option<Moment>,
    /// Where the message lies in the source.
    pub span: Span,
    /// Remarks about this message.
    pub notes: Vec<Note>,
}

impl<'w> Message<'w> {
    /// The field `part`, if the message has it.
    #[must_use]
    pub fn field(&self, part: Part) -> Option<&Field<'w>> {
        self.fields.iter().find(|f| f.part == part)
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Option<&Field<'w>> {
        self.field(Part::Body)
    }

    /// Whether any header was given, so that a lack among them means something.
    #[must_use]
    pub fn has_header(&self) -> bool {
        self.fields.iter().any(|f| f.part.is_header())
    }
}

/// Messages that belong together. A single message is a conversation of one.
#[derive(Clone, Debug, Default)]
pub struct Conversation<'w> {
    /// The messages in order.
    pub messages: Vec<Message<'w>>,
    /// Remarks about the source, which may hold no message at all.
    pub notes: Vec<Note>,
}

impl Conversation<'_> {
    /// Remarks alone, where a source holds no message or none of some kind.
    #[must_use]
    pub fn remark(notes: Vec<Note>) -> Self {
        Self { messages: Vec::new(), notes }
    }
}

impl<'w> From<Message<'w>> for Conversation<'w> {
    fn from(message: Message<'w>) -> Self {
        Self { messages: vec![message], notes: Vec::new() }
    }
}

/// A piece of input that could not be read as a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Position among the messages of the source, from 0.
    pub index: u64,
    /// Line of the source, from 1.
    pub line: u64,
    /// The `id` of the line, as JSON, if that much could be read.
    pub id: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a piece of input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A line that is no JSON object of the expected shape.
    #[error("column {column}: {detail}")]
    Json {
        /// Column in bytes, from 1.
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// What is no YAML.
    #[error("column {column}: {detail}")]
    Yaml {
        /// Column in characters, from 1.
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// A channel that does not exist.
    #[error("unknown channel {0:?}")]
    Channel(String),
    /// A table that lacks a column.
    #[error("no column for {part} among {there:?}")]
    Column {
        /// What the column would hold.
        part: &'static str,
        /// What it should be called.
        name: String,
        /// What the first columns are called.
        there: Vec<String>,
    },
    /// A record of a table with more cells than the table has columns, so that it is not clear what they hold.
    #[error("{0} cells are more than there are columns")]
    Cells(usize),
}
