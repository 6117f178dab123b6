//! Keeps the plan of the project: floors, tables, sizes, and the order of what lies in `rules/` and `src/locale/`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use santun::locale::Text;
use santun::rule::Rule;
use santun::ruleset::RuleSet;
use toml::Table;
use toml::de::{DeTable, DeValue};

/// Modules by floor. A module may use those of its own floor and of the floors below, never in a circle.
const FLOORS: &[&[&str]] = &[
    &["calendar", "span", "source", "harmless", "locale", "limits"],
    &["message", "token", "rule", "facts", "diagnostic", "term", "phrase"],
    &["decode", "check"],
    &["read", "pack", "embedded", "texts", "report", "checklist", "tally", "statistics", "prefilter"],
    &["suppress", "ruleset", "render", "open", "archive"],
    &["lint", "fix", "cases"],
    &["config", "ready", "flaw", "project", "schema", "cli", "lsp"],
];

/// Uses of a higher floor that are known and small.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Files in the folders of kinds and formats that hold no kind or format, but what several of them share.
const SHARED: &[&str] = &[
    "check/chain.rs",
    "check/digits.rs",
    "check/edges.rs",
    "check/literal.rs",
    "check/offer.rs",
    "check/replacement.rs",
    "check/secret.rs",
    "check/signs.rs",
    "check/structure.rs",
    "read/channel.rs",
    "read/export.rs",
    "read/front.rs",
    "read/identity.rs",
    "read/keys.rs",
    "read/parts.rs",
    "read/sender.rs",
    "read/stamp.rs",
    "read/structure.rs",
    "render/drawing.rs",
    "render/fingerprint.rs",
    "render/path.rs",
    "render/page.rs",
    "render/standing.rs",
    "render/statistics.rs",
    "render/xml.rs",
];

/// How many lines a file may have.
const LINES: usize = 600;

/// Crates that stand behind the feature `cli`, so that the library builds for the browser.
const ROOF_CRATES: &[&str] = &[
    "anstream",
    "anstyle",
    "anstyle_query",
    "ariadne",
    "clap",
    "clap_complete",
    "ctrlc",
    "dunce",
    "ignore",
    "indicatif",
    "notify",
    "lsp_server",
    "lsp_types",
    "mousetrap",
    "rayon",
    "roff",
    "schemars",
    "similar",
    "tempfile",
    "toml_edit",
    "zip",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files below `folder` with this ending, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every source file: its path below `src`, and its text.
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let name = |path: &Path| path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
    files(&src, "rs").iter().map(|path| (name(path), read(path))).collect()
}

/// The module at the top that a file belongs to: `check` for `check/terms.rs`.
fn module(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// The lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code))
}

/// The lines of code without what build.rs lets in with the feature `cli` alone, so that schemas can be made: an attribute, or the line
/// behind one.
fn without_schemas(text: &str) -> impl Iterator<Item = &str> {
    let mut guarded = false;
    code(text).filter(move |line| {
        let behind = std::mem::replace(&mut guarded, line.contains("cfg(schema)"));
        !behind && !line.contains("cfg_attr(schema")
    })
}

/// The part of a file before its own tests.
fn without_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]").map_or(text, |(code, _)| code)
}

