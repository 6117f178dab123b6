//! `santun.toml`: what an agency sets, checked when it is read.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::facts::Facts;
use crate::limits::Limits;
use crate::locale::Lang;
use crate::message::Channel;
use crate::read::{KeyPattern, MessageKeys};
use crate::rule::{ByChannel, Severity, value_or_table};
use crate::ruleset::{RuleSet, Setting};
use crate::texts::Key;

/// The name of the file that is searched upwards.
pub const FILE_NAME: &str = "santun.toml";

/// A key, what it is about, and an example of its value as TOML.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// The key.
    pub key: &'static str,
    pub(crate) about: Key,
    /// An example.
    pub example: &'static str,
}

impl Described {
    pub(crate) const fn new(key: &'static str, about: Key, example: &'static str) -> Self {
        Self { key, about, example }
    }

    /// What it is about, in words.
    #[must_use]
    pub fn about(&self, lang: Lang) -> &'static str {
        lang.text(self.about)
    }
}

/// Keys of `[agency]`.
pub const AGENCY: &[Described] = &[
    Described::new("names", Key::FileNames, "[\"Dinas X Kota Y\", \"Dinas X\"]"),
    Described::new("domains", Key::FileDomains, "[\"dinasx.kotay.go.id\"]"),
    Described::new("contacts", Key::FileContacts, "[\"(0209) 555-0199\", \"layanan@dinasx.kotay.go.id\"]"),
    Described::new("accounts", Key::FileAccounts, "[\"@dinasx.kotay\"]"),
    Described::new("archive", Key::FileArchive, "\"arsip@dinasx.kotay.go.id\""),
    Described::new("people", Key::FilePeople, "[\"Yanto\"]"),
    Described::new("positions", Key::FilePositions, "[\"Juru Ukur\"]"),
    Described::new("address_terms", Key::FileAddressTerms, "[\"Kak\", \"Sobat\"]"),
    Described::new("groups", Key::FileGroups, "[\"Grup Dinas X\"]"),
    Described::new("reply_clock", Key::FileReplyClock, "\"working\""),
    Described::new("hours", Key::FileHours, "{ days = \"1-5\", from = \"08:00\", to = \"16:00\" }"),
    Described::new("holidays", Key::FileHolidays, "[\"2027-01-01\"]"),
    Described::new("zone", Key::FileZone, "\"WIB\""),
    Described::new("election", Key::FileElection, "true"),
];

/// A configuration as it stands in its file.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Language of the reports: `id` or `en`.
    pub lang: Option<LangCode>,
    /// What makes the exit code 1.
    pub fail_on: Option<FailOn>,
    /// Packs of one's own, or folders of them, relative to the file.
    #[cfg_attr(schema, schemars(with = "Vec<PathBuf>"))]
    pub packs: Vec<Spanned<PathBuf>>,
    /// The agency's facts.
    pub agency: Facts,
    /// Who we are in conversations.
    pub identity: Identity,
    /// How much is read of one thing.
    pub limits: Limits,
    /// Settings of rules, by id or theme.
    #[cfg_attr(schema, schemars(with = "BTreeMap<String, RuleConfig>"))]
    pub rules: BTreeMap<Spanned<String>, RuleConfig>,
    /// Settings by path; later ones win.
    pub paths: Vec<PathConfig>,
}

/// Who we are in conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Identity {
    /// The names or numbers under which we write in chats.
    pub names: Vec<String>,
}

/// Code of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LangCode {
    /// Indonesian.
    Id,
    /// English.
    En,
}

impl From<LangCode> for Lang {
    fn from(code: LangCode) -> Self {
        match code {
            LangCode::Id => Self::Id,
            LangCode::En => Self::En,
        }
    }
}

/// The gravest severity that still passes is below this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// Findings that are to be mended.
    Error,
    /// Findings that are to be reviewed, too.
    Warning,
    /// Suggestions, too.
    Info,
    /// Nothing.
    Never,
}

impl FailOn {
    /// The names on the command line.
    pub const NAMES: [&'static str; 4] = ["error", "warning", "info", "never"];

    /// The value of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "error" => Self::Error,
            "warning" => Self::Warning,
            "info" => Self::Info,
            "never" => Self::Never,
            _ => return None,
        })
    }

    /// The lightest severity that fails.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// What is set for a rule: a severity, `off`, or a table.
#[derive(Clone, Debug)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(untagged))]
pub enum RuleConfig {
    /// `off` or a severity.
    Level(RuleLevel),
    /// More than that.
    Table(RuleTable),
}

/// `off` or a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RuleLevel {
    /// Not asked.
    Off,
    /// Asked, with its own severity.
    On,
    /// Asked; what it finds is a suggestion.
    Info,
    /// Asked; what it finds is to be reviewed.
    Warning,
    /// Asked; what it finds is to be mended.
    Error,
}

