//! The cases inside the embedded packs: what each rule must find, and what it must let pass.

use santun::cases::{self, Failure, FailureKind};
use santun::ruleset::RuleSet;

fn readable(failure: &Failure) -> String {
    let what = match &failure.kind {
        FailureKind::Unreadable => "its message cannot be read".to_owned(),
        FailureKind::NothingFound => "nothing was found".to_owned(),
        FailureKind::Found(all) => format!("it should pass, but this was found: {all:?}"),
        FailureKind::Excerpts(all) => format!("other things were found: {all:?}"),
        FailureKind::Severity(name) => format!("the severity is {name}"),
        FailureKind::Fixed(made) => format!("the fixes make {made:?}"),
    };
    format!("{}, case {}: {what}\n  in {:?}", failure.rule, failure.number, failure.body)
}

#[test]
fn every_case_comes_out_as_its_pack_says() {
    let rules = RuleSet::embedded();
    let outcome = cases::run(&rules);
    let failures: Vec<String> = outcome.failures.iter().map(readable).collect();
    assert!(failures.is_empty(), "{} of {} cases failed:\n{}", failures.len(), outcome.ran, failures.join("\n"));
    assert_eq!(outcome.ran, rules.rules().map(|rule| rule.cases.len()).sum::<usize>(), "cases that did not run");
}

#[test]
fn every_rule_has_cases() {
    let rules = RuleSet::embedded();
    assert!(rules.rules().count() > 50, "the embedded packs are not there");
    for rule in rules.rules() {
        assert!(rule.cases.iter().any(|case| case.bad), "{} has no bad case", rule.id);
        assert!(rule.cases.iter().any(|case| !case.bad), "{} has no good case", rule.id);
    }
}
