//! What can be wrong with a pack, and where.

use std::ops::Range;

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
    /// It extends a rule by something that this rule does not have.
    #[error("the rule {rule} has no {key}")]
    NotForRule {
        /// The rule.
        rule: String,
        /// The key.
        key: &'static str,
    },
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