/// Settings of a rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RuleTable {
    /// Off, on, or the severity.
    pub severity: Option<RuleLevel>,
    /// The limit of a rule that counts.
    pub limit: Option<ByChannel<u32>>,
    /// Words that the rule finds, too.
    pub add: Vec<String>,
    /// Words that the rule lets pass.
    pub allow: Vec<String>,
}

impl From<RuleLevel> for RuleConfig {
    fn from(level: RuleLevel) -> Self {
        Self::Level(level)
    }
}

impl From<RuleTable> for RuleConfig {
    fn from(table: RuleTable) -> Self {
        Self::Table(table)
    }
}

impl<'de> Deserialize<'de> for RuleConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_table::<D, RuleLevel, RuleTable, Self>(deserializer, "off, on, error, warning, info, or a table")
    }
}

impl RuleConfig {
    fn table(&self) -> RuleTable {
        match self {
            Self::Level(level) => RuleTable { severity: Some(*level), ..RuleTable::default() },
            Self::Table(table) => table.clone(),
        }
    }

    fn setting(&self) -> Setting {
        let level = self.table().severity;
        let severity = match level {
            Some(RuleLevel::Error) => Some(Severity::Error),
            Some(RuleLevel::Warning) => Some(Severity::Warning),
            Some(RuleLevel::Info) => Some(Severity::Info),
            Some(RuleLevel::On | RuleLevel::Off) | None => None,
        };
        Setting { off: level == Some(RuleLevel::Off), severity }
    }
}

/// Settings for some paths.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PathConfig {
    /// Patterns such as `chat/**`, relative to the file.
    #[cfg_attr(schema, schemars(with = "Vec<String>"))]
    pub files: Vec<Spanned<String>>,
    /// The channel of messages that do not name one.
    pub channel: Option<Channel>,
    /// Which strings are messages, where the files are catalogues of an application.
    pub messages: Option<Vec<MessageConfig>>,
    /// Settings of rules there: `off`, `on` or a severity.
    #[serde(default)]
    #[cfg_attr(schema, schemars(with = "BTreeMap<String, RuleLevel>"))]
    pub rules: BTreeMap<Spanned<String>, RuleLevel>,
}

/// Messages of a catalogue, by their keys.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MessageConfig {
    /// The key of the bodies, such as `*.pesan`.
    #[cfg_attr(schema, schemars(with = "String"))]
    pub body: Spanned<String>,
    /// The key of their subjects.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    pub subject: Option<Spanned<String>>,
}

impl MessageConfig {
    /// The keys, once they are read.
    fn keys(&self) -> Result<MessageKeys, ConfigError> {
        let parse = |key: &Spanned<String>| {
            let wrong = || ConfigError::Key { key: key.get_ref().clone(), span: key.span() };
            KeyPattern::parse(key.get_ref()).ok_or_else(wrong)
        };
        let subject = self.subject.as_ref();
        MessageKeys::new(parse(&self.body)?, subject.map(parse).transpose()?).ok_or_else(|| {
            let at = subject.unwrap_or(&self.body);
            ConfigError::KeySubject { key: at.get_ref().clone(), span: at.span() }
        })
    }
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// What TOML or a key's type does not allow.
    #[error("{message}")]
    Toml {
        /// What the parser says.
        message: String,
        /// Bytes of the file.
        span: Option<Range<usize>>,
    },
    /// A rule or theme that does not exist.
    #[error("unknown rule {name}")]
    UnknownRule {
        /// As it was written.
        name: String,
        /// Bytes of the file.
        span: Range<usize>,
    },
    /// A key that this rule does not have.
    #[error("the rule {rule} has no {key}")]
    NotForRule {
        /// The rule.
        rule: String,
        /// The key.
        key: &'static str,
        /// Bytes of the file.
        span: Range<usize>,
    },
    /// A word that cannot be looked up.
    #[error("{message}")]
    Word {
        /// What is wrong with it.
        message: String,
        /// Bytes of the file.
        span: Range<usize>,
    },
    /// A key of messages that cannot be read.
    #[error("invalid key {key}")]
    Key {
        /// As it was written.
        key: String,
        /// Bytes of the file.
        span: Range<usize>,
    },
    /// A key of subjects whose stars are not those of the bodies.
    #[error("the stars of {key} are not those of its body")]
    KeySubject {
        /// As it was written.
        key: String,
        /// Bytes of the file.
        span: Range<usize>,
    },
    /// A pattern of paths that cannot be read.
    #[error("invalid pattern {pattern}")]
    Pattern {
        /// As it was written.
        pattern: String,
        /// Bytes of the file.
        span: Range<usize>,
    },
}

