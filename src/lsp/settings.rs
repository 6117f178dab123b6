//! Configurations and packs that change while the server runs, and what is wrong with them.

use lsp_types::{DidChangeWatchedFilesParams, DidSaveTextDocumentParams};
use serde_json::{Value, json};

use super::Server;
use super::client::{lang_of, paths_of};
use super::diagnostics::Writer;
use super::positions::{Lines, Places};
use super::uri::{path_of, uri_of};
use crate::project::{Problem, Projects, is_settings};
use crate::report::shown;

impl Server {
    /// Asks the client to watch the files of settings, if it can. A configuration is one of these TOML files, a pack another.
    pub(super) fn watch_settings(&mut self) {
        if self.client.watches {
            let watchers = json!([{"globPattern": "**/*.toml"}]);
            let registration = json!({
                "id": "santun-settings",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": watchers},
            });
            self.outbox.ask("client/registerCapability", &json!({"registrations": [registration]}));
        }
    }

    pub(super) fn files_changed(&mut self, params: &DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().filter_map(|change| path_of(change.uri.as_ref()));
        if paths.into_iter().any(|path| is_settings(&path)) {
            self.reload();
        }
    }

    pub(super) fn saved(&mut self, params: &DidSaveTextDocumentParams) {
        let document = self.documents.get(params.text_document.uri.as_ref());
        // A client that watches nothing may have changed settings elsewhere.
        if !self.client.watches || document.is_some_and(|document| is_settings(&document.path)) {
            self.reload();
        }
    }

    /// Hears that the client's own settings changed, which may stand below a name of ours.
    pub(super) fn settings_changed(&mut self, params: &Value) -> Option<()> {
        let settings = params.get("settings")?;
        let own = settings.get("santun").unwrap_or(settings);
        if let Some(lang) = lang_of(own).filter(|lang| Some(*lang) != self.setup.lang) {
            self.setup.lang = Some(lang);
            self.reload();
        }
        Some(())
    }

    pub(super) fn folders_changed(&mut self, event: &Value) -> Option<()> {
        let (added, removed) = (paths_of(event["added"].as_array()?), paths_of(event["removed"].as_array()?));
        self.client.folders.retain(|folder| !removed.contains(folder));
        self.client.folders.extend(added);
        Some(())
    }

    /// Forgets all settings, so that they are read anew, and what was found by them.
    pub(super) fn reload(&mut self) {
        self.projects = Projects::new(self.setup.clone());
        self.said.clear();
        self.seen.clear();
        self.documents.values_mut().for_each(super::Document::forget);
        for uri in std::mem::take(&mut self.flawed) {
            self.push(&uri, Vec::new());
        }
        if self.client.pulls {
            self.outbox.ask("workspace/diagnostic/refresh", &Value::Null);
        }
    }

    /// Tells what went wrong with settings: in a message, and, for a file that is not open, by diagnostics.
    pub(super) fn tell_problems(&mut self) {
        for problem in self.projects.take_problems() {
            if let Some(text) = said(&problem).filter(|text| self.said.insert(text.clone())) {
                self.outbox.notify("window/showMessage", &json!({"type": 1, "message": text}));
            }
            let path = std::path::absolute(&problem.path).unwrap_or_else(|_| problem.path.clone());
            let is_open = self.documents.values().any(|document| document.is_file && document.path == path);
            if let Some(text) = problem.text.as_ref().filter(|_| !is_open) {
                let (uri, lines) = (uri_of(&path), Lines::of(text));
                let places = Places::new(text, &lines, self.client.encoding);
                let writer = Writer { uri: &uri, places: &places, relates: false };
                let diagnostics = problem.flaws.iter().map(|flaw| writer.flaw(text, flaw)).collect();
                self.push(&uri, diagnostics);
                self.flawed.insert(uri);
            }
        }
    }
}

/// The first thing that is wrong with a file, in a sentence.
fn said(problem: &Problem) -> Option<String> {
    let flaw = problem.flaws.first()?;
    let Some(text) = &problem.text else { return Some(flaw.message.clone()) };
    let before = flaw.span.as_ref().and_then(|span| text.get(..span.start));
    let line = before.map(|before| format!(":{}", before.matches('\n').count() + 1)).unwrap_or_default();
    Some(format!("{}{line}: {}", shown(&problem.path.display().to_string()), flaw.message))
}
