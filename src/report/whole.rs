//! Whole fields as they may be shown, with the places of findings in them.

use std::ops::Range;

use super::masking::Shown;
use crate::diagnostic::Diagnostic;
use crate::message::{Field, Message, Part};
use crate::span::TextSpan;

/// A field as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownText {
    /// Name of the field.
    pub part: &'static str,
    /// Its text: masked, without signs that a terminal or a viewer would obey, with its lines.
    pub text: String,
    /// Where findings stand in it, as bytes of the text, with their indices among the findings of the message.
    pub marks: Vec<(Range<usize>, usize)>,
    /// Whether the field goes on.
    pub cut: bool,
}

/// How many characters of a field are shown.
const SHOWN: usize = 20_000;

/// The fields that findings stand in, subject and body in any case. `secrets` are those of each field, rising; a message
/// without findings has none to show.
pub(super) fn texts(message: &Message<'_>, found: &[&Diagnostic<'_>], secrets: &[Vec<TextSpan>]) -> Vec<ShownText> {
    let is_shown =
        |part: Part| matches!(part, Part::Subject | Part::Body) || found.iter().any(|d| d.place.part() == part);
    let fields = message.fields.iter().zip(secrets).filter(|(field, _)| is_shown(field.part));
    fields.map(|(field, secrets)| text(field, found, secrets)).collect()
}

fn text(field: &Field<'_>, found: &[&Diagnostic<'_>], secrets: &[TextSpan]) -> ShownText {
    let end = field.text.char_indices().nth(SHOWN).map_or(field.text.len(), |(at, _)| at);
    let own = || found.iter().enumerate().filter(|(_, d)| d.place.part() == field.part);
    let mut wanted: Vec<u32> = own().flat_map(|(_, d)| [d.place.text().start, d.place.text().end]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut out = String::new();
    // Where each wanted offset went, as far as is shown.
    let mut went: Vec<usize> = Vec::with_capacity(wanted.len());
    let mut at = 0;
    for line in field.text.get(..end).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let span = TextSpan::new(at..at + content.len());
        at += line.len();
        let rest = wanted.get(went.len()..).unwrap_or_default();
        let inside = rest.partition_point(|offset| (*offset as usize) < at || at == end && *offset as usize == at);
        let offsets = rest.get(..inside).unwrap_or_default();
        let shown = Shown::of(&field.text, span, secrets, offsets);
        went.extend((0..inside).map(|index| out.len() + shown.offsets.get(index).copied().unwrap_or(shown.text.len())));
        out.push_str(&shown.text);
        if content.len() < line.len() {
            out.push('\n');
        }
    }
    let place = |offset: u32| wanted.binary_search(&offset).ok().and_then(|index| went.get(index).copied());
    let mark = |(index, d): (usize, &&Diagnostic<'_>)| {
        let start = place(d.place.text().start)?;
        Some((start..place(d.place.text().end).unwrap_or(out.len()).max(start), index))
    };
    let marks = own().filter_map(mark).collect();
    ShownText { part: field.part.name(), marks, cut: end < field.text.len(), text: out }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::check::identifiers_in;
    use crate::facts::Facts;
    use crate::read::{Format, Hints};
    use crate::ruleset::{Choice, RuleSet};
    use crate::source::Window;
    use crate::span::SpanMap;

    fn field(text: &str) -> Field<'_> {
        Field::new(Part::Body, Cow::Borrowed(text), SpanMap::verbatim(0, text.len()))
    }

    #[test]
    fn lines_stay_and_secrets_go() {
        let body = "Halo\r\nNIK 3678011207900003\n\n\u{202e}x\u{1b}[2J\n";
        let secrets = identifiers_in(body);
        let shown = text(&field(body), &[], &secrets);
        assert_eq!(shown.text, "Halo\nNIK 3678••••••••••03\n\n·x\u{fffd}[2J\n");
        assert!(!shown.cut && shown.marks.is_empty());
    }

    #[test]
    fn long_texts_are_cut() {
        let body = "é\n".repeat(SHOWN);
        let shown = text(&field(&body), &[], &[]);
        assert_eq!((shown.text.chars().count(), shown.cut), (SHOWN, true));
    }

    /// What is marked is what the findings quote, whatever stands before it.
    #[test]
    fn marks_stand_at_the_findings() {
        let body = "Halo Bro,\r\nNIK 3678011207900003 gak\tlengkap 👨‍👩‍👧 gak!!\n\nBerkas gimana?";
        let rules = RuleSet::embedded();
        let (selection, facts) = (rules.select(&Choice::default(), &[]), Facts::default());
        let linter = crate::lint::Linter {
            lang: crate::locale::Lang::En,
            detail: super::super::Detail::Everything,
            ..crate::lint::Linter::new(&rules, &selection, &facts)
        };
        let window = Window::whole(body);
        let report = linter.lint(Format::sniffed("chat.txt", &window.bytes), &window, &Hints::default());
        let message = &report.messages[0];
        let shown = &message.texts[0];
        assert_eq!(shown.marks.len(), message.findings.len());
        for (range, index) in &shown.marks {
            let marked = shown.text.get(range.clone()).unwrap();
            assert_eq!(
                marked.replace('\n', " "),
                message.findings[*index].excerpt,
                "{}",
                message.findings[*index].rule
            );
        }
        assert!(message.checklist.is_some());
    }
}
