//! What a pack says of itself: its id, its title, and, where it is passed on, its version and its licence.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::error::{PackError, PackFlaw};
use crate::locale::Text;

/// What a pack says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackInfo {
    /// Its id: the theme of its rules.
    pub id: String,
    /// What the theme is called.
    pub title: Text,
    /// Its version, in the form of semantic versioning.
    pub version: Option<String>,
    /// Its licence, an expression of SPDX.
    pub licence: Option<String>,
    /// The file that it was read from, as it was named; none where it is embedded.
    pub file: Option<String>,
}

/// What a pack is.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    /// The theme of every rule in it, of a to z, 0 to 9 and -.
    #[cfg_attr(schema, schemars(with = "String"))]
    id: Spanned<String>,
    /// What the theme is called.
    #[serde(default, deserialize_with = "super::plain::read")]
    #[cfg_attr(schema, schemars(with = "Option<Text>"))]
    title: Option<Text>,
    /// Its version, such as `1.2.0`: major, minor, patch.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    version: Option<Spanned<String>>,
    /// Its licence, as an expression of SPDX such as `CC-BY-4.0`.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    licence: Option<Spanned<String>>,
}

impl Head {
    /// What it says, and where its id stands.
    ///
    /// # Errors
    /// A version or a licence of another form.
    pub(super) fn into_info(self) -> Result<(PackInfo, Range<usize>), Vec<PackError>> {
        let Self { id, title, version, licence } = self;
        let wrong = |value: Option<&Spanned<String>>, fits: fn(&str) -> bool, flaw: fn(String) -> PackFlaw| {
            let value = value.filter(|value| !fits(value.get_ref()))?;
            Some(PackError::at(value.span(), flaw(value.get_ref().clone())))
        };
        let errors: Vec<PackError> = wrong(version.as_ref(), is_version, PackFlaw::Version)
            .into_iter()
            .chain(wrong(licence.as_ref(), is_expression, PackFlaw::Licence))
            .collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let (span, id) = (id.span(), id.into_inner());
        let title = title.unwrap_or_else(|| Text { id: id.clone().into(), en: id.clone().into() });
        let (version, licence) = (version.map(Spanned::into_inner), licence.map(Spanned::into_inner));
        Ok((PackInfo { id, title, version, licence, file: None }, span))
    }
}

/// Whether a text is a version of semantic versioning: three numbers, then what comes before a release and what tells builds apart.
fn is_version(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, before) = rest.split_once('-').map_or((rest, None), |(core, before)| (core, Some(before)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| digits(part) && (part == "0" || !part.starts_with('0'));
    let name = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    core.split('.').count() == 3
        && core.split('.').all(number)
        && before.is_none_or(|all| all.split('.').all(|part| name(part) && (!digits(part) || number(part))))
        && build.is_none_or(|all| all.split('.').all(name))
}

/// Whether a text is an expression of SPDX: names of licences, joined by AND, OR and WITH, in brackets where these are needed. Which
/// names there are is not looked up: the list grows every few months, and an agency may have terms of its own (`LicenseRef-…`).
fn is_expression(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let (mut depth, mut wants_name) = (0_usize, true);
    for word in spaced.split_whitespace() {
        match word {
            "(" if wants_name => depth += 1,
            ")" if !wants_name && depth > 0 => depth -= 1,
            "AND" | "OR" | "WITH" if !wants_name => wants_name = true,
            name if wants_name && is_name(name) => wants_name = false,
            _ => return false,
        }
    }
    depth == 0 && !wants_name
}

/// Whether a word names a licence; `+` stands for “or any later version”.
fn is_name(word: &str) -> bool {
    let name = word.strip_suffix('+').unwrap_or(word);
    let joins = ["AND", "OR", "WITH"].iter().any(|join| name.eq_ignore_ascii_case(join));
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':');
    !joins && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_three_numbers() {
        for good in ["0.1.0", "1.20.300", "1.0.0-rc.1", "1.0.0-alpha+2026.01", "1.0.0+7"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.x", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3 "] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn licences_are_expressions() {
        for good in ["CC-BY-4.0", "MIT OR Apache-2.0", "(MIT OR EUPL-1.2+) AND LicenseRef-dinas", "GPL-3.0-only WITH X"]
        {
            assert!(is_expression(good), "{good}");
        }
        for bad in
            ["", "MIT Apache-2.0", "MIT OR", "OR MIT", "MIT or Apache-2.0", "(MIT", "MIT)", "milik Dinas X", "()"]
        {
            assert!(!is_expression(bad), "{bad}");
        }
    }
}
