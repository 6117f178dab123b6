//! `lint explain RULE`: what a rule is about, why, and what is good and bad.

use std::io::Write as _;

use anstyle::{AnsiColor, Effects};

use super::args::Common;
use super::rules::edition;
use super::{Outcome, problem};
use crate::embedded::GUIDELINE;
use crate::flaw::unknown_rule;
use crate::locale::Lang;
use crate::pack::PackInfo;
use crate::project::Projects;
use crate::render::drawing::wrap;
use crate::render::severity_word;
use crate::report::{sample, shown};
use crate::rule::{Case, Gate, Rule, in_general};
use crate::ruleset::RuleSet;
use crate::texts::Key;

/// How many examples of each sort are shown.
const EXAMPLES: usize = 3;

/// Explains the rule `id`.
pub(super) fn run(common: &Common, id: &str) -> Outcome {
    let mut projects = Projects::new(common.setup());
    let here = projects.here();
    problem::tell(&mut projects);
    let lang = common.lang.or(here.lang).unwrap_or_default();
    let Some(rule) = here.rules.rule(id) else {
        problem::say(lang, &unknown_rule(lang, id, &here.rules));
        return Outcome::Trouble;
    };
    let page = Page { lang, color: common.color, text: String::new() }.of(&here.rules, rule);
    // A reader who has gone away needs no explanation.
    let _ = std::io::stdout().write_all(page.as_bytes());
    if projects.trouble { Outcome::Trouble } else { Outcome::Clean }
}

struct Page {
    lang: Lang,
    color: bool,
    text: String,
}

impl Page {
    fn of(mut self, rules: &RuleSet, rule: &Rule) -> String {
        let lang = self.lang;
        self.heading(&rule.id);
        self.paragraph("", &in_general(rule.message.get(lang)));
        if !rule.help.get(lang).is_empty() {
            self.section(Key::ExplainHelp, &in_general(rule.help.get(lang)));
        }
        let channels: Vec<String> = rule
            .channels()
            .filter_map(|c| rule.severity[c as usize].map(|s| format!("{}: {}", c.name(), severity_word(lang, s))))
            .collect();
        self.section(Key::ExplainChannels, &channels.join("; "));
        if !rule.default {
            self.section(Key::ExplainDefault, lang.text(Key::ExplainOff));
        }
        if let Some(conditions) = conditions(lang, rule) {
            self.section(Key::ExplainOnly, &conditions);
        }
        self.section(
            Key::ExplainFix,
            lang.text(if rule.fixable { Key::ExplainFixable } else { Key::ExplainNotFixable }),
        );
        for key in rule.guideline.iter() {
            if let Some(statement) = GUIDELINE.statement(key) {
                let text = format!("{} ({key}). {}", statement.title.get(lang), statement.text.get(lang));
                self.section(Key::ExplainGuideline, &text);
            }
        }
        if !rule.basis.is_empty() {
            self.section(Key::ExplainBasis, &rule.basis.join("; "));
        }
        if let Some(pack) = rules.pack(rule.theme()).filter(|pack| pack.file.is_some()) {
            self.section(Key::ExplainPack, &named(pack));
        }
        let changes = rules.changes(&rule.id);
        for change in changes {
            let pack = rules.pack(&change.pack).map_or_else(|| change.pack.clone(), named);
            self.section(Key::ExplainChanged, &format!("{pack}: {}", change.keys.join(", ")));
        }
        // What is nearest to the reader comes first: the examples of their own packs.
        let cases = || changes.iter().rev().flat_map(|change| &change.cases).chain(rule.cases.iter());
        self.examples(Key::ExplainBad, AnsiColor::Red, cases().filter(|case| case.bad));
        self.examples(Key::ExplainGood, AnsiColor::Green, cases().filter(|case| !case.bad));
        self.text
    }

    fn heading(&mut self, text: &str) {
        let painted = self.paint(text, AnsiColor::Cyan);
        self.text.push_str(&painted);
        self.text.push_str("\n\n");
    }

    fn section(&mut self, key: Key, text: &str) {
        let label = self.paint(self.lang.text(key), AnsiColor::Green);
        self.text.extend(["\n", &label, "\n"]);
        self.paragraph("  ", text);
    }

    fn examples<'c>(&mut self, key: Key, color: AnsiColor, cases: impl Iterator<Item = &'c Case>) {
        let cases: Vec<&Case> = cases.take(EXAMPLES).collect();
        if cases.is_empty() {
            return;
        }
        let label = self.paint(self.lang.text(key), color);
        self.text.extend(["\n", &label, "\n"]);
        for (index, case) in cases.into_iter().enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            for line in sample(case) {
                self.paragraph("  | ", &line);
            }
        }
    }

    fn paragraph(&mut self, indent: &str, text: &str) {
        self.text.push_str(indent);
        self.text.push_str(&wrap(text, indent, indent.len()));
        self.text.push('\n');
    }

    fn paint(&self, text: &str, color: AnsiColor) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = color.on_default().effects(Effects::BOLD);
        format!("{style}{text}{style:#}")
    }
}

/// A pack and its file.
fn named(pack: &PackInfo) -> String {
    let edition = edition(pack).unwrap_or_else(|| shown(&pack.id));
    pack.file.as_ref().map_or_else(|| edition.clone(), |file| format!("{edition} ({file})"))
}

/// What must hold before the rule judges a message, with the channels if it does not apply everywhere.
fn conditions(lang: Lang, rule: &Rule) -> Option<String> {
    let key = |gate: Gate| match gate {
        Gate::Election => Key::GateElection,
        Gate::OfficialGroup => Key::GateOfficialGroup,
        Gate::Outsiders => Key::GateOutsiders,
    };
    let gated: Vec<(&str, Gate)> =
        rule.channels().filter_map(|c| rule.only[c as usize].map(|gate| (c.name(), gate))).collect();
    let everywhere = gated.len() == rule.channels().count();
    let groups = gated.chunk_by(|a, b| a.1 == b.1).map(|group| {
        let names: Vec<&str> = group.iter().map(|(name, _)| *name).collect();
        let head = if everywhere { String::new() } else { format!("{}: ", names.join(", ")) };
        head + lang.text(key(group[0].1))
    });
    let text = groups.collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
