//! Which rules and facts hold for a file: packs of one's own, and the `santun.toml` that is found upwards from it.
//!
//! What is wrong with these is collected as [`Problem`]s: the command prints them, the language server sends them.

mod problem;
mod walk;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Config, FILE_NAME, FailOn, LangCode, Project};
use crate::locale::Lang;
use crate::pack::PackError;
use crate::read::Hints;
use crate::ruleset::RuleSet;

pub(crate) use problem::{Flaw, Problem, unknown_rule, unreadable};
pub(crate) use walk::{files, is_settings};

/// What whoever starts the program says about rules and configurations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Setup {
    /// The language, if it was chosen.
    pub(crate) lang: Option<Lang>,
    /// Packs of one's own.
    pub(crate) packs: Vec<PathBuf>,
    /// Whether the embedded packs are left out.
    pub(crate) no_builtin: bool,
    /// The configuration, if it was named.
    pub(crate) config: Option<PathBuf>,
    /// Whether no configuration is searched.
    pub(crate) isolated: bool,
}

/// Rules, facts and settings that hold for the files below a configuration.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The rules.
    pub(crate) rules: RuleSet,
    /// The rest of the configuration.
    pub(crate) project: Project,
    /// The language that the configuration sets.
    pub(crate) lang: Option<Lang>,
    /// What the configuration lets fail.
    pub(crate) fail_on: Option<FailOn>,
    /// Whether the clock was read, since the configuration does not say what moment it is.
    pub(crate) by_clock: bool,
}

impl Ready {
    /// What the configuration says of the file at `path`, whose channel it may set, before the file is read.
    pub(crate) fn hints(&self, path: &Path) -> Hints {
        let absolute = absolute(path);
        let project = &self.project;
        Hints {
            configured: project.for_path(&absolute).1,
            file_name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            me: project.identity.names.clone(),
            own_names: project.facts.names.iter().chain(&project.facts.people).cloned().collect(),
            messages: project.messages_of(&absolute),
            limits: project.limits,
            ..Hints::default()
        }
    }
}

/// Finds and keeps what holds for each file.
#[derive(Debug)]
pub(crate) struct Projects {
    setup: Setup,
    by_config: HashMap<Option<PathBuf>, Arc<Ready>>,
    by_folder: HashMap<PathBuf, Option<PathBuf>>,
    problems: Vec<Problem>,
    /// Whether a pack or a configuration could not be used.
    pub(crate) trouble: bool,
}

impl Projects {
    pub(crate) fn new(setup: Setup) -> Self {
        Self { setup, by_config: HashMap::new(), by_folder: HashMap::new(), problems: Vec::new(), trouble: false }
    }

    /// The language of what is said before a configuration is known.
    pub(crate) fn lang(&self) -> Lang {
        self.setup.lang.unwrap_or_default()
    }

    /// What holds for a file, which need not exist.
    pub(crate) fn for_file(&mut self, path: &Path) -> Arc<Ready> {
        let config = self.config_of(path);
        if let Some(ready) = self.by_config.get(&config) {
            return Arc::clone(ready);
        }
        let text = config.as_deref().map(fs::read_to_string);
        let ready = Arc::new(self.load(config.as_deref().zip(text)));
        self.by_config.insert(config, Arc::clone(&ready));
        ready
    }

    /// What holds where no file is concerned: in the current folder.
    pub(crate) fn here(&mut self) -> Arc<Ready> {
        self.for_file(Path::new("x"))
    }

