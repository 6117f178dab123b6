//! A finding: which rule, where, how grave, and what would mend it.

use crate::message::{Field, Part, Role};
use crate::rule::{Rule, Severity};
use crate::span::{Span, TextSpan};

/// A place in a message, as text and as bytes of the source.
///
/// It can only be made from a field, so that every finding has a place that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    part: Part,
    role: Role,
    text: TextSpan,
    span: Span,
}

impl Place {
    /// The place of `text` in `field`; a span beyond the field's end is cut there.
    #[must_use]
    pub fn new(field: &Field<'_>, text: TextSpan) -> Self {
        let len = TextSpan::new(0..field.text.len()).end;
        let text = TextSpan { start: text.start.min(len), end: text.end.min(len) };
        Self { part: field.part, role: field.role_at(text.start), text, span: field.locate(text) }
    }

    /// The place right behind `text`, before whatever follows it in the source.
    #[must_use]
    pub fn behind(field: &Field<'_>, text: TextSpan) -> Self {
        let before = Self::new(field, text);
        let (text, span) = (before.text.end, before.span.end);
        Self { text: TextSpan { start: text, end: text }, span: Span { start: span, end: span }, ..before }
    }

    /// The field.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// What the stretch is.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Bytes of the field's text.
    #[must_use]
    pub fn text(&self) -> TextSpan {
        self.text
    }

    /// Bytes of the source.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }
}

/// Whether a fix can be applied unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// It says the same.
    Safe,
    /// A person must look at it.
    Review,
}

impl Safety {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Review => "review",
        }
    }
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// The new text.
    pub new: String,
}

/// What would mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be applied unseen.
    pub safety: Safety,
    /// The replacements, in order and without overlap.
    pub edits: Vec<Edit>,
}

/// Values for the placeholders of a rule's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// `{replacement}`.
    pub replacement: Option<String>,
    /// `{count}`.
    pub count: Option<u64>,
    /// `{limit}`.
    pub limit: Option<u64>,
    /// `{missing}`: keys of what is missing.
    pub missing: Vec<&'static str>,
    /// `{other}`: what stands elsewhere in the message instead.
    pub other: Option<String>,
}

/// Another place that belongs to a finding, and what is said there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What.
    pub says: LabelSays,
    /// Unicode scalar values before its start and its end, where it lies in another message of the conversation.
    pub elsewhere: Option<(u64, u64)>,
}

impl Label {
    /// A label in `field` of another message than the finding's.
    #[must_use]
    pub fn elsewhere(place: Place, field: &Field<'_>, says: LabelSays) -> Self {
        let scalars = |end: u32| field.text.get(..end as usize).map_or(0, |piece| piece.chars().count() as u64);
        Self { place, says, elsewhere: Some((scalars(place.text.start), scalars(place.text.end))) }
    }
}

/// What a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelSays {
    /// Another one of the same.
    Another,
    /// The other form, with which it is mixed.
    OtherForm,
    /// The message that waited.
    Question,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Diagnostic<'r> {
    /// The rule that found it.
    pub rule: &'r Rule,
    /// How grave it is here.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// Values for its texts.
    pub values: Values,
    /// What would mend it.
    pub fix: Option<Fix>,
}
