//! Pages under `docs/` that are made from the packs: written anew with `SANTUN_WRITE_DOCS=1`, compared otherwise.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use santun::locale::Text;
use santun::rule::{Checkable, Rule};
use santun::ruleset::RuleSet;
use serde::Deserialize;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares the page with `text`, or writes it.
fn keep(page: &str, text: &str) {
    let path = root().join("docs").join(page);
    if std::env::var_os("SANTUN_WRITE_DOCS").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == text,
        "docs/{page} differs from the packs; SANTUN_WRITE_DOCS=1 cargo test --test docs writes it"
    );
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guideline {
    title: Text,
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    id: String,
    section: Text,
    title: Text,
    text: Text,
    checkable: Checkable,
    why: Option<Text>,
}

fn guideline(root: &Path) -> Guideline {
    toml::from_str(&fs::read_to_string(root.join("rules/guideline.toml")).unwrap()).unwrap()
}

const INTRODUCTION: &str = "\
Which rules check which statement of the guideline, which statements a rule comes from, and what no rule can see. This page is
made from `rules/` and compared with it by `cargo test --test docs`; `lint explain RULE` tells the rest.

What a rule needs: *text* is the message alone; *header* is a header of the message or a fact from the configuration;
*conversation* is turns with senders and times.
";

/// Statement by statement to the rules, and back.
fn coverage() -> String {
    let guideline = guideline(&root());
    let rules = RuleSet::embedded();
    let mut page =
        format!("# The guideline and its rules\n\nThe guideline is “{}”.\n\n{INTRODUCTION}", guideline.title.id);
    let mut section = "";
    for statement in &guideline.statement {
        if statement.section.en != section {
            section = &statement.section.en;
            let _ = write!(
                page,
                "\n## {section} ({})\n\n| statement | asks | needs | rules | what text does not show |\n",
                statement.section.id
            );
            page.push_str("|---|---|---|---|---|\n");
        }
        page.push_str(&row(statement, &rules));
    }
    page.push_str("\n## From rules to statements\n\n| rule | statements | basis |\n|---|---|---|\n");
    for rule in rules.rules() {
        let _ = writeln!(page, "| {} | {} | {} |", named(rule), rule.guideline.join(", "), rule.basis.join("; "));
    }
    page
}

fn row(statement: &Statement, rules: &RuleSet) -> String {
    let needs = match statement.checkable {
        Checkable::Text => "text",
        Checkable::Header => "header",
        Checkable::Conversation => "conversation",
        Checkable::No => "–",
    };
    let about = |rule: &&Rule| rule.guideline.iter().any(|key| *key == statement.id);
    let names: Vec<String> = rules.rules().filter(about).map(named).collect();
    let names = if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    let why = statement.why.as_ref().map_or("", |why| why.en.as_ref());
    let Statement { id, title, text, .. } = statement;
    format!("| `{id}` {} | {} | {needs} | {names} | {why} |\n", title.id, text.en)
}

/// The id, and a mark where the rule has to be switched on.
fn named(rule: &Rule) -> String {
    let off = if rule.default { "" } else { " (off)" };
    format!("`{}`{off}", rule.id)
}

#[test]
fn the_guideline_page_is_true() {
    keep("guideline.md", &coverage());
}

/// A statement that text can show has rules; one that it cannot has none, and says why.
#[test]
fn every_statement_is_accounted_for() {
    let rules = RuleSet::embedded();
    for statement in guideline(&root()).statement {
        let checked = rules.rules().any(|rule| rule.guideline.iter().any(|key| *key == statement.id));
        assert_eq!(checked, statement.checkable != Checkable::No, "{}", statement.id);
        assert!(checked || statement.why.is_some(), "{} says not why", statement.id);
    }
}
