//! What is wrong with a configuration or a pack, in words and with its places.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::config::ConfigError;
use crate::locale::Lang;
use crate::pack::{PackError, PackFlaw};
use crate::report::{parser_words, shown};
use crate::ruleset::RuleSet;
use crate::term::BadTerm;
use crate::texts::Key;

/// A file of settings that could not be used as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The file.
    pub(crate) path: PathBuf,
    /// What it says, if it could be read.
    pub(crate) text: Option<String>,
    /// What is wrong with it.
    pub(crate) flaws: Vec<Flaw>,
}

/// Something that is wrong with a file of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// Bytes of the file; none where it is wrong as a whole.
    pub(crate) span: Option<Range<usize>>,
    /// What is wrong, fit to be shown.
    pub(crate) message: String,
}

impl Problem {
    /// A file that cannot be read.
    pub(super) fn of_file(lang: Lang, path: &Path, error: &io::Error) -> Self {
        let flaws = vec![Flaw { span: None, message: unreadable(lang, path, error) }];
        Self { path: path.to_owned(), text: None, flaws }
    }

    /// A pack with errors.
    pub(super) fn of_pack(lang: Lang, path: &Path, text: String, errors: &[PackError], rules: &RuleSet) -> Self {
        let flaw =
            |error: &PackError| Flaw { span: error.span.clone(), message: words_of_flaw(lang, &error.flaw, rules) };
        Self { path: path.to_owned(), text: Some(text), flaws: errors.iter().map(flaw).collect() }
    }

    /// A configuration with errors; `rules` are those that it could have named.
    pub(super) fn of_config(lang: Lang, path: &Path, text: String, errors: &[ConfigError], rules: &RuleSet) -> Self {
        let flaw = |error: &ConfigError| flaw_of_config(lang, error, rules);
        Self { path: path.to_owned(), text: Some(text), flaws: errors.iter().map(flaw).collect() }
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

fn flaw_of_config(lang: Lang, error: &ConfigError, rules: &RuleSet) -> Flaw {
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
    Flaw { span, message }
}

/// Says that a rule does not exist, and which is near.
pub(crate) fn unknown_rule(lang: Lang, name: &str, rules: &RuleSet) -> String {
    let main = lang.fill(Key::ErrorUnknownRule, &[("rule", &shown(name))]);
    let known = rules.rules().flat_map(|rule| [rule.id.as_ref(), rule.theme()]);
    lang.with_nearest(main, name, known)
}

/// Says why a file cannot be read.
pub(crate) fn unreadable(lang: Lang, path: &Path, error: &io::Error) -> String {
    use std::io::ErrorKind;
    let path = shown(&path.display().to_string());
    let key = match error.kind() {
        ErrorKind::NotFound => Key::ErrorFileMissing,
        ErrorKind::PermissionDenied => Key::ErrorFileDenied,
        ErrorKind::IsADirectory => Key::ErrorFileFolder,
        ErrorKind::InvalidData => Key::ErrorFileNotUtf8,
        _ => return lang.fill(Key::ErrorFileOther, &[("path", &path), ("detail", &shown(&error.to_string()))]),
    };
    lang.fill(key, &[("path", &path)])
}
