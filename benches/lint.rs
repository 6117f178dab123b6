//! What each stage on the way of a message costs, with the embedded rules, on examples of our own: words, look-ups, readers, kinds of
//! rules, renderers; what start-up costs; and the whole way of drafts and archives.
//!
//! Run with `cargo bench`, or `cargo bench -- readers` for a part of it; for whole processes see `benches/compare.sh`.

use std::sync::Arc;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use santun::facts::Facts;
use santun::lint::{Detail, Linter};
use santun::message::Conversation;
use santun::read::{FORMATS, Format, Hints, KeyPattern, MessageKeys};
use santun::render::{FileHead, FileTail, Gathered, LeftOut, OUTPUTS, Output, RunTail, Style};
use santun::ruleset::{Choice, RuleSet};
use santun::source::Window;
use santun::term::{Term, TermTable};
use santun::token;

const GOOD: &str = include_str!("../examples/good/email-jadwal-ktp.txt");
const BAD: &str = include_str!("../examples/bad/email-keluhan-ktp.txt");
const BATCH: &str = include_str!("../examples/batch.jsonl");

const DRAFTS: [(&str, &str); 2] = [("good draft", GOOD), ("bad draft", BAD)];

/// Whole ways: a format, what is read in it, and how often it is repeated to make a window of an archive.
const WAYS: [(&str, &str, &str, usize); 4] = [
    ("good draft", "plain", GOOD, 1),
    ("bad draft", "plain", BAD, 1),
    ("window of good and bad messages", "jsonl", BATCH, 90),
    ("mailbox of good messages", "mbox", include_str!("../examples/good/email-arsip.mbox"), 200),
];

/// A source for each format.
const SOURCES: [(&str, &[u8]); 11] = [
    ("plain", GOOD.as_bytes()),
    ("eml", include_bytes!("../examples/bad/email-berkas-kurang.eml")),
    ("mbox", include_bytes!("../examples/good/email-arsip.mbox")),
    ("jsonl", BATCH.as_bytes()),
    ("csv", include_bytes!("../examples/batch.csv")),
    ("html", include_bytes!("../examples/templates/good-jadwal-vaksin.html.j2")),
    ("template", include_bytes!("../examples/templates/good-tagihan-retribusi.blade.php")),
    ("whatsapp", include_bytes!("../examples/bad/percakapan-whatsapp.txt")),
    ("telegram", include_bytes!("../examples/bad/percakapan-telegram.json")),
    ("slack", include_bytes!("../examples/good/2026-01-20.json")),
    ("catalogue", include_bytes!("../examples/bad/percakapan-telegram.json")),
];

/// Rules of each kind; what they are asked about are their own cases.
const KINDS: [(&str, &[&str]); 10] = [
    ("terms", &["language/slang", "language/spelling", "language/foreign"]),
    ("shape", &["language/stretched", "language/reduplication", "language/acronym"]),
    ("phrase", &["tone/blame", "privacy/health", "social/hoax-forward"]),
    ("pattern", &["privacy/credential", "language/time-form", "integrity/placeholder"]),
    ("require", &["email/greeting-missing", "email/signature-missing", "chat/identity-missing"]),
    ("count", &["tone/shouting", "tone/emoji-excess", "language/sentence-length"]),
    ("address", &["email/sender-official", "social/account-official"]),
    ("identifier", &["privacy/nik", "privacy/card", "privacy/phone"]),
    ("variants", &["language/mixed-address"]),
    ("timing", &["chat/reply-late", "chat/reply-unanswered"]),
];

/// How many terms a large pack of a user has.
const MANY: usize = 10_000;

fn main() {
    divan::main();
}

/// The row of a table whose first column is `name`.
macro_rules! row {
    ($table:expr, $name:expr) => {
        $table.iter().find(|row| row.0 == $name).expect("a row of the table")
    };
}

fn window(bytes: impl Into<Vec<u8>>) -> Window {
    Window::whole(bytes)
}

fn format(name: &str) -> &'static Format {
    Format::by_name(name).expect("the format exists")
}

fn hints() -> Hints {
    let key = KeyPattern::parse("**.text").and_then(|body| MessageKeys::new(body, None));
    Hints { file_name: "email.txt".to_owned(), messages: Arc::from_iter(key), ..Hints::default() }
}

