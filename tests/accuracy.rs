//! How well `language` and `tone` find what a careful editor marked, and nothing else, in the sentences of `tests/accuracy/`.
//!
//! A line is `channel | text`; `[words](rule)` marks what is to be found there, with a bar between rules that do equally well and a
//! question mark behind what may be found and need not. Without the harness, so that `cargo test` always prints the table.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the table is the output, and a test that cannot go on has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use santun::facts::Facts;
use santun::lint::Linter;
use santun::locale::Lang;
use santun::read::{Format, Hints};
use santun::report::Finding;
use santun::rule::Severity;
use santun::ruleset::{Choice, RuleSet, Selection};
use santun::source::Window;

/// What must hold over all sentences together, in per cent: of what warnings and errors find, and of what is marked.
const PRECISION: usize = 95;
const RECALL: usize = 90;

/// Rules that judge whole sentences or messages, and are not marked.
const UNMARKED: &[&str] =
    &["language/sentence-length", "language/paragraph-length", "language/not-indonesian", "tone/dead-end"];

/// A stretch of words that an editor marked.
struct Mark {
    /// Scalar values of the text.
    span: Range<usize>,
    rules: Vec<String>,
    optional: bool,
}

struct Sentence {
    place: String,
    channel: String,
    text: String,
    marks: Vec<Mark>,
}

/// What was counted for a rule.
#[derive(Default)]
struct Count {
    right: usize,
    alarms: usize,
    suggested_alarms: usize,
    marked: usize,
    found: usize,
}

fn main() -> ExitCode {
    let rules = RuleSet::embedded();
    let choice = Choice { select: vec!["language".to_owned(), "tone".to_owned()], ignore: Vec::new() };
    let selection = rules.select(&choice, &[]);
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let sentences = sentences();
    for sentence in &sentences {
        judge(sentence, &findings(&rules, &selection, sentence), &mut counts);
    }
    print(&counts, sentences.len());
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum::<usize>();
    let (right, alarms) = (sum(|c| c.right), sum(|c| c.alarms));
    let holds = right * 100 >= PRECISION * (right + alarms) && sum(|c| c.found) * 100 >= RECALL * sum(|c| c.marked);
    if holds {
        return ExitCode::SUCCESS;
    }
    println!("The precision must be at least {PRECISION} %, the recall {RECALL} %.");
    ExitCode::FAILURE
}

/// Counts what was found against what is marked, and says where they differ.
fn judge(sentence: &Sentence, findings: &[Finding], counts: &mut BTreeMap<String, Count>) {
    let explain = std::env::var_os("SANTUN_ACCURACY").is_some();
    let scalar = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let place = |finding: &Finding| scalar(finding.place.text.0)..scalar(finding.place.text.1);
    let meets = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    for finding in findings.iter().filter(|finding| !UNMARKED.contains(&finding.rule.as_ref())) {
        let span = place(finding);
        let fits = |mark: &&Mark| meets(&mark.span, &span) && mark.rules.iter().any(|rule| *rule == finding.rule);
        let near = sentence.marks.iter().any(|mark| meets(&mark.span, &span));
        let count = counts.entry(finding.rule.to_string()).or_default();
        let firm = finding.severity != Severity::Info;
        match sentence.marks.iter().find(fits) {
            Some(_) if firm => count.right += 1,
            Some(_) => {}
            // Another rule at a marked place is no false alarm: something is wrong there.
            None if near => {}
            None => {
                count.alarms += usize::from(firm);
                count.suggested_alarms += usize::from(!firm);
                if explain {
                    println!("{}: {} finds “{}” in: {}", sentence.place, finding.rule, finding.excerpt, sentence.text);
                }
            }
        }
    }
    for mark in sentence.marks.iter().filter(|mark| !mark.optional) {
        let fits = |finding: &Finding| mark.rules.iter().any(|rule| *rule == finding.rule);
        let found = findings.iter().any(|finding| meets(&mark.span, &place(finding)) && fits(finding));
        let count = counts.entry(mark.rules[0].clone()).or_default();
        count.marked += 1;
        count.found += usize::from(found);
        if explain && !found {
            let words: String = sentence.text.chars().skip(mark.span.start).take(mark.span.len()).collect();
            println!("{}: {} misses “{words}” in: {}", sentence.place, mark.rules[0], sentence.text);
        }
    }
}

fn print(counts: &BTreeMap<String, Count>, sentences: usize) {
    let share = |part: usize, whole: usize| match part * 1000 / whole.max(1) {
        _ if whole == 0 => "–".to_owned(),
        share => format!("{}.{} %", share / 10, share % 10),
    };
    println!("\n{sentences} sentences\n");
    println!(
        "{:24} {:>6} {:>8} {:>8} {:>6} {:>10} {:>9}",
        "rule", "marked", "found", "recall", "alarms", "precision", "suggested"
    );
    let row = |name: &str, c: &Count| {
        let (recall, precision) = (share(c.found, c.marked), share(c.right, c.right + c.alarms));
        println!(
            "{name:24} {:>6} {:>8} {recall:>8} {:>6} {precision:>10} {:>9}",
            c.marked, c.found, c.alarms, c.suggested_alarms
        );
    };
    let mut all = Count::default();
    for (rule, count) in counts {
        row(rule, count);
        all.right += count.right;
        all.alarms += count.alarms;
        all.suggested_alarms += count.suggested_alarms;
        all.marked += count.marked;
        all.found += count.found;
    }
    row("all", &all);
    println!(
        "\n`suggested` counts suggestions where nothing is marked; SANTUN_ACCURACY=1 lists each miss and alarm.\n"
    );
}

fn findings(rules: &RuleSet, selection: &Selection, sentence: &Sentence) -> Vec<Finding> {
    let line = serde_json::json!({ "channel": sentence.channel, "body": sentence.text }).to_string();
    let window = Window::whole(line);
    let facts = Facts::default();
    let linter = Linter { lang: Lang::En, ..Linter::new(rules, selection, &facts) };
    let report = linter.lint(Format::by_name("jsonl").unwrap(), &window, &Hints::default());
    report.messages.into_iter().flat_map(|message| message.findings).collect()
}

/// All sentences, in the order of files and lines.
fn sentences() -> Vec<Sentence> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/accuracy");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Sentence> {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| sentence(&format!("{name}:{}", number + 1), line)).collect()
}

fn sentence(place: &str, line: &str) -> Sentence {
    let (channel, marked) = line.split_once(" | ").unwrap_or_else(|| panic!("{place}: no channel"));
    let (mut text, mut marks) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((before, mark)) = rest.split_once('[') {
        text.push_str(before);
        let (words, mark) = mark.split_once("](").unwrap_or_else(|| panic!("{place}: `](` is missing"));
        let (rule, behind) = mark.split_once(')').unwrap_or_else(|| panic!("{place}: `)` is missing"));
        let start = text.chars().count();
        text.push_str(words);
        let optional = rule.ends_with('?');
        let rules = rule.trim_end_matches('?').split('|').map(|rule| rule.trim_end_matches('?').to_owned()).collect();
        marks.push(Mark { span: start..text.chars().count(), rules, optional });
        rest = behind;
    }
    text.push_str(rest);
    Sentence { place: place.to_owned(), channel: channel.to_owned(), text, marks }
}
