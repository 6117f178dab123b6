//! What goes wrong, told on standard error: a sentence, or the place in a pack or a configuration.

use std::io::{IsTerminal, Write};
use std::ops::Range;
use std::path::Path;

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};

use crate::config::ConfigError;
use crate::locale::Lang;
use crate::pack::PackError;
use crate::report::shown;
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
    let _ = writeln!(std::io::stderr().lock(), "{text}");
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
    let number = text.get(..at.start as usize).unwrap_or_default().matches('\n').count();
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let report =
        Report::build(ReportKind::Custom(lang.text(Key::LabelTrouble), Color::Red), (path.clone(), start..end))
            .with_config(Config::new().with_index_type(IndexType::Byte).with_color(color).with_compact(true))
            .with_message(message)
            .with_label(
                Label::new((path.clone(), start..end)).with_color(Color::Red).with_message(lang.text(Key::LabelHere)),
            )
            .finish();
    let source = Source::from(row).with_display_line_offset(number);
    let mut drawing = Vec::new();
    if report.write((path, source), &mut drawing).is_ok() {
        line(String::from_utf8_lossy(&drawing).trim_end());
    }
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

/// What the TOML parser says, in the language of the interface where its words are known. Anything else is quoted.
fn parser_words(lang: Lang, message: &str) -> String {
    let name =
        |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split_once('`')).map(|(name, _)| shown(name));
    let listed = message.split_once(", expected ").map(|(_, list)| shown(list.trim_start_matches("one of ")));
    let listed = listed.unwrap_or_default();
    if let Some(name) = name("unknown field `") {
        return lang.fill(Key::ErrorTomlUnknownField, &[("name", &name), ("known", &listed)]);
    }
    if let Some(name) = name("missing field `") {
        return lang.fill(Key::ErrorTomlMissingField, &[("name", &name)]);
    }
    if let Some(name) = name("unknown variant `").or_else(|| name("unknown kind `")) {
        return lang.fill(Key::ErrorTomlUnknownValue, &[("name", &name), ("known", &listed)]);
    }
    lang.fill(Key::ErrorToml, &[("detail", &shown(message))])
}
