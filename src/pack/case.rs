//! Cases: the examples that a rule, or what extends one, must and must not find.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::PackFlaw;
use crate::facts::Facts;
use crate::message::Channel;
use crate::rule::{Case, OneOrMany, Severity};

/// Where a case stands in its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasePlace {
    /// `rule` or `extend`.
    pub list: &'static str,
    /// Which of that list, from 0.
    pub index: usize,
    /// Which of its cases, from 1.
    pub number: usize,
}

impl CasePlace {
    /// The bytes of what the case says under `key`, in the text of its pack; of a whole message, those of its body. Cases do not
    /// keep their places, since few fail: they are sought when one does.
    #[must_use]
    pub fn find(self, text: &str, key: &str) -> Option<Range<usize>> {
        let table = DeTable::parse(text).ok()?;
        let entry = item(table.get_ref().get(self.list)?, self.index)?;
        let case = item(entry.get_ref().get("case")?, self.number.checked_sub(1)?)?;
        let value = case.get_ref().get(key)?;
        Some(value.get_ref().get("body").unwrap_or(value).span())
    }
}

fn item<'v, 'i>(list: &'v Spanned<DeValue<'i>>, index: usize) -> Option<&'v Spanned<DeValue<'i>>> {
    list.get_ref().as_array()?.get(index)
}

/// An example: what the rule must find, or let pass.
#[derive(Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct CaseTable {
    /// A message in which the rule finds something.
    bad: Option<CaseText>,
    /// A message in which it finds nothing.
    good: Option<CaseText>,
    /// What the configuration knows of the agency.
    agency: Option<Facts>,
    /// The text after its fixes.
    fixed: Option<String>,
    /// The exact excerpts that are found, in order.
    #[serde(default)]
    finds: Vec<String>,
    /// The severity of the first finding.
    severity: Option<Severity>,
}

/// The body of a message, or a whole one.
#[derive(Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a text, or a message with `body`")]
enum CaseText {
    /// The body alone.
    Body(String),
    /// A whole message.
    Message(Box<CaseMessage>),
}

/// A message in the form of a JSONL line.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
struct CaseMessage {
    /// How it travels; left out, the first channel of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    /// The subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<OneOrMany>,
    /// The recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<OneOrMany>,
    /// Recipients of copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    cc: Option<OneOrMany>,
    /// Recipients of copies that others do not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    bcc: Option<OneOrMany>,
    /// When it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// The account of a post, or the group of a chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// The names of what is attached; an empty list means nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<String>>,
    /// Whether it is ours; `false` for the other party's turns.
    #[serde(skip_serializing_if = "Option::is_none")]
    ours: Option<bool>,
    /// The messages of a conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    turns: Option<Vec<CaseMessage>>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

/// The case that a table tells; without a channel of its own, its message is read in `channel`.
///
/// # Errors
/// What is missing from the table, or too much.
pub(super) fn case_of(case: CaseTable, channel: Option<Channel>) -> Result<Case, PackFlaw> {
    let (bad, text) = match (case.bad, case.good) {
        (Some(text), None) => (true, text),
        (None, Some(text)) => (false, text),
        _ => return Err(PackFlaw::CaseSides),
    };
    let mut message = match text {
        CaseText::Body(body) => CaseMessage { body: Some(body), ..CaseMessage::default() },
        CaseText::Message(message) => *message,
    };
    if message.body.is_some() == message.turns.is_some() {
        return Err(PackFlaw::MessageForm);
    }
    message.channel = message.channel.or(channel);
    Ok(Case {
        bad,
        message: serde_json::to_string(&message).map_err(|error| error.to_string())?.into(),
        agency: case
            .agency
            .map(|facts| serde_json::to_string(&facts))
            .transpose()
            .map_err(|e| e.to_string())?
            .map(Into::into),
        fixed: case.fixed.map(Into::into),
        finds: case.finds.into_iter().map(Into::into).collect::<Vec<_>>().into(),
        severity: case.severity,
    })
}
