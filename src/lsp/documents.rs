//! The documents that are open in the client, as they read there.

use std::path::{Path, PathBuf};

use lsp_types::{Range, TextDocumentItem};
use serde::Deserialize;

use super::checking::Checked;
use super::pieces::Pieces;
use super::positions::{Encoding, Lines, Places};
use super::uri::{name_of, path_of};

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// What the client calls it.
    pub(super) uri: String,
    /// Where it lies, or would lie: what holds for it is found from there.
    pub(super) path: PathBuf,
    /// Whether it lies there.
    pub(super) is_file: bool,
    /// The version that the client gave to the text.
    pub(super) version: i32,
    pub(super) text: String,
    lines: Lines,
    /// What was found in the text, if it was looked at.
    pub(super) checked: Option<Checked>,
    /// What is known of pieces of it, from before it changed.
    pub(super) pieces: Pieces,
    /// Whether the client is to be told what was found.
    pub(super) untold: bool,
}

/// A change of a text: of a range, or of everything.
///
/// The type of the protocol would take a change with a bad range for one of everything.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    range: Option<Range>,
    text: String,
}

impl Document {
    /// The document that the client opened; one that is no file would lie in `folder`.
    pub(super) fn opened(item: TextDocumentItem, folder: &Path) -> Self {
        let uri = item.uri.0;
        let path = path_of(&uri);
        let ending = ending_of(&serde_json::json!(item.language_id));
        let new = || folder.join(named(name_of(&uri), ending));
        Self {
            is_file: path.is_some(),
            path: path.unwrap_or_else(new),
            version: item.version,
            lines: Lines::of(&item.text),
            text: item.text,
            checked: None,
            pieces: Pieces::default(),
            untold: true,
            uri,
        }
    }

    /// Changes the text, one change after the other.
    pub(super) fn change(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        for change in changes {
            match change.range {
                Some(range) => {
                    let bytes = self.places(encoding).bytes(range);
                    self.text.replace_range(bytes, &change.text);
                }
                None => self.text = change.text,
            }
            self.lines = Lines::of(&self.text);
        }
        self.version = version;
        self.checked = None;
        self.untold = true;
    }

    /// Forgets what was found, since other rules hold now.
    pub(super) fn forget(&mut self) {
        self.pieces = Pieces::default();
        self.checked = None;
        self.untold = true;
    }

    pub(super) fn places(&self, encoding: Encoding) -> Places<'_> {
        Places::new(&self.text, &self.lines, encoding)
    }
}

/// How the names of files end that are of a language of the client.
fn ending_of(language: &serde_json::Value) -> &'static str {
    match language.as_str().unwrap_or_default() {
        "html" => "html",
        "json" => "json",
        "jsonl" => "jsonl",
        "csv" => "csv",
        "toml" => "toml",
        "blade" => "blade.php",
        "jinja" | "jinja-html" => "html.j2",
        _ => "",
    }
}

/// The name of a new document, which tells its format where the language does.
fn named(name: String, ending: &str) -> String {
    if ending.is_empty() || name.contains('.') { name } else { format!("{name}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(text: &str) -> Document {
        let item = json!({"uri": "untitled:Untitled-1", "languageId": "html", "version": 1, "text": text});
        Document::opened(serde_json::from_value(item).unwrap(), Path::new("/rumah"))
    }

    #[test]
    fn changes_follow_each_other() {
        let mut document = document("Halo 🙏 Bro,\nberkasnya gak ada");
        let changes = json!([
            {"range": {"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 11}}, "text": "Ibu\nSari"},
            {"range": {"start": {"line": 2, "character": 10}, "end": {"line": 2, "character": 13}}, "text": "tidak"},
            {"range": {"start": {"line": 9, "character": 9}, "end": {"line": 8, "character": 0}}, "text": "."},
        ]);
        document.change(2, serde_json::from_value(changes).unwrap(), Encoding::Utf16);
        assert_eq!(document.text, "Halo 🙏 Ibu\nSari,\nberkasnya tidak ada.");
        document.change(3, serde_json::from_value(json!([{"text": "baru"}])).unwrap(), Encoding::Utf16);
        assert_eq!((document.text.as_str(), document.version), ("baru", 3));
    }

    #[test]
    fn a_bad_range_is_no_change_of_everything() {
        assert!(serde_json::from_value::<Change>(json!({"range": 7, "text": ""})).is_err());
    }

    #[test]
    fn a_new_document_has_the_ending_of_its_language() {
        assert_eq!(document("").path, Path::new("/rumah/Untitled-1.html"));
    }
}
