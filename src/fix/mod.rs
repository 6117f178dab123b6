//! Puts fixes into texts, and into the sources that they came from.
//!
//! A new text is written in the layers in which the old one stood (`decode::encode`), and what came of it is read again: only
//! what then reads as it should is kept. So no fix can harm anything but the words that it names, whatever the format.

mod plan;

use crate::diagnostic::{Diagnostic, Edit, Safety};
use crate::lint::Linter;
use crate::message::Part;
use crate::read::{Format, Hints};
use crate::source::Window;

use plan::{Plan, Restraint};

/// The text of the field `part` with the fixes of `diagnostics`. Where two overlap, the later one is left out.
#[must_use]
pub fn apply(text: &str, part: Part, diagnostics: &[Diagnostic<'_>]) -> String {
    let edits = diagnostics.iter().filter_map(|d| d.fix.as_ref()).flat_map(|fix| &fix.edits);
    edited(text, edits.filter(|edit| edit.place.part() == part).collect())
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
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

/// What came of mending a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// Its bytes, mended; none where nothing was mended.
    pub bytes: Option<Vec<u8>>,
    /// How many findings were mended.
    pub applied: u64,
    /// How many fixes could not be written where they belong: into base64, or with characters that the source cannot hold.
    pub unwritten: u64,
}

/// How often what was mended is looked at again, since one fix may make room for another, and one may have to be taken back.
const ROUNDS: usize = 16;

impl Linter<'_> {
    /// Mends what a window holds: with safe fixes alone, or also with those that a person must look at.
    #[must_use]
    pub fn mend(&self, format: &Format, window: &Window, hints: &Hints, most: Safety) -> Mended {
        let mut mended = Mended::default();
        let mut current: Option<Window> = None;
        let mut restraint = Restraint::default();
        let planned = |window: &Window, restraint: &Restraint| Plan::of(self, format, window, hints, most, restraint);
        let mut plan = planned(window, &restraint);
        for _ in 0..ROUNDS {
            let now = current.as_ref().unwrap_or(window);
            let (bytes, applied) = plan.carried_out(now, |bytes| plan::says(format, &window.holding(bytes), hints));
            // What was refused once is refused again in each round.
            mended.unwritten = plan.unwritten + (plan.len() - applied) as u64;
            if applied == 0 {
                break;
            }
            let next = window.holding(bytes);
            let next_plan = planned(&next, &restraint);
            if restraint.learns_from(&plan, &next_plan, most) {
                plan = planned(now, &restraint);
                continue;
            }
            mended.applied += applied as u64;
            (current, plan) = (Some(next), next_plan);
        }
        mended.bytes = current.map(|window| window.bytes);
        mended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;
    use crate::facts::Facts;
    use crate::message::{Field, Message};
    use crate::ruleset::{Choice, RuleSet};
    use crate::span::{SpanMap, TextSpan};

    /// What is mended where the same is found twice in `text`.
    fn applied_twice(text: &str) -> String {
        let rules = RuleSet::embedded();
        let selection = rules.select(&Choice { select: vec!["language".to_owned()], ..Choice::default() }, &[]);
        let facts = Facts::default();
        let window = Window::whole(text);
        let plain = Format::by_name("plain").unwrap();
        let source = plain.decode(&window);
        let mut readings = plain.read(&source, &window, &Hints::default());
        let conversation = readings.remove(0).unwrap();
        let found = rules.checker(&selection, &facts).check(&conversation).remove(0);
        let body = |message: &Message<'_>| message.body().unwrap().text.to_string();
        assert!(!found.is_empty(), "{text}");
        apply(&body(&conversation.messages[0]), Part::Body, &[found.clone(), found].concat())
    }

    #[test]
    fn of_fixes_that_overlap_one_is_applied() {
        assert_eq!(applied_twice("Berkasnya gak ada, tp bisa."), "Berkasnya tidak ada, tetapi bisa.");
    }

    #[test]
    fn at_one_place_there_is_room_for_one_edit() {
        let field = Field::new(Part::Body, "abcdef".into(), SpanMap::verbatim(0, 6));
        let edit =
            |start, end, new: &str| Edit { place: Place::new(&field, TextSpan { start, end }), new: new.to_owned() };
        for (edits, text) in [
            (vec![edit(4, 5, "E"), edit(0, 2, "AB")], "ABcdEf"),
            (vec![edit(0, 2, "AB"), edit(4, 4, "-")], "ABcd-ef"),
            (vec![edit(0, 2, "AB"), edit(2, 2, "-")], "ABcdef"),
            (vec![edit(0, 2, "AB"), edit(2, 3, "C")], "ABCdef"),
            (vec![edit(0, 3, "ABC"), edit(2, 4, "-")], "ABCdef"),
            (vec![edit(0, 0, "-"), edit(6, 6, "+")], "-abcdef+"),
        ] {
            assert_eq!(edited("abcdef", edits.iter().collect()), text, "{edits:?}");
        }
    }
}
