//! What is known of a rule apart from how it judges: names, channels, roles, severities, texts, cases.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::locale::{Text, fill};
use crate::message::{Channel, Roles};

/// How grave a finding is. Ordered from the lightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A suggestion (saran).
    Info,
    /// To be reviewed (perlu ditinjau).
    Warning,
    /// To be mended before it goes out (harus diperbaiki).
    Error,
}

impl Severity {
    /// The name in packs, options and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A value for each channel, where there is one; indexed by `Channel as usize`.
pub type PerChannel<T> = [Option<T>; 4];

/// One value for all channels, or a table by channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "{T}ByChannel"))]
#[serde(untagged)]
pub enum ByChannel<T> {
    /// The same everywhere.
    All(T),
    /// Channels that are left out have none.
    Table(Channels<T>),
}

impl<T> From<T> for ByChannel<T> {
    fn from(value: T) -> Self {
        Self::All(value)
    }
}

impl<T> From<Channels<T>> for ByChannel<T> {
    fn from(values: Channels<T>) -> Self {
        Self::Table(values)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByChannel<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_table::<D, T, Channels<T>, Self>(deserializer, "a value, or a table of values by channel")
    }
}

/// A table of values by channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "{T}OfChannels"))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Channels<T> {
    /// In e-mail.
    pub email: Option<T>,
    /// In chats.
    pub chat: Option<T>,
    /// In posts and comments.
    pub social: Option<T>,
    /// In letters.
    pub letter: Option<T>,
}

impl<T: Copy> ByChannel<T> {
    /// The value for `channel`.
    pub fn get(&self, channel: Channel) -> Option<T> {
        match self {
            Self::All(value) => Some(*value),
            Self::Table(table) => match channel {
                Channel::Email => table.email,
                Channel::Chat => table.chat,
                Channel::Social => table.social,
                Channel::Letter => table.letter,
            },
        }
    }

    /// The values of all channels.
    pub fn each(&self) -> PerChannel<T> {
        Channel::ALL.map(|channel| self.get(channel))
    }
}

/// Severities by channel that a single term or pattern has instead of its rule's: two bits a channel, and nothing but zeros
/// where the rule's own hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(from = "ByChannel<Severity>", into = "ByChannel<Severity>")]
pub struct Grade(pub(crate) u8);

impl Grade {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The severity in `channel` where the rule has `own`; none where it finds nothing there.
    #[must_use]
    pub fn severity(self, channel: Channel, own: Severity) -> Option<Severity> {
        if self.0 == 0 {
            return Some(own);
        }
        match self.0 >> (2 * channel as u8) & 3 {
            0 => None,
            1 => Some(Severity::Info),
            2 => Some(Severity::Warning),
            _ => Some(Severity::Error),
        }
    }
}

impl From<Grade> for ByChannel<Severity> {
    fn from(grade: Grade) -> Self {
        let severity = |channel| grade.severity(channel, Severity::Info).filter(|_| grade.0 != 0);
        Self::Table(Channels {
            email: severity(Channel::Email),
            chat: severity(Channel::Chat),
            social: severity(Channel::Social),
            letter: severity(Channel::Letter),
        })
    }
}

impl From<ByChannel<Severity>> for Grade {
    fn from(severity: ByChannel<Severity>) -> Self {
        let bits = |channel: Channel| severity.get(channel).map_or(0, |s| (s as u8 + 1) << (2 * channel as u8));
        Self(Channel::ALL.into_iter().map(bits).fold(0, |all, own| all | own))
    }
}

/// What must be known of the agency, or hold for the message, before a rule judges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// The configuration says that an election is near.
    Election,
    /// The message stands in one of the configured groups.
    OfficialGroup,
    /// The agency's domains are configured, and someone outside them is addressed.
    Outsiders,
}

/// What a kind of rule does not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unfit {
    /// What is wrong.
    pub message: String,
    /// The text of the pack that is wrong, if it is one.
    pub text: Option<String>,
}

impl Unfit {
    /// Something that is wrong with `text`.
    #[must_use]
    pub fn at(text: &str, message: String) -> Self {
        Self { message, text: Some(text.to_owned()) }
    }
}

impl<T: Into<String>> From<T> for Unfit {
    fn from(message: T) -> Self {
        Self { message: message.into(), text: None }
    }
}

/// One value or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a string, or a list of strings")]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// As a list.
    #[must_use]
    pub fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// Reads what is either one value or a table. What is wrong with either is then said of it, key by key, where an untagged enum says
