//! The language server: what `lint lsp` says and is told on its standard streams, by the Language Server Protocol.
//!
//! One thread does all work, one message after the other; another one reads, so that what waits is known. When nothing waits,
//! documents that changed are looked at, and after these a file of the workspace, if its check was asked for. So typing is
//! never kept waiting for more than one file.

mod actions;
mod checking;
mod client;
mod diagnostics;
mod documents;
mod edits;
mod hover;
mod pieces;
mod positions;
mod settings;
mod switching;
mod uri;
mod wire;
mod workspace;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProvider, Contents, Diagnostic, DiagnosticOptions,
    DiagnosticProvider, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DocumentDiagnosticParams,
    ExecuteCommandOptions, Hover, HoverParams, HoverProvider, InitializeResult, MarkupContent, MarkupKind,
    PositionEncodingKind, PublishDiagnosticsParams, Save, ServerCapabilities, ServerInfo, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions, VersionedTextDocumentIdentifier, WorkspaceFoldersServerCapabilities,
    WorkspaceOptions,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use checking::{Checked, Subject, check};
use client::Client;
use diagnostics::{Writer, bytes};
use documents::{Change, Document};
use hover::Markup;
use wire::{Inbox, Incoming, Next, Outbox, Refusal};
use workspace::{CHECK_WORKSPACE, Walk};

use crate::locale::Lang;
use crate::project::{Projects, Setup, is_settings};
use crate::texts::Key;

/// Serves the client at the standard streams.
pub(crate) fn run(setup: Setup) -> bool {
    serve(setup, || io::stdin().lock(), io::stdout())
}

/// Serves a client at streams of one's own, and searches no configuration. This is how tests reach the server without starting a
/// program for it.
pub fn run_at<R: BufRead>(input: impl FnOnce() -> R + Send + 'static, output: impl Write + 'static) -> bool {
    serve(Setup { isolated: true, ..Setup::default() }, input, output)
}

/// Serves a client until it says that this is the end; whether it took leave as the protocol asks.
fn serve<R: BufRead>(setup: Setup, input: impl FnOnce() -> R + Send + 'static, output: impl Write + 'static) -> bool {
    let mut server = Server::new(setup, Inbox::of(input), Outbox::to(output));
    loop {
        match server.inbox.next(!server.has_work()) {
            Next::Incoming(Incoming::Message(Message::Request(request))) => server.answer(request),
            Next::Incoming(Incoming::Message(Message::Notification(note))) if note.method == "exit" => break,
            Next::Incoming(Incoming::Message(Message::Notification(note))) => server.hear(note),
            Next::Incoming(Incoming::Message(Message::Response(response))) => {
                server.hear_answer(&response.id, response.response_result.is_ok());
            }
            Next::Incoming(Incoming::Garbled) => {
                let refusal = Refusal::new(ErrorCode::ParseError, server.text(Key::LspGarbled));
                server.outbox.refuse(None, &refusal);
            }
            Next::Idle => server.work(),
            Next::End => break,
        }
    }
    server.phase == Phase::ShutDown
}

/// How far a client has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    New,
    Serving,
    ShutDown,
}

/// What is known between two messages.
struct Server {
    phase: Phase,
    inbox: Inbox,
    outbox: Outbox,
    client: Client,
    setup: Setup,
    projects: Projects,
    documents: BTreeMap<String, Document>,
    /// Checks of the workspace that are to be done, the one under way first.
    walks: VecDeque<Walk>,
    /// Files that are not open and for which diagnostics were sent.
    pushed: BTreeSet<String>,
    /// Those of them that are settings with errors.
    flawed: BTreeSet<String>,
    /// What was said of settings, so that it is said once.
    said: BTreeSet<String>,
    /// Files whose diagnostics the client has, by when they were changed.
    seen: HashMap<PathBuf, workspace::Seen>,
}

type Answer = Result<Value, Refusal>;

