//! How long the parts of the way take: a draft, a window of an archive, and what start-up costs.
//!
//! Run with `cargo bench`; for whole processes see `benches/compare.sh`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use santun::facts::Facts;
use santun::lint::{Detail, Linter};
use santun::locale::Lang;
use santun::read::{Format, Hints};
use santun::ruleset::{Choice, RuleSet};
use santun::source::Window;
use santun::token;

const GOOD: &str = include_str!("../examples/good/email-jadwal-ktp.txt");
const BAD: &str = include_str!("../examples/bad/email-keluhan-ktp.txt");
const BATCH: &str = include_str!("../examples/batch.jsonl");

fn main() {
    divan::main();
}

fn window(bytes: Vec<u8>) -> Window {
    Window { bytes, line: 1, first: true, last: true, ..Window::default() }
}

fn lint(bencher: Bencher<'_, '_>, format: &str, bytes: Vec<u8>) {
    let rules = RuleSet::embedded();
    let selection = rules.select(&Choice::default(), &[]);
    let facts = Facts::default();
    let linter =
        Linter { rules: &rules, selection: &selection, facts: &facts, lang: Lang::Id, detail: Detail::Findings };
    let format = Format::by_name(format).expect("the format exists");
    let (window, hints) = (window(bytes), Hints { file_name: "email.txt".to_owned(), ..Hints::default() });
    bencher
        .counter(BytesCount::new(window.bytes.len()))
        .bench_local(|| black_box(linter.lint(format, black_box(&window), &hints)));
}

#[divan::bench]
fn start_up() -> RuleSet {
    RuleSet::embedded()
}

#[divan::bench]
fn tokens(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(GOOD.len())).bench_local(|| token::tokens(black_box(GOOD)));
}

#[divan::bench]
fn good_draft(bencher: Bencher<'_, '_>) {
    lint(bencher, "plain", GOOD.as_bytes().to_vec());
}

#[divan::bench]
fn bad_draft(bencher: Bencher<'_, '_>) {
    lint(bencher, "plain", BAD.as_bytes().to_vec());
}

#[divan::bench]
fn window_of_an_archive(bencher: Bencher<'_, '_>) {
    lint(bencher, "jsonl", BATCH.repeat(90).into_bytes());
}