/// The modules at the top that a file names with `crate::`.
fn uses(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for line in code(without_tests(text)) {
        for (_, rest) in line.match_indices("crate::").map(|(at, _)| line.split_at(at + "crate::".len())) {
            let grouped = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(names, _)| names);
            for name in grouped.unwrap_or(rest).split(',').take(if grouped.is_some() { usize::MAX } else { 1 }) {
                let name = name.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                if name.starts_with(|c: char| c.is_ascii_lowercase()) {
                    found.insert(name);
                }
            }
        }
    }
    found
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn every_module_has_a_floor() {
    for (file, _) in sources() {
        let module = module(&file);
        assert!(
            matches!(module, "lib" | "main") || floor(module).is_some(),
            "src/{file} stands on no floor: add it to FLOORS"
        );
    }
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = module(&file);
        let Some(own_floor) = floor(own) else { continue };
        for used in uses(&text).into_iter().filter(|used| *used != own) {
            let higher = floor(used).is_none_or(|used| used > own_floor);
            if higher && !EXCEPTIONS.contains(&(own, used)) {
                wrong.push(format!("src/{file} (floor {own_floor}) uses crate::{used} of a higher floor"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_do_not_use_each_other_in_a_circle() {
    let mut below: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in sources() {
        let own = module(&file).to_owned();
        if floor(&own).is_some() {
            let used = uses(&text).into_iter().filter(|used| *used != own).map(str::to_owned);
            below.entry(own.clone()).or_default().extend(used);
        }
    }
    // Take away modules that use nothing that is left; what remains stands in a circle.
    loop {
        let free: Vec<String> = below
            .iter()
            .filter(|(_, used)| !used.iter().any(|used| below.contains_key(used)))
            .map(|(name, _)| name.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        below.retain(|name, _| !free.contains(name));
    }
    assert!(below.is_empty(), "a circle of modules: {below:?}");
}

#[test]
fn the_core_needs_no_crates_of_the_roof() {
    for (file, text) in sources() {
        let allowed = matches!(module(&file), "cli" | "lsp" | "schema")
            || matches!(
                file.as_str(),
                "archive.rs"
                    | "render/drawing.rs"
                    | "render/pretty.rs"
                    | "lint.rs"
                    | "project/mod.rs"
                    | "project/walk.rs"
            );
        for name in ROOF_CRATES.iter().filter(|_| !allowed) {
            let named = |line: &str| {
                line.match_indices(&format!("{name}::")).any(|(at, _)| {
                    let before = line.get(..at).unwrap_or_default();
                    !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            };
            assert!(
                !without_schemas(&text).any(named),
                "src/{file} uses {name}, which stands behind the feature `cli`"
            );
        }
    }
}

#[test]
fn files_are_small() {
    for (file, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LINES, "src/{file} has {lines} lines, more than {LINES}: split it by what it is about");
    }
}

#[test]
fn no_module_is_a_drawer() {
    for (file, text) in sources() {
        let name = Path::new(&file).file_stem().unwrap().to_str().unwrap();
        assert!(
            !["utils", "util", "helpers", "misc", "common"].contains(&name),
            "src/{file}: name it after what it is about"
        );
        assert!(
            !without_tests(&text).contains("pub use self::*") && !text.contains("pub use crate::*"),
            "src/{file} re-exports by glob"
        );
    }
}

#[test]
fn nothing_is_unfinished_or_unsafe() {
    let mut all = sources();
    let own = root().join("tests");
    let tests = files(&own, "rs").into_iter().filter(|path| !path.ends_with("structure.rs"));
    all.extend(tests.map(|path| (format!("../tests/{}", path.file_name().unwrap().to_str().unwrap()), read(&path))));
    for (file, text) in all {
        for word in
            ["#[ignore", "todo!", "unimplemented!", "unsafe {", "unsafe fn", "unsafe impl", "dbg!", "FIXME", "XXX:"]
        {
            assert!(!text.contains(word), "src/{file} holds {word}");
        }
    }
}

/// The names of the files of a folder that should each be in its table.
fn members(folder: &str) -> Vec<String> {
    sources()
        .into_iter()
        .map(|(file, _)| file)
        .filter(|file| {
            file.starts_with(&format!("{folder}/")) && !file.ends_with("/mod.rs") && !SHARED.contains(&file.as_str())
        })
        .map(|file| file.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned())
        .collect()
}

/// The text of the table `name` in the folder's `mod.rs`.
fn table(folder: &str, name: &str) -> String {
    let text = read(&root().join("src").join(folder).join("mod.rs"));
    let start = text.find(&format!("static {name}:")).unwrap_or_else(|| panic!("src/{folder}/mod.rs has no {name}"));
    text.get(start..).unwrap().split("\n];").next().unwrap().to_owned()
}

#[test]
fn every_kind_and_format_is_in_its_table() {
    for (folder, name) in [("check", "KINDS"), ("read", "FORMATS"), ("render", "OUTPUTS")] {
        let table = table(folder, name);
        for member in members(folder) {
            let named = [format!(" {member}::"), format!("<{member}::"), format!("({member}::")];
            assert!(
                named.iter().any(|named| table.contains(named)),
                "src/{folder}/{member}.rs has no line in {name}; if it holds what several share, name it in SHARED"
            );
        }
    }
}

#[test]
fn every_kind_is_documented() {
    let docs = read(&root().join("docs/packs.md"));
    for kind in members("check") {
        assert!(docs.contains(&format!("### `{kind}`")), "docs/packs.md does not explain the kind {kind}");
    }
}

/// Every word list: its name, and its keys in the order of the file.
fn lexicons() -> Vec<(String, Vec<String>)> {
    let names = files(&root().join("rules/lexicon"), "toml");
    let keys = |path: &Path| {
        let text = read(path);
        let table = DeTable::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut keys: Vec<_> =
            table.get_ref().keys().map(|key| (key.span().start, key.get_ref().to_string())).collect();
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    };
    names.iter().map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), keys(path))).collect()
}

#[test]
fn word_lists_are_sorted_and_their_words_stand_once() {
    let mut wrong = Vec::new();
    for (file, keys) in lexicons() {
        for pair in keys.windows(2) {
            let (one, next) = (pair[0].to_lowercase(), pair[1].to_lowercase());
            if one == next {
                wrong.push(format!("rules/lexicon/{file}: “{next}” stands twice"));
            } else if one > next {
                wrong.push(format!("rules/lexicon/{file}: “{}” belongs before “{}”", pair[1], pair[0]));
            }
        }
        // Twice without being neighbours, in a list that is not sorted.
        let mut seen = BTreeSet::new();
        wrong.extend(
            keys.iter()
                .filter(|key| !seen.insert(key.to_lowercase()))
                .map(|key| format!("rules/lexicon/{file}: “{key}” stands twice")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_rules_is_used() {
    let rules = RuleSet::embedded();
    let themes: BTreeSet<&str> = rules.rules().map(Rule::theme).collect();
    let mut texts = String::new();
    for path in
        fs::read_dir(root().join("rules")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
    {
        let text = read(&path);
        let name = path.file_stem().unwrap().to_str().unwrap();
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if !["guideline", "structure", "words"].contains(&name) {
            assert!(themes.contains(name), "rules/{name}.toml is not built in: add it to THEMES in build.rs");
            let listed = table["rule"].as_array().unwrap().len();
            let built = rules.rules().filter(|rule| rule.theme() == name).count();
            assert_eq!(listed, built, "rules/{name}.toml: rules that were not built in");
        }
        texts.push_str(&text);
    }
    for (file, _) in lexicons() {
        let name = format!("\"{}\"", file.trim_end_matches(".toml"));
        assert!(texts.contains(&name), "rules/lexicon/{file} is named by no rule");
    }
    for path in files(&root().join("rules"), "toml") {
        let table: Table = read(&path).parse().unwrap();
        let sets =
            if path.ends_with("words.toml") { Some(&table) } else { table.get("words").and_then(|v| v.as_table()) };
        for name in sets.into_iter().flat_map(Table::keys) {
            assert!(texts.contains(&format!("<{name}>")), "{}: no phrase names the set {name}", path.display());
        }
    }
}

/// The placeholders of a text.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    parts.map(|(name, _)| name).filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')).collect()
}

#[test]
fn both_languages_say_the_same() {
    let texts =
        |lang: &str| -> Table { read(&root().join("src/locale").join(format!("{lang}.toml"))).parse().unwrap() };
    let (id, en) = (texts("id"), texts("en"));
    let keys = |table: &Table| table.keys().cloned().collect::<BTreeSet<String>>();
    assert_eq!(keys(&id), keys(&en), "the keys of id.toml and en.toml differ");
    for (key, text) in &id {
        let (text, other) = (text.as_str().unwrap(), en[key].as_str().unwrap());
        assert!(!text.trim().is_empty() && !other.trim().is_empty(), "{key} is empty");
        assert_eq!(placeholders(text), placeholders(other), "the placeholders of {key} differ");
    }
}

/// Whether both languages have a text, and not one of them twice. Names and short words may be the same.
fn is_translated(text: &Text) -> bool {
    let long = text.id.split_whitespace().count() > 3;
    !text.id.trim().is_empty() && !text.en.trim().is_empty() && (text.id != text.en || !long)
}

#[test]
fn every_rule_is_complete() {
    let guideline: Table = read(&root().join("rules/guideline.toml")).parse().unwrap();
    let statements: BTreeSet<&str> =
        guideline["statement"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    let mut wrong = Vec::new();
    for rule in RuleSet::embedded().rules() {
        let id = &rule.id;
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{id}: {what}"));
            }
        };
        check(is_translated(&rule.message), "its message is not in both languages");
        check(is_translated(&rule.help), "its help is not in both languages");
        check(
            placeholders(&rule.message.id) == placeholders(&rule.message.en),
            "the placeholders of its message differ",
        );
        check(placeholders(&rule.help.id) == placeholders(&rule.help.en), "the placeholders of its help differ");
        check(rule.cases.iter().any(|case| case.bad), "it has no bad case");
        check(rule.cases.iter().any(|case| !case.bad), "it has no good case");
        check(
            !rule.fixable || rule.cases.iter().any(|case| case.fixed.is_some()),
            "it can mend, and no case shows how",
        );
        check(!rule.guideline.is_empty(), "it names no statement of the guideline");
        for key in rule.guideline.iter() {
            check(statements.contains(key.as_ref()), &format!("rules/guideline.toml has no statement {key}"));
        }
        check(rule.channels().next().is_some(), "it judges no channel");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guideline_is_in_both_languages() {
    let guideline: Table = read(&root().join("rules/guideline.toml")).parse().unwrap();
    let mut seen = BTreeSet::new();
    for row in guideline["statement"].as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        assert!(seen.insert(id), "the statement {id} stands twice");
        for key in ["section", "title", "text"] {
            for lang in ["id", "en"] {
                let text = row[key].get(lang).and_then(toml::Value::as_str).unwrap_or_default();
                assert!(!text.trim().is_empty(), "the statement {id} lacks {key}.{lang}");
            }
        }
    }
}

/// A message is no sentence, since a place stands before it; help is one.
#[test]
fn texts_end_well() {
    let mut wrong = Vec::new();
    for rule in RuleSet::embedded().rules() {
        for (lang, text) in [("id", &rule.help.id), ("en", &rule.help.en)] {
            if !text.trim_end_matches(['”', '"', ')']).ends_with(['.', '?', '!']) {
                wrong.push(format!("{}: its help in {lang} is no whole sentence: {text}", rule.id));
            }
        }
        for (lang, text) in [("id", &rule.message.id), ("en", &rule.message.en)] {
            if text.ends_with('.') {
                wrong.push(format!("{}: its message in {lang} ends with a full stop: {text}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn example_packs_parse() {
    for path in files(&root().join("examples/packs"), "toml") {
        let text = read(&path);
        let table = DeTable::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let rules = table.get_ref().get("rule").map(|value| matches!(value.get_ref(), DeValue::Array(_)));
        assert_eq!(rules, Some(true), "{} has no rules", path.display());
    }
}

/// What stands behind `key:` in the lines of a workflow.
fn values<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("- "));
    lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).collect()
}

/// A tag can be moved to other code; the number of a commit cannot.
#[test]
fn workflows_parse_and_pin_what_they_use() {
    let workflows = files(&root().join(".github/workflows"), "yml");
    assert!(!workflows.is_empty());
    for path in workflows {
        let text = read(&path);
        for event in saphyr_parser::Parser::new_from_str(&text) {
            event.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        for used in values(&text, "uses") {
            let (commit, version) =
                used.split_once('@').and_then(|(_, rest)| rest.split_once(" # v")).unwrap_or_default();
            let pinned = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()) && !version.is_empty();
            assert!(pinned, "{}: pin {used} by its commit, with its version behind it", path.display());
        }
        for script in values(&text, "run").iter().filter_map(|run| run.split(' ').find(|word| word.starts_with(".ci/")))
        {
            assert!(root().join(script).is_file(), "{}: there is no {script}", path.display());
        }
    }
}
