//! The check of all files of the workspace, one at a time between other messages: for a command, or for a client that asks for
//! all diagnostics.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use lsp_server::{ErrorCode, RequestId};
use lsp_types::{Diagnostic, ExecuteCommandParams, WorkspaceDiagnosticParams};
use serde_json::{Value, json};

use super::Server;
use super::checking::{Subject, check};
use super::diagnostics::Writer;
use super::pieces::Pieces;
use super::positions::{Lines, Places};
use super::uri::uri_of;
use super::wire::Refusal;
use crate::project;
use crate::texts::Key;

/// The command that checks all files.
pub(super) const CHECK_WORKSPACE: &str = "santun.checkWorkspace";

/// How large a file may be, in bytes, that is looked at between other messages.
const FILE: u64 = 4 << 20;

/// When a file was looked at: its time and size, and what identifies its diagnostics.
pub(super) type Seen = (Option<SystemTime>, u64, String);

/// A check of all files that is to be done.
#[derive(Debug)]
pub(super) struct Walk {
    /// The request that it answers.
    id: RequestId,
    purpose: Purpose,
    files: VecDeque<PathBuf>,
    total: usize,
    progress: Progress,
    findings: usize,
    /// Files that were not looked at: too large, or no text in UTF-8.
    skipped: usize,
}

/// What a check is for.
#[derive(Debug)]
enum Purpose {
    Command,
    /// The client asks for diagnostics; what it has of each file, and what is new.
    Pull {
        had: HashMap<String, String>,
        items: Vec<Value>,
    },
}

/// How a check shows how far it is.
#[derive(Debug)]
enum Progress {
    None,
    /// The client was asked whether it shows it, by the request with that number.
    Asked(RequestId, Value),
    /// Shown under this token, at so many percent.
    Shown(Value, usize),
}

impl Walk {
    /// Whether the client need not be waited for.
    pub(super) fn may_go_on(&self) -> bool {
        !matches!(self.progress, Progress::Asked(..))
    }

    /// Whether the request with that number is answered by it.
    pub(super) fn is_for(&self, id: &Value) -> bool {
        json!(self.id) == *id
    }

    /// Whether its progress is shown under `token`.
    pub(super) fn is_shown_as(&self, token: &Value) -> bool {
        matches!(&self.progress, Progress::Shown(own, _) if own == token)
    }

    /// Hears whether the client shows progress.
    pub(super) fn progress_answered(&mut self, id: &RequestId, agreed: bool) {
        if let Progress::Asked(asked, token) = &self.progress
            && asked == id
        {
            self.progress = if agreed { Progress::Shown(token.clone(), usize::MAX) } else { Progress::None };
        }
    }

    fn done(&self) -> usize {
        self.total - self.files.len()
    }
}

impl Server {
    /// Begins what a command asks for.
    pub(super) fn execute(&mut self, id: &RequestId, params: ExecuteCommandParams) -> Result<(), Refusal> {
        if params.command != CHECK_WORKSPACE {
            return Err(Refusal::new(ErrorCode::InvalidParams, self.text(Key::LspBadRequest)));
        }
        if self.client.folders.is_empty() {
            return Err(Refusal::new(ErrorCode::RequestFailed, self.text(Key::LspNoFolder)));
        }
        let token = params.work_done_progress_params.work_done_token.map(|token| json!(token));
        let progress = match token {
            Some(token) => Progress::Shown(token, usize::MAX),
            None if self.client.progress => {
                let token = json!(format!("santun/{id}"));
                let asked = self.outbox.ask("window/workDoneProgress/create", &json!({"token": token}));
                Progress::Asked(asked, token)
            }
            None => Progress::None,
        };
        self.walk(id.clone(), Purpose::Command, progress);
        Ok(())
    }

    /// Begins to gather the diagnostics of all files.
    pub(super) fn pull_workspace(&mut self, id: RequestId, params: WorkspaceDiagnosticParams) {
        let had = params.previous_result_ids.into_iter().map(|previous| (previous.uri.0, previous.value)).collect();
        let token = params.work_done_progress_params.work_done_token.map(|token| json!(token));
        let progress = token.map_or(Progress::None, |token| Progress::Shown(token, usize::MAX));
        self.walk(id, Purpose::Pull { had, items: Vec::new() }, progress);
    }

    fn walk(&mut self, id: RequestId, purpose: Purpose, progress: Progress) {
        let found = self.client.folders.iter().flat_map(|folder| project::files(folder, self.setup.isolated));
        let files: VecDeque<PathBuf> = found.filter_map(Result::ok).collect();
        let total = files.len();
        self.walks.push_back(Walk { id, purpose, files, total, progress, findings: 0, skipped: 0 });
    }

    /// Looks at the next file of the check under way, or ends it.
    pub(super) fn walk_on(&mut self) {
        let Some(mut walk) = self.walks.pop_front() else { return };
        self.show_progress(&mut walk);
        match walk.files.pop_front() {
            Some(path) => {
                match self.look_at_file(&path, &mut walk.purpose) {
                    Some(findings) => walk.findings += findings,
                    None => walk.skipped += 1,
                }
                self.walks.push_front(walk);
            }
            None => self.finish(walk),
        }
    }

