//! Packs: from TOML to rules, with errors that point at the key.
//!
//! build.rs and the running program share this file, so that an embedded pack and a user's pack mean the same.

mod case;
mod error;
mod extend;
mod head;
mod plain;

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, ValueDeserializer};

use crate::check::{BadOptions, Check, KINDS, Kind, ReadLexicon};
use crate::locale::Text;
use crate::message::{Channel, Role, Roles};
use crate::phrase::{Numbers, Sets, Words};
use crate::rule::{ByChannel, Gate, Names, OneOrMany, PerChannel, Rule, Severity, Unfit};
use crate::term::{Term, TermTable};
use case::{CaseTable, case_of};

pub use case::CasePlace;
pub use error::{PackError, PackFlaw};
pub(crate) use extend::Extension;
pub use extend::Extensions;
pub(crate) use head::Head;
pub use head::PackInfo;
pub(crate) use plain::NOT_PLAIN;

/// A pack whose rules are read but not yet compiled.
#[derive(Debug)]
pub(crate) struct Pack<'i> {
    /// What it says of itself, and where its id stands.
    pub(crate) info: PackInfo,
    pub(crate) id_at: Range<usize>,
    /// Its named sets of words, and where they stand.
    pub(crate) words: Sets,
    words_at: DeValue<'i>,
    /// Its rules.
    pub(crate) rules: Vec<Described<'i>>,
    /// What it changes of the rules of other packs.
    pub(crate) extensions: Extensions,
}

/// A rule and the options of its kind.
#[derive(Clone, Debug)]
pub(crate) struct Described<'i> {
    /// What all rules have.
    pub(crate) rule: Rule,
    /// Index into `KINDS`.
    pub(crate) kind: usize,
    /// What only its kind has.
    pub(crate) options: Spanned<DeTable<'i>>,
    /// Named sets of words for its phrases alone, and where they stand.
    words: Sets,
    words_at: DeValue<'i>,
    span: Range<usize>,
}

/// A rule that can judge.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// What all rules have.
    pub(crate) rule: Rule,
    /// How it judges.
    pub(crate) check: Box<dyn Check>,
    /// What the shared table looks up for it.
    pub(crate) terms: Vec<Term>,
}

/// Keys that every rule may have; the rest belongs to its kind.
pub(crate) const COMMON_KEYS: &[&str] = &[
    "id",
    "channels",
    "roles",
    "severity",
    "default",
    "only",
    "alone",
    "mask",
    "message",
    "help",
    "guideline",
    "basis",
    "case",
];

/// What all rules have.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Common {
    /// The name within the theme, of a to z, 0 to 9 and -; the full id is `theme/name`.
    id: String,
    /// The channels in which it applies; left out, those of `severity`, or all.
    channels: Option<Vec<Channel>>,
    /// The stretches of a message that it reads; left out, the writer's own prose.
    roles: Option<RoleList>,
    /// How grave its findings are: `error`, `warning`, `info`, or a table by channel.
    severity: ByChannel<Severity>,
    /// Whether it is on without being named.
    #[serde(default = "yes")]
    default: bool,
    /// What must hold for the message before the rule judges it.
    only: Option<ByChannel<Gate>>,
    /// Whether, where it finds something, the findings of the other rules of its theme are left out.
    #[serde(default)]
    alone: bool,
    /// Whether what it marks is a secret, which is masked wherever it is shown.
    #[serde(default)]
    mask: bool,
    /// What is wrong; `{match}`, `{replacement}`, `{count}`, `{limit}` and `{missing}` are filled in.
    #[serde(deserialize_with = "plain::read")]
    #[cfg_attr(schema, schemars(with = "Text"))]
    message: Text,
    /// How to mend it, in a courteous sentence.
    #[serde(default, deserialize_with = "plain::read")]
    #[cfg_attr(schema, schemars(with = "Option<Text>"))]
    help: Option<Text>,
    /// Keys of the guideline's statements, the main one first.
    guideline: Option<OneOrMany>,
    /// Norms behind it.
    #[serde(default, deserialize_with = "plain::read")]
    #[cfg_attr(schema, schemars(with = "Option<OneOrMany>"))]
    basis: Option<OneOrMany>,
    /// Examples, which `lint rules test` runs.
    #[serde(default)]
    case: Vec<CaseTable>,
}

fn yes() -> bool {
    true
}

/// `all`, or a list of roles.
#[derive(Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected \"all\", or a list of roles")]
enum RoleList {
    /// `all`.
    #[cfg_attr(schema, schemars(extend("const" = "all")))]
    Word(String),
    /// These.
    List(Vec<Role>),
}

