//! A commented `santun.toml`: what is known stands in it, the rest as examples that are commented out.

use std::fmt::Write as _;

use serde_json::Value as Json;
use toml_edit::Value;

use super::answers::Answers;
use crate::config::{AGENCY, Described};
use crate::limits::Limits;
use crate::locale::Lang;
use crate::texts::Key;

/// Keys at the top.
const TOP: &[Described] = &[
    Described::new("lang", Key::FileLang, "\"en\""),
    Described::new("fail-on", Key::FileFailOn, "\"warning\""),
    Described::new("packs", Key::FilePacks, "[\"dinas-x.toml\"]"),
];

const IDENTITY: &[Described] = &[Described::new("names", Key::FileIdentityNames, "[\"Admin Dinas X\"]")];

/// Settings of rules.
const RULES: &[Described] = &[
    Described::new("\"language/wordiness\"", Key::FileRuleLevel, "\"off\""),
    Described::new("\"language/foreign-everyday\"", Key::FileRuleOn, "\"on\""),
    Described::new("\"email/subject-length\"", Key::FileRuleLimit, "{ limit = 80 }"),
    Described::new("\"language/slang\"", Key::FileRuleWords, "{ add = [\"gaskeun\"], allow = [\"santuy\"] }"),
];

/// Settings of paths, none of which can stand alone.
const PATHS: &str = "\
# [[paths]]
# files = [\"templat/chat/**\"]
# channel = \"chat\"
# rules = { \"chat/identity-missing\" = \"off\" }
";

/// The file. `chosen` is the language that was asked for, in which it then wants reports.
pub(super) fn text(lang: Lang, chosen: Option<Lang>, answers: &Answers) -> String {
    let mut text = String::new();
    comment(&mut text, lang.text(Key::FileHead));
    let language = chosen.map(|lang| Value::from(if lang == Lang::En { "en" } else { "id" }));
    lines(&mut text, lang, TOP, |key| language.as_ref().filter(|_| key == "lang"));
    section(&mut text, lang, Key::FileAgency, "agency");
    lines(&mut text, lang, AGENCY, |key| answers.get(key));
    section(&mut text, lang, Key::FileIdentity, "identity");
    lines(&mut text, lang, IDENTITY, |_| None);
    section(&mut text, lang, Key::FileRules, "rules");
    lines(&mut text, lang, RULES, |_| None);
    section(&mut text, lang, Key::FileLimits, "limits");
    if let Ok(Json::Object(limits)) = serde_json::to_value(Limits::default()) {
        text.push('\n');
        for (key, value) in limits {
            let _ = writeln!(text, "# {key} = {value}");
        }
    }
    text.push('\n');
    comment(&mut text, lang.text(Key::FilePaths));
    text.push_str(PATHS);
    text
}

fn comment(text: &mut String, words: &str) {
    for line in words.lines() {
        text.extend(["# ", line.trim_end(), "\n"]);
    }
}

fn section(text: &mut String, lang: Lang, about: Key, name: &str) {
    text.push('\n');
    comment(text, lang.text(about));
    text.extend(["[", name, "]\n"]);
}

/// Each key with what is known of it, or else an example that is commented out.
fn lines<'v>(text: &mut String, lang: Lang, lines: &[Described], known: impl Fn(&str) -> Option<&'v Value>) {
    for Described { key, about, example } in lines {
        text.push('\n');
        comment(text, lang.text(*about));
        let _ = match known(key) {
            Some(value) => writeln!(text, "{key} = {}", value.to_string().trim()),
            None => writeln!(text, "# {key} = {example}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, Identity};
    use crate::facts::Facts;
    use crate::ruleset::RuleSet;
    use crate::schema;

    /// The file with its examples in force.
    fn in_force(text: &str) -> String {
        let example = |line: &str| {
            let key = line.strip_prefix("# ")?;
            let named = key.starts_with("[[") || key.split_once(" = ").is_some_and(|(name, _)| !name.contains(' '));
            named.then(|| key.to_owned())
        };
        text.lines().map(|line| example(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
    }

    /// As it stands, the file changes nothing; its examples hold, too.
    #[test]
    fn the_file_and_its_examples_are_right() {
        for lang in [Lang::Id, Lang::En] {
            let text = text(lang, None, &Answers::default());
            let config = Config::parse(&text).unwrap();
            assert_eq!((config.agency, config.identity), (Facts::default(), Identity::default()));
            assert_eq!((config.limits, config.rules.len(), config.paths.len()), (Limits::default(), 0, 0));
            let config = Config::parse(&in_force(&text)).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
            assert_eq!((config.rules.len(), config.paths.len()), (RULES.len(), 1));
            config.apply(&mut RuleSet::embedded(), Path::new("")).unwrap();
            assert!(text.lines().all(|line| line.chars().count() <= 120 && !line.ends_with(' ')), "{text}");
        }
    }

    /// Whatever can be set is told of. The moment of a check is set by tests alone.
    #[test]
    fn the_file_knows_all_keys() {
        let schema = schema::config();
        let text = in_force(&text(Lang::Id, None, &Answers::default()));
        for place in
            ["", "/definitions/Facts", "/definitions/Identity", "/definitions/Limits", "/definitions/PathConfig"]
        {
            let keys = schema.pointer(&format!("{place}/properties")).and_then(Json::as_object).unwrap();
            for key in keys.keys().filter(|key| !["now", "messages"].contains(&key.as_str())) {
                let told = [format!("\n{key} = "), format!("\n[{key}]\n"), format!("\n[[{key}]]\n")];
                assert!(told.iter().any(|told| text.contains(told)), "{place}: {key}");
            }
        }
    }
}