/// Hands a linter by all rules, which are loaded by then, to `work`.
fn with_linter<T>(detail: Detail, work: impl FnOnce(Linter<'_>) -> T) -> T {
    let (rules, facts) = (RuleSet::embedded(), Facts::default());
    let selection = rules.select(&Choice::default(), &[]);
    work(Linter { detail, ..Linter::new(&rules, &selection, &facts) })
}

/// Hands the conversations of a source to `work`.
fn with_conversations<T>(name: &str, bytes: &[u8], work: impl FnOnce(&[Conversation<'_>]) -> T) -> T {
    let window = window(bytes);
    let text = format(name).decode(&window);
    let mut conversations = Vec::new();
    format(name).read_each(&text, &window, &hints(), &mut |reading| conversations.extend(reading.ok()));
    work(&conversations)
}

/// A pack of many terms.
fn large_pack() -> String {
    let terms: Vec<String> = (0..MANY).map(|number| format!("\"istilah{number} lama\"")).collect();
    format!(
        r#"
        [pack]
        id = "besar"
        title = {{ id = "Besar", en = "Large" }}
        [[rule]]
        id = "istilah"
        kind = "terms"
        severity = "info"
        message = {{ id = "“{{match}}”", en = "“{{match}}”" }}
        help = {{ id = "Gantilah.", en = "Replace it." }}
        terms = [{}]
        [[rule.case]]
        bad = "istilah1 lama"
        "#,
        terms.join(", ")
    )
}

#[divan::bench]
fn start_up() -> RuleSet {
    RuleSet::embedded()
}

#[divan::bench]
fn start_up_with_a_large_pack(bencher: Bencher<'_, '_>) {
    let pack = large_pack();
    bencher.counter(BytesCount::of_str(&pack)).bench_local(|| {
        let mut rules = RuleSet::embedded();
        let mut no_tables = |_: &str| Err("no tables".to_owned());
        let extensions = rules.add_pack("besar.toml", black_box(&pack), &mut no_tables).expect("the pack is sound");
        rules.extend(extensions, &mut no_tables).expect("it extends nothing");
        rules
    });
}

#[divan::bench(args = DRAFTS.map(|(name, _)| name))]
fn tokens(bencher: Bencher<'_, '_>, name: &str) {
    let (_, text) = row!(DRAFTS, name);
    bencher.counter(BytesCount::of_str(text)).bench_local(|| token::tokens(black_box(text)));
}

/// Looks up every word of a draft among many terms, some of which stand in it.
#[divan::bench]
fn look_ups(bencher: Bencher<'_, '_>) {
    let said = BAD.split_whitespace().step_by(10).map(str::to_owned);
    let never_said = (0..MANY).map(|number| format!("istilah{number} lama"));
    let terms: Vec<Term> = said.chain(never_said).map(|text| Term { text, ..Term::default() }).collect();
    let table = TermTable::build(&terms).expect("words can be looked up");
    let tokens = token::tokens(BAD);
    bencher.counter(BytesCount::of_str(BAD)).bench_local(|| {
        let mut found = 0;
        for index in 0..tokens.len() {
            table.matches_at(black_box(BAD), &tokens, index, &mut |_| found += 1);
        }
        found
    });
}

#[divan::bench(args = FORMATS.iter().map(|format| format.name))]
fn readers(bencher: Bencher<'_, '_>, name: &str) {
    let (_, bytes) = row!(SOURCES, name);
    let (window, hints) = (window(*bytes), hints());
    bencher.counter(BytesCount::of_slice(bytes)).bench_local(|| {
        let text = format(name).decode(black_box(&window));
        let mut messages = 0;
        format(name).read_each(&text, &window, &hints, &mut |reading| {
            messages += reading.map_or(0, |conversation| black_box(conversation).messages.len());
        });
        messages
    });
}

#[divan::bench(args = KINDS.map(|(kind, _)| kind))]
fn kinds(bencher: Bencher<'_, '_>, kind: &str) {
    let (_, ids) = row!(KINDS, kind);
    let select: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let (rules, facts) = (RuleSet::embedded(), Facts::default());
    let selection = rules.select(&Choice { select, ..Choice::default() }, &[]);
    let cases = ids.iter().flat_map(|id| &rules.rule(id).expect("the rule exists").cases[..]);
    let cases: String = cases.flat_map(|case| [case.message.as_ref(), "\n"]).collect();
    with_conversations("jsonl", cases.as_bytes(), |conversations| {
        let mut checker = rules.checker(&selection, &facts);
        let mut found = || {
            black_box(conversations).iter().flat_map(|one| checker.check(one)).map(|found| found.len()).sum::<usize>()
        };
        // What is loaded when it is first asked is no part of the work.
        found();
        bencher.counter(BytesCount::of_str(&cases)).bench_local(found);
    });
}

/// Renders the reports of a batch; bytes are those that are written.
#[divan::bench(args = OUTPUTS.iter().map(|output| output.name))]
fn renderers(bencher: Bencher<'_, '_>, name: &str) {
    let report = with_linter(Detail::Lines, |linter| linter.lint(format("jsonl"), &window(BATCH), &hints()));
    let renderer = Output::by_name(name).expect("the output exists").renderer(Style::default());
    let head = FileHead { path: "batch.jsonl", format: Some("jsonl") };
    let render = || {
        let mut out = String::new();
        renderer.start(&mut out);
        renderer.open(head, true, &mut out);
        for message in black_box(&report.messages) {
            renderer.message(head, message, &mut out);
        }
        renderer.close(head, FileTail { notes: &report.notes, error: None, tally: &report.tally }, &mut out);
        let (gathered, left_out) = (Gathered::default(), LeftOut::default());
        renderer.finish(RunTail { files: 1, tally: &report.tally, gathered: &gathered, left_out }, &mut out);
        out
    };
    bencher.counter(BytesCount::of_str(&render())).bench_local(render);
}

#[divan::bench(args = WAYS.map(|(name, ..)| name))]
fn ways(bencher: Bencher<'_, '_>, name: &str) {
    let (_, format_name, text, times) = row!(WAYS, name);
    let (window, hints) = (window(text.repeat(*times)), hints());
    with_linter(Detail::Findings, |linter| {
        let lint = || linter.lint(format(format_name), black_box(&window), &hints);
        lint();
        bencher.counter(BytesCount::of_slice(&window.bytes)).bench_local(lint);
    });
}
