//! Compiles `rules/` into constants and `src/locale/` into keys.
//!
//! The modules that parse and check packs are the program's own, so that an embedded pack is read as a user's pack is.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "only the half of the shared modules that reads packs is used here"
)]

#[path = "src/calendar.rs"]
mod calendar;
#[path = "src/check/mod.rs"]
mod check;
#[path = "src/diagnostic.rs"]
mod diagnostic;
#[path = "src/facts.rs"]
mod facts;
#[path = "src/harmless.rs"]
mod harmless;
#[path = "src/locale.rs"]
mod locale;
#[path = "src/message.rs"]
mod message;
#[path = "src/pack/mod.rs"]
mod pack;
#[path = "src/phrase/mod.rs"]
mod phrase;
#[path = "src/prefilter/mod.rs"]
mod prefilter;
#[path = "src/rule.rs"]
mod rule;
#[path = "src/source.rs"]
mod source;
#[path = "src/span.rs"]
mod span;
#[path = "src/term/mod.rs"]
mod term;
#[path = "src/token/mod.rs"]
mod token;

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use check::{KINDS, Lexicon, Phrases, Traits};
use locale::Text;
use pack::Compiled;
use phrase::{Lists, Programs, Sets, Step, Vocabulary};
use prefilter::{Numbers, Table};
use rule::{Case, Checkable, Rule};
use term::{Term, TermTable};

/// The packs, in the order in which their themes are listed.
const THEMES: [&str; 8] = ["email", "chat", "social", "language", "tone", "privacy", "neutrality", "integrity"];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=build.rs");
    // Schemas belong to the command. This cfg is set for the crate alone, so that build.rs itself, which shares the modules that
    // are described, needs no schemars.
    if std::env::var_os("CARGO_FEATURE_CLI").is_some() {
        println!("cargo::rustc-cfg=schema");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("embedded.rs"), embedded(Path::new("rules"))?)?;
    fs::write(out.join("texts.rs"), texts(Path::new("src/locale"))?)?;
    Ok(())
}

/// Rules, tables and the guideline as Rust constants.
fn embedded(rules: &Path) -> Outcome<String> {
    let mut out = String::new();
    let mut terms = Vec::new();
    let mut themes = String::new();
    let mut list = String::new();
    let mut numbers = Numbers::default();
    let mut word_numbers = phrase::Numbers::default();
    let shared = rules.join("words.toml");
    let shared: Sets =
        toml::from_str(&fs::read_to_string(&shared)?).map_err(|e| format!("{}: {e}", shared.display()))?;
    let mut texts = Vec::new();
    let mut index = 0;
    for theme in THEMES {
        let path = rules.join(format!("{theme}.toml"));
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let problem = |error: &pack::PackError| {
            let line =
                error.span.as_ref().map_or(0, |s| text.bytes().take(s.start).filter(|b| *b == b'\n').count() + 1);
            format!("{}:{line}: {error}", path.display())
        };
        let pack = pack::parse(&text).map_err(|errors| errors.iter().map(problem).collect::<Vec<_>>().join("\n"))?;
        if !pack.extensions.is_empty() {
            return Err(format!(
                "{}: an embedded pack extends nothing, since its rules can be changed",
                path.display()
            )
            .into());
        }
        writeln!(themes, "({:?}, {}),", pack.info.id, text_literal(&pack.info.title))?;
        let mut words = pack.words(&mut word_numbers, &shared).map_err(|e| problem(&e))?;
        for described in pack.rules {
            let kind = described.kind;
            let written = options(&described)?;
            let compiled =
                described.compile(index, &mut words, &mut |name| lexicon(rules, name)).map_err(|e| problem(&e))?;
            let ready = (&*compiled.check as &dyn Any).downcast_ref().map(phrases_literal);
            let check = ready.unwrap_or_else(|| format!("Stored::Options({kind}, {written:?})"));
            let ways = compiled.check.ways();
            let count = ways.len();
            let first = words.add_phrases(ways);
            let needs = numbers.program(&compiled.check.needs());
            texts.extend(compiled.rule.cases.iter().map(|case| case.message.to_string()));
            let Traits { by_terms, misses, turns } = compiled.check.traits();
            let traits = format!("Traits {{ by_terms: {by_terms}, misses: {misses}, turns: Turns::{turns:?} }}");
            let rule = rule_literal(&compiled);
            writeln!(
                list,
                "Embedded {{ rule: {rule}, check: {check}, traits: {traits}, needs: &{needs:?}, phrases: ({first}, {}) }},",
                first + count
            )?;
            terms.extend(compiled.terms);
            index += 1;
        }
    }
    writeln!(out, "/// Every embedded rule, by theme.\npub(crate) static RULES: &[Embedded] = &[{list}];")?;
    writeln!(out, "/// The themes and their titles.\npub(crate) static THEMES: &[Theme] = &[{themes}];")?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    numbers.count_in(&texts);
    let Table { text, text_ends, sets, set_ends, chains, frequencies } = &numbers.table;
    writeln!(
        out,
        "/// What expressions need, by number.\npub(crate) static NEEDS: Table = Table {{ text: {}, text_ends: Cow::Borrowed(&{text_ends:?}), \
         sets: Cow::Borrowed(&{sets:?}), set_ends: Cow::Borrowed(&{set_ends:?}), chains: Cow::Borrowed(&{chains:?}), \
         frequencies: Cow::Borrowed(&{frequencies:?}) }};",
        cow(text)
    )?;
    write_table(&mut out, "TERMS", "Words of all embedded rules.", &TermTable::build(&terms)?)?;
    writeln!(
        out,
        "/// The words of all phrases.\npub(crate) static VOCABULARY: Vocabulary = {};",
        vocabulary_literal(&Vocabulary::build(&word_numbers, &texts)?)
    )?;
    cues(&mut out, rules)?;
    guideline(&mut out, rules)?;
    Ok(out)
}

