//! What can be wrong with a pack, and where.

use std::ops::Range;

use crate::term::BadTerm;

/// What is wrong with a pack, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{flaw}")]
pub struct PackError {
    /// What is wrong.
    pub flaw: PackFlaw,
    /// Bytes of the file, where they are known.
    pub span: Option<Range<usize>>,
}

/// What is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackFlaw {
    /// TOML, the type of a key or a kind of rule does not allow it: in the parser's own words.
    #[error("{0}")]
    Form(String),
    /// The table `[pack]` is not there.
    #[error("missing table `[pack]`")]
    NoHead,
    /// It neither holds rules nor extends any.
    #[error("the pack holds neither `[[rule]]` nor `[[extend]]`")]
    Empty,
    /// Its version is not of the form of semantic versioning.
    #[error("the version {0} is not of the form 1.2.0")]
    Version(String),
    /// Its licence is no expression of SPDX.
    #[error("the licence {0} is no SPDX expression")]
    Licence(String),
    /// A term that cannot be looked up.
    #[error(transparent)]
    Term(#[from] BadTerm),
    /// A case must be either good or bad.
    #[error("a case has either `bad` or `good`")]
    CaseSides,
    /// A message in a case is either one or a conversation.
    #[error("a message has either `body` or `turns`")]
    MessageForm,
    /// Another pack has its id.
    #[error("the id {id} belongs to another pack")]
    SameId {
        /// The id.
        id: String,
        /// The file of the other pack; none where that is embedded.
        other: Option<String>,
    },
    /// Two of its rules have the same id.
    #[error("the rule {0} stands twice in this pack")]
    Twice(String),
    /// It extends a rule that does not exist.
    #[error("unknown rule {0}")]
    UnknownRule(String),
    /// It extends a theme, not a rule.
    #[error("{0} is a theme, not a rule")]
    Theme(String),
    /// It extends a rule by something that this rule does not have.
    #[error("the rule {rule} has no {key}")]
    NotForRule {
        /// The rule.
        rule: String,
        /// The key.
        key: &'static str,
    },
}

impl From<String> for PackFlaw {
    fn from(message: String) -> Self {
        Self::Form(message)
    }
}

impl PackError {
    pub(crate) fn at(span: Range<usize>, flaw: PackFlaw) -> Self {
        Self { flaw, span: Some(span) }
    }

    /// Something that is not written as it must be.
    pub(crate) fn form(span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        Self { flaw: PackFlaw::Form(message.into()), span }
    }

    /// The same error where no better place is known than `span`.
    pub(super) fn or_at(self, span: Range<usize>) -> Self {
        Self { span: self.span.or(Some(span)), ..self }
    }
}

impl From<toml::de::Error> for PackError {
    fn from(error: toml::de::Error) -> Self {
        Self::form(error.span(), error.message())
    }
}
