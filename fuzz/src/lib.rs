//! What must hold of any bytes, in whichever format they are read.

use std::sync::OnceLock;

use santun::facts::Facts;
use santun::lint::{Detail, Linter, Masking};
use santun::locale::Lang;
use santun::message::{Field, Message};
use santun::read::{Format, Hints, KeyPattern, MessageKeys};
use santun::report::ShownPlace;
use santun::ruleset::{Choice, RuleSet, Selection};
use santun::source::Window;
use santun::span::{Span, TextSpan};

/// All that judging needs, which takes long to build.
struct Judges {
    rules: RuleSet,
    selection: Selection,
    facts: Facts,
}

fn judges() -> &'static Judges {
    static JUDGES: OnceLock<Judges> = OnceLock::new();
    JUDGES.get_or_init(|| {
        let rules = RuleSet::embedded();
        let selection = rules.select(&Choice::default(), &[]);
        let now = "2026-01-27T08:00:00".parse().ok();
        Judges { rules, selection, facts: Facts { now, ..Facts::default() } }
    })
}

/// Reads and lints `bytes` in the format of that name, and checks what came of it.
///
/// # Panics
///
/// Where something does not hold.
pub fn check(format: &str, bytes: &[u8]) {
    let format = Format::by_name(format).expect("a format");
    let Judges { rules, selection, facts } = judges();
    let window = Window { bytes: bytes.to_vec(), line: 1, first: true, last: true, ..Window::default() };
    let keys = KeyPattern::parse("**").and_then(|body| MessageKeys::new(body, None));
    let hints =
        Hints { messages: keys.into_iter().collect(), file_name: "2026-01-20.json".to_owned(), ..Hints::default() };
    let _ = Format::sniffed(&hints.file_name, bytes);
    let text = format.decode(&window);
    for message in format.read(&text, &window, &hints).iter().flatten().flat_map(|read| &read.messages) {
        check_message(message, bytes.len());
    }
    if let Some(cut) = format.cut {
        assert!((cut.last)(bytes).is_none_or(|end| end <= bytes.len()), "a window ends within its bytes");
        let _ = (cut.count)(bytes);
    }
    let linter = Linter { rules, selection, facts, lang: Lang::Id, detail: Detail::Lines, masking: Masking::On };
    let report = linter.lint(format, &window, &hints);
    for finding in report.messages.iter().flat_map(|message| &message.findings) {
        check_place(&finding.place, bytes.len());
    }
}

fn check_message(message: &Message<'_>, len: usize) {
    check_span(message.span, len);
    for field in &message.fields {
        check_field(field, len);
    }
}

fn check_field(field: &Field<'_>, len: usize) {
    let mut at = 0;
    for segment in &field.segments {
        assert_eq!(segment.text.start, at, "segments follow each other");
        assert!(segment.text.end >= at, "segments do not run backwards");
        assert!(field.text.get(segment.text.range()).is_some(), "segments end at characters");
        check_span(field.locate(segment.text), len);
        at = segment.text.end;
    }
    assert_eq!(at as usize, field.text.len(), "segments cover the text");
    assert_eq!(field.map.text_len(), at, "the map covers the text");
    let mut last = 0;
    for token in &field.tokens {
        assert!(token.start >= last, "tokens are in order");
        assert!(field.text.get(token.span().range()).is_some(), "tokens end at characters");
        check_span(field.locate(token.span()), len);
        last = token.start;
    }
    check_span(field.locate(TextSpan::new(0..field.text.len())), len);
}

fn check_place(place: &ShownPlace, len: usize) {
    check_span(place.span, len);
    assert!(place.text.0 <= place.text.1, "a text span runs forwards");
    assert!((place.start.line, place.start.column) <= (place.end.line, place.end.column), "a place runs forwards");
}

fn check_span(span: Span, len: usize) {
    assert!(span.start <= span.end && span.end <= len as u64, "{span:?} lies within {len} bytes");
}
