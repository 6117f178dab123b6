//! The schemas in `docs/schema`: packs and configurations that the program reads fit them, misspelt ones do not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("docs/schema").join(name)).unwrap()).unwrap()
}

fn validator(name: &str) -> Validator {
    let schema = schema(name);
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// TOML as a validator reads it.
fn json(toml: &str) -> Value {
    fn of(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(truth) => truth.into(),
            toml::Value::Datetime(moment) => moment.to_string().into(),
            toml::Value::Array(list) => list.into_iter().map(of).collect(),
            toml::Value::Table(table) => {
                table.into_iter().map(|(key, value)| (key, of(value))).collect::<Map<_, _>>().into()
            }
        }
    }
    of(toml::Value::Table(toml.parse().unwrap()))
}

fn complaints(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error:.300}", error.instance_path())).collect()
}

/// TOML files of a folder whose names fit.
fn files(folder: &str, fits: fn(&str) -> bool) -> Vec<PathBuf> {
    let all = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter(|path| fits(path.file_stem().unwrap().to_str().unwrap()))
        .collect()
}

/// The blocks of TOML in a page that hold `mark`.
fn blocks(page: &str, mark: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.map(|(block, _)| block.to_owned()).filter(|block| block.contains(mark)).collect()
}

#[test]
fn packs_fit_their_schema() {
    let validator = validator("pack.json");
    let mut packs = files("rules", |name| !["guideline", "structure", "words"].contains(&name));
    packs.extend(files("examples/packs", |_| true));
    packs.extend(files("tests/packs", |_| true));
    assert!(packs.len() > 8);
    for path in packs {
        let found = complaints(&validator, &json(&fs::read_to_string(&path).unwrap()));
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
    for block in blocks("README.md", "[pack]").into_iter().chain(blocks("docs/packs.md", "[pack]")) {
        let found = complaints(&validator, &json(&block));
        assert!(found.is_empty(), "{block}: {found:#?}");
    }
}

#[test]
fn configurations_fit_their_schema() {
    let validator = validator("santun.json");
    let mut all = blocks("README.md", "[agency]");
    assert!(!all.is_empty());
    for folder in ["config.in", "config-folder.in", "config-search.in"] {
        all.extend(santun_tomls(&root().join("tests/cli").join(folder)));
    }
    for text in all {
        let found = complaints(&validator, &json(&text));
        assert!(found.is_empty(), "{text}: {found:#?}");
    }
}

/// The configurations below a folder.
fn santun_tomls(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(santun_tomls(&path));
        } else if path.ends_with("santun.toml") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn misspelt_keys_and_values_do_not_fit() {
    let pack = |rule: &str| {
        format!(
            "[pack]\nid = \"x\"\n[[rule]]\nid = \"y\"\nkind = \"terms\"\nseverity = \"info\"\nmessage = \"z\"\n{rule}\n"
        )
    };
    let packs = validator("pack.json");
    assert!(packs.is_valid(&json(&pack("terms = [\"a\", { term = \"b\", replace = \"c\" }]"))));
    for wrong in [
        "terms = [\"a\"]\ngiudeline = \"p1\"",
        "terms = [{ term = \"a\", replacement = \"b\" }]",
        "terms = [\"a\"]\npattern = \"a\"",
        "terms = [\"a\"]\nchannels = [\"emial\"]",
        "terms = [\"a\"]\nroles = \"some\"",
        "[[rule.case]]\nbda = \"a\"",
    ] {
        assert!(!packs.is_valid(&json(&pack(wrong))), "{wrong}");
    }
    assert!(!packs.is_valid(&json(&pack("").replace("\"terms\"", "\"term\""))));
    assert!(!packs.is_valid(&json(&pack("").replace("message = \"z\"", ""))));
    let configs = validator("santun.json");
    assert!(configs.is_valid(&json(
        "[rules]\n\"dinas-x/word\" = \"off\"\n\"tone\" = { severity = \"info\", limit = { chat = 3 } }"
    )));
    for wrong in [
        "langg = \"id\"",
        "lang = \"in\"",
        "fail-on = \"errors\"",
        "[agency]\nname = [\"a\"]",
        "[agency]\nnames = \"a\"",
        "[agency]\nzone = \"wib\"",
        "[agency]\nhours = { day = \"1-5\" }",
        "[rules]\n\"tone\" = \"of\"",
        "[rules]\n\"tone\" = { limits = 4 }",
        "[[paths]]\nfile = [\"a\"]",
        "[limits]\nnesting = -1",
    ] {
        assert!(!configs.is_valid(&json(wrong)), "{wrong}");
    }
}

/// Editors show what a key is about.
#[test]
fn every_key_is_described() {
    fn look(schema: &Value, part: &Value, place: &str, lacking: &mut Vec<String>) {
        for (key, value) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let told = |schema: &Value| schema.get("description").is_some();
            let named =
                value.get("$ref").and_then(Value::as_str).and_then(|path| schema.pointer(path.trim_start_matches('#')));
            if !told(value) && !named.is_some_and(told) && value.get("const").is_none() {
                lacking.push(format!("{place}/{key}"));
            }
        }
        let inner: Vec<(String, &Value)> = match part {
            Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
            _ => return,
        };
        for (key, value) in inner {
            look(schema, value, &format!("{place}/{key}"), lacking);
        }
    }
    for name in ["pack.json", "santun.json"] {
        let mut lacking = Vec::new();
        look(&schema(name), &schema(name), "", &mut lacking);
        assert!(lacking.is_empty(), "{name}: {lacking:#?}");
    }
}

/// TOML knows no null, and a value that is one of several is told in one list.
#[test]
fn schemas_suit_toml() {
    for name in ["pack.json", "santun.json"] {
        let text = schema(name).to_string();
        assert!(!text.contains("\"null\"") && !text.contains("\"default\":null"), "{name}");
        assert_eq!(schema(name)["$schema"], json!("http://json-schema.org/draft-07/schema#"));
    }
}