/// A configuration whose rules are known and whose patterns are compiled.
#[derive(Debug, Default)]
pub struct Project {
    /// The agency's facts.
    pub facts: Facts,
    /// Who we are in conversations.
    pub identity: Identity,
    /// How much is read of one thing.
    pub limits: Limits,
    /// What holds everywhere.
    pub settings: Vec<(String, Setting)>,
    /// What holds for some paths.
    pub paths: Vec<(GlobSet, PathConfig)>,
    /// Which strings are messages, for some paths.
    pub messages: Vec<(GlobSet, Arc<[MessageKeys]>)>,
    /// The folder of the file, to which patterns are relative.
    pub root: PathBuf,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// What TOML or the type of a key does not allow.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text)
            .map_err(|e: toml::de::Error| ConfigError::Toml { message: e.message().to_owned(), span: e.span() })
    }

    /// Applies limits and words to `rules` and prepares the rest. `root` is the folder of the file.
    ///
    /// # Errors
    /// Everything that does not fit the rules.
    pub fn apply(self, rules: &mut RuleSet, root: &Path) -> Result<Project, Vec<ConfigError>> {
        let mut errors = Vec::new();
        for (name, config) in &self.rules {
            if let Err(error) = apply_rule(rules, name, &config.table()) {
                errors.push(error);
            }
        }
        let (mut paths, mut messages) = (Vec::new(), Vec::new());
        for path in self.paths {
            let unknown = path.rules.keys().filter(|name| !rules.knows(name.get_ref()));
            errors.extend(
                unknown.map(|name| ConfigError::UnknownRule { name: name.get_ref().clone(), span: name.span() }),
            );
            let mut keys = Vec::new();
            for config in path.messages.iter().flatten() {
                match config.keys() {
                    Ok(read) => keys.push(read),
                    Err(error) => errors.push(error),
                }
            }
            match globs(&path.files) {
                Ok(globs) => {
                    if path.messages.is_some() {
                        messages.push((globs.clone(), keys.into()));
                    }
                    paths.push((globs, path));
                }
                Err(error) => errors.push(error),
            }
        }
        let settings = self.rules.iter().map(|(name, config)| (name.get_ref().clone(), config.setting())).collect();
        let Self { agency: facts, identity, limits, .. } = self;
        let project = Project { facts, identity, limits, settings, paths, messages, root: root.to_owned() };
        if errors.is_empty() { Ok(project) } else { Err(errors) }
    }
}

impl Project {
    /// The settings that hold for `path`, the general ones first, and its channel.
    #[must_use]
    pub fn for_path(&self, path: &Path) -> (Vec<(String, Setting)>, Option<Channel>) {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let mut settings = self.settings.clone();
        let mut channel = None;
        for (_, config) in self.paths.iter().filter(|(globs, _)| globs.is_match(relative)) {
            channel = config.channel.or(channel);
            settings.extend(
                config.rules.iter().map(|(name, level)| (name.get_ref().clone(), RuleConfig::Level(*level).setting())),
            );
        }
        (settings, channel)
    }

    /// Which strings of the catalogue at `path` are messages; none where it is no catalogue.
    #[must_use]
    pub fn messages_of(&self, path: &Path) -> Arc<[MessageKeys]> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let last = self.messages.iter().rfind(|(globs, _)| globs.is_match(relative));
        last.map(|(_, keys)| Arc::clone(keys)).unwrap_or_default()
    }
}

fn apply_rule(rules: &mut RuleSet, name: &Spanned<String>, table: &RuleTable) -> Result<(), ConfigError> {
    let (id, span) = (name.get_ref(), name.span());
    if !rules.knows(id) {
        return Err(ConfigError::UnknownRule { name: id.clone(), span });
    }
    let not_for = |key: &'static str| ConfigError::NotForRule { rule: id.clone(), key, span: span.clone() };
    if let Some(limit) = table.limit
        && !rules.set_limit(id, limit)
    {
        return Err(not_for("limit"));
    }
    if !table.add.is_empty() {
        let added = rules.add_terms(id, &table.add);
        if !added.map_err(|error| ConfigError::Word { message: error.to_string(), span: span.clone() })? {
            return Err(not_for("add"));
        }
    }
    if !table.allow.is_empty() && !rules.allow_words(id, &table.allow) {
        return Err(not_for("allow"));
    }
    Ok(())
}

fn globs(patterns: &[Spanned<String>]) -> Result<GlobSet, ConfigError> {
    let wrong = |p: &Spanned<String>| ConfigError::Pattern { pattern: p.get_ref().clone(), span: p.span() };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern.get_ref()).map_err(|_| wrong(pattern))?);
    }
    set.build().map_err(|_| patterns.first().map_or(ConfigError::Toml { message: String::new(), span: None }, wrong))
}
