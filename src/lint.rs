//! The path of a message through the program: read, check, report, render.
//!
//! This is also the only place with threads: windows are linted side by side and delivered in the order of the input.

use crate::checklist::{Asked, Chart};
use crate::diagnostic::{Diagnostic, Safety};
use crate::facts::Facts;
use crate::locale::Lang;
use crate::message::{Conversation, Note, Unreadable};
use crate::read::{Format, Hints};
use crate::report::{self, MessageReport, Reporter, note_text};
use crate::ruleset::{RuleSet, Selection, setting_aside};
use crate::source::{Text, Window};
use crate::span::Span;
use crate::suppress::Switches;
use crate::tally::Tally;

pub use crate::report::{Detail, Masking};

/// Everything that judging needs, apart from the messages.
#[derive(Clone, Copy, Debug)]
pub struct Linter<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// Which of them are on.
    pub selection: &'a Selection,
    /// What is known of the agency.
    pub facts: &'a Facts,
    /// The language of the reports.
    pub lang: Lang,
    /// How much is told of what was found.
    pub detail: Detail,
    /// Whether personal data is masked in it.
    pub masking: Masking,
}

/// A conversation, and what was found in each of its messages.
pub(crate) struct Judged<'w, 'r> {
    pub(crate) conversation: Conversation<'w>,
    pub(crate) findings: Vec<Vec<Diagnostic<'r>>>,
    /// How many more there were than are told, in each message.
    left_out: Vec<u64>,
    /// What became of each rule at each message, where everything is told.
    account: Vec<Vec<Asked>>,
}

/// What came of a window.
#[derive(Clone, Debug, Default)]
pub struct WindowReport {
    /// Its messages, in order.
    pub messages: Vec<MessageReport>,
    /// Remarks about the source.
    pub notes: Vec<String>,
    /// What was counted.
    pub tally: Tally,
}

impl<'a> Linter<'a> {
    /// Reports findings in the language of the interface, masked.
    #[must_use]
    pub fn new(rules: &'a RuleSet, selection: &'a Selection, facts: &'a Facts) -> Self {
        Self { rules, selection, facts, lang: Lang::default(), detail: Detail::Findings, masking: Masking::On }
    }
}

impl Linter<'_> {
    /// Lints the messages of a window: bytes become text, text becomes conversations, rules find what is wrong in them, and
    /// the report makes it fit to be shown.
    #[must_use]
    pub fn lint(&self, format: &Format, window: &Window, hints: &Hints) -> WindowReport {
        let text = format.decode(window);
        let mut report = WindowReport::default();
        if window.first && !matches!(text.encoding, "UTF-8" | "") {
            report.notes.push(note_text(self.lang, &Note::Encoding(text.encoding), self.masking));
        }
        let mut reporter =
            Reporter::new(self.lang, format.locator(&text, window), self.detail, self.masking, hints.limits.findings);
        let chart = (self.detail == Detail::Everything).then(|| Chart::of(self.rules.rules()));
        let switches = Self::switches(format, &text, hints);
        self.judge(format, &text, window, hints, &switches, &mut |judged| {
            let Judged { conversation, findings, left_out, account } = match judged {
                Ok(judged) => judged,
                Err(line) => {
                    report.tally.unreadable += 1;
                    return report.messages.push(reporter.unreadable(&line));
                }
            };
            report.notes.extend(conversation.notes.iter().map(|note| note_text(self.lang, note, self.masking)));
            let mut last = None;
            for (index, (message, findings)) in conversation.messages.iter().zip(&findings).enumerate() {
                let turn = last.filter(|(index, _)| *index == message.index).map_or(0, |(_, turn)| turn + 1);
                last = Some((message.index, turn));
                report.tally.count(message, findings);
                if self.detail != Detail::Counts {
                    let mut told =
                        reporter.message(message, findings, left_out.get(index).copied().unwrap_or_default());
                    told.turn = turn;
                    if let (Some(chart), Some(asked)) = (&chart, account.get(index)) {
                        let found = findings.iter().map(|found| (found.rule.id.as_ref(), found.severity));
                        told.checklist = Some(chart.checklist(asked, &found));
                    }
                    for fix in told.findings.iter().filter_map(|finding| finding.fix.as_ref()) {
                        report.tally.fixable += 1;
                        report.tally.safe += u64::from(fix.safety == Safety::Safe);
                    }
                    report.messages.push(told);
                }
            }
        });
        let remarks = switches.remarks(self.rules, self.selection);
        report.notes.extend(remarks.iter().map(|note| note_text(self.lang, note, self.masking)));
        report
    }

    /// Hands on each conversation of a window, with what rules find in each of its messages and no comment of the file
    /// switches off; or a line that is none.
    pub(crate) fn judge<'w>(
        &self,
        format: &Format,
        text: &'w Text<'w>,
        window: &'w Window,
        hints: &Hints,
        switches: &Switches,
        take: &mut dyn FnMut(Result<Judged<'w, '_>, Unreadable>),
    ) {
        let mut checker = self.rules.checker(self.selection, self.facts).with_most(hints.limits.findings);
        if self.detail == Detail::Everything {
            checker = checker.with_account();
        }
        format.read_each(text, window, hints, &mut |reading| match reading {
            Ok(conversation) => {
                let mut findings = checker.check(&conversation);
                let left_out = checker.left_out().to_vec();
                let mut account = checker.take_account();
                for (index, findings) in findings.iter_mut().enumerate() {
                    setting_aside(self.rules, account.get_mut(index), findings, |findings| switches.apply(findings));
                }
                take(Ok(Judged { conversation, findings, left_out, account }));
            }
            Err(line) => take(Err(line)),
        });
    }

    /// Where in the source personal data stands, as far as it is known from what a window says.
    #[must_use]
    pub fn secrets(&self, format: &Format, window: &Window, hints: &Hints) -> Vec<Span> {
        let text = format.decode(window);
        let mut spans = Vec::new();
        self.judge(format, &text, window, hints, &Switches::default(), &mut |judged| {
            let Ok(Judged { conversation, findings, .. }) = judged else { return };
            for (message, findings) in conversation.messages.iter().zip(&findings) {
                spans.extend(report::secret_spans(message, findings));
            }
        });
        spans
    }

    /// What comments of a window switch off.
    pub(crate) fn switches(format: &Format, text: &Text<'_>, hints: &Hints) -> Switches {
        if format.switches && !hints.no_switches { Switches::of(text) } else { Switches::default() }
    }
}