/// What the kind of a rule wants to know, as JSON, without the terms that are in the shared table and of which nothing else is
/// asked.
fn options(described: &pack::Described<'_>) -> Outcome<String> {
    let mut table = toml::Table::deserialize(toml::Deserializer::from(described.options.clone()))?;
    let in_table: &[&str] = match KINDS[described.kind].name {
        "terms" => &["terms", "lexicon"],
        "require" => &["any", "unless", "automated"],
        _ => &[],
    };
    table.retain(|key, _| !in_table.contains(&key));
    Ok(serde_json::to_string(&table)?)
}

fn lexicon(rules: &Path, name: &str) -> Result<Lexicon, String> {
    let path = rules.join("lexicon").join(format!("{name}.toml"));
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn rule_literal(compiled: &Compiled) -> String {
    let Rule { id, severity, roles, default, only, alone, mask, fixable, message, help, guideline, basis, cases } =
        &compiled.rule;
    let severity = severity.map(|s| s.map_or("None".to_owned(), |s| format!("Some(Severity::{s:?})"))).join(", ");
    let only = only.map(|gate| gate.map_or("None".to_owned(), |gate| format!("Some(Gate::{gate:?})"))).join(", ");
    let cases: String = cases.iter().map(case_literal).collect();
    format!(
        "Rule {{ id: {}, severity: [{severity}], roles: Roles::from_bits({}), default: {default}, only: [{only}], alone: {alone}, mask: {mask}, fixable: {fixable}, message: {}, help: {}, \
         guideline: {}, basis: {}, cases: Cow::Borrowed(&[{cases}]) }}",
        cow(id),
        roles.bits(),
        text_literal(message),
        text_literal(help),
        names_literal(guideline),
        names_literal(basis),
    )
}

/// A check of the kind `phrase`. Its words have numbers by now, so the options would no longer do.
fn phrases_literal(phrases: &Phrases) -> String {
    let Phrases {
        programs: Programs { steps, list, .. },
        texts,
        items,
        conditions,
        at_least,
        outside_quotes,
        outside_names,
        capital,
        within,
        address,
    } = phrases;
    let step = |step: &Step| match step {
        Step::Class(class) => format!("Step::Class(Class::{class:?})"),
        step => format!("Step::{step:?}"),
    };
    let steps: Vec<String> = steps.iter().map(step).collect();
    format!(
        "Stored::Ready(&Phrases {{ programs: Programs {{ steps: Cow::Borrowed(&[{}]), \
         list: Cow::Borrowed(&{list:?}), ways: Vec::new() }}, texts: {}, items: Cow::Borrowed(&{items:?}), conditions: {conditions:?}, \
         at_least: {at_least}, outside_quotes: {outside_quotes}, outside_names: {outside_names}, capital: {capital}, \
         within: Within::{within:?}, address: {address} }})",
        steps.join(","),
        cow(texts)
    )
}

fn case_literal(case: &Case) -> String {
    let optional = |text: &Option<std::borrow::Cow<'static, str>>| {
        text.as_ref().map_or("None".to_owned(), |t| format!("Some({})", cow(t)))
    };
    let (agency, fixed) = (optional(&case.agency), optional(&case.fixed));
    let severity = case.severity.map_or("None".to_owned(), |s| format!("Some(Severity::{s:?})"));
    format!(
        "Case {{ bad: {}, message: {}, agency: {agency}, fixed: {fixed}, finds: {}, severity: {severity} }},",
        case.bad,
        cow(&case.message),
        names_literal(&case.finds)
    )
}

