//! Edits as the protocol wants them: what turns one text into another, and for which documents.

use std::ops::Range;

use lsp_types::{
    CreateFile, CreateFileOptions, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use similar::{Algorithm, capture_diff_slices};

use super::client::Client;
use super::positions::Places;

/// A stretch of a text, in bytes, and what is to stand there.
pub(super) type Replacement<'t> = (Range<usize>, &'t str);

/// What turns `old` into `new`, word by word within the lines that differ.
pub(super) fn differences<'t>(old: &str, new: &'t str) -> Vec<Replacement<'t>> {
    let (old_lines, new_lines) = (pieces(old, |before, _| before == '\n'), pieces(new, |before, _| before == '\n'));
    let mut all = Vec::new();
    for (old_at, new_at) in replaced(old, &old_lines, new, &new_lines) {
        let (old_part, new_part) =
            (old.get(old_at.clone()).unwrap_or_default(), new.get(new_at.clone()).unwrap_or_default());
        let (old_words, new_words) = (pieces(old_part, is_border), pieces(new_part, is_border));
        for (old_word, new_word) in replaced(old_part, &old_words, new_part, &new_words) {
            let text = new_part.get(new_word).unwrap_or_default();
            all.push((old_at.start + old_word.start..old_at.start + old_word.end, text));
        }
    }
    all
}

/// Whether a word ends between two characters.
fn is_border(before: char, after: char) -> bool {
    !(before.is_alphanumeric() && after.is_alphanumeric())
}

/// Where the pieces of a text begin and end, which is cut wherever `is_cut` says so of the characters before and behind.
fn pieces(text: &str, is_cut: impl Fn(char, char) -> bool) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let cut = chars.peek().is_none_or(|(_, next)| is_cut(c, *next));
        if cut {
            pieces.push(start..end);
            start = end;
        }
    }
    pieces
}

/// The stretches that differ, in both texts.
fn replaced(
    old: &str,
    old_pieces: &[Range<usize>],
    new: &str,
    new_pieces: &[Range<usize>],
) -> Vec<(Range<usize>, Range<usize>)> {
    fn texts<'t>(text: &'t str, pieces: &[Range<usize>]) -> Vec<&'t str> {
        pieces.iter().map(|piece| text.get(piece.clone()).unwrap_or_default()).collect()
    }
    let stretch = |text: &str, pieces: &[Range<usize>], range: Range<usize>| {
        let start = pieces.get(range.start).map_or(text.len(), |piece| piece.start);
        let end =
            if range.is_empty() { start } else { pieces.get(range.end - 1).map_or(text.len(), |piece| piece.end) };
        start..end
    };
    let differing = capture_diff_slices(Algorithm::Myers, &texts(old, old_pieces), &texts(new, new_pieces));
    let differing = differing.iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    differing.map(|op| (stretch(old, old_pieces, op.old_range()), stretch(new, new_pieces, op.new_range()))).collect()
}

/// An edit of one document. A document that is not open has no version.
pub(super) fn in_document(client: &Client, uri: &str, version: Option<i32>, edits: Vec<TextEdit>) -> WorkspaceEdit {
    if client.versions_edits {
        let changes = vec![DocumentChange::TextDocumentEdit(of_document(uri, version, edits))];
        return WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
    }
    WorkspaceEdit { changes: Some(std::iter::once((uri.into(), edits)).collect()), ..WorkspaceEdit::default() }
}

/// An edit that creates a file with some text.
pub(super) fn in_new_file(uri: &str, text: String) -> WorkspaceEdit {
    let options = CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) };
    let create = CreateFile { uri: uri.into(), options: Some(options), annotation_id: None };
    let edits = vec![TextEdit { range: lsp_types::Range::default(), new_text: text }];
    let changes =
        vec![DocumentChange::CreateFile(create), DocumentChange::TextDocumentEdit(of_document(uri, None, edits))];
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}

fn of_document(uri: &str, version: Option<i32>, edits: Vec<TextEdit>) -> TextDocumentEdit {
    TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version,
            text_document_identifier: TextDocumentIdentifier { uri: uri.into() },
        },
        edits: edits.into_iter().map(Edit::TextEdit).collect(),
    }
}

/// Replacements with the positions that the client counts.
pub(super) fn text_edits(places: &Places<'_>, replacements: &[Replacement<'_>]) -> Vec<TextEdit> {
    let edit =
        |(bytes, text): &Replacement<'_>| TextEdit { range: places.range(bytes.clone()), new_text: (*text).to_owned() };
    replacements.iter().map(edit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(old: &str, new: &str) -> (String, Vec<String>) {
        let all = differences(old, new);
        let mut text = old.to_owned();
        for (range, new) in all.iter().rev() {
            text.replace_range(range.clone(), new);
        }
        (text, all.into_iter().map(|(range, new)| format!("{}>{new}", &old.get(range).unwrap())).collect())
    }

    #[test]
    fn no_more_is_replaced_than_differs() {
        let (old, new) = (
            "Halo Bro,\n\nberkasnya gak ada, tp gak apa.\nSalam",
            "Halo Bro,\n\nberkasnya tidak ada, tetapi tidak apa.\nSalam",
        );
        let (text, edits) = applied(old, new);
        assert_eq!(text, new);
        assert_eq!(edits, ["gak>tidak", "tp>tetapi", "gak>tidak"]);
    }

    #[test]
    fn any_text_becomes_any_other() {
        for (old, new) in [("", "a\nb"), ("a\nb", ""), ("é🙏x", "é🙏\r\ny"), ("a\nb\nc", "a\nc\nd"), ("sama", "sama")]
        {
            assert_eq!(applied(old, new).0, new, "{old:?}");
        }
    }
}