/// Reads the TOML of a pack.
///
/// # Errors
/// Everything that is wrong, at most one error a rule.
pub(crate) fn parse(text: &str) -> Result<Pack<'_>, Vec<PackError>> {
    let mut table = DeTable::parse(text).map_err(|error| vec![error.into()])?;
    let head = take(table.get_mut(), "pack")
        .ok_or_else(|| vec![PackError::at(0..0, PackFlaw::NoHead)])
        .and_then(|value| read::<Head>(value).map_err(|error| vec![error]))?;
    let (info, id_at) = head.into_info()?;
    let (words, words_at) = sets(table.get_mut()).map_err(|error| vec![error])?;
    let described = entries(table.get_mut(), "rule").map_err(|error| vec![error])?;
    let extending = entries(table.get_mut(), "extend").map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    if let Some((key, _)) = table.get_ref().iter().next() {
        let message = format!("unknown field `{}`, expected one of `pack`, `words`, `rule`, `extend`", key.get_ref());
        errors.push(PackError::form(Some(key.span()), message));
    }
    if described.is_empty() && extending.is_empty() {
        errors.push(PackError::at(id_at.clone(), PackFlaw::Empty));
    }
    let mut rules: Vec<Described<'_>> = Vec::new();
    for entry in described {
        let span = entry.span();
        match describe(&info.id, entry) {
            Ok(found) if rules.iter().any(|r| r.rule.id == found.rule.id) => {
                errors.push(PackError::at(span, PackFlaw::Twice(found.rule.id.into_owned())));
            }
            Ok(found) => rules.push(found),
            Err(error) => errors.push(error.or_at(span)),
        }
    }
    let mut extensions = Extensions { pack: info.id.clone(), list: Vec::new() };
    for entry in extending {
        let span = entry.span();
        match read(entry) {
            Ok(extension) => extensions.list.push(extension),
            Err(error) => errors.push(error.or_at(span)),
        }
    }
    if errors.is_empty() { Ok(Pack { info, id_at, words, words_at, rules, extensions }) } else { Err(errors) }
}

/// The tables that are written as `[[key]]`.
fn entries<'i>(table: &mut DeTable<'i>, key: &str) -> Result<Vec<Spanned<DeValue<'i>>>, PackError> {
    let Some(value) = take(table, key) else { return Ok(Vec::new()) };
    let span = value.span();
    match value.into_inner() {
        DeValue::Array(entries) => Ok(entries.into_iter().collect()),
        _ => Err(PackError::form(Some(span), format!("`{key}` must be written as `[[{key}]]`"))),
    }
}

impl Pack<'_> {
    /// Its words, with numbers from `numbers`; they may name sets of `shared`.
    ///
    /// # Errors
    /// A set that cannot be read.
    pub(crate) fn words<'n>(&self, numbers: &'n mut Numbers, shared: &Sets) -> Result<Words<'n>, PackError> {
        let problem =
            |unfit: Unfit| PackError::form(unfit.text.and_then(|text| place_of(&self.words_at, &text)), unfit.message);
        Words::new(numbers, shared, &self.words).map_err(problem)
    }
}

/// The named sets of words of a pack or a rule, and where they stand.
fn sets<'i>(table: &mut DeTable<'i>) -> Result<(Sets, DeValue<'i>), PackError> {
    let written = take(table, "words").unwrap_or_else(|| Spanned::new(0..0, DeValue::Table(DeTable::new())));
    Ok((read(written.clone())?, written.into_inner()))
}

/// Where the string `text` stands in a value.
fn place_of(value: &DeValue<'_>, text: &str) -> Option<Range<usize>> {
    let within = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(own) => (own.as_ref() == text).then(|| value.span()),
        inner => place_of(inner, text),
    };
    match value {
        DeValue::Array(values) => values.iter().find_map(within),
        DeValue::Table(table) => table.values().find_map(within),
        _ => None,
    }
}

impl Described<'_> {
    /// Makes the rule ready to judge. `index` is its place among all rules; `words` numbers the words of its phrases;
    /// `lexicon` reads a long table by its name.
    ///
    /// # Errors
    /// What its kind does not accept.
    pub(crate) fn compile(
        self,
        index: u16,
        words: &mut Words<'_>,
        lexicon: &mut ReadLexicon<'_>,
    ) -> Result<Compiled, PackError> {
        let span = self.span;
        let options = DeValue::Table(self.options.get_ref().clone());
        let problem = |unfit: Unfit| {
            let place =
                unfit.text.and_then(|text| place_of(&options, &text).or_else(|| place_of(&self.words_at, &text)));
            PackError::form(place.or(Some(span.clone())), unfit.message)
        };
        let mut words = words.within(&self.words).map_err(problem)?;
        let mut check = (KINDS[self.kind].parse)(self.options.into(), &mut words).map_err(|bad| match bad {
            BadOptions::Form(error) => with_common_keys(&options, error.into()).or_at(span.clone()),
            BadOptions::Unfit(unfit) => problem(unfit),
        })?;
        let mut terms = check.terms(lexicon).map_err(|message| problem(message.into()))?;
        TermTable::build(&terms)
            .map_err(|bad| PackError::at(place_of(&options, &bad.0).unwrap_or_else(|| span.clone()), bad.into()))?;
        check.validate().map_err(problem)?;
        for term in &mut terms {
            term.rule = index;
        }
        let fixable = check.fixable() || terms.iter().any(|term| !term.replace.is_empty());
        Ok(Compiled { rule: Rule { fixable, ..self.rule }, check, terms })
    }
}

