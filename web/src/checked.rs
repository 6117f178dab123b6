//! What a page is told of a text: findings with their places, fixes, and the checklist of the guideline.

use serde::Serialize;
use serde_json::value::RawValue;

use santun::checklist::{Entry, Standing, State, Totals};
use santun::diagnostic::Safety;
use santun::lint::Detail;
use santun::locale::Lang;
use santun::message::ChannelSource;
use santun::open::{Opened, Reading};
use santun::render::standing::{note, reasons};
use santun::report::Finding;
use santun::rule::{Severity, Statement};

use crate::desk::{Desk, Request};
use crate::json;
use crate::source::Source;
use crate::units::Units;

#[derive(Serialize)]
struct Checked<'c> {
    report: &'c RawValue,
    channel_found: Option<&'static str>,
    checklist: Checklist<'c>,
    spans: Vec<usize>,
    edits: Vec<Vec<Edit<'c>>>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Checklist<'c> {
    messages: u64,
    statements: Vec<Stated<'c>>,
    note: String,
}

#[derive(Serialize)]
struct Stated<'c> {
    id: &'c str,
    section: &'c str,
    title: &'c str,
    text: &'c str,
    state: &'static str,
    severity: Option<&'static str>,
    found: Vec<Found<'c>>,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct Found<'c> {
    rule: &'c str,
    findings: u64,
}

#[derive(Serialize)]
struct Edit<'c> {
    from: usize,
    to: usize,
    insert: &'c str,
}

#[derive(Serialize)]
struct Mended {
    text: String,
    applied: u64,
}

/// What is found in a text.
pub(crate) fn check(text: &str, request: &str) -> String {
    let (request, wrong) = Request::read(request);
    let desk = Desk::of(&request);
    let lang = request.lang();
    let source = Source::new(&desk, &request, &request.name, Detail::Everything);
    let document = source.document(text.to_owned().into_bytes(), &request.name);
    let Ok(report) = serde_json::from_str(&document.text) else { return String::new() };
    let units = Units::of(text);
    json(&Checked {
        report,
        channel_found: document.channel_found.map(found_name),
        checklist: checklist(&document.checklists, lang),
        spans: document
            .findings
            .iter()
            .flat_map(|found| [found.place.span.start, found.place.span.end])
            .map(|at| units.before(at))
            .collect(),
        edits: document.findings.iter().map(|found| edits(found, &units)).collect(),
        error: wrong.or_else(|| desk.error.clone()),
    })
}

/// The text with all safe fixes.
pub(crate) fn mend(text: String, request: &str) -> String {
    let (request, _) = Request::read(request);
    let desk = Desk::of(&request);
    let source = Source::new(&desk, &request, &request.name, Detail::Findings);
    let mut mended = Mended { text: String::with_capacity(text.len()), applied: 0 };
    let bytes = text.clone().into_bytes();
    let Ok(opened) = Opened::bytes(bytes, &request.name, Reading::of(&source.hints)) else {
        return json(&Mended { text, applied: 0 });
    };
    let format = opened.format;
    let mut whole = Vec::with_capacity(text.len());
    opened.each(&mut |step| {
        let Ok((window, _)) = step else { return };
        let own = source.linter().mend(format, &window, &source.hints, Safety::Safe);
        mended.applied += own.applied;
        whole.extend(own.bytes.unwrap_or(window.bytes));
    });
    // What holds no text comes in no window.
    mended.text = if mended.applied == 0 { text } else { String::from_utf8(whole).unwrap_or(text) };
    json(&mended)
}

/// The document of the command for a file as it is.
pub(crate) fn lint(bytes: Vec<u8>, name: &str, request: &str) -> String {
    let (request, _) = Request::read(request);
    let desk = Desk::of(&request);
    Source::new(&desk, &request, name, Detail::Findings).document(bytes, name).text
}

/// What a fix replaces, as the source writes it.
fn edits<'f>(found: &'f Finding, units: &Units<'_>) -> Vec<Edit<'f>> {
    let edits = found.fix.iter().flat_map(|fix| &fix.edits);
    let edit = |edit: &'f santun::report::ShownEdit| {
        let span = edit.place.span;
        Edit { from: units.before(span.start), to: units.before(span.end), insert: &edit.written }
    };
    edits.map(edit).collect()
}

fn checklist(totals: &Totals, lang: Lang) -> Checklist<'_> {
    let messages = totals.messages();
    if let Some(only) = totals.only() {
        let statements = only.entries.iter().map(|entry| one(entry, lang)).collect();
        return Checklist { messages, statements, note: note(only, lang) };
    }
    let statements = totals.chapters().into_iter().flatten();
    let statements = statements.map(|(statement, standing)| many(statement, &standing, lang)).collect();
    Checklist { messages, statements, note: String::new() }
}

/// A statement as it stands for one message.
fn one(entry: &Entry, lang: Lang) -> Stated<'_> {
    let found = entry.found.iter().map(|(rule, findings)| Found { rule, findings: *findings }).collect();
    Stated { found, reasons: reasons(entry, lang), ..stated(entry.statement, entry.state, lang) }
}

/// A statement as it stands for all of several messages.
fn many(statement: &'static Statement, standing: &Standing, lang: Lang) -> Stated<'static> {
    let state = match standing {
        Standing { errors: 1.., .. } => State::ToMend(Severity::Error),
        Standing { warnings: 1.., .. } => State::ToMend(Severity::Warning),
        Standing { infos: 1.., .. } => State::ToMend(Severity::Info),
        Standing { not_checked: 1.., .. } => State::NotChecked,
        Standing { fulfilled: 1.., .. } => State::Fulfilled,
        Standing { not_visible: 1.., .. } => State::NotVisible,
        _ => State::NotApplicable,
    };
    stated(statement, state, lang)
}

fn stated(statement: &Statement, state: State, lang: Lang) -> Stated<'_> {
    let severity = if let State::ToMend(severity) = state { Some(severity.name()) } else { None };
    Stated {
        id: &statement.id,
        section: statement.section.get(lang),
        title: statement.title.get(lang),
        text: statement.text.get(lang),
        state: state.name(),
        severity,
        found: Vec::new(),
        reasons: Vec::new(),
    }
}

fn found_name(found: ChannelSource) -> &'static str {
    match found {
        ChannelSource::Given => "given",
        ChannelSource::Named => "named",
        ChannelSource::Headers => "headers",
        ChannelSource::FileName => "file-name",
        ChannelSource::Shape => "shape",
    }
}
