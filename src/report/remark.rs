//! Remarks and problems in words.

use super::{Masking, shown};
use crate::locale::Lang;
use crate::message::{Channel, Note, Problem};
use crate::pack::NOT_PLAIN;
use crate::texts::Key;
use crate::token;

/// A remark in words, which may name a person, a column or a key.
#[must_use]
pub fn note_text(lang: Lang, note: &Note, masking: Masking) -> String {
    match note {
        Note::Encoding(name) => lang.fill(Key::NoteEncoding, &[("encoding", name)]),
        Note::Binary => lang.text(Key::NoteBinary).to_owned(),
        Note::Cut(bytes) => lang.fill(Key::NoteCut, &[("bytes", &bytes.to_string())]),
        Note::NoHeader => lang.text(Key::NoteNoHeader).to_owned(),
        Note::TakenForOurs(name) => lang.fill(Key::NoteTakenForOurs, &[("name", &masking.name(name))]),
        Note::NobodyOurs => lang.text(Key::NoteNobodyOurs).to_owned(),
        Note::TooDeep(levels) => lang.fill(Key::NoteTooDeep, &[("levels", &levels.to_string())]),
        Note::TooManyParts(parts) => lang.fill(Key::NoteTooManyParts, &[("parts", &parts.to_string())]),
        Note::FieldCut(bytes) => lang.fill(Key::NoteFieldCut, &[("bytes", &bytes.to_string())]),
        Note::Sealed => lang.text(Key::NoteSealed).to_owned(),
        Note::BadHeader(line) => lang.fill(Key::NoteBadHeader, &[("line", &line.to_string())]),
        Note::Unpacked(entries) => lang.fill(Key::NoteUnpacked, &[("entries", &entries.to_string())]),
        Note::SwitchWithoutReason(line) => lang.fill(Key::NoteSwitchWithoutReason, &[("line", &line.to_string())]),
        Note::SwitchProtected(line, name) => about_switch(lang, Key::NoteSwitchProtected, *line, &masking.name(name)),
        Note::SwitchUnknown(line, name) => about_switch(lang, Key::NoteSwitchUnknown, *line, &masking.name(name)),
        Note::SwitchUnused(line, name) => about_switch(lang, Key::NoteSwitchUnused, *line, &masking.name(name)),
        Note::NoColumn(there) => lang.fill(Key::NoteNoColumn, &[("columns", &listed(there, masking))]),
        Note::Broken(line) => lang.fill(Key::NoteBroken, &[("line", &line.to_string())]),
        Note::NoMessage => lang.text(Key::NoteNoMessage).to_owned(),
        Note::NoKeys => lang.text(Key::NoteNoKeys).to_owned(),
        Note::NoSuchKey(key) => lang.fill(Key::NoteKeyMissed, &[("key", &masking.name(key))]),
        Note::MoreFindings(count) => lang.fill(Key::NoteMoreFindings, &[("count", &count.to_string())]),
        Note::OddTurns(count) => lang.fill(Key::NoteOddTurns, &[("count", &count.to_string())]),
    }
}

/// The names of columns, quoted.
fn listed(names: &[String], masking: Masking) -> String {
    names.iter().map(|name| format!("“{}”", masking.name(name))).collect::<Vec<_>>().join(", ")
}

fn about_switch(lang: Lang, key: Key, line: u64, name: &str) -> String {
    lang.fill(key, &[("line", &line.to_string()), ("name", name)])
}

pub(super) fn problem_text(lang: Lang, problem: &Problem) -> String {
    match problem {
        Problem::Json { column, detail } => {
            lang.fill(Key::ErrorJson, &[("column", &column.to_string()), ("detail", &parser_words(lang, detail))])
        }
        Problem::Yaml { column, detail } => {
            lang.fill(Key::ErrorYaml, &[("column", &column.to_string()), ("detail", &parser_words(lang, detail))])
        }
        Problem::Channel(name) => {
            let wrong =
                lang.fill(Key::ErrorChannel, &[("name", &Masking::On.name(name)), ("channels", &channel_names())]);
            lang.with_nearest(wrong, name, Channel::ALL.map(Channel::name))
        }
        Problem::Column { part, name, there } => lang.fill(
            Key::ErrorColumnNamed,
            &[("name", &Masking::On.name(name)), ("part", part), ("columns", &listed(there, Masking::On))],
        ),
        Problem::Cells(cells) => lang.fill(Key::ErrorCells, &[("cells", &cells.to_string())]),
    }
}

/// What a parser of TOML, JSON or YAML says, in the language of the interface where its words are known. Anything else is quoted.
#[must_use]
pub fn parser_words(lang: Lang, message: &str) -> String {
    let name = |prefix: &str| {
        message.strip_prefix(prefix).and_then(|rest| rest.split_once('`')).map(|(name, _)| Masking::On.name(name))
    };
    let listed = message.split_once(", expected ").map(|(_, list)| shown(list.trim_start_matches("one of ")));
    let listed = listed.unwrap_or_default();
    // Every second piece stands between marks. There are many keys, so they are listed only where none is near.
    let known = || listed.split('`').skip(1).step_by(2);
    let unknown = |key: Key, name: &str| {
        let wrong = lang.fill(key, &[("name", name)]);
        match nearest(name, known()) {
            Some(near) => format!("{wrong} {}", lang.fill(Key::HintNearest, &[("name", near)])),
            None => format!("{wrong} {}", lang.fill(Key::HintKnown, &[("known", &listed)])),
        }
    };
    if let Some(name) = name("unknown field `") {
        return unknown(Key::ErrorParserUnknownField, &name);
    }
    if let Some(name) = name("missing field `") {
        return lang.fill(Key::ErrorParserMissingField, &[("name", &name)]);
    }
    if let Some(name) = name("unknown variant `").or_else(|| name("unknown kind `")) {
        return unknown(Key::ErrorParserUnknownValue, &name);
    }
    if let Some((found, expected)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    {
        return lang.fill(Key::ErrorParserType, &[("found", &shown(found)), ("expected", &shown(expected))]);
    }
    if message.contains(NOT_PLAIN) {
        return lang.text(Key::ErrorTextHidden).to_owned();
    }
    if message.starts_with("EOF while parsing") {
        return lang.text(Key::ErrorParserEnd).to_owned();
    }
    if message.starts_with("expected ident")
        || message.starts_with("expected value")
        || message.starts_with("key must be a string")
    {
        return lang.text(Key::ErrorParserSyntax).to_owned();
    }
    lang.fill(Key::ErrorParser, &[("detail", &shown(message))])
}

impl Lang {
    /// What is wrong with `name`, and which of the known names may have been meant.
    pub(crate) fn with_nearest<'n>(
        self,
        wrong: String,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> String {
        match nearest(name, known) {
            Some(near) => format!("{wrong} {}", self.fill(Key::HintNearest, &[("name", near)])),
            None => wrong,
        }
    }
}

/// The known name nearest to `name`, if one is near.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let name = token::fold(name);
    let scored = known.into_iter().map(|other| (strsim::jaro_winkler(&name, &token::fold(other)), other));
    scored.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other)
}

/// The names of all channels, for messages.
#[must_use]
pub fn channel_names() -> String {
    Channel::ALL.map(Channel::name).join(", ")
}