/// A kind knows its own options alone: where a key of the rule itself is unknown, the keys that all rules have are among those that
/// may have been meant.
fn with_common_keys(options: &DeValue<'_>, error: PackError) -> PackError {
    let of_rule = |span| matches!(options, DeValue::Table(table) if table.keys().any(|key| key.span() == span));
    let PackFlaw::Form(message) = &error.flaw else { return error };
    if !message.starts_with("unknown field") || !error.span.clone().is_some_and(of_rule) {
        return error;
    }
    let Some((unknown, known)) = message.split_once(", expected ") else { return error };
    let known = known.split('`').skip(1).step_by(2).chain(COMMON_KEYS.iter().copied()).chain(["kind", "words"]);
    let message = format!("{unknown}, expected one of `{}`", known.collect::<Vec<_>>().join("`, `"));
    PackError::form(error.span, message)
}

fn describe<'i>(theme: &str, entry: Spanned<DeValue<'i>>) -> Result<Described<'i>, PackError> {
    let span = entry.span();
    let DeValue::Table(mut options) = entry.into_inner() else {
        return Err(PackError::form(Some(span), "`rule` must be written as `[[rule]]`"));
    };
    let (words, words_at) = sets(&mut options)?;
    let kind = take(&mut options, "kind").ok_or_else(|| PackError::form(Some(span.clone()), "missing field `kind`"))?;
    let kind = kind_index(&kind)?;
    let mut common = DeTable::new();
    for key in COMMON_KEYS {
        if let Some((key, value)) = options.remove_entry(*key) {
            common.insert(key, value);
        }
    }
    let common = Common::deserialize(Deserializer::from(Spanned::new(span.clone(), common)))?;
    let rule = rule(theme, common).map_err(|flaw| PackError::at(span.clone(), flaw))?;
    Ok(Described { rule, kind, options: Spanned::new(span.clone(), options), words, words_at, span })
}

fn kind_index(value: &Spanned<DeValue<'_>>) -> Result<usize, PackError> {
    let name = value.get_ref().as_str().unwrap_or_default();
    let names: Vec<&str> = KINDS.iter().map(|kind: &Kind| kind.name).collect();
    names.iter().position(|known| *known == name).ok_or_else(|| {
        let message = format!("unknown kind `{name}`, expected one of `{}`", names.join("`, `"));
        PackError::form(Some(value.span()), message)
    })
}

fn rule(theme: &str, common: Common) -> Result<Rule, PackFlaw> {
    let simple =
        |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !simple(theme) || !simple(&common.id) {
        return Err("an id is made of a to z, 0 to 9 and -".to_owned().into());
    }
    let severity = severities(&common)?;
    let first = Channel::ALL.into_iter().find(|c| severity[*c as usize].is_some());
    let cases = common.case.into_iter().map(|case| case_of(case, first)).collect::<Result<Vec<_>, _>>()?;
    Ok(Rule {
        id: format!("{theme}/{}", common.id).into(),
        severity,
        roles: match common.roles {
            None => Roles::PROSE,
            Some(RoleList::List(list)) => Roles::of(&list),
            Some(RoleList::Word(word)) if word == "all" => Roles::ALL,
            Some(RoleList::Word(word)) => {
                return Err(format!("unknown roles `{word}`, expected \"all\" or a list").into());
            }
        },
        default: common.default,
        only: common.only.map_or_else(Default::default, |only| only.each()),
        alone: common.alone,
        mask: common.mask,
        fixable: false,
        message: common.message,
        help: common.help.unwrap_or_default(),
        guideline: names(common.guideline),
        basis: names(common.basis),
        cases: cases.into(),
    })
}

/// A table of severities names the channels; a list of channels narrows a single severity.
fn severities(common: &Common) -> Result<PerChannel<Severity>, String> {
    let mut severity = common.severity.each();
    if let Some(channels) = &common.channels {
        for channel in Channel::ALL {
            if !channels.contains(&channel) {
                severity[channel as usize] = None;
            } else if severity[channel as usize].is_none() {
                return Err(format!("`severity` has no value for the channel `{}`", channel.name()));
            }
        }
    }
    if severity.iter().all(Option::is_none) { Err("the rule applies to no channel".to_owned()) } else { Ok(severity) }
}

fn names(list: Option<OneOrMany>) -> Names {
    list.map(OneOrMany::into_vec).unwrap_or_default().into_iter().map(Into::into).collect::<Vec<_>>().into()
}

fn take<'i>(table: &mut DeTable<'i>, key: &str) -> Option<Spanned<DeValue<'i>>> {
    table.remove(key)
}

fn read<T: for<'de> Deserialize<'de>>(value: Spanned<DeValue<'_>>) -> Result<T, PackError> {
    Ok(T::deserialize(ValueDeserializer::from(value))?)
}
