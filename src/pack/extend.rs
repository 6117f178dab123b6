//! `[[extend]]`: what a pack changes of a rule that another pack holds.
//!
//! The keys are those of a rule. A value takes the place of the rule's, a list adds to it; what a rule looks at and what it keeps
//! secret remain its own pack's. `limit` and `allow` mean what they mean in `santun.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::case::{CaseTable, case_of};
use super::error::PackError;
use crate::check::{Tables, TermSpec};
use crate::locale::Text;
use crate::message::Channel;
use crate::rule::{ByChannel, Case, OneOrMany, Severity};

/// What a pack changes of the rules of others, in the order in which it says so.
#[derive(Debug, Default)]
#[must_use = "the rules are as they were until they are extended"]
pub struct Extensions {
    /// The id of the pack.
    pub(crate) pack: String,
    pub(crate) list: Vec<Extension>,
}

impl Extensions {
    /// Whether the pack changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// What a pack changes of one rule.
#[derive(Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    /// The full id of the rule, such as `language/slang`.
    #[cfg_attr(schema, schemars(with = "String"))]
    pub(crate) rule: Spanned<String>,
    /// How grave all its findings are: one value for the channels that the rule has, or a table by channel.
    pub(crate) severity: Option<ByChannel<Severity>>,
    /// Whether it is on without being named.
    pub(crate) default: Option<bool>,
    /// What is wrong.
    #[serde(default, deserialize_with = "super::plain::read")]
    #[cfg_attr(schema, schemars(with = "Option<Text>"))]
    pub(crate) message: Option<Text>,
    /// How to mend it, in a courteous sentence.
    #[serde(default, deserialize_with = "super::plain::read")]
    #[cfg_attr(schema, schemars(with = "Option<Text>"))]
    pub(crate) help: Option<Text>,
    /// Norms behind it, beside its own.
    #[serde(default, deserialize_with = "super::plain::read")]
    #[cfg_attr(schema, schemars(with = "Option<OneOrMany>"))]
    pub(crate) basis: Option<OneOrMany>,
    /// The limit of a rule that counts.
    #[cfg_attr(schema, schemars(with = "Option<ByChannel<u32>>"))]
    pub(crate) limit: Option<Spanned<ByChannel<u32>>>,
    /// Words and phrases that it finds, too.
    #[cfg_attr(schema, schemars(with = "Option<Vec<TermSpec>>"))]
    pub(crate) terms: Option<Spanned<Vec<Spanned<TermSpec>>>>,
    /// Names of long tables of such words: `istilah` is `lexicon/istilah.toml` beside the pack.
    #[cfg_attr(schema, schemars(with = "Option<Tables>"))]
    pub(crate) lexicon: Option<Spanned<Tables>>,
    /// Words and phrases that it lets pass.
    #[cfg_attr(schema, schemars(with = "Option<Vec<String>>"))]
    pub(crate) allow: Option<Spanned<Vec<String>>>,
    /// Examples, which `lint rules test` runs once the rule is extended.
    #[serde(default)]
    #[cfg_attr(schema, schemars(with = "Vec<CaseTable>"))]
    case: Vec<Spanned<CaseTable>>,
}

impl Extension {
    /// The keys that change something.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        let all = [
            ("terms", self.terms.is_some()),
            ("lexicon", self.lexicon.is_some()),
            ("allow", self.allow.is_some()),
            ("severity", self.severity.is_some()),
            ("default", self.default.is_some()),
            ("limit", self.limit.is_some()),
            ("message", self.message.is_some()),
            ("help", self.help.is_some()),
            ("basis", self.basis.is_some()),
        ];
        all.into_iter().filter(|(_, is_there)| *is_there).map(|(key, _)| key).collect()
    }

    /// Its examples; those that name no channel are read in `channel`.
    ///
    /// # Errors
    /// One that cannot be told good from bad.
    pub(crate) fn cases(&mut self, channel: Option<Channel>) -> Result<Vec<Case>, PackError> {
        let read = |case: Spanned<CaseTable>| {
            let span = case.span();
            case_of(case.into_inner(), channel).map_err(|flaw| PackError::at(span, flaw))
        };
        std::mem::take(&mut self.case).into_iter().map(read).collect()
    }
}
