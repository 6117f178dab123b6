//! A text or a file on its way through the library, and the document that tells of it.

use std::io::Cursor;
use std::path::Path;

use santun::archive::{self, Entry};
use santun::checklist::Totals;
use santun::facts::Facts;
use santun::lint::{Detail, Linter, Masking, WindowReport};
use santun::locale::Lang;
use santun::message::{ChannelSource, Note};
use santun::open::{Opened, Reading, unreadable};
use santun::read::{Format, Hints};
use santun::render::{FileHead, FileTail, Gathered, LeftOut, Render, RunTail, Style, json};
use santun::report::{Finding, note_text};
use santun::ruleset::{Choice, Selection};
use santun::source::Window;
use santun::tally::Tally;

use crate::desk::{Desk, Request};

/// All that is known of a source before it is read.
pub(crate) struct Source<'d> {
    desk: &'d Desk,
    selection: Selection,
    facts: Facts,
    lang: Lang,
    detail: Detail,
    pub(crate) hints: Hints,
}

impl<'d> Source<'d> {
    /// What is known of the source called `name`.
    pub(crate) fn new(desk: &'d Desk, request: &Request, name: &str, detail: Detail) -> Self {
        let (path, ready) = (Path::new(name), &desk.ready);
        let (settings, _) = ready.project.for_path(path);
        Self {
            selection: ready.rules.select(&Choice::default(), &settings),
            facts: request.facts(desk),
            lang: request.lang(),
            detail,
            hints: Hints { forced: request.channel(), ..ready.hints(path) },
            desk,
        }
    }

    /// What judges it.
    pub(crate) fn linter(&self) -> Linter<'_> {
        Linter {
            lang: self.lang,
            detail: self.detail,
            ..Linter::new(&self.desk.ready.rules, &self.selection, &self.facts)
        }
    }

    /// The document that tells of what `bytes` hold.
    pub(crate) fn document(&self, bytes: Vec<u8>, name: &str) -> Document {
        let mut document = Document::new(self.lang);
        let path = Masking::On.shown(name);
        match Opened::bytes(bytes.clone(), name, Reading::of(&self.hints)) {
            Ok(opened) if opened.is_archive() => self.entries(&mut document, bytes, &path),
            Ok(opened) => self.whole(&mut document, opened, &path, &self.hints),
            Err(error) => document.failed(&path, &error),
        }
        document.finish();
        document
    }

    /// Lints every entry of an archive.
    fn entries(&self, document: &mut Document, bytes: Vec<u8>, path: &str) {
        let read = archive::entries(Cursor::new(bytes), self.hints.limits, &mut |Entry { name, bytes }| {
            let hints = self.hints.of_entry(&name);
            let path = format!("{path}/{}", Masking::On.shown(&name));
            match Opened::bytes(bytes, &name, Reading::of(&hints)) {
                Ok(opened) => self.whole(document, opened, &path, &hints),
                Err(error) => document.failed(&path, &error),
            }
            true
        });
        match read {
            Ok(notes) if notes.is_empty() => {}
            Ok(notes) => document.file(FileHead { path, format: None }, Vec::new(), &self.told(&notes), None),
            Err(error) => document.failed(path, &error),
        }
    }

    /// Lints every window of an open source.
    fn whole(&self, document: &mut Document, opened: Opened, path: &str, hints: &Hints) {
        let format = opened.format;
        let (mut reports, mut notes) = (Vec::new(), Vec::new());
        opened.each(&mut |step| {
            // What is in memory can be read.
            let Ok((window, own)) = step else { return };
            notes.extend(self.told(&own));
            let mut report = self.window(format, &window, hints, &own);
            notes.append(&mut report.notes);
            reports.push(report);
        });
        document.file(FileHead { path, format: Some(format.name) }, reports, &notes, None);
    }

    fn window(&self, format: &Format, window: &Window, hints: &Hints, notes: &[Note]) -> WindowReport {
        // What holds no text has a note and nothing to read.
        let skipped = window.bytes.is_empty() && !notes.is_empty();
        if skipped { WindowReport::default() } else { self.linter().lint(format, window, hints) }
    }

    fn told(&self, notes: &[Note]) -> Vec<String> {
        notes.iter().map(|note| note_text(self.lang, note, Masking::On)).collect()
    }
}

/// The document of a run as it is written, and what a page wants besides.
pub(crate) struct Document {
    lang: Lang,
    renderer: Box<dyn Render>,
    files: u64,
    tally: Tally,
    pub(crate) text: String,
    /// The findings in the order in which the document tells them.
    pub(crate) findings: Vec<Finding>,
    /// How the guideline's statements stand, where everything is told.
    pub(crate) checklists: Totals,
    /// How the channel of the first message was found.
    pub(crate) channel_found: Option<ChannelSource>,
}

impl Document {
    fn new(lang: Lang) -> Self {
        let renderer = json::renderer(Style { lang, ..Style::default() });
        let mut text = String::new();
        renderer.start(&mut text);
        Self {
            lang,
            renderer,
            files: 0,
            tally: Tally::default(),
            text,
            findings: Vec::new(),
            checklists: Totals::default(),
            channel_found: None,
        }
    }

    /// A source of which that is told.
    fn file(&mut self, head: FileHead<'_>, reports: Vec<WindowReport>, notes: &[String], error: Option<&str>) {
        let Self { renderer, text, .. } = self;
        renderer.open(head, self.files == 0, text);
        self.files += 1;
        let mut tally = Tally::default();
        let mut between = false;
        for report in reports {
            tally.add(&report.tally);
            for mut message in report.messages {
                // The document of the command tells it only where it is asked for.
                message.checklist.take().iter().for_each(|checklist| self.checklists.count(checklist));
                if std::mem::replace(&mut between, true) {
                    text.push_str(renderer.separator());
                }
                renderer.message(head, &message, text);
                self.channel_found = self.channel_found.or(message.channel.map(|(_, found)| found));
                self.findings.append(&mut message.findings);
            }
        }
        renderer.close(head, FileTail { notes, error, tally: &tally }, text);
        self.tally.add(&tally);
    }

    /// A source that cannot be read.
    fn failed(&mut self, path: &str, error: &std::io::Error) {
        let error = unreadable(self.lang, Path::new(path), error);
        self.file(FileHead { path, format: None }, Vec::new(), &[], Some(&error));
    }

    fn finish(&mut self) {
        let gathered = Gathered::default();
        let run = RunTail { files: self.files, tally: &self.tally, gathered: &gathered, left_out: LeftOut::default() };
        self.renderer.finish(run, &mut self.text);
    }
}