/// Does `work` on every item, on up to `jobs` threads, and hands the outcomes to `deliver` in the order of the items. No more
/// than a few items a thread are under way, so that memory stays bounded. `deliver` ends it all by returning false.
#[cfg(feature = "cli")]
pub fn in_order<T: Send, R: Send>(
    jobs: usize,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut deliver: impl FnMut(R) -> bool,
) {
    /// Items under way for each thread: enough that none waits for the slowest.
    const AHEAD: usize = 4;
    let mut items = items.into_iter();
    let (Some(first), mut second) = (items.next(), items.next()) else { return };
    // One item needs no threads, and starting them takes longer than a draft.
    let pool = if jobs > 1 && second.is_some() {
        rayon::ThreadPoolBuilder::new().num_threads(jobs).build().ok()
    } else {
        None
    };
    let items = std::iter::once(first).chain(std::iter::from_fn(|| second.take())).chain(items);
    let Some(pool) = pool else {
        for item in items {
            if !deliver(work(item)) {
                return;
            }
        }
        return;
    };
    pool.in_place_scope(|scope| {
        let mut waiting = std::collections::VecDeque::new();
        let mut next = |waiting: &mut std::collections::VecDeque<std::sync::mpsc::Receiver<R>>| {
            let outcome = waiting.pop_front().and_then(|receiver| receiver.recv().ok());
            outcome.is_some_and(&mut deliver)
        };
        for item in items {
            let (sender, receiver) = std::sync::mpsc::sync_channel(1);
            let work = &work;
            scope.spawn(move |_| {
                let _ = sender.send(work(item));
            });
            waiting.push_back(receiver);
            if waiting.len() >= jobs * AHEAD && !next(&mut waiting) {
                return;
            }
        }
        while !waiting.is_empty() && next(&mut waiting) {}
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::ruleset::Choice;

    /// How many findings of a rule are told in these tests.
    const MOST: usize = 30;

    fn lint(text: &str) -> MessageReport {
        lint_in(Detail::Findings, text)
    }

    fn lint_in(detail: Detail, text: &str) -> MessageReport {
        let rules = RuleSet::embedded();
        let (selection, facts) = (rules.select(&Choice::default(), &[]), Facts::default());
        let linter = Linter { lang: Lang::En, detail, ..Linter::new(&rules, &selection, &facts) };
        let window = Window::whole(text);
        let plain = Format::by_name("plain").unwrap();
        let limits = Limits { findings: MOST, ..Limits::default() };
        linter.lint(plain, &window, &Hints { limits, ..Hints::default() }).messages.remove(0)
    }

    #[test]
    fn a_rule_has_so_many_findings_in_a_message() {
        let slang = |report: &MessageReport| report.findings.iter().filter(|f| f.rule == "language/slang").count();
        let few = lint(&"Berkasnya gak ada. ".repeat(MOST));
        assert_eq!(slang(&few), MOST);
        let many = lint(&"Berkasnya gak ada. ".repeat(MOST + 7));
        assert_eq!(slang(&many), MOST);
        let told = |report: &MessageReport| report.notes.iter().any(|note| note.contains("not shown"));
        assert!(!told(&few) && told(&many), "{:?} {:?}", few.notes, many.notes);
    }

    #[test]
    fn what_is_not_told_is_masked_all_the_same() {
        let secret = "Kata sandi: Rahasia123x\n";
        let report = lint(&secret.repeat(MOST + 7));
        let found = report.findings.iter().filter(|found| found.rule.starts_with("privacy/"));
        assert!((1..=MOST).contains(&found.count()));
        assert!(report.findings.iter().all(|found| !found.line.text.contains("Rahasia123x")));
        let shown = report.findings.iter().any(|found| found.excerpt.contains("Rahasia"));
        assert!(!shown);
        // What is marked in the whole text is what is told.
        let whole = lint_in(Detail::Everything, &secret.repeat(MOST + 7));
        assert!(whole.texts[0].marks.iter().all(|(_, index)| *index < whole.findings.len()));
        assert!(!whole.texts[0].text.contains("Rahasia123x"));
    }
}