/// no more than that neither fits.
pub(crate) fn value_or_table<'de, D, S, T, O>(deserializer: D, expected: &'static str) -> Result<O, D::Error>
where
    D: Deserializer<'de>,
    S: Deserialize<'de>,
    T: Deserialize<'de>,
    O: From<S> + From<T>,
{
    deserializer.deserialize_any(Either { expected, forms: PhantomData::<(S, T, O)> })
}

struct Either<F> {
    expected: &'static str,
    forms: PhantomData<F>,
}

impl<'de, S, T, O> Visitor<'de> for Either<(S, T, O)>
where
    S: Deserialize<'de>,
    T: Deserialize<'de>,
    O: From<S> + From<T>,
{
    type Value = O;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<O, E> {
        S::deserialize(text.into_deserializer()).map(O::from)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<O, E> {
        S::deserialize(number.into_deserializer()).map(O::from)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<O, E> {
        S::deserialize(number.into_deserializer()).map(O::from)
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<O, A::Error> {
        T::deserialize(MapAccessDeserializer::new(table)).map(O::from)
    }
}

/// Texts that may be compiled in or parsed at run time.
pub type Names = Cow<'static, [Cow<'static, str>]>;

/// A rule as packs describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key of its own in packs")]
pub struct Rule {
    /// Full id, `theme/name`.
    pub id: Cow<'static, str>,
    /// The severity in each channel; none where the rule does not apply.
    pub severity: PerChannel<Severity>,
    /// The roles that it reads.
    pub roles: Roles,
    /// Whether it is on without being named.
    pub default: bool,
    /// What must hold before it judges, by channel.
    pub only: PerChannel<Gate>,
    /// Whether its finding takes the place of all others of its theme.
    pub alone: bool,
    /// Whether what it marks is a secret, which is masked wherever it is shown.
    pub mask: bool,
    /// Whether its findings can carry a fix.
    pub fixable: bool,
    /// What is wrong.
    pub message: Text,
    /// How to mend it; empty where nothing is to be said.
    pub help: Text,
    /// Keys of the guideline's statements, the main one first.
    pub guideline: Names,
    /// Norms behind it.
    pub basis: Names,
    /// Examples that it must and must not find.
    pub cases: Cow<'static, [Case]>,
}

impl Rule {
    /// The part of the id before the slash.
    #[must_use]
    pub fn theme(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(theme, _)| theme)
    }

    /// The channels in which it applies.
    pub fn channels(&self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(|channel| self.severity[*channel as usize].is_some())
    }
}

/// A text of a rule by itself, with dots for what only a finding tells.
#[must_use]
pub fn in_general(text: &str) -> String {
    let names = ["match", "replacement", "count", "limit", "missing", "other"];
    fill(text, &names.map(|name| (name, "…")))
}

/// An example inside a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Whether the rule must find something.
    pub bad: bool,
    /// The message as a line of JSONL input.
    pub message: Cow<'static, str>,
    /// What the configuration would know of the agency, as JSON.
    pub agency: Option<Cow<'static, str>>,
    /// The body after all fixes.
    pub fixed: Option<Cow<'static, str>>,
    /// The exact excerpts that are found, in order; empty where that is left open.
    pub finds: Names,
    /// Severity of the first finding.
    pub severity: Option<Severity>,
}

/// The guideline: what it is called and what it states.
#[derive(Clone, Debug)]
pub struct Guideline {
    /// Its name.
    pub title: Text,
    /// Its statements.
    pub statements: &'static [Statement],
}

impl Guideline {
    /// The statement with that key.
    #[must_use]
    pub fn statement(&self, key: &str) -> Option<&'static Statement> {
        self.statements.iter().find(|statement| statement.id == key)
    }
}

/// One statement of the guideline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Key, such as `chat-2`.
    pub id: Cow<'static, str>,
    /// The section it stands in.
    pub section: Text,
    /// Its short title.
    pub title: Text,
    /// What it asks.
    pub text: Text,
    /// What it takes to check it.
    pub checkable: Checkable,
    /// What of it text does not show, and why; empty where text shows all.
    pub why: Text,
}

/// What it takes to check a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checkable {
    /// The text alone.
    Text,
    /// Headers or the configuration.
    Header,
    /// A conversation.
    Conversation,
    /// Text does not show it.
    No,
}
