//! What is wrong with a configuration or a pack, in words and with its places.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::ConfigError;
use crate::flaw::Flaw;
use crate::locale::Lang;
use crate::open::unreadable;
use crate::pack::PackError;
use crate::ruleset::RuleSet;

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

impl Problem {
    /// A file that cannot be read.
    pub(super) fn of_file(lang: Lang, path: &Path, error: &io::Error) -> Self {
        let flaws = vec![Flaw { span: None, message: unreadable(lang, path, error) }];
        Self { path: path.to_owned(), text: None, flaws }
    }

    /// A pack with errors.
    pub(super) fn of_pack(lang: Lang, path: &Path, text: String, errors: &[PackError], rules: &RuleSet) -> Self {
        let flaw = |error: &PackError| Flaw::of_pack(lang, error, rules);
        Self { path: path.to_owned(), text: Some(text), flaws: errors.iter().map(flaw).collect() }
    }

    /// A configuration with errors; `rules` are those that it could have named.
    pub(super) fn of_config(lang: Lang, path: &Path, text: String, errors: &[ConfigError], rules: &RuleSet) -> Self {
        let flaw = |error: &ConfigError| Flaw::of_config(lang, error, rules);
        Self { path: path.to_owned(), text: Some(text), flaws: errors.iter().map(flaw).collect() }
    }
}
