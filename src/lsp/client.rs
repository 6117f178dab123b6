//! What the client said when it started: what it can do, what it wants, which folders it has open.
//!
//! It is read key by key, so that a client that says something odd elsewhere is served all the same.

use std::path::PathBuf;

use serde_json::Value;

use super::positions::Encoding;
use super::uri::path_of;
use crate::locale::Lang;

/// What the client can do and wants.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a capability of its own in the protocol")]
pub(super) struct Client {
    /// What columns count.
    pub(super) encoding: Encoding,
    /// Whether it asks for diagnostics itself, and can be told to ask again: some ask only when a document changes, and would
    /// show what settings no longer let be found. These are sent what is found.
    pub(super) pulls: bool,
    /// Whether it wants the diagnostics of all files of the workspace when it asks for them.
    pub(super) pulls_workspace: bool,
    /// Whether diagnostics may point at other places.
    pub(super) relates: bool,
    /// Whether edits may name the versions of documents.
    pub(super) versions_edits: bool,
    /// Whether edits may create files.
    pub(super) creates_files: bool,
    /// Whether it asks for the edits of an action when the action is chosen.
    pub(super) resolves_edits: bool,
    /// Whether hovers may be Markdown.
    pub(super) markdown: bool,
    /// Whether it shows progress that the server begins.
    pub(super) progress: bool,
    /// Whether it watches files for the server.
    pub(super) watches: bool,
    /// The language that it wants.
    pub(super) lang: Option<Lang>,
    /// The folders that it has open.
    pub(super) folders: Vec<PathBuf>,
}

impl Client {
    /// What the parameters of `initialize` say.
    pub(super) fn of(params: &Value) -> Self {
        let can = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let is = |path: &str| can(path).and_then(Value::as_bool).unwrap_or_default();
        let lists = |path: &str, name: &str| {
            can(path).and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == name))
        };
        let encoding = Encoding::ALL.into_iter().find(|encoding| lists("general/positionEncodings", encoding.name()));
        let pulls =
            can("textDocument/diagnostic").is_some_and(Value::is_object) && is("workspace/diagnostics/refreshSupport");
        let wants = &params["initializationOptions"];
        Self {
            encoding: encoding.unwrap_or_default(),
            pulls,
            pulls_workspace: pulls && wants["workspaceDiagnostics"] == true,
            relates: is("textDocument/publishDiagnostics/relatedInformation")
                || is("textDocument/diagnostic/relatedInformation"),
            versions_edits: is("workspace/workspaceEdit/documentChanges"),
            creates_files: is("workspace/workspaceEdit/documentChanges")
                && lists("workspace/workspaceEdit/resourceOperations", "create"),
            resolves_edits: is("textDocument/codeAction/dataSupport")
                && lists("textDocument/codeAction/resolveSupport/properties", "edit"),
            markdown: lists("textDocument/hover/contentFormat", "markdown"),
            progress: is("window/workDoneProgress"),
            watches: is("workspace/didChangeWatchedFiles/dynamicRegistration"),
            lang: lang_of(wants),
            folders: folders_of(params),
        }
    }
}

/// The language that settings name.
pub(super) fn lang_of(settings: &Value) -> Option<Lang> {
    settings["lang"].as_str().and_then(Lang::parse)
}

/// The folders that the client has open: those that it lists, or the one of older clients.
fn folders_of(params: &Value) -> Vec<PathBuf> {
    let listed = params["workspaceFolders"].as_array().map(|folders| paths_of(folders)).unwrap_or_default();
    if !listed.is_empty() {
        return listed;
    }
    let root = params["rootUri"].as_str().and_then(path_of);
    root.or_else(|| params["rootPath"].as_str().map(PathBuf::from)).into_iter().collect()
}

/// The paths of a list of folders.
pub(super) fn paths_of(folders: &[Value]) -> Vec<PathBuf> {
    folders.iter().filter_map(|folder| path_of(folder["uri"].as_str()?)).collect()
}
