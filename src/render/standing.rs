//! How a statement of the guideline stands, in words: shared by the terminal and the report in HTML.

use crate::checklist::{Asked, Checklist, Entry, Standing, State, Totals};
use crate::locale::Lang;
use crate::rule::Severity;
use crate::texts::Key;

/// The word for a state.
pub(crate) const fn state_key(state: State) -> Key {
    match state {
        State::Fulfilled => Key::ChecklistFulfilled,
        State::ToMend(Severity::Error) => Key::ChecklistError,
        State::ToMend(Severity::Warning) => Key::ChecklistWarning,
        State::ToMend(Severity::Info) => Key::ChecklistInfo,
        State::NotApplicable => Key::ChecklistNotApplicable,
        State::NotChecked => Key::ChecklistNotChecked,
        State::NotVisible => Key::ChecklistNotVisible,
    }
}

/// The names of rules, the first of many.
fn named(rules: &[&str], lang: Lang) -> String {
    const NAMED: usize = 4;
    if rules.len() <= NAMED + 1 {
        return rules.join(", ");
    }
    let (first, rest) = rules.split_at(NAMED);
    let more = lang.fill(Key::ChecklistMore, &[("count", &rest.len().to_string())]);
    format!("{} {more}", first.join(", "))
}

/// What was not checked of a statement, and what text does not show of it.
#[must_use]
pub fn reasons(entry: &Entry, lang: Lang) -> Vec<String> {
    let because = |key: Key, is_why: fn(Asked) -> bool| {
        let rules: Vec<&str> = entry.unchecked.iter().filter(|(_, a)| is_why(*a)).map(|(r, _)| r.as_ref()).collect();
        (!rules.is_empty()).then(|| lang.fill(key, &[("rules", &named(&rules, lang))]))
    };
    let mut all: Vec<String> = [
        because(Key::ChecklistOff, |asked| asked == Asked::Off),
        because(Key::ChecklistBlind, |asked| asked == Asked::Blind),
        because(Key::ChecklistDormant, |asked| matches!(asked, Asked::Dormant | Asked::Waiting)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if entry.state == State::NotChecked && all.is_empty() {
        all.push(lang.text(Key::ChecklistNoRules).to_owned());
    }
    let why = entry.statement.why.get(lang);
    if !why.is_empty() && entry.state != State::NotApplicable {
        all.push(why.to_owned());
    }
    all
}

/// How many statements stand how.
#[must_use]
pub fn note(checklist: &Checklist, lang: Lang) -> String {
    let mut totals = Totals::default();
    totals.count(checklist);
    let chapters = totals.chapters();
    let sum = |pick: fn(&Standing) -> u64| -> String {
        chapters.iter().flatten().map(|(_, standing)| pick(standing)).sum::<u64>().to_string()
    };
    lang.fill(
        Key::ChecklistCounts,
        &[
            ("fulfilled", &sum(|s| s.fulfilled)),
            ("errors", &sum(|s| s.errors)),
            ("warnings", &sum(|s| s.warnings)),
            ("infos", &sum(|s| s.infos)),
            ("unchecked", &sum(|s| s.not_checked)),
            ("other", &sum(|s| s.not_applicable + s.not_visible)),
        ],
    )
}
