//! What a stranger may ask of the machine is bounded: nothing that is small costs much.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use santun::ruleset::RuleSet;

/// What is wrong with a pack whose rule has these phrases and these sets.
fn flaws(phrases: &str, sets: &str) -> String {
    let pack = format!(
        "[pack]\nid = \"uji\"\n[words]\n{sets}\n[[rule]]\nid = \"a\"\nkind = \"phrase\"\nseverity = \"info\"\nmessage = \"x\"\nphrases = {phrases}\n"
    );
    let errors = RuleSet::empty().add_pack("uji.toml", &pack, &mut |_| unreachable!()).err().unwrap_or_default();
    for span in errors.iter().filter_map(|error| error.span.clone()) {
        assert!(pack.get(span).is_some());
    }
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Sets of which each is made of the one before or, `rising`, the one behind.
fn chain(length: usize, rising: bool, written: &dyn Fn(usize) -> String) -> String {
    let mut sets = String::new();
    for number in 0..length {
        let other = if rising { number + 1 } else { number.wrapping_sub(1) };
        let text = if other < length { written(other) } else { "x".to_owned() };
        writeln!(sets, "s{number:05} = [\"{text}\"]").unwrap();
    }
    sets
}

#[test]
fn sets_that_multiply_end_in_an_error() {
    for rising in [false, true] {
        let sets = chain(15, rising, &|other| format!("<s{other:05}> <s{other:05}> <s{other:05}> <s{other:05}>"));
        assert!(flaws("[\"<s00000> <s00014>\"]", &sets).contains("too many words"));
    }
}

#[test]
fn sets_within_sets_without_end_are_an_error() {
    for rising in [false, true] {
        let sets = chain(5000, rising, &|other| format!("<s{other:05}> ..1 y"));
        assert!(flaws("[\"x\"]", &sets).contains("sets within sets"));
    }
}

#[test]
fn sets_of_sets_are_fine() {
    let sets = chain(12, true, &|other| format!("<s{other:05}> (y|z)"));
    assert_eq!(flaws("[\"<s00000> ..6 <s00003>\"]", &sets), "");
}
