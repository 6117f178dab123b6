//! Terms as text, for a library that must be small: build.rs writes them down, and the table is made of them at start.

use serde::{Deserialize, Serialize};

use super::{Conditions, Entry, SEPARATOR, Term};
use crate::rule::Grade;

/// Terms, with what neighbours have in common written once.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Written {
    conditions: Vec<[Vec<String>; 6]>,
    runs: Vec<(Common, Vec<(String, String)>)>,
}

/// Rule, group, flags, grade, grade by itself, and the number of the conditions.
type Common = (u16, u8, u8, u8, u8, usize);

/// What build.rs writes down.
#[allow(dead_code, reason = "asked by build.rs, which shares this file")]
pub(crate) fn write(terms: &[Term]) -> Result<String, serde_json::Error> {
    let mut written = Written::default();
    for term in terms {
        let conditions = term.conditions.lists().map(Clone::clone);
        let known = written.conditions.iter().position(|known| *known == conditions);
        let number = known.unwrap_or_else(|| {
            written.conditions.push(conditions);
            written.conditions.len() - 1
        });
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = flag(term.certain, Entry::CERTAIN)
            | flag(term.case, Entry::CASE)
            | flag(term.review, Entry::REVIEW)
            | flag(term.evidence, Entry::EVIDENCE)
            | flag(term.variants, Entry::VARIANTS)
            | flag(term.opening, Entry::OPENING);
        let common = (term.rule, term.group, flags, term.grade.0, term.by_itself.0, number);
        let own = (term.text.clone(), term.replace.join(&SEPARATOR.to_string()));
        match written.runs.last_mut().filter(|(last, _)| *last == common) {
            Some((_, run)) => run.push(own),
            None => written.runs.push((common, vec![own])),
        }
    }
    serde_json::to_string(&written)
}

/// The terms that build.rs wrote down.
#[allow(dead_code, reason = "what is not compact has the table itself")]
pub(crate) fn read(text: &str) -> Result<Vec<Term>, serde_json::Error> {
    let Written { conditions, runs } = serde_json::from_str(text)?;
    let conditions: Vec<Conditions> = conditions
        .into_iter()
        .map(|[when, unless, before, after, not_before, not_after]| Conditions {
            when,
            unless,
            before,
            after,
            not_before,
            not_after,
        })
        .collect();
    let term = |(rule, group, flags, grade, by_itself, number): Common, (text, replace): (String, String)| {
        let has = |flag: u8| flags & flag != 0;
        Term {
            rule,
            group,
            text,
            replace: replace.split(SEPARATOR).filter(|text| !text.is_empty()).map(str::to_owned).collect(),
            certain: has(Entry::CERTAIN),
            case: has(Entry::CASE),
            opening: has(Entry::OPENING),
            review: has(Entry::REVIEW),
            variants: has(Entry::VARIANTS),
            evidence: has(Entry::EVIDENCE),
            grade: Grade(grade),
            by_itself: Grade(by_itself),
            conditions: conditions.get(number).cloned().unwrap_or_default(),
        }
    };
    Ok(runs
        .into_iter()
        .flat_map(|(common, run)| run.into_iter().map(move |own| (common, own)))
        .map(|(common, own)| term(common, own))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_come_back() {
        let plain = Term {
            rule: 3,
            text: "gak".into(),
            replace: vec!["tidak".into(), "tak".into()],
            certain: true,
            ..Term::default()
        };
        let when = Conditions { when: vec!["pak".into()], not_after: vec!["ya".into()], ..Conditions::default() };
        let terms = [
            plain.clone(),
            Term { text: "ga".into(), replace: Vec::new(), ..plain.clone() },
            Term { grade: Grade(7), case: true, opening: true, conditions: when, ..plain.clone() },
            Term { group: 2, review: true, variants: true, evidence: true, by_itself: Grade(9), ..plain },
        ];
        assert_eq!(read(&write(&terms).unwrap()).unwrap(), terms);
    }
}
