//! JSON Schemas of packs and of `santun.toml`, for editors that complete and check TOML.
//!
//! They are derived from the types that parse, so they know the same keys. What parsers ask beyond types (words that can be looked
//! up, rules that exist) is left to these.

use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::check::KINDS;
use crate::config::{Config, FILE_NAME};
use crate::locale::Lang;
use crate::pack::{Common, Extension, Head};
use crate::phrase::Sets;
use crate::rule::in_general;
use crate::ruleset::RuleSet;

/// The draft that editors of TOML understand; where it keeps its definitions.
const DEFINITIONS: &str = "definitions";

/// The schema of packs. It names the embedded rules, so that those that are extended can be completed; others are allowed.
pub(crate) fn pack() -> Value {
    let mut generator = generator();
    let head = generator.subschema_for::<Head>();
    let words = Sets::json_schema(&mut generator);
    let extension = generator.subschema_for::<Extension>();
    let _ = generator.subschema_for::<Common>();
    let words = described(words.into(), "Named sets of words for phrases.");
    let kinds: Vec<Value> = KINDS.iter().map(|kind| rule(kind.name, (kind.schema)(&mut generator), &words)).collect();
    let mut definitions = generator.take_definitions(false);
    let common = definitions.remove("Common").unwrap_or_default();
    definitions.insert("Common".to_owned(), json!({ "properties": common["properties"] }));
    if let Some(rule) = definitions.get_mut("Extension").map(|extension| &mut extension["properties"]["rule"]) {
        let rules = RuleSet::embedded();
        let ids: Vec<&str> = rules.rules().map(|rule| rule.id.as_ref()).collect();
        *rule = json!({ "description": rule["description"], "anyOf": [{ "enum": ids }, { "type": "string" }] });
    }
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    definitions.insert(
        "Rule".to_owned(),
        json!({
            "description": "A rule: what it is called and how grave it is, and the options of its kind.",
            "type": "object",
            "properties": { "kind": { "description": "What the rule looks for.", "type": "string", "enum": names } },
            "required": ["id", "kind", "severity", "message"],
            "oneOf": kinds,
        }),
    );
    let root = json!({
        "$schema": generator.settings().meta_schema,
        "title": "A rule pack of Santun",
        "type": "object",
        "properties": {
            "pack": described(head.into(), "What the pack is."),
            "words": words,
            "rule": { "description": "Its rules.", "type": "array", "items": { "$ref": "#/definitions/Rule" } },
            "extend": { "description": "What it changes of rules of other packs.", "type": "array", "items": extension },
        },
        "required": ["pack"],
        "anyOf": [{ "required": ["rule"] }, { "required": ["extend"] }],
        "additionalProperties": false,
        DEFINITIONS: definitions,
    });
    finished(generator, root)
}

/// A rule of one kind: the keys that all rules have, and its options.
fn rule(kind: &str, options: Schema, words: &Value) -> Value {
    let mut rule: Value = options.into();
    let own = rule["properties"].take();
    let mut properties = Map::new();
    properties.insert("kind".to_owned(), json!({ "const": kind }));
    properties.insert("words".to_owned(), words.clone());
    for key in crate::pack::COMMON_KEYS {
        properties.insert((*key).to_owned(), json!({ "$ref": format!("#/{DEFINITIONS}/Common/properties/{key}") }));
    }
    properties.extend(own.as_object().cloned().unwrap_or_default());
    rule["properties"] = properties.into();
    rule["title"] = kind.into();
    if let Some(rule) = rule.as_object_mut() {
        rule.remove("description");
    }
    rule
}

/// The schema of `santun.toml`. It names the embedded rules, so that these can be completed; others are allowed.
pub(crate) fn config() -> Value {
    let mut generator = generator();
    let mut root: Value = Config::json_schema(&mut generator).into();
    root["$schema"] = json!(generator.settings().meta_schema);
    root["title"] = FILE_NAME.into();
    root[DEFINITIONS] = generator.take_definitions(false).into();
    for place in ["/properties/rules", "/definitions/PathConfig/properties/rules"] {
        if let Some(rules) = root.pointer_mut(place) {
            let setting = rules["additionalProperties"].clone();
            rules["properties"] = names(&setting);
        }
    }
    finished(generator, root)
}

/// The ids and themes of the embedded rules, each with what can be set for it.
fn names(setting: &Value) -> Value {
    let rules = RuleSet::embedded();
    let mut names = Map::new();
    for rule in rules.rules() {
        let theme = rules.title(rule.theme(), Lang::En);
        names.insert(rule.theme().to_owned(), described(setting.clone(), &format!("All rules of “{theme}”.")));
        names.insert(rule.id.to_string(), described(setting.clone(), &in_general(rule.message.get(Lang::En))));
    }
    names.into()
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft07().into_generator()
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
    schema
}

/// The schema as it is shown: fit for TOML, and in the draft's own words.
fn finished(mut generator: SchemaGenerator, root: Value) -> Value {
    let mut root = Schema::try_from(root).unwrap_or_default();
    fit_for_toml(&mut root);
    for transform in generator.transforms_mut() {
        transform.transform(&mut root);
    }
    root.into()
}

/// Takes out `null`, which TOML has not, and lists the values of a key in one place, where editors say which ones there are.
fn fit_for_toml(schema: &mut Schema) {
    transform_subschemas(&mut fit_for_toml, schema);
    let Some(object) = schema.as_object_mut() else { return };
    if object.get("default").is_some_and(Value::is_null) {
        object.remove("default");
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            object.remove("anyOf");
            for (key, value) in only {
                object.entry(key).or_insert(value);
            }
        }
    }
    let choices = object.get("oneOf").and_then(Value::as_array);
    let values = choices.and_then(|all| all.iter().map(value).collect::<Option<Vec<_>>>());
    if let Some(values) = values {
        let named = values.iter().map(|(name, about)| format!("\n- `{name}`: {about}"));
        let about = object.get("description").and_then(Value::as_str).unwrap_or_default();
        let about = format!("{about}\n{}", named.collect::<String>()).trim().to_owned();
        object.insert("description".to_owned(), about.into());
        object.insert("type".to_owned(), "string".into());
        object.insert("enum".to_owned(), values.iter().map(|(name, _)| name.as_str()).collect());
        object.remove("oneOf");
    }
}

/// The value and the description of a choice that is one value.
fn value(choice: &Value) -> Option<(String, String)> {
    let about = choice["description"].as_str().unwrap_or_default().replace('\n', " ");
    Some((choice["const"].as_str()?.to_owned(), about))
}
