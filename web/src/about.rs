//! What a page offers to choose from.

use serde::Serialize;

use santun::checklist::guideline;
use santun::config::{AGENCY, Described};
use santun::locale::Lang;
use santun::message::Channel;
use santun::rule::{Rule, Statement, in_general};
use santun::ruleset::RuleSet;

use crate::json;

#[derive(Serialize)]
struct About<'a> {
    version: &'static str,
    channels: Vec<AboutChannel>,
    guideline: Vec<AboutStatement<'a>>,
    rules: Vec<AboutRule<'a>>,
    agency: Vec<AboutKey>,
}

#[derive(Serialize)]
struct AboutChannel {
    name: &'static str,
    title: &'static str,
}

#[derive(Serialize)]
struct AboutStatement<'a> {
    id: &'a str,
    section: &'a str,
    title: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct AboutRule<'a> {
    id: &'a str,
    theme: &'a str,
    title: String,
    help: String,
    severity: Option<&'static str>,
    channels: Vec<&'static str>,
    on: bool,
    fixable: bool,
    guideline: Option<&'a str>,
    basis: &'a [std::borrow::Cow<'static, str>],
}

#[derive(Serialize)]
struct AboutKey {
    key: &'static str,
    help: &'static str,
    example: &'static str,
}

/// What there is, in words of `lang`.
pub(crate) fn about(lang: Lang) -> String {
    let rules = RuleSet::embedded();
    json(&About {
        version: env!("CARGO_PKG_VERSION"),
        channels: Channel::ALL.map(|channel| AboutChannel { name: channel.name(), title: title(channel, lang) }).into(),
        guideline: guideline().statements.iter().map(|statement| about_statement(statement, lang)).collect(),
        rules: rules.rules().map(|rule| about_rule(rule, rules.title(rule.theme(), lang), lang)).collect(),
        agency: AGENCY.iter().map(|key| about_key(key, lang)).collect(),
    })
}

fn title(channel: Channel, lang: Lang) -> &'static str {
    match (channel, lang) {
        (Channel::Email, Lang::Id) => "Surel",
        (Channel::Email, Lang::En) => "E-mail",
        (Channel::Chat, _) => "Chat",
        (Channel::Social, Lang::Id) => "Media sosial",
        (Channel::Social, Lang::En) => "Social media",
        (Channel::Letter, Lang::Id) => "Surat",
        (Channel::Letter, Lang::En) => "Letter",
    }
}

fn about_statement(statement: &Statement, lang: Lang) -> AboutStatement<'_> {
    let Statement { id, section, title, text, .. } = statement;
    AboutStatement { id, section: section.get(lang), title: title.get(lang), text: text.get(lang) }
}

fn about_rule<'a>(rule: &'a Rule, theme: &'a str, lang: Lang) -> AboutRule<'a> {
    AboutRule {
        id: &rule.id,
        theme,
        title: in_general(rule.message.get(lang)),
        help: in_general(rule.help.get(lang)),
        severity: rule.severity.iter().flatten().max().map(|severity| severity.name()),
        channels: rule.channels().map(Channel::name).collect(),
        on: rule.default,
        fixable: rule.fixable,
        guideline: rule.guideline.first().map(AsRef::as_ref),
        basis: &rule.basis,
    }
}

fn about_key(key: &Described, lang: Lang) -> AboutKey {
    AboutKey { key: key.key, help: key.about(lang), example: key.example }
}
