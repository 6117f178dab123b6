//! Text that is offered where something is missing: with the agency's facts, at the place where a writer would put it.

use serde::Deserialize;

use super::edges::{is_own, lines};
use crate::diagnostic::{Edit, Fix, Place, Safety};
use crate::facts::Facts;
use crate::locale::fill;
use crate::message::{Field, Role};
use crate::span::TextSpan;

/// Where a text is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum InsertAt {
    /// Before the first line of the writer's own text.
    Top,
    /// Behind the greeting, in its line or in a paragraph of its own.
    AfterGreeting,
    /// Behind the last line before the closing and the signature.
    BeforeClosing,
    /// Behind the last line before the signature.
    BeforeSignature,
    /// Behind the last line.
    #[default]
    End,
}

/// `template` with what is known of the agency: `{agency}`, `{name}`, `{position}`, `{contact}`. What is unknown, or not the only
/// one, is left for the writer to fill in. Of a signature, lines stay that hold one of the elements that are `missing`.
pub(super) fn filled(template: &str, facts: &Facts, missing: &[&str]) -> Option<String> {
    let only = |known: &[String], blank: &str| match known {
        [one] => one.clone(),
        _ => format!("[{blank}]"),
    };
    let values = [
        ("agency", facts.names.first().cloned().unwrap_or_else(|| "[nama instansi]".to_owned())),
        ("name", only(&facts.people, "nama")),
        ("position", only(&facts.positions, "jabatan")),
        ("contact", facts.contacts.first().cloned().unwrap_or_else(|| "[telepon atau surel]".to_owned())),
    ];
    let there = |element: &str| !missing.is_empty() && !missing.contains(&element);
    let wanted = |line: &&str| {
        let mut named = values.iter().filter(|(name, _)| line.contains(&format!("{{{name}}}"))).peekable();
        named.peek().is_none() || !named.all(|(name, _)| there(name))
    };
    let lines: Vec<&str> = template.lines().filter(wanted).collect();
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    (!lines.is_empty()).then(|| fill(&lines.join("\n"), &values))
}

/// The fix that puts `text` into a body, for a person to look at.
pub(super) fn inserting(body: &Field<'_>, text: &str, at: InsertAt) -> Option<Fix> {
    let own = || lines(&body.text).filter(|line| is_own(body, *line));
    let last = |except: &[Role]| own().filter(|line| !except.contains(&body.role_at(line.start))).last();
    let above = |line: TextSpan| (Place::new(body, TextSpan { end: line.start, ..line }), format!("{text}\n\n"));
    let below = |line: TextSpan| (Place::behind(body, line), format!("\n\n{text}"));
    let (place, new) = match at {
        InsertAt::Top => above(own().next()?),
        InsertAt::AfterGreeting => match behind_greeting(body) {
            Some((greeting, true)) => below(greeting),
            Some((greeting, false)) => (Place::behind(body, greeting), format!(" {text}")),
            None => above(own().next()?),
        },
        InsertAt::BeforeClosing => below(last(&[Role::Closing, Role::Signature]).or_else(|| own().next())?),
        InsertAt::BeforeSignature => below(last(&[Role::Signature]).or_else(|| own().next())?),
        InsertAt::End => below(last(&[])?),
    };
    Some(Fix { safety: Safety::Review, edits: vec![Edit { place, new }] })
}

/// The greeting of the body, and whether it fills its line.
fn behind_greeting(body: &Field<'_>) -> Option<(TextSpan, bool)> {
    let first = body.segments.iter().position(|segment| segment.role == Role::Greeting)?;
    let run = body.segments[first..].iter().take_while(|s| matches!(s.role, Role::Greeting | Role::Placeholder));
    let end = run.filter(|s| s.role == Role::Greeting).last()?.text.end;
    let start = body.segments[first].text.start;
    let written = TextSpan { start, end }.of(&body.text).trim_end();
    let greeting = TextSpan { start, end: TextSpan::new(0..start as usize + written.len()).end };
    let rest = body.text.get(greeting.end as usize..).unwrap_or_default();
    Some((greeting, rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_fill_what_is_offered() {
        let one = |text: &str| vec![text.to_owned()];
        let facts = Facts { names: one("Dinas Kominfo Kota X"), people: one("Rina Kurnia"), ..Facts::default() };
        let signature = "{name}\n{position}\n{agency}";
        assert_eq!(
            filled(signature, &facts, &["name", "position", "agency"]).as_deref(),
            Some("Rina Kurnia\n[jabatan]\nDinas Kominfo Kota X")
        );
        assert_eq!(filled(signature, &facts, &["agency"]).as_deref(), Some("Dinas Kominfo Kota X"));
        assert_eq!(filled("Hormat kami,", &facts, &[]).as_deref(), Some("Hormat kami,"));
        assert_eq!(
            filled("Saya {name} dari {agency}.", &Facts::default(), &[]).as_deref(),
            Some("Saya [nama] dari [nama instansi].")
        );
    }
}