fn cow(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn text_literal(text: &Text) -> String {
    format!("Text {{ id: {}, en: {} }}", cow(&text.id), cow(&text.en))
}

fn names_literal(names: &[std::borrow::Cow<'static, str>]) -> String {
    let list: Vec<String> = names.iter().map(|name| cow(name)).collect();
    format!("Cow::Borrowed(&[{}])", list.join(", "))
}

fn write_table(out: &mut String, name: &str, doc: &str, table: &TermTable) -> Outcome<()> {
    Ok(writeln!(out, "/// {doc}\npub(crate) static {name}: TermTable = {};", table_literal(table))?)
}

fn table_literal(table: &TermTable) -> String {
    let entries = table.entries.iter().map(|entry| format!("{entry:?}")).collect::<Vec<_>>().join(",");
    let words = table.words.iter().map(|slice| format!("{slice:?}")).collect::<Vec<_>>().join(",");
    format!(
        "TermTable {{ pool: {}, slots: Cow::Borrowed(&{:?}), entries: Cow::Borrowed(&[{entries}]), \
         contexts: Cow::Borrowed(&{:?}), words: Cow::Borrowed(&[{words}]) }}",
        cow(&table.pool),
        table.slots,
        table.contexts
    )
}

fn vocabulary_literal(vocabulary: &Vocabulary) -> String {
    let Vocabulary { table, sets, marks, mark_count, locks, key_starts, keys, calls, links, uncalled } = vocabulary;
    let table = table_literal(table);
    let lists = |lists: &Lists| {
        format!("Lists {{ starts: Cow::Borrowed(&{:?}), items: Cow::Borrowed(&{:?}) }}", lists.starts, lists.items)
    };
    let (sets, marks, locks) = (lists(sets), lists(marks), lists(locks));
    format!(
        "Vocabulary {{ table: {table}, sets: {sets}, marks: {marks}, mark_count: {mark_count}, locks: {locks}, \
         key_starts: Cow::Borrowed(&{key_starts:?}), keys: Cow::Borrowed(&{keys:?}), calls: Cow::Borrowed(&{calls:?}), links: Cow::Borrowed(&{links:?}), uncalled: Cow::Borrowed(&{uncalled:?}) }}"
    )
}

/// The words by which parts of a message are recognised: a table whose rules are the cues.
fn cues(out: &mut String, rules: &Path) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Structure {
        cues: BTreeMap<String, Vec<String>>,
    }
    let structure: Structure = toml::from_str(&fs::read_to_string(rules.join("structure.toml"))?)?;
    let mut terms = Vec::new();
    let mut names = String::new();
    for (index, (name, words)) in structure.cues.iter().enumerate() {
        let variant: String = name.split('-').map(capitalised).collect();
        writeln!(names, "/// `{name}`\n{variant},")?;
        let rule = u16::try_from(index)?;
        terms.extend(words.iter().map(|text| Term { rule, text: text.clone(), certain: true, ..Term::default() }));
    }
    writeln!(
        out,
        "/// The lists of `rules/structure.toml`.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Cue {{ {names} }}"
    )?;
    write_table(out, "CUES", "Words by which the parts of a message are recognised.", &TermTable::build(&terms)?)
}

/// `rules/guideline.toml`.
fn guideline(out: &mut String, rules: &Path) -> Outcome<()> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        title: Text,
        statement: Vec<Row>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        id: String,
        section: Text,
        title: Text,
        text: Text,
        checkable: Checkable,
        why: Option<Text>,
    }
    let file: File = toml::from_str(&fs::read_to_string(rules.join("guideline.toml"))?)?;
    let mut list = String::new();
    for row in &file.statement {
        let why = row.why.clone().unwrap_or_default();
        writeln!(
            list,
            "Statement {{ id: {}, section: {}, title: {}, text: {}, checkable: Checkable::{:?}, why: {} }},",
            cow(&row.id),
            text_literal(&row.section),
            text_literal(&row.title),
            text_literal(&row.text),
            row.checkable,
            text_literal(&why)
        )?;
    }
    let title = text_literal(&file.title);
    writeln!(
        out,
        "/// The guideline.\npub(crate) static GUIDELINE: Guideline = Guideline {{ title: {title}, statements: &[{list}] }};"
    )?;
    Ok(())
}

/// The texts of the program: one key for each, and both languages by key. A key that one language lacks stops the build.
fn texts(folder: &Path) -> Outcome<String> {
    let read = |lang: &str| -> Outcome<BTreeMap<String, String>> {
        let path = folder.join(format!("{lang}.toml"));
        Ok(toml::from_str(&fs::read_to_string(&path)?).map_err(|e| format!("{}: {e}", path.display()))?)
    };
    let (id, en) = (read("id")?, read("en")?);
    let keys: BTreeSet<&String> = id.keys().chain(en.keys()).collect();
    let mut variants = String::new();
    let (mut first, mut second) = (String::new(), String::new());
    for key in keys {
        let missing = |lang: &str| format!("src/locale/{lang}.toml lacks {key:?}");
        writeln!(variants, "/// `{key}`\n{},", key.split('-').map(capitalised).collect::<String>())?;
        writeln!(first, "{:?},", id.get(key).ok_or_else(|| missing("id"))?.trim_end())?;
        writeln!(second, "{:?},", en.get(key).ok_or_else(|| missing("en"))?.trim_end())?;
    }
    Ok(format!(
        "/// The key of a text.\n#[cfg_attr(not(feature = \"cli\"), allow(dead_code, reason = \"most texts are the command's\"))]\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Key {{ {variants} }}\n\
         /// The texts in Indonesian, by key.\nstatic ID: &[&str] = &[{first}];\n/// The texts in English, by key.\nstatic EN: &[&str] = &[{second}];\n"
    ))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
