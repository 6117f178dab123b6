//! Which findings of a message are told.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::rule::Rule;

/// Of each rule as many as may be, `most`. Of rules that mask there may be more, since what they find must be known to be masked; the others
/// find no more from the first.
pub(super) fn told<'d, 'r>(diagnostics: &'d [Diagnostic<'r>], most: usize) -> Vec<&'d Diagnostic<'r>> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut fits = |rule: &'r Rule| {
        let count = counts.entry(rule.id.as_ref()).or_default();
        *count += 1;
        *count <= most
    };
    let is_told = |diagnostic: &&Diagnostic<'r>| !diagnostic.rule.mask || fits(diagnostic.rule);
    diagnostics.iter().filter(is_told).collect()
}
