//! Languages, and texts in both of them.

use std::borrow::Cow;

use serde::Deserialize;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Indonesian, the default.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// The language of that code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "id" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(from = "TextSpec")]
pub struct Text {
    /// Indonesian.
    pub id: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// A text in both languages; one string serves both.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Text"))]
#[serde(untagged, expecting = "expected a string, or a table with `id` and `en`")]
enum TextSpec {
    /// The same in both languages.
    One(String),
    /// One for each language.
    Both(Both),
}

/// A text for each language.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema), schemars(rename = "Texts"))]
#[serde(deny_unknown_fields)]
struct Both {
    /// Indonesian.
    id: String,
    /// English.
    en: String,
}

impl From<TextSpec> for Text {
    fn from(spec: TextSpec) -> Self {
        match spec {
            TextSpec::One(text) => Self { id: text.clone().into(), en: text.into() },
            TextSpec::Both(both) => Self { id: both.id.into(), en: both.en.into() },
        }
    }
}

/// `template` with every `{name}` replaced by the value of that name. Other braces stay.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let value = values.iter().find(|(known, _)| *known == name)?;
            Some((value.1, tail))
        });
        if let Some((value, tail)) = found {
            out.push_str(value);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
