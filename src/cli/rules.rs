//! `lint rules`: the rules by theme, with the packs that hold and change them.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::args::Common;
use super::output::{pretty_json, print};
use super::{Outcome, problem};
use crate::locale::{Lang, Text};
use crate::message::Channel;
use crate::pack::PackInfo;
use crate::project::Projects;
use crate::render::severity_word;
use crate::report::shown;
use crate::rule::{Rule, Severity};
use crate::ruleset::RuleSet;
use crate::texts::Key;

/// Lists the rules, for people or as JSON.
pub(super) fn list(common: &Common, as_json: bool) -> Outcome {
    let mut projects = Projects::new(common.setup());
    let here = projects.here();
    problem::tell(&mut projects);
    let lang = common.lang.or(here.lang).unwrap_or_default();
    print(&if as_json { pretty_json(&document(&here.rules)) } else { table(lang, &here.rules) });
    if projects.trouble { Outcome::Trouble } else { Outcome::Clean }
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
            let edition = rules.pack(theme).and_then(edition).map(|known| format!(" ({known})")).unwrap_or_default();
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{title}{edition}\n  {:<width$}{}", "", heads.trim_end());
        }
        let cell = |s: &Option<Severity>| format!(" {:<7}", s.map_or("-", Severity::name));
        let cells = rule.severity.iter().map(cell).collect::<Vec<_>>().concat();
        let line = format!("  {:<width$}{cells}{}", rule.id, marks(lang, rules, rule));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let count = rules.rules().count().to_string();
    let word = |severity: Severity| format!("{} = {}", severity.name(), severity_word(lang, severity));
    let legend = [Severity::Error, Severity::Warning, Severity::Info].map(word).join(", ");
    let _ = writeln!(text, "\n{}\n{legend}", lang.fill(Key::RulesCount, &[("count", &count)]));
    text
}

/// Packs and rules as they are once packs have extended them; what the configuration sets differs from file to file and is left out.
fn document(rules: &RuleSet) -> Value {
    let text = |text: &Text| json!({ "id": text.id, "en": text.en });
    let packs: Vec<Value> = rules
        .packs()
        .map(|pack| {
            let PackInfo { id, title, version, licence, file } = pack;
            json!({ "id": id, "title": text(title), "version": version, "licence": licence, "file": file })
        })
        .collect();
    let about = |rule: &Rule| {
        let severity: Map<String, Value> = Channel::ALL
            .into_iter()
            .map(|channel| (channel.name().to_owned(), rule.severity[channel as usize].map(Severity::name).into()))
            .collect();
        let changes = rules.changes(&rule.id).iter();
        let changes: Vec<Value> = changes.map(|change| json!({ "pack": change.pack, "keys": change.keys })).collect();
        json!({
            "id": rule.id,
            "pack": rule.theme(),
            "severity": severity,
            "default": rule.default,
            "fixable": rule.fixable,
            "message": text(&rule.message),
            "changes": changes,
        })
    };
    let rules: Vec<Value> = rules.rules().map(about).collect();
    json!({ "version": 1, "packs": packs, "rules": rules })
}

/// Which edition of a pack it is: its id, version and licence; none where it names neither.
pub(super) fn edition(pack: &PackInfo) -> Option<String> {
    let version = pack.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let licence = pack.licence.as_deref().map(|licence| format!(", {licence}")).unwrap_or_default();
    let tells = !version.is_empty() || !licence.is_empty();
    tells.then(|| shown(&format!("{}{version}{licence}", pack.id)))
}

fn marks(lang: Lang, rules: &RuleSet, rule: &Rule) -> String {
    let off = (!rule.default).then(|| lang.text(Key::RulesOff).to_owned());
    let fix = rule.fixable.then(|| lang.text(Key::RulesFixable).to_owned());
    let mut packs: Vec<&str> = rules.changes(&rule.id).iter().map(|change| change.pack.as_str()).collect();
    packs.dedup();
    let changed = (!packs.is_empty()).then(|| lang.fill(Key::RulesChanged, &[("packs", &packs.join(", "))]));
    let marks: Vec<String> = off.into_iter().chain(fix).chain(changed).collect();
    if marks.is_empty() { String::new() } else { format!(" {}", marks.join(", ")) }
}