    /// The configuration that governs a file, which need not exist.
    pub(crate) fn config_of(&mut self, path: &Path) -> Option<PathBuf> {
        if self.setup.isolated {
            return None;
        }
        if let Some(config) = &self.setup.config {
            return Some(config.clone());
        }
        let folder = absolute(path).parent()?.to_owned();
        if let Some(known) = self.by_folder.get(&folder) {
            return known.clone();
        }
        let found = folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file());
        self.by_folder.insert(folder, found.clone());
        found
    }

    /// What went wrong since this was last asked.
    pub(crate) fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    fn load(&mut self, config: Option<(&Path, io::Result<String>)>) -> Ready {
        let mut rules = if self.setup.no_builtin { RuleSet::empty() } else { RuleSet::embedded() };
        for path in self.setup.packs.clone() {
            self.add_pack(&mut rules, &path);
        }
        let mut ready =
            Ready { rules: RuleSet::empty(), project: Project::default(), lang: None, fail_on: None, by_clock: false };
        if let Some((path, text)) = config
            && let Some((text, config)) = self.read_config(path, text, &rules)
        {
            let root = absolute(path).parent().map(Path::to_owned).unwrap_or_default();
            for pack in &config.packs {
                self.add_pack(&mut rules, &root.join(pack));
            }
            ready.lang = config.lang.map(|code| match code {
                LangCode::Id => Lang::Id,
                LangCode::En => Lang::En,
            });
            ready.fail_on = config.fail_on;
            match config.apply(&mut rules, &root) {
                Ok(project) => ready.project = project,
                Err(errors) => self.add(Problem::of_config(self.lang(), path, text, &errors, &rules)),
            }
        }
        let facts = &mut ready.project.facts;
        ready.by_clock = facts.now.is_none();
        facts.now = facts.now.or_else(|| Some(facts.zone.local(Timestamp::now())));
        Ready { rules, ..ready }
    }

    fn read_config(&mut self, path: &Path, text: io::Result<String>, rules: &RuleSet) -> Option<(String, Config)> {
        let text = self.whole(path, text)?;
        match Config::parse(&text) {
            Ok(config) => Some((text, config)),
            Err(error) => {
                self.add(Problem::of_config(self.lang(), path, text, &[error], rules));
                None
            }
        }
    }

    fn add_pack(&mut self, rules: &mut RuleSet, path: &Path) {
        let Some(text) = self.whole(path, fs::read_to_string(path)) else { return };
        if let Err(errors) = add_rules(rules, path, &text) {
            self.add(Problem::of_pack(self.lang(), path, text, &errors));
        }
    }

    /// The text that was read, without its mark.
    fn whole(&mut self, path: &Path, text: io::Result<String>) -> Option<String> {
        match text {
            Ok(text) => Some(match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            }),
            Err(error) => {
                self.add(Problem::of_file(self.lang(), path, &error));
                None
            }
        }
    }

    fn add(&mut self, problem: Problem) {
        self.trouble = true;
        self.problems.push(problem);
    }
}

/// What is wrong with a configuration that reads `text`, or would lie at `path` with it.
pub(crate) fn flaws_of_config(setup: &Setup, path: &Path, text: &str) -> Vec<Flaw> {
    let mut projects = Projects::new(setup.clone());
    projects.load(Some((path, Ok(text.to_owned()))));
    projects.take_problems().into_iter().filter(|problem| problem.path == path).flat_map(|p| p.flaws).collect()
}

/// What is wrong with a pack that reads `text`.
pub(crate) fn flaws_of_pack(lang: Lang, path: &Path, text: &str) -> Vec<Flaw> {
    match add_rules(&mut RuleSet::empty(), path, text) {
        Ok(()) => Vec::new(),
        Err(errors) => Problem::of_pack(lang, path, String::new(), &errors).flaws,
    }
}

/// A path from the root of its disk. On Windows `\\?\C:\surel` and `C:\surel` are one folder, so both are written in the second way.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| dunce::simplified(&path).to_owned())
}

/// Reads the pack `text` and adds its rules; its long tables lie in `lexicon/` beside it.
fn add_rules(rules: &mut RuleSet, path: &Path, text: &str) -> Result<(), Vec<PackError>> {
    let folder = path.parent().unwrap_or(Path::new("")).join("lexicon");
    rules.add_pack(text, &mut |name| {
        let file = folder.join(format!("{name}.toml"));
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    })
}
