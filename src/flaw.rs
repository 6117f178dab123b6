//! What is wrong with a configuration or a pack, in words and with its place.

use std::ops::Range;

use crate::config::ConfigError;
use crate::locale::Lang;
use crate::pack::{PackError, PackFlaw};
use crate::report::{parser_words, shown};
use crate::ruleset::RuleSet;
use crate::term::BadTerm;
use crate::texts::Key;

/// Something that is wrong with a file of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Bytes of the file; none where it is wrong as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong, fit to be shown.
    pub message: String,
}

impl Flaw {
    /// Where a configuration names packs of one's own and no folder is at hand to lie in.
    #[must_use]
    pub fn no_folder(lang: Lang, span: Range<usize>) -> Self {
        Self { span: Some(span), message: lang.text(Key::ErrorPackNoFolder).to_owned() }
    }

    /// What is wrong, with the line of `text` that it begins in.
    #[must_use]
    pub fn told(&self, lang: Lang, text: &str) -> String {
        let Some(span) = &self.span else { return self.message.clone() };
        let before = text.as_bytes().get(..span.start).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        lang.fill(Key::ErrorLine, &[("line", &line.to_string()), ("error", &self.message)])
    }

    /// What is wrong with a pack; `rules` are those that it could have named.
    #[must_use]
    pub fn of_pack(lang: Lang, error: &PackError, rules: &RuleSet) -> Self {
        Self { span: error.span.clone(), message: words_of_flaw(lang, &error.flaw, rules) }
    }

    /// What is wrong with a configuration; `rules` are those that it could have named.
    #[must_use]
    pub fn of_config(lang: Lang, error: &ConfigError, rules: &RuleSet) -> Self {
        let (span, message) = match error {
            ConfigError::Toml { message, span } => (span.clone(), parser_words(lang, message)),
            ConfigError::UnknownRule { name, span } => (Some(span.clone()), unknown_rule(lang, name, rules)),
            ConfigError::NotForRule { rule, key, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorNotForRule, &[("rule", rule), ("key", key)]))
            }
            ConfigError::Word { message, span } => (Some(span.clone()), parser_words(lang, message)),
            ConfigError::Key { key, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorKeyPattern, &[("key", &shown(key))]))
            }
            ConfigError::KeySubject { key, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorKeySubject, &[("key", &shown(key))]))
            }
            ConfigError::Pattern { pattern, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorPattern, &[("pattern", &shown(pattern))]))
            }
        };
        Self { span, message }
    }
}

/// What is wrong with a pack, in words; `rules` are those that it could have named.
fn words_of_flaw(lang: Lang, flaw: &PackFlaw, rules: &RuleSet) -> String {
    match flaw {
        PackFlaw::Form(message) => parser_words(lang, message),
        PackFlaw::NoHead => lang.text(Key::ErrorPackHead).to_owned(),
        PackFlaw::Empty => lang.text(Key::ErrorPackEmpty).to_owned(),
        PackFlaw::SameId { id, other: Some(file) } => {
            lang.fill(Key::ErrorPackSameId, &[("id", &shown(id)), ("file", &shown(file))])
        }
        PackFlaw::SameId { id, other: None } => lang.fill(Key::ErrorPackEmbeddedId, &[("id", &shown(id))]),
        PackFlaw::Twice(rule) => lang.fill(Key::ErrorPackTwice, &[("rule", &shown(rule))]),
        PackFlaw::Version(version) => lang.fill(Key::ErrorPackVersion, &[("version", &shown(version))]),
        PackFlaw::Licence(licence) => lang.fill(Key::ErrorPackLicence, &[("licence", &shown(licence))]),
        PackFlaw::Term(BadTerm(term)) => lang.fill(Key::ErrorPackTerm, &[("term", &shown(term))]),
        PackFlaw::CaseSides => lang.text(Key::ErrorPackCase).to_owned(),
        PackFlaw::MessageForm => lang.text(Key::ErrorPackMessage).to_owned(),
        PackFlaw::UnknownRule(name) => unknown_rule(lang, name, rules),
        PackFlaw::Theme(name) => lang.fill(Key::ErrorPackTheme, &[("theme", &shown(name))]),
        PackFlaw::NotForRule { rule, key } => lang.fill(Key::ErrorNotForRule, &[("rule", rule), ("key", key)]),
    }
}

/// Says that a rule does not exist, and which is near.
#[must_use]
pub fn unknown_rule(lang: Lang, name: &str, rules: &RuleSet) -> String {
    let main = lang.fill(Key::ErrorUnknownRule, &[("rule", &shown(name))]);
    let known = rules.rules().flat_map(|rule| [rule.id.as_ref(), rule.theme()]);
    lang.with_nearest(main, name, known)
}
