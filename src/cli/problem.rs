//! What goes wrong, told on standard error: a sentence, or the place in a pack or a configuration.

use std::io::{IsTerminal, Write};
use std::ops::Range;
use std::path::Path;

use ariadne::Color;

use super::progress;
use crate::config::ConfigError;
use crate::locale::Lang;
use crate::pack::PackError;
use crate::render::drawing::Drawing;
use crate::report::{parser_words, shown};
use crate::ruleset::{RuleSet, nearest};
use crate::texts::Key;

/// Says on standard error that something went wrong.
pub(super) fn say(lang: Lang, text: &str) {
    line(&format!("{}: {text}", lang.text(Key::LabelTrouble)));
}

/// Says on standard error what might help.
pub(super) fn hint(lang: Lang, text: &str) {
    line(&format!("{}: {text}", lang.text(Key::LabelHelp)));
}

/// Writes a line to standard error; a reader who has gone away is no trouble.
pub(super) fn line(text: &str) {
    progress::aside(|| {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    });
}

/// Shows a place in a pack or a configuration.
pub(super) fn show(lang: Lang, path: &Path, text: &str, span: Option<Range<usize>>, message: &str) {
    let path = shown(&path.display().to_string());
    let Some(span) = span.filter(|span| span.end <= text.len() && text.is_char_boundary(span.start)) else {
        say(lang, &format!("{path}: {message}"));
        return;
    };
    // The line alone: packs are long, and spans of whole tables would be drawn in full.
    let at = crate::source::line_around(text, span.start);
    let row = at.of(text).chars().map(|c| if c == '\t' { ' ' } else { c }).collect::<String>();
    let row = shown_row(&row);
    let start = (span.start - at.start as usize).min(row.len());
    let end = (span.end.min(at.end as usize) - at.start as usize).clamp(start, row.len());
    let number = text.get(..at.start as usize).unwrap_or_default().matches('\n').count() as u64 + 1;
    let column = row.get(..start).unwrap_or_default().chars().count() + 1;
    let drawing = Drawing {
        kind: (lang.text(Key::LabelTrouble), Color::Red, None),
        message,
        place: &format!("{path}:{number}:{column}"),
        line: number,
        row: &row,
        marks: vec![(start..end, lang.text(Key::LabelHere).to_owned())],
        crowded: false,
        color: std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    line(drawing.draw().trim_end());
}

/// The row without characters that a terminal would obey, each replaced by one of the same length.
fn shown_row(row: &str) -> String {
    row.chars().flat_map(|c| if c.is_control() { vec!['?'; c.len_utf8()] } else { vec![c] }).collect()
}

/// Shows what is wrong with a pack.
pub(super) fn show_pack(lang: Lang, path: &Path, text: &str, errors: &[PackError]) {
    for error in errors {
        show(lang, path, text, error.span.clone(), &parser_words(lang, &error.message));
    }
}

/// Shows what is wrong with a configuration.
pub(super) fn show_config(lang: Lang, path: &Path, text: &str, errors: &[ConfigError], rules: &RuleSet) {
    for error in errors {
        let (span, message) = match error {
            ConfigError::Toml { message, span } => (span.clone(), parser_words(lang, message)),
            ConfigError::UnknownRule { name, span } => (Some(span.clone()), unknown_rule(lang, name, rules)),
            ConfigError::NotForRule { rule, key, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorNotForRule, &[("rule", rule), ("key", key)]))
            }
            ConfigError::Word { message, span } => (Some(span.clone()), parser_words(lang, message)),
            ConfigError::Key { key, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorKeyPattern, &[("key", &shown(key))]))
            }
            ConfigError::KeySubject { key, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorKeySubject, &[("key", &shown(key))]))
            }
            ConfigError::Pattern { pattern, span } => {
                (Some(span.clone()), lang.fill(Key::ErrorPattern, &[("pattern", &shown(pattern))]))
            }
        };
        show(lang, path, text, span, &message);
    }
}

/// Says that a rule does not exist, and which is near.
pub(super) fn unknown_rule(lang: Lang, name: &str, rules: &RuleSet) -> String {
    let main = lang.fill(Key::ErrorUnknownRule, &[("rule", &shown(name))]);
    let known = rules.rules().flat_map(|rule| [rule.id.as_ref(), rule.theme()]);
    match nearest(name, known) {
        Some(near) => format!("{main} {}", lang.fill(Key::HintNearest, &[("name", near)])),
        None => main,
    }
}
