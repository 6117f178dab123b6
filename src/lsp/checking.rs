//! What is found in a text: which rules hold for it, and the findings with their diagnostics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use lsp_types::{Diagnostic, DiagnosticSeverity};

use super::diagnostics::Writer;
use super::pieces::Pieces;
use crate::config::FILE_NAME;
use crate::facts::Facts;
use crate::limits::HEAD_BYTES;
use crate::lint::{Linter, Masking, WindowReport};
use crate::locale::Lang;
use crate::message::Note;
use crate::project::{self, Projects, Setup, flaws_of_config, flaws_of_pack, is_settings};
use crate::read::{self, Format, Hints};
use crate::ready::Ready;
use crate::report::{Finding, note_text};
use crate::ruleset::{Choice, Selection};
use crate::source::Window;
use crate::texts::Key;

/// The format whose lines are read by themselves, whatever stands around them.
const BY_LINES: &str = "jsonl";

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// The findings, with the numbers of their messages.
    pub(super) findings: Vec<(u64, Finding)>,
    /// A diagnostic for each finding, in the same order, and behind these what else is to be said.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The language in which it is said.
    pub(super) lang: Lang,
}

/// All that it takes to judge a text.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) ready: Arc<Ready>,
    pub(super) lang: Lang,
    selection: Selection,
    facts: Facts,
    hints: Hints,
    format: &'static Format,
    window: Window,
}

impl Case {
    /// The case of a text that lies at `path`, or would.
    pub(super) fn of(projects: &mut Projects, setup: &Setup, path: &Path, text: &str) -> Self {
        let ready = projects.for_file(path);
        let absolute = project::absolute(path);
        let hints = ready.hints(&absolute);
        let (settings, _) = ready.project.for_path(&absolute);
        let mut facts = ready.project.facts.clone();
        if ready.by_clock {
            // A server may run for days.
            facts.now = Some(facts.zone.local(Timestamp::now()));
        }
        let head = text.as_bytes().get(..text.len().min(HEAD_BYTES)).unwrap_or_default();
        let sniffed = || Format::sniffed(&path.to_string_lossy(), head);
        Self {
            lang: setup.lang.or(ready.lang).unwrap_or_default(),
            selection: ready.rules.select(&Choice::default(), &settings),
            format: hints.format().unwrap_or_else(sniffed),
            window: Window::whole(text),
            facts,
            hints,
            ready,
        }
    }

    fn linter(&self) -> Linter<'_> {
        Linter { lang: self.lang, ..Linter::new(&self.ready.rules, &self.selection, &self.facts) }
    }

    /// What rules find in the text; none if the program failed.
    fn report(&self, text: &str, pieces: &mut Pieces) -> Option<WindowReport> {
        if !self.format.bytes && read::is_binary(&self.window.bytes) {
            let notes = vec![note_text(self.lang, &Note::Binary, Masking::On)];
            return Some(WindowReport { notes, ..WindowReport::default() });
        }
        let lint = |window: &Window| guarded(|| self.linter().lint(self.format, window, &self.hints));
        // Of one long message all is looked at again: that is as fast as it must be.
        if self.format.name == BY_LINES {
            return pieces.report(text, |piece| lint(&self.window.holding(piece.into())));
        }
        lint(&self.window)
    }

    /// The text with all safe fixes; none where there is nothing to mend.
    pub(super) fn mended(&self) -> Option<String> {
        let mend = || self.linter().mend(self.format, &self.window, &self.hints, crate::diagnostic::Safety::Safe);
        String::from_utf8(guarded(mend)?.bytes?).ok()
    }
}

/// Does `work`. Should the program fail at it, which no text should bring about, the other documents are still served.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    // Nothing that was left half done is used again: rules keep no more than what they loaded.
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// A text that is to be looked at.
pub(super) struct Subject<'s> {
    /// Where it lies, or would.
    pub(super) path: &'s Path,
    pub(super) text: &'s str,
    /// What is known of its pieces.
    pub(super) pieces: &'s mut Pieces,
}

/// Looks at a text.
pub(super) fn check(projects: &mut Projects, setup: &Setup, subject: Subject<'_>, writer: Writer<'_>) -> Checked {
    let Subject { path, text, pieces } = subject;
    if is_settings(path) {
        return check_settings(setup, path, text, writer);
    }
    let case = Case::of(projects, setup, path, text);
    let Some(report) = case.report(text, pieces) else {
        let failed = Writer::remark(DiagnosticSeverity::Error, case.lang.text(Key::LspFailed));
        return Checked { diagnostics: vec![failed], lang: case.lang, ..Checked::default() };
    };
    let mut checked = Checked { lang: case.lang, ..Checked::default() };
    let mut remarks = Vec::new();
    // Remarks about one of many messages have no place of their own, and would be many.
    let alone = report.messages.len() == 1;
    for message in report.messages {
        if let Some((line, error)) = &message.error {
            remarks.push(writer.unreadable(*line, error));
        }
        let notes = message.notes.iter().filter(|_| alone);
        remarks.extend(notes.map(|note| Writer::remark(DiagnosticSeverity::Hint, note)));
        checked.findings.extend(message.findings.into_iter().map(|found| (message.index, found)));
    }
    remarks.extend(report.notes.iter().map(|note| Writer::remark(DiagnosticSeverity::Information, note)));
    checked.diagnostics = checked.findings.iter().map(|(message, found)| writer.finding(*message, found)).collect();
    checked.diagnostics.append(&mut remarks);
    checked
}

/// Looks at a configuration or a pack. Other TOML files are none of ours.
fn check_settings(setup: &Setup, path: &Path, text: &str, writer: Writer<'_>) -> Checked {
    let lang = setup.lang.unwrap_or_default();
    let flaws = if path.file_name().is_some_and(|name| name == FILE_NAME) {
        flaws_of_config(setup, path, text)
    } else if text.lines().any(|line| line.trim_end() == "[pack]") {
        flaws_of_pack(setup, path, text)
    } else {
        Vec::new()
    };
    let diagnostics = flaws.iter().map(|flaw| writer.flaw(text, flaw)).collect();
    Checked { diagnostics, lang, ..Checked::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_program_is_no_end() {
        assert_eq!(guarded(|| "x".parse::<u8>().unwrap()), None);
        assert_eq!(guarded(|| 7), Some(7));
    }
}
