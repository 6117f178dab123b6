//! What under `docs/` is made from the packs and from the program: written anew with `SANTUN_WRITE_DOCS=1`, compared otherwise.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use santun::locale::{Lang, Text};
use santun::report::sample;
use santun::rule::in_general;
use santun::rule::{Case, Checkable, Gate, Rule, Severity};
use santun::ruleset::RuleSet;
use serde::Deserialize;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares the page with `text`, or writes it.
fn keep(page: &str, text: &str) {
    let path = root().join("docs").join(page);
    if std::env::var_os("SANTUN_WRITE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == text,
        "docs/{page} is not what the packs and the program make of it; SANTUN_WRITE_DOCS=1 cargo test --test docs renews it"
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

/// What a page of rules says besides what the packs say; labels are those of `lint explain`.
struct Words {
    lang: Lang,
    head: &'static str,
    severities: [&'static str; 3],
    labels: toml::Table,
}

impl Words {
    fn label(&self, key: &str) -> &str {
        self.labels[key].as_str().unwrap()
    }
}

fn words(lang: Lang) -> Words {
    let code = if lang == Lang::Id { "id" } else { "en" };
    let labels = fs::read_to_string(root().join(format!("src/locale/{code}.toml"))).unwrap().parse().unwrap();
    match lang {
        Lang::En => {
            Words { lang, head: RULES_EN, severities: ["suggestion", "to be reviewed", "to be mended"], labels }
        }
        Lang::Id => Words { lang, head: RULES_ID, severities: ["saran", "perlu ditinjau", "harus diperbaiki"], labels },
    }
}

const RULES_EN: &str = "\
# Rules

Every embedded rule, by theme, in the order of `lint rules`; [in Indonesian](id/rules.md). This page is made from `rules/` and compared
with it by `cargo test --test docs`; `lint explain RULE` tells the same of one rule. In messages, … stands for what is found. Numbers of
persons in examples are masked.
";

const RULES_ID: &str = "\
# Kaidah

Semua kaidah bawaan menurut tema, dalam urutan `lint rules`; [dalam bahasa Inggris](../rules.md). Halaman ini dibuat dari `rules/` dan
dicocokkan oleh `cargo test --test docs`; `lint explain KAIDAH` menjelaskan hal yang sama untuk satu kaidah. Tanda … mewakili bagian yang
dicatat. Nomor pribadi dalam contoh disamarkan.
";

/// All rules in one language.
fn rule_page(words: &Words) -> String {
    let rules = RuleSet::embedded();
    let statements = guideline(&root()).statement;
    let mut page = words.head.to_owned();
    let mut theme = "";
    for rule in rules.rules() {
        if rule.theme() != theme {
            theme = rule.theme();
            let _ = writeln!(page, "\n## {} (`{theme}`)", rules.title(theme, words.lang));
        }
        let _ = writeln!(page, "\n### `{}`\n\n**{}**", rule.id, in_general(rule.message.get(words.lang)));
        let _ = writeln!(page, "\n{}\n", in_general(rule.help.get(words.lang)));
        facts(&mut page, words, rule, &statements);
        for (label, bad) in [("explain-bad", true), ("explain-good", false)] {
            if let Some(case) = rule.cases.iter().find(|case| case.bad == bad) {
                example(&mut page, words.label(label), case);
            }
        }
    }
    page
}

fn facts(page: &mut String, words: &Words, rule: &Rule, statements: &[Statement]) {
    let grave = |severity: Severity| words.severities[severity as usize];
    let channels = rule
        .channels()
        .map(|c| format!("`{}` {}", c.name(), rule.severity[c as usize].map_or("", grave)))
        .collect::<Vec<_>>();
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(page, "- {}: {text}", words.label(label));
    };
    line("explain-channels", &channels.join(", "));
    if !rule.default {
        line("explain-default", words.label("explain-off"));
    }
    let mut gates: Vec<&str> = Vec::new();
    for gate in rule.only.iter().flatten() {
        let text = words.label(match gate {
            Gate::Election => "gate-election",
            Gate::OfficialGroup => "gate-official-group",
            Gate::Outsiders => "gate-outsiders",
        });
        if !gates.contains(&text) {
            gates.push(text);
        }
    }
    if !gates.is_empty() {
        line("explain-only", &gates.join(" "));
    }
    line("explain-fix", words.label(if rule.fixable { "explain-fixable" } else { "explain-not-fixable" }));
    let about = |key: &str| statements.iter().find(|statement| statement.id == key).unwrap();
    let named = rule.guideline.iter().map(|key| format!("{} (`{key}`)", about(key).title.get(words.lang)));
    line("explain-guideline", &named.collect::<Vec<_>>().join("; "));
    if !rule.basis.is_empty() {
        line("explain-basis", &rule.basis.join("; "));
    }
}

fn example(page: &mut String, label: &str, case: &Case) {
    let _ = write!(page, "\n{label}:\n\n````text\n");
    for line in sample(case) {
        let _ = writeln!(page, "{}", line.trim_end());
    }
    page.push_str("````\n");
}

#[test]
fn the_pages_of_rules_are_true() {
    keep("rules.md", &rule_page(&words(Lang::En)));
    keep("id/rules.md", &rule_page(&words(Lang::Id)));
}

#[test]
fn the_schemas_are_those_of_the_program() {
    for (page, arguments) in [("pack.json", ["rules", "schema"]), ("santun.json", ["init", "--schema"])] {
        let output = Command::new(env!("CARGO_BIN_EXE_lint")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        keep(&format!("schema/{page}"), &String::from_utf8(output.stdout).unwrap());
    }
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
