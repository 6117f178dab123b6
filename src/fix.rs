//! Puts fixes into a text.

use crate::diagnostic::{Diagnostic, Edit};
use crate::message::Part;

/// The text of the field `part` with the fixes of `diagnostics`. Where two overlap, the later one is left out.
#[must_use]
pub fn apply(text: &str, part: Part, diagnostics: &[Diagnostic<'_>]) -> String {
    let edits = diagnostics.iter().filter_map(|d| d.fix.as_ref()).flat_map(|fix| &fix.edits);
    let mut edits: Vec<&Edit> = edits.filter(|edit| edit.place.part() == part).collect();
    edits.sort_by_key(|edit| edit.place.text());
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.place.text().range();
        if range.start < at || (range.start == at && at > 0 && range.is_empty()) {
            continue;
        }
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&edit.new);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
