//! Which rules and facts hold for a file: packs of one's own, and the `santun.toml` that is found upwards from it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::args::Common;
use super::problem;
use crate::config::{Config, FILE_NAME, FailOn, LangCode, Project};
use crate::locale::Lang;
use crate::pack::PackError;
use crate::report::shown;
use crate::ruleset::RuleSet;
use crate::texts::Key;

/// Rules, facts and settings that hold for the files below a configuration.
#[derive(Debug)]
pub(super) struct Ready {
    /// The rules.
    pub(super) rules: RuleSet,
    /// The rest of the configuration.
    pub(super) project: Project,
    /// The language that the configuration sets.
    pub(super) lang: Option<Lang>,
    /// What the configuration lets fail.
    pub(super) fail_on: Option<FailOn>,
}

/// Finds and keeps what holds for each file.
#[derive(Debug)]
pub(super) struct Projects<'c> {
    common: &'c Common,
    by_config: HashMap<Option<PathBuf>, Arc<Ready>>,
    by_folder: HashMap<PathBuf, Option<PathBuf>>,
    /// Whether a pack or a configuration could not be used.
    pub(super) trouble: bool,
}

impl<'c> Projects<'c> {
    pub(super) fn new(common: &'c Common) -> Self {
        Self { common, by_config: HashMap::new(), by_folder: HashMap::new(), trouble: false }
    }

    /// What holds for a file, which need not exist.
    pub(super) fn for_file(&mut self, path: &Path) -> Arc<Ready> {
        let config = self.config_of(path);
        if let Some(ready) = self.by_config.get(&config) {
            return Arc::clone(ready);
        }
        let ready = Arc::new(self.load(config.as_deref()));
        self.by_config.insert(config, Arc::clone(&ready));
        ready
    }

    /// What holds where no file is concerned: in the current folder.
    pub(super) fn here(&mut self) -> Arc<Ready> {
        self.for_file(Path::new("x"))
    }

    fn config_of(&mut self, path: &Path) -> Option<PathBuf> {
        if self.common.isolated {
            return None;
        }
        if let Some(config) = &self.common.config {
            return Some(config.clone());
        }
        let folder = std::path::absolute(path).ok()?.parent()?.to_owned();
        if let Some(known) = self.by_folder.get(&folder) {
            return known.clone();
        }
        let found = folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file());
        self.by_folder.insert(folder, found.clone());
        found
    }

    fn load(&mut self, config: Option<&Path>) -> Ready {
        let lang = self.common.lang();
        let mut rules = if self.common.no_builtin { RuleSet::empty() } else { RuleSet::embedded() };
        let packs = self.common.packs.clone();
        for path in &packs {
            self.add_pack(lang, &mut rules, path);
        }
        let mut ready = Ready { rules: RuleSet::empty(), project: Project::default(), lang: None, fail_on: None };
        if let Some(path) = config
            && let Some((text, config)) = self.read_config(lang, path, &rules)
        {
            let root = path.parent().map(Path::to_owned).unwrap_or_default();
            let root = std::path::absolute(&root).unwrap_or(root);
            for pack in &config.packs {
                self.add_pack(lang, &mut rules, &root.join(pack));
            }
            ready.lang = config.lang.map(|code| match code {
                LangCode::Id => Lang::Id,
                LangCode::En => Lang::En,
            });
            ready.fail_on = config.fail_on;
            match config.apply(&mut rules, &root) {
                Ok(project) => ready.project = project,
                Err(errors) => {
                    self.trouble = true;
                    problem::show_config(lang, path, &text, &errors, &rules);
                }
            }
        }
        let facts = &mut ready.project.facts;
        facts.now = facts.now.or_else(|| Some(facts.zone.local(Timestamp::now())));
        Ready { rules, ..ready }
    }

    fn read_config(&mut self, lang: Lang, path: &Path, rules: &RuleSet) -> Option<(String, Config)> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.trouble = true;
                problem::say(lang, &unreadable(lang, path, &error));
                return None;
            }
        };
        match Config::parse(text.trim_start_matches('\u{feff}')) {
            Ok(config) => Some((text, config)),
            Err(error) => {
                self.trouble = true;
                problem::show_config(lang, path, text.trim_start_matches('\u{feff}'), &[error], rules);
                None
            }
        }
    }

    fn add_pack(&mut self, lang: Lang, rules: &mut RuleSet, path: &Path) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.trouble = true;
                problem::say(lang, &unreadable(lang, path, &error));
                return;
            }
        };
        let text = text.trim_start_matches('\u{feff}');
        if let Err(errors) = add_rules(rules, path, text) {
            self.trouble = true;
            problem::show_pack(lang, path, text, &errors);
        }
    }
}

/// Reads the pack `text` and adds its rules; its long tables lie in `lexicon/` beside it.
fn add_rules(rules: &mut RuleSet, path: &Path, text: &str) -> Result<(), Vec<PackError>> {
    let folder = path.parent().unwrap_or(Path::new("")).join("lexicon");
    rules.add_pack(text, &mut |name| {
        let file = folder.join(format!("{name}.toml"));
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    })
}

/// Says why a file cannot be read.
pub(super) fn unreadable(lang: Lang, path: &Path, error: &std::io::Error) -> String {
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