    /// Calls off the checks that `is_meant`.
    pub(super) fn cancel(&mut self, is_meant: impl Fn(&Walk) -> bool) {
        let (cancelled, left): (Vec<Walk>, Vec<Walk>) = self.walks.drain(..).partition(is_meant);
        self.walks.extend(left);
        for walk in cancelled {
            self.end_progress(&walk, self.text(Key::LspCancelled));
            self.outbox.refuse(Some(&walk.id), &self.cancelled());
        }
    }

    /// How much is found in a file; none where it is not looked at.
    fn look_at_file(&mut self, path: &Path, purpose: &mut Purpose) -> Option<usize> {
        let open = self.documents.values().find(|document| document.is_file && document.path == *path);
        if let Some(uri) = open.map(|document| document.uri.clone()) {
            let (document, checked) = self.look_at(&uri)?;
            if let Purpose::Pull { had, items } = purpose {
                items.push(item(had, &uri, Some(document.version), &checked.diagnostics));
            }
            return Some(checked.findings.len());
        }
        let (uri, data) = (uri_of(path), path.metadata().ok()?);
        let (time, size) = (data.modified().ok(), data.len());
        if size > FILE {
            return None;
        }
        if let (Purpose::Pull { had, items }, Some((then, length, id))) = (&mut *purpose, self.seen.get(path))
            && (*then, *length) == (time, size)
            && had.get(&uri) == Some(id)
        {
            items.push(json!({"kind": "unchanged", "uri": uri, "version": null, "resultId": id}));
            return Some(0);
        }
        let text = String::from_utf8(fs::read(path).ok()?).ok()?;
        // The text of a client begins behind the mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let lines = Lines::of(text);
        let places = Places::new(text, &lines, self.client.encoding);
        let writer = Writer { uri: &uri, places: &places, relates: self.client.relates };
        let subject = Subject { path, text, pieces: &mut Pieces::default() };
        let checked = check(&mut self.projects, &self.setup, subject, writer);
        self.tell_problems();
        match purpose {
            // A client that asks for the workspace is told when it asks.
            Purpose::Command if self.client.pulls_workspace => {}
            Purpose::Command => self.push(&uri, checked.diagnostics),
            Purpose::Pull { had, items } => {
                self.seen.insert(path.to_owned(), (time, size, result_id(&checked.diagnostics)));
                items.push(item(had, &uri, None, &checked.diagnostics));
            }
        }
        Some(checked.findings.len())
    }

    fn finish(&mut self, walk: Walk) {
        let looked_at = walk.total - walk.skipped;
        let count = |n: usize| n.to_string();
        let text = self.lang().fill(
            Key::LspChecked,
            &[("files", &count(looked_at)), ("findings", &count(walk.findings)), ("skipped", &count(walk.skipped))],
        );
        self.end_progress(&walk, &text);
        match walk.purpose {
            Purpose::Command => {
                if matches!(walk.progress, Progress::None) {
                    self.outbox.notify("window/showMessage", &json!({"type": 3, "message": text}));
                }
                let result = json!({"files": looked_at, "findings": walk.findings, "skipped": walk.skipped});
                self.outbox.answer(&walk.id, &result);
            }
            Purpose::Pull { items, .. } => self.outbox.answer(&walk.id, &json!({"items": items})),
        }
    }

    /// Tells how far a check is, a percent at a time.
    fn show_progress(&mut self, walk: &mut Walk) {
        let (done, total) = (walk.done(), walk.total);
        let Progress::Shown(token, shown) = &mut walk.progress else { return };
        let percent = (done * 100).checked_div(total).unwrap_or(100);
        if *shown == percent {
            return;
        }
        let begins = *shown == usize::MAX;
        *shown = percent;
        let message = format!("{done}/{total}");
        let value = if begins {
            let title = self.setup.lang.unwrap_or_default().text(Key::LspChecking);
            json!({"kind": "begin", "title": title, "cancellable": true, "message": message, "percentage": percent})
        } else {
            json!({"kind": "report", "cancellable": true, "message": message, "percentage": percent})
        };
        self.outbox.notify("$/progress", &json!({"token": token, "value": value}));
    }

    fn end_progress(&mut self, walk: &Walk, text: &str) {
        // What was not begun need not be ended.
        if let Progress::Shown(token, shown) = &walk.progress
            && *shown != usize::MAX
        {
            self.outbox.notify("$/progress", &json!({"token": token, "value": {"kind": "end", "message": text}}));
        }
    }
}

/// What a client that asks for all diagnostics is told of one document.
fn item(had: &HashMap<String, String>, uri: &str, version: Option<i32>, diagnostics: &[Diagnostic]) -> Value {
    let id = result_id(diagnostics);
    if had.get(uri) == Some(&id) {
        return json!({"kind": "unchanged", "uri": uri, "version": version, "resultId": id});
    }
    json!({"kind": "full", "uri": uri, "version": version, "resultId": id, "items": diagnostics})
}

/// What identifies diagnostics. It comes of them alone, so that it means the same to the next server.
pub(super) fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
