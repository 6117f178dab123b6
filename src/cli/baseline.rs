//! Baselines: findings that were there before, known by their content and not by their line, so that old texts can be
//! adopted and only what is new counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::whole;
use crate::report::{Finding, shown};

/// The version of the file. A change of meaning makes the next one.
const VERSION: u32 = 1;

/// Findings by file, rule and content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    version: u32,
    findings: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

/// A baseline without findings.
impl Default for Baseline {
    fn default() -> Self {
        Self { version: VERSION, findings: BTreeMap::new() }
    }
}

/// A finding as a baseline knows it: the rule, and the hash of what stands at it and around it.
pub(super) type Known = (String, String);

impl Baseline {
    /// Reads the file at `path`.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let invalid = |detail: String| io::Error::new(io::ErrorKind::InvalidData, detail);
        let baseline: Self = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        if baseline.version == VERSION {
            Ok(baseline)
        } else {
            Err(invalid(format!("version {}, not {VERSION}", baseline.version)))
        }
    }

    /// Writes the file at `path`, whole or not at all, in an order that changes little from time to time.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        whole::write(path, text.as_bytes())
    }

    /// Whether it names the finding of the file at `path`.
    pub(super) fn names(&self, path: &str, finding: &Finding) -> bool {
        let rules = self.findings.get(&plain(path));
        let contents = rules.and_then(|rules| rules.get(finding.rule.as_ref()));
        contents.is_some_and(|contents| contents.contains(&finding.content))
    }

    /// Takes in a finding of the file at `path`.
    pub(super) fn add(&mut self, path: &str, (rule, content): Known) {
        self.findings.entry(plain(path)).or_default().entry(rule).or_default().insert(content);
    }

    /// How many findings it names.
    pub(super) fn len(&self) -> usize {
        self.findings.values().flat_map(BTreeMap::values).map(BTreeSet::len).sum()
    }

    /// How many findings it names for the files at `paths` that `met` does not.
    pub(super) fn stale(&self, met: &Self, paths: &BTreeSet<String>) -> usize {
        let named = self.findings.iter().filter(|(path, _)| paths.contains(*path));
        let missing = |path: &str, rule: &str, content: &str| {
            let contents = met.findings.get(path).and_then(|rules| rules.get(rule));
            contents.is_none_or(|contents| !contents.contains(content))
        };
        named
            .flat_map(|(path, rules)| rules.iter().map(move |(rule, contents)| (path, rule, contents)))
            .map(|(path, rule, contents)| contents.iter().filter(|content| missing(path, rule, content)).count())
            .sum()
    }
}

/// A path as a baseline has it: the same wherever it is written down.
pub(super) fn plain(path: &str) -> String {
    // Masked in any case, so that it is the same file whether masks are lifted or not.
    let path = shown(path).replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}
