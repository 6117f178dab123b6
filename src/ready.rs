//! Rules with the facts and settings of a configuration: all that holds for the files below it.

use std::path::Path;

use crate::config::{Config, ConfigError, FailOn, Project};
use crate::locale::Lang;
use crate::read::Hints;
use crate::ruleset::RuleSet;

/// Rules, facts and settings that hold together.
#[derive(Debug)]
pub struct Ready {
    /// The rules.
    pub rules: RuleSet,
    /// The rest of the configuration.
    pub project: Project,
    /// The language that the configuration sets.
    pub lang: Option<Lang>,
    /// What the configuration lets fail.
    pub fail_on: Option<FailOn>,
    /// Whether the clock tells the moment, since the configuration does not.
    pub by_clock: bool,
}

impl Ready {
    /// What holds by a configuration in the folder `root`, and what does not fit the rules. Where anything does not, nothing of it counts
    /// but what was said of the rules themselves.
    #[must_use]
    pub fn new(mut rules: RuleSet, config: Config, root: &Path) -> (Self, Vec<ConfigError>) {
        let (lang, fail_on) = (config.lang.map(Lang::from), config.fail_on);
        let (project, errors) = match config.apply(&mut rules, root) {
            Ok(project) => (project, Vec::new()),
            Err(errors) => (Project::default(), errors),
        };
        let by_clock = project.facts.now.is_none();
        (Self { rules, project, lang, fail_on, by_clock }, errors)
    }

    /// What the configuration says of the file at `path`, which begins as its folder does, before the file is read.
    #[must_use]
    pub fn hints(&self, path: &Path) -> Hints {
        let project = &self.project;
        Hints {
            configured: project.for_path(path).1,
            file_name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            me: project.identity.names.clone(),
            own_names: project.facts.names.iter().chain(&project.facts.people).cloned().collect(),
            messages: project.messages_of(path),
            limits: project.limits,
            ..Hints::default()
        }
    }
}
