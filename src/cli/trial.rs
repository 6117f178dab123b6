//! `lint rules test`: the cases inside the packs, each shown where it stands when it fails.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::args::Common;
use super::output::print;
use super::problem::Spot;
use super::{Outcome, problem};
use crate::cases::{self, Failure, FailureKind};
use crate::locale::Lang;
use crate::pack::CasePlace;
use crate::project::{Begun, PackFile, Projects, files_of, identity};
use crate::report::shown;
use crate::texts::Key;

/// Runs the cases of all packs, or of those that are `named` alone. The cases of a rule hold for the rule as its own pack has it,
/// those of an extension for the rule as its own pack has extended it: no pack fails for what another one changes.
pub(super) fn run(common: &Common, named: &[PathBuf]) -> Outcome {
    let mut setup = common.setup();
    setup.packs.extend(named.iter().cloned());
    let mut projects = Projects::new(setup);
    let Begun { rules, packs, lang, .. } = projects.begin_here();
    let lang = common.lang.or(lang).unwrap_or_default();
    let wanted: HashSet<PathBuf> =
        named.iter().flat_map(|path| files_of(path).unwrap_or_default()).map(|file| identity(&file)).collect();
    let is_wanted =
        |file: Option<&PackFile>| named.is_empty() || file.is_some_and(|file| wanted.contains(&identity(&file.path)));
    let mut trial = Trial { lang, color: common.color, ran: 0, failed: 0, text: String::new() };
    let mut index = 0;
    let mut theme = String::new();
    for rule in rules.rules() {
        index = if theme == rule.theme() { index + 1 } else { 0 };
        rule.theme().clone_into(&mut theme);
        let file = packs.iter().find(|(_, extensions)| extensions.pack == theme).map(|(file, _)| file);
        if is_wanted(file) {
            trial.take(&cases::run_of(&rules, rule, &rule.cases), file, "rule", index);
        }
    }
    for (wanted, _) in packs.iter().filter(|(file, extensions)| !extensions.is_empty() && is_wanted(Some(file))) {
        // Rules cannot be made as they were, so they are taken in anew.
        let Begun { mut rules, packs, .. } = projects.begin_here();
        let Some((file, extensions)) = packs.into_iter().find(|(file, _)| file.path == wanted.path) else { continue };
        projects.extend(&mut rules, &file, extensions);
        for rule in rules.rules() {
            for change in rules.changes(&rule.id) {
                trial.take(&cases::run_of(&rules, rule, &change.cases), Some(&file), "extend", change.number);
            }
        }
    }
    problem::tell(&mut projects);
    let counts = [("ran", trial.ran.to_string()), ("failed", trial.failed.to_string())];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    // Where nothing ran since nothing could be read, there is nothing to count.
    if trial.ran > 0 || !projects.trouble {
        print(&format!("{}{}\n", trial.text, lang.fill(Key::RulesTested, &counts)));
    }
    match (projects.trouble, trial.failed) {
        (true, _) => Outcome::Trouble,
        (_, 0) => Outcome::Clean,
        _ => Outcome::Findings,
    }
}

/// What came of the cases so far.
struct Trial {
    lang: Lang,
    color: bool,
    ran: usize,
    failed: usize,
    /// The failures, drawn.
    text: String,
}

impl Trial {
    /// Takes in what came of the cases of one rule or extension, the one at `index` of a list of its pack.
    fn take(&mut self, outcome: &cases::Outcome, file: Option<&PackFile>, list: &'static str, index: usize) {
        self.ran += outcome.ran;
        self.failed += outcome.failures.len();
        for failure in &outcome.failures {
            let place = CasePlace { list, index, number: failure.number };
            let drawn = file.and_then(|file| self.draw(failure, file, place));
            let text = drawn.unwrap_or_else(|| self.tell(failure));
            let _ = writeln!(self.text, "{text}\n");
        }
    }

    /// The failure at what its case says and does not come true.
    fn draw(&self, failure: &Failure, file: &PackFile, place: CasePlace) -> Option<String> {
        let (key, label) = match &failure.kind {
            FailureKind::Unreadable | FailureKind::NothingFound => ("bad", Key::LabelHere),
            FailureKind::Found(_) => ("good", Key::CaseIsFound),
            FailureKind::Excerpts(_) => ("finds", Key::CaseExpected),
            FailureKind::Severity(_) => ("severity", Key::CaseExpected),
            FailureKind::Fixed(_) => ("fixed", Key::CaseExpected),
        };
        let mut span = place.find(&file.text, key).or_else(|| place.find(&file.text, "good"))?;
        if let FailureKind::Found(all) = &failure.kind
            && let Some(first) = all.first()
            && let Some(at) = file.text.get(span.clone()).and_then(|text| text.find(first.as_str()))
        {
            span = span.start + at..span.start + at + first.len();
        }
        let spot = Spot {
            path: &file.path,
            text: &file.text,
            word: &self.lang.fill(Key::CaseFailed, &[("number", &failure.number.to_string())]),
            code: Some(&failure.rule),
            message: &self.what(failure),
            label: self.lang.text(label),
            color: self.color,
        };
        let drawing = spot.draw(Some(span))?;
        // What stands on another line of the pack.
        let body = if label == Key::CaseExpected { body(failure) } else { String::new() };
        Some(drawing + &body)
    }

    /// The failure of an embedded rule, whose pack is not at hand.
    fn tell(&self, failure: &Failure) -> String {
        let head = self.lang.fill(Key::CaseFailed, &[("number", &failure.number.to_string())]);
        format!("[{}] {head}: {}{}", failure.rule, self.what(failure), body(failure))
    }

    fn what(&self, failure: &Failure) -> String {
        let lang = self.lang;
        let list = |all: &[String]| all.iter().map(|text| format!("“{}”", shown(text))).collect::<Vec<_>>().join(", ");
        match &failure.kind {
            FailureKind::Unreadable => lang.text(Key::CaseUnreadable).to_owned(),
            FailureKind::NothingFound => lang.text(Key::CaseNothing).to_owned(),
            FailureKind::Found(all) => lang.fill(Key::CaseFound, &[("found", &list(all))]),
            FailureKind::Excerpts(all) => lang.fill(Key::CaseExcerpts, &[("found", &list(all))]),
            FailureKind::Severity(name) => lang.fill(Key::CaseSeverity, &[("severity", name)]),
            FailureKind::Fixed(made) => lang.fill(Key::CaseFixed, &[("made", &shown(made))]),
        }
    }
}

/// The message of the case, line by line.
fn body(failure: &Failure) -> String {
    failure.body.lines().fold(String::new(), |text, line| text + "\n  | " + &shown(line))
}
