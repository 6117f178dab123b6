//! What can be done about findings: a fix, all fixes, and switching a rule off.

use std::path::{Path, PathBuf};

use lsp_server::ErrorCode;
use lsp_types::{CodeAction, CodeActionKind, CodeActionParams, Diagnostic, TextEdit, WorkspaceEdit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::checking::{Case, Checked};
use super::client::Client;
use super::diagnostics::{bytes, data};
use super::documents::Document;
use super::edits::{differences, in_document, in_new_file, text_edits};
use super::positions::{Lines, Places};
use super::switching::switched_off;
use super::uri::uri_of;
use super::wire::{self, Refusal};
use super::{Answer, Server};
use crate::config::FILE_NAME;
use crate::diagnostic::Safety;
use crate::project;
use crate::report::{Finding, ShownFix};
use crate::suppress::is_protected;
use crate::texts::Key;

/// The kind of the action that applies all fixes, as editors do when a document is saved.
pub(super) const FIX_ALL: &str = "source.fixAll.santun";

/// The kind of the other actions.
const QUICK_FIX: &str = "quickfix";

/// The document that an action is to mend, until the client asks for its edit.
#[derive(Debug, Deserialize)]
struct Unresolved {
    uri: String,
    version: i32,
}

/// A finding that actions are about, and its diagnostic.
type About = (Finding, Diagnostic);

impl Server {
    /// What can be done where the client asks.
    pub(super) fn actions(&mut self, params: &CodeActionParams) -> Answer {
        let uri = params.text_document.uri.as_ref();
        let client = self.client.clone();
        let not_open = self.not_open();
        let (document, checked) = self.look_at(uri).ok_or(not_open)?;
        let lang = checked.lang;
        let about = about(&client, document, checked, params);
        let only = params.context.only.as_deref();
        let mut actions = Vec::new();
        if wants(only, QUICK_FIX) {
            actions.extend(about.iter().filter_map(|about| fix(&client, document, lang, about)));
        }
        let is_safe = |found: &Finding| found.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        let can_mend = checked.findings.iter().any(|(_, found)| is_safe(found));
        let near = about.iter().any(|(found, _)| is_safe(found));
        let path = document.path.clone();
        // Among the quick fixes where one of them is among all, so that no list shows it twice.
        let kind = if near && wants(only, QUICK_FIX) { QUICK_FIX } else { FIX_ALL };
        if can_mend && wants(only, kind) {
            actions.extend(self.fix_all(uri, kind.to_owned().into()));
        }
        if wants(only, QUICK_FIX) {
            actions.extend(self.switches(&path, &about));
        }
        Ok(json!(actions))
    }

    /// The action with its edit, for a client that chose it.
    pub(super) fn resolved(&mut self, mut action: CodeAction) -> Answer {
        let Some(unresolved) = action.data.clone().and_then(wire::params::<Unresolved>) else {
            return Ok(json!(action));
        };
        let stale = || Refusal::new(ErrorCode::ContentModified, self.text(Key::LspChanged));
        let document = self.documents.get(&unresolved.uri).ok_or_else(|| self.not_open())?;
        if document.version != unresolved.version {
            return Err(stale());
        }
        action.edit = self.mending(&unresolved.uri);
        Ok(json!(action))
    }

    /// The action that applies all safe fixes of a document. They are many, so a client that can asks for its edit only when
    /// it is chosen.
    fn fix_all(&mut self, uri: &str, kind: CodeActionKind) -> Option<CodeAction> {
        let (document, checked) = self.look_at(uri)?;
        let mut action = CodeAction {
            title: checked.lang.text(Key::LspFixAll).to_owned(),
            kind: Some(kind),
            data: Some(json!({"uri": uri, "version": document.version})),
            ..CodeAction::default()
        };
        if !self.client.resolves_edits {
            action.data = None;
            action.edit = Some(self.mending(uri)?);
        }
        Some(action)
    }

    /// The edit that mends a document by all safe fixes; none where nothing comes of them.
    fn mending(&mut self, uri: &str) -> Option<WorkspaceEdit> {
        let document = self.documents.get(uri)?;
        let mended = Case::of(&mut self.projects, &self.setup, &document.path, &document.text).mended()?;
        let edits = text_edits(&document.places(self.client.encoding), &differences(&document.text, &mended));
        Some(in_document(&self.client, uri, Some(document.version), edits))
    }

    /// Actions that switch off the rules behind some findings.
    fn switches(&mut self, path: &Path, about: &[About]) -> Vec<CodeAction> {
        let mut rules: Vec<&str> = about.iter().map(|(found, _)| found.rule.as_ref()).collect();
        rules.sort_unstable();
        rules.dedup();
        let action = |rule: &str| {
            let edit = self.switching(path, rule)?;
            let lang = self.lang_of(path);
            let diagnostics = about.iter().filter(|(found, _)| found.rule == rule).map(|(_, shown)| shown.clone());
            Some(CodeAction {
                title: lang.fill(Key::LspSwitchOff, &[("rule", rule)]),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(diagnostics.collect()),
                edit: Some(edit),
                ..CodeAction::default()
            })
        };
        rules.into_iter().filter_map(action).collect()
    }

    /// The edit of the configuration that switches a rule off for a file; none where that is not to be done so easily, or
    /// would come to nothing.
    fn switching(&mut self, path: &Path, rule: &str) -> Option<WorkspaceEdit> {
        let theme = rule.split('/').next().unwrap_or_default();
        // What protects people and the neutrality of the service is an agency's decision, not a click of whoever writes.
        if is_protected(theme) || self.setup.isolated {
            return None;
        }
        let ready = self.projects.for_file(path);
        let general = ready.project.settings.len();
        let (settings, _) = ready.project.for_path(&project::absolute(path));
        if settings.iter().skip(general).any(|(name, _)| name == rule || name == theme) {
            // What is set for a path holds against what is set in general.
            return None;
        }
        let Some(config) = self.projects.config_of(path) else {
            let config = self.home_of(path)?.join(FILE_NAME);
            let may = self.client.creates_files && !config.exists();
            return may.then(|| switched_off("", rule)).flatten().map(|text| in_new_file(&uri_of(&config), text));
        };
        let config = std::path::absolute(&config).unwrap_or(config);
        let open = self.documents.values().find(|document| document.is_file && document.path == config);
        let (uri, version, text) = match open {
            Some(document) => (document.uri.clone(), Some(document.version), document.text.clone()),
            None => (uri_of(&config), None, std::fs::read_to_string(&config).ok()?),
        };
        let new = switched_off(&text, rule)?;
        let lines = Lines::of(&text);
        let edits = text_edits(&Places::new(&text, &lines, self.client.encoding), &differences(&text, &new));
        Some(in_document(&self.client, &uri, version, edits))
    }

    /// The folder in which a configuration for a file would be created: that of the client around it, or else its own.
    fn home_of(&self, path: &Path) -> Option<PathBuf> {
        let around = self.client.folders.iter().filter(|folder| path.starts_with(folder));
        around.max_by_key(|folder| folder.as_os_str().len()).cloned().or_else(|| path.parent().map(Path::to_owned))
    }

    fn lang_of(&mut self, path: &Path) -> crate::locale::Lang {
        self.setup.lang.or(self.projects.for_file(path).lang).unwrap_or_default()
    }
}

/// Whether the client wants actions of the kind: one that names kinds wants those below them as well.
fn wants(only: Option<&[CodeActionKind]>, kind: &str) -> bool {
    only.is_none_or(|only| {
        only.iter().map(ToString::to_string).any(|wanted| {
            wanted.is_empty() || kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    })
}

/// The findings that the client asks about: those that it names by what we gave it, or all at the place.
fn about(client: &Client, document: &Document, checked: &Checked, params: &CodeActionParams) -> Vec<About> {
    let named: Vec<&Value> = params.context.diagnostics.iter().filter_map(|shown| shown.data.as_ref()).collect();
    let asked = document.places(client.encoding).bytes(params.range);
    let touches = |found: &Finding| {
        let own = bytes(&found.place);
        own.start <= asked.end && asked.start <= own.end
    };
    let pairs = checked.findings.iter().zip(&checked.diagnostics);
    pairs
        .filter(|((message, found), _)| touches(found) && (named.is_empty() || named.contains(&&data(*message, found))))
        .map(|((_, found), shown)| (found.clone(), shown.clone()))
        .collect()
}

/// The action that carries out the fix of a finding.
fn fix(client: &Client, document: &Document, lang: crate::locale::Lang, about: &About) -> Option<CodeAction> {
    let (found, shown) = about;
    let ShownFix { title, safety, edits } = found.fix.as_ref()?;
    let is_safe = *safety == Safety::Safe;
    let title = if is_safe { title.clone() } else { lang.fill(Key::LspToReview, &[("title", title)]) };
    let places = document.places(client.encoding);
    let edits =
        edits.iter().map(|edit| TextEdit { range: places.range(bytes(&edit.place)), new_text: edit.written.clone() });
    Some(CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![shown.clone()]),
        is_preferred: Some(is_safe),
        edit: Some(in_document(client, &document.uri, Some(document.version), edits.collect())),
        ..CodeAction::default()
    })
}
