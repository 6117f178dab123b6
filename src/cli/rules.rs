//! `lint rules`: the rules by theme; `lint rules test`: the cases inside the packs.

use std::fmt::Write as _;

use super::args::Common;
use super::output::print;
use super::{Outcome, problem};
use crate::cases::{self, Failure, FailureKind};
use crate::locale::Lang;
use crate::message::Channel;
use crate::project::Projects;
use crate::render::severity_word;
use crate::report::shown;
use crate::rule::{Rule, Severity};
use crate::ruleset::RuleSet;
use crate::texts::Key;

/// Lists the rules.
pub(super) fn list(common: &Common) -> Outcome {
    let mut projects = Projects::new(common.setup());
    let here = projects.here();
    problem::tell(&mut projects);
    let lang = common.lang.or(here.lang).unwrap_or_default();
    print(&table(lang, &here.rules));
    if projects.trouble { Outcome::Trouble } else { Outcome::Clean }
}

/// Runs the cases.
pub(super) fn test(common: &Common) -> Outcome {
    let mut projects = Projects::new(common.setup());
    let here = projects.here();
    problem::tell(&mut projects);
    let lang = common.lang.or(here.lang).unwrap_or_default();
    let outcome = cases::run(&here.rules);
    let mut text = String::new();
    for failure in &outcome.failures {
        let _ = writeln!(text, "{}\n", failure_text(lang, failure));
    }
    let (ran, failed) = (outcome.ran.to_string(), outcome.failures.len().to_string());
    let _ = writeln!(text, "{}", lang.fill(Key::RulesTested, &[("ran", &ran), ("failed", &failed)]));
    print(&text);
    match (projects.trouble, outcome.failures.is_empty()) {
        (true, _) => Outcome::Trouble,
        (_, true) => Outcome::Clean,
        _ => Outcome::Findings,
    }
}

/// A line a rule: id, severity by channel, whether it is off by default, whether it can mend.
fn table(lang: Lang, rules: &RuleSet) -> String {
    let width = rules.rules().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    let heads = Channel::ALL.map(|channel| format!(" {:<7}", channel.name())).concat();
    let mut theme = "";
    for rule in rules.rules() {
        if rule.theme() != theme {
            theme = rule.theme();
            let title = rules.title(theme, lang);
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{title}\n  {:<width$}{}", "", heads.trim_end());
        }
        let cell = |s: &Option<Severity>| format!(" {:<7}", s.map_or("-", Severity::name));
        let cells = rule.severity.iter().map(cell).collect::<Vec<_>>().concat();
        let line = format!("  {:<width$}{cells}{}", rule.id, marks(lang, rule));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let count = rules.rules().count().to_string();
    let word = |severity: Severity| format!("{} = {}", severity.name(), severity_word(lang, severity));
    let legend = [Severity::Error, Severity::Warning, Severity::Info].map(word).join(", ");
    let _ = writeln!(text, "\n{}\n{legend}", lang.fill(Key::RulesCount, &[("count", &count)]));
    text
}

fn marks(lang: Lang, rule: &Rule) -> String {
    let off = (!rule.default).then(|| lang.text(Key::RulesOff));
    let fix = rule.fixable.then(|| lang.text(Key::RulesFixable));
    let marks: Vec<&str> = off.into_iter().chain(fix).collect();
    if marks.is_empty() { String::new() } else { format!(" {}", marks.join(", ")) }
}

fn failure_text(lang: Lang, failure: &Failure) -> String {
    let list = |all: &[String]| all.iter().map(|text| format!("“{}”", shown(text))).collect::<Vec<_>>().join(", ");
    let what = match &failure.kind {
        FailureKind::Unreadable => lang.text(Key::CaseUnreadable).to_owned(),
        FailureKind::NothingFound => lang.text(Key::CaseNothing).to_owned(),
        FailureKind::Found(all) => lang.fill(Key::CaseFound, &[("found", &list(all))]),
        FailureKind::Excerpts(all) => lang.fill(Key::CaseExcerpts, &[("found", &list(all))]),
        FailureKind::Severity(name) => lang.fill(Key::CaseSeverity, &[("severity", name)]),
        FailureKind::Fixed(made) => lang.fill(Key::CaseFixed, &[("made", &shown(made))]),
    };
    let number = failure.number.to_string();
    let head = lang.fill(Key::CaseFailed, &[("rule", &failure.rule), ("number", &number), ("what", &what)]);
    failure.body.lines().fold(head, |text, line| text + "\n  | " + &shown(line))
}