impl Server {
    fn new(setup: Setup, inbox: Inbox, outbox: Outbox) -> Self {
        Self {
            phase: Phase::New,
            inbox,
            outbox,
            client: Client::default(),
            projects: Projects::new(setup.clone()),
            setup,
            documents: BTreeMap::new(),
            walks: VecDeque::new(),
            pushed: BTreeSet::new(),
            flawed: BTreeSet::new(),
            said: BTreeSet::new(),
            seen: HashMap::new(),
        }
    }

    fn lang(&self) -> Lang {
        self.setup.lang.unwrap_or_default()
    }

    fn text(&self, key: Key) -> &'static str {
        self.lang().text(key)
    }

    /// Answers a request, now or, where it takes long, later.
    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.inbox.is_cancelled(&id) {
            return self.outbox.refuse(Some(&id), &self.cancelled());
        }
        let answer = match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => Ok(self.initialize(&params)),
            (Phase::New, _) => Err(Refusal::new(ErrorCode::ServerNotInitialized, self.text(Key::LspNotReady))),
            (Phase::ShutDown, _) | (_, "initialize") => {
                Err(Refusal::new(ErrorCode::InvalidRequest, self.text(Key::LspOutOfTurn)))
            }
            (_, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.walks.clear();
                Ok(Value::Null)
            }
            (_, "textDocument/codeAction") => {
                self.read(params).and_then(|params: CodeActionParams| self.actions(&params))
            }
            (_, "codeAction/resolve") => self.read(params).and_then(|action| self.resolved(action)),
            (_, "textDocument/hover") => self.read(params).and_then(|params: HoverParams| self.hover(&params)),
            (_, "textDocument/diagnostic") => {
                self.read(params).and_then(|params: DocumentDiagnosticParams| self.pulled(&params))
            }
            (_, "workspace/diagnostic") => match self.read(params) {
                Ok(params) => return self.pull_workspace(id, params),
                Err(refusal) => Err(refusal),
            },
            (_, "workspace/executeCommand") => match self.read(params) {
                Ok(params) => match self.execute(&id, params) {
                    Ok(()) => return,
                    Err(refusal) => Err(refusal),
                },
                Err(refusal) => Err(refusal),
            },
            _ => {
                let method = crate::report::shown(&method);
                let text = self.lang().fill(Key::LspUnknownMethod, &[("method", &method)]);
                Err(Refusal::new(ErrorCode::MethodNotFound, text))
            }
        };
        match answer {
            Ok(result) => self.outbox.answer(&id, &result),
            Err(refusal) => self.outbox.refuse(Some(&id), &refusal),
        }
    }

    /// Hears what needs no answer. What nobody knows is passed over, as the protocol asks.
    fn hear(&mut self, note: Notification) {
        if self.phase != Phase::Serving {
            return;
        }
        let Notification { method, params } = note;
        let understood = match method.as_str() {
            "initialized" => {
                self.watch_settings();
                Some(())
            }
            "textDocument/didOpen" => wire::params(params).map(|params| self.opened(params)),
            "textDocument/didChange" => wire::params(params).map(|params| self.changed(params)),
            "textDocument/didClose" => wire::params(params).map(|params| self.closed(&params)),
            "textDocument/didSave" => wire::params(params).map(|params| self.saved(&params)),
            "workspace/didChangeWatchedFiles" => wire::params(params).map(|params| self.files_changed(&params)),
            "workspace/didChangeConfiguration" => self.settings_changed(&params),
            "workspace/didChangeWorkspaceFolders" => self.folders_changed(&params["event"]),
            "$/cancelRequest" => {
                self.cancel(|walk| walk.is_for(&params["id"]));
                Some(())
            }
            "window/workDoneProgress/cancel" => {
                self.cancel(|walk| walk.is_shown_as(&params["token"]));
                Some(())
            }
            _ => Some(()),
        };
        if understood.is_none() {
            let text = self.lang().fill(Key::LspBadParams, &[("method", &crate::report::shown(&method))]);
            self.outbox.notify("window/logMessage", &json!({"type": 1, "message": text}));
        }
    }

    /// Hears the answer to a request of the server's own.
    fn hear_answer(&mut self, id: &RequestId, agreed: bool) {
        for walk in &mut self.walks {
            walk.progress_answered(id, agreed);
        }
    }

    /// Whether there is work that nobody waits for.
    fn has_work(&self) -> bool {
        self.phase == Phase::Serving
            && (self.documents.values().any(|document| document.untold && !self.client.pulls)
                || self.walks.front().is_some_and(Walk::may_go_on))
    }

    /// Does a piece of the work that nobody waits for.
    fn work(&mut self) {
        let untold = self.documents.values().find(|document| document.untold && !self.client.pulls);
        match untold.map(|document| document.uri.clone()) {
            Some(uri) => self.tell(&uri),
            None => self.walk_on(),
        }
    }

    /// Sends what was found in a document, unless the document has changed meanwhile.
    fn tell(&mut self, uri: &str) {
        self.look_at(uri);
        if self.inbox.will_change(uri) {
            return;
        }
        if let Some(document) = self.documents.get_mut(uri)
            && let Some(checked) = &document.checked
        {
            document.untold = false;
            let params = Published { uri, version: Some(document.version), diagnostics: &checked.diagnostics };
            self.outbox.notify("textDocument/publishDiagnostics", &params);
        }
    }

    /// Looks at an open document, unless that was done since it last changed.
    fn look_at(&mut self, uri: &str) -> Option<(&Document, &Checked)> {
        let document = self.documents.get_mut(uri)?;
        if document.checked.is_none() {
            let mut pieces = std::mem::take(&mut document.pieces);
            let places = document.places(self.client.encoding);
            let writer = Writer { uri, places: &places, relates: self.client.relates };
            let subject = Subject { path: &document.path, text: &document.text, pieces: &mut pieces };
            let checked = check(&mut self.projects, &self.setup, subject, writer);
            document.pieces = pieces;
            document.checked = Some(checked);
            self.tell_problems();
        }
        let document = self.documents.get(uri)?;
        Some((document, document.checked.as_ref()?))
    }

    /// Sends diagnostics of a file that is not open; none takes earlier ones away.
    fn push(&mut self, uri: &str, diagnostics: Vec<Diagnostic>) {
        let had = if diagnostics.is_empty() { self.pushed.remove(uri) } else { !self.pushed.insert(uri.to_owned()) };
        if had || !diagnostics.is_empty() {
            let params = PublishDiagnosticsParams { uri: uri.into(), version: None, diagnostics };
            self.outbox.notify("textDocument/publishDiagnostics", &params);
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.client = Client::of(params);
        self.setup.lang = self.client.lang.or(self.setup.lang);
        self.projects = Projects::new(self.setup.clone());
        self.phase = Phase::Serving;
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::Bool(true)),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, actions::FIX_ALL.to_owned().into()]),
            resolve_provider: Some(self.client.resolves_edits),
            ..CodeActionOptions::default()
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some("santun".to_owned()),
            // What holds for a message stands in the message and in settings, of which the client is told.
            inter_file_dependencies: false,
            workspace_diagnostics: self.client.pulls_workspace,
            ..DiagnosticOptions::default()
        };
        let folders =
            WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(true.into()) };
        let capabilities = ServerCapabilities {
            position_encoding: Some(PositionEncodingKind::from(self.client.encoding.name().to_owned())),
            text_document_sync: Some(TextDocumentSync::Options(sync)),
            hover_provider: Some(HoverProvider::Bool(true)),
            code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
            diagnostic_provider: self.client.pulls.then_some(DiagnosticProvider::DiagnosticOptions(diagnostics)),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: vec![CHECK_WORKSPACE.to_owned()],
                ..ExecuteCommandOptions::default()
            }),
            workspace: Some(WorkspaceOptions { workspace_folders: Some(folders), ..WorkspaceOptions::default() }),
            ..ServerCapabilities::default()
        };
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: "santun".to_owned(), version });
        json!(InitializeResult { capabilities, server_info })
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let here = || std::env::current_dir().unwrap_or_default();
        let folder = self.client.folders.first().cloned().unwrap_or_else(here);
        let document = Document::opened(params.text_document, &folder);
        if self.client.pulls {
            // From now on the client asks.
            self.push(&document.uri, Vec::new());
        }
        self.pushed.remove(&document.uri);
        self.documents.insert(document.uri.clone(), document);
    }

    fn changed(&mut self, params: DidChange) {
        let uri = &params.text_document.text_document_identifier.uri.0;
        if let Some(document) = self.documents.get_mut(uri) {
            document.change(params.text_document.version, params.content_changes, self.client.encoding);
        }
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = params.text_document.uri.as_ref();
        let Some(document) = self.documents.remove(uri) else { return };
        if !self.client.pulls {
            self.pushed.insert(uri.to_owned());
            self.push(uri, Vec::new());
        }
        if is_settings(&document.path) {
            // What is wrong with it is told as for any file that is not open.
            self.reload();
        }
    }

    /// What was found in a document, for a client that asks.
    fn pulled(&mut self, params: &DocumentDiagnosticParams) -> Answer {
        let uri = params.text_document.uri.as_ref();
        if self.inbox.will_change(uri) {
            let data = json!({"retriggerRequest": true});
            return Err(Refusal::new(ErrorCode::ServerCancelled, self.text(Key::LspChanged)).with(data));
        }
        let not_open = self.not_open();
        let (_, checked) = self.look_at(uri).ok_or(not_open)?;
        let id = workspace::result_id(&checked.diagnostics);
        Ok(if params.previous_result_id.as_ref() == Some(&id) {
            json!({"kind": "unchanged", "resultId": id})
        } else {
            json!({"kind": "full", "resultId": id, "items": checked.diagnostics})
        })
    }

    /// The explanation of what was found at a place.
    fn hover(&mut self, params: &HoverParams) -> Answer {
        let at = &params.text_document_position_params;
        let uri = at.text_document.uri.as_ref();
        let markup = if self.client.markdown { Markup::Markdown } else { Markup::Plain };
        let encoding = self.client.encoding;
        let not_open = self.not_open();
        let (document, checked) = self.look_at(uri).ok_or(not_open)?;
        let (path, lang) = (document.path.clone(), checked.lang);
        let places = document.places(encoding);
        let byte = places.byte(at.position);
        let there = checked.findings.iter().filter(|(_, found)| {
            let bytes = bytes(&found.place);
            bytes.contains(&byte) || byte == bytes.end
        });
        let found: Vec<_> = there.map(|(_, found)| found.clone()).collect();
        let Some(first) = found.first() else { return Ok(Value::Null) };
        let range = Some(places.range(bytes(&first.place)));
        let ready = self.projects.for_file(&path);
        let pages: Vec<String> =
            found.iter().map(|found| hover::explain(lang, markup, found, ready.rules.rule(&found.rule))).collect();
        let kind = if markup == Markup::Plain { MarkupKind::PlainText } else { MarkupKind::Markdown };
        let contents = Contents::MarkupContent(MarkupContent { kind, value: pages.join(hover::between(markup)) });
        Ok(json!(Hover { contents, range }))
    }

    /// The parameters of a request.
    fn read<T: DeserializeOwned>(&self, params: Value) -> Result<T, Refusal> {
        // What the parser says may quote what it read.
        wire::params(params).ok_or_else(|| Refusal::new(ErrorCode::InvalidParams, self.text(Key::LspBadRequest)))
    }

    fn not_open(&self) -> Refusal {
        Refusal::new(ErrorCode::InvalidParams, self.text(Key::LspNotOpen))
    }

    fn cancelled(&self) -> Refusal {
        Refusal::new(ErrorCode::RequestCanceled, self.text(Key::LspCancelled))
    }
}

/// Diagnostics of an open document, as they are sent.
#[derive(serde::Serialize)]
struct Published<'p> {
    uri: &'p str,
    version: Option<i32>,
    diagnostics: &'p [Diagnostic],
}

/// What changed in a document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DidChange {
    text_document: VersionedTextDocumentIdentifier,
    content_changes: Vec<Change>,
}
