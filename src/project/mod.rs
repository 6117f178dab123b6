//! Which rules and facts hold for a file: packs of one's own, and the `santun.toml` that is found upwards from it.
//!
//! What is wrong with these is collected as [`Problem`]s: the command prints them, the language server sends them.

mod packs;
mod problem;
mod walk;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Config, FILE_NAME};
use crate::flaw::Flaw;
use crate::locale::Lang;
use crate::pack::Extensions;
use crate::ready::Ready;
use crate::ruleset::RuleSet;
use packs::{Collection, without_mark};

pub(crate) use packs::{PackFile, files_of, flaws_of_pack, identity};
pub(crate) use problem::Problem;
pub(crate) use walk::{files, is_settings};

/// What whoever starts the program says about rules and configurations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Setup {
    /// The language, if it was chosen.
    pub(crate) lang: Option<Lang>,
    /// Packs of one's own: files, or folders of them.
    pub(crate) packs: Vec<PathBuf>,
    /// Whether the embedded packs are left out.
    pub(crate) no_builtin: bool,
    /// The configuration, if it was named.
    pub(crate) config: Option<PathBuf>,
    /// Whether nothing that lies among the files says how they are checked: no configuration is searched, no ignore file heeded.
    pub(crate) isolated: bool,
}

/// Rules before packs have extended them, and before the configuration has set anything.
#[derive(Debug)]
pub(crate) struct Begun {
    /// The rules of all packs, each as its own pack has it.
    pub(crate) rules: RuleSet,
    /// The packs of one's own, in order, and what they extend.
    pub(crate) packs: Vec<(PackFile, Extensions)>,
    /// The language that the configuration sets.
    pub(crate) lang: Option<Lang>,
    /// The configuration and its text.
    config: Option<(String, Config)>,
}

/// Finds and keeps what holds for each file.
#[derive(Debug)]
pub(crate) struct Projects {
    setup: Setup,
    by_config: HashMap<Option<PathBuf>, Arc<Ready>>,
    by_folder: HashMap<PathBuf, Option<PathBuf>>,
    problems: Vec<Problem>,
    /// A pack that is being written, and stands in place of its file.
    draft: Option<PackFile>,
    /// Whether a pack or a configuration could not be used.
    pub(crate) trouble: bool,
}

impl Projects {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            setup,
            by_config: HashMap::new(),
            by_folder: HashMap::new(),
            problems: Vec::new(),
            draft: None,
            trouble: false,
        }
    }

    /// Whether nothing that lies among the files says how they are checked.
    pub(crate) fn isolated(&self) -> bool {
        self.setup.isolated
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

    /// The rules that hold in the current folder, as they are before anything is changed of them.
    pub(crate) fn begin_here(&mut self) -> Begun {
        let config = self.config_of(Path::new("x"));
        let text = config.as_deref().map(fs::read_to_string);
        self.begin(config.as_deref().zip(text))
    }

    /// The configuration that governs a file, which need not exist.
    pub(crate) fn config_of(&mut self, path: &Path) -> Option<PathBuf> {
        if self.setup.isolated || self.setup.config.is_some() {
            return self.setup.config.clone();
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

    /// Reads the configuration and takes in the packs that it names, then those that were named by whoever started the program.
    fn begin(&mut self, config: Option<(&Path, io::Result<String>)>) -> Begun {
        let mut rules = if self.setup.no_builtin { RuleSet::empty() } else { RuleSet::embedded() };
        let mut collected = Collection::default();
        let mut config = config.and_then(|(path, text)| Some((path, self.read_config(path, text, &rules)?)));
        if let Some((config_path, (text, config))) = &mut config {
            let root = root_of(config_path);
            for pack in std::mem::take(&mut config.packs) {
                let path = below_here(&root.join(pack.get_ref()));
                self.read_packs(&mut collected, &path, Some(&(*config_path, text.as_str(), pack.span())));
            }
        }
        for path in self.setup.packs.clone() {
            self.read_packs(&mut collected, &path, None);
        }
        let packs = self.take_in(&mut rules, collected);
        let config = config.map(|(_, config)| config);
        let lang = config.as_ref().and_then(|(_, config)| config.lang).map(Lang::from);
        Begun { rules, packs, lang, config }
    }

    fn load(&mut self, config: Option<(&Path, io::Result<String>)>) -> Ready {
        let path = config.as_ref().map(|(path, _)| *path);
        let Begun { mut rules, packs, config, .. } = self.begin(config);
        for (file, extensions) in packs {
            self.extend(&mut rules, &file, extensions);
        }
        let (text, config) = config.unzip();
        let root = path.map(root_of).unwrap_or_default();
        let (mut ready, errors) = Ready::new(rules, config.unwrap_or_default(), &root);
        if let Some((path, text)) = path.zip(text).filter(|_| !errors.is_empty()) {
            self.add(Problem::of_config(self.lang(), path, text, &errors, &ready.rules));
        }
        let facts = &mut ready.project.facts;
        facts.now = facts.now.or_else(|| Some(facts.zone.local(Timestamp::now())));
        ready
    }

    fn read_config(&mut self, path: &Path, text: io::Result<String>, rules: &RuleSet) -> Option<(String, Config)> {
        let text = match text {
            Ok(text) => without_mark(text),
            Err(error) => {
                self.add(Problem::of_file(self.lang(), path, &error));
                return None;
            }
        };
        match Config::parse(&text) {
            Ok(config) => Some((text, config)),
            Err(error) => {
                self.add(Problem::of_config(self.lang(), path, text, &[error], rules));
                None
            }
        }
    }

    fn add(&mut self, problem: Problem) {
        self.trouble = true;
        // What is read more than once is wrong once.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// What is wrong with a configuration that reads `text`, or would lie at `path` with it.
pub(crate) fn flaws_of_config(setup: &Setup, path: &Path, text: &str) -> Vec<Flaw> {
    let mut projects = Projects::new(setup.clone());
    projects.load(Some((path, Ok(text.to_owned()))));
    projects.take_problems().into_iter().filter(|problem| problem.path == path).flat_map(|p| p.flaws).collect()
}

/// The folder of a configuration, to which its paths are relative.
fn root_of(config: &Path) -> PathBuf {
    absolute(config).parent().map(Path::to_owned).unwrap_or_default()
}

/// A path as people would write it: without the current folder, where it lies below that.
fn below_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}

/// A path from the root of its disk. On Windows `\\?\C:\surel` and `C:\surel` are one folder, so both are written in the second way.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| dunce::simplified(&path).to_owned())
}
