//! Files as texts that people can edit.

use std::io::Cursor;

use serde::Serialize;

use santun::archive::{self, Entry};
use santun::limits::Limits;
use santun::lint::Masking;
use santun::locale::Lang;
use santun::message::{Message, Note, Part};
use santun::open::{Opened, Reading, unreadable};
use santun::read::{Format, Hints};
use santun::report::note_text;
use santun::source::Window;

use crate::json;

#[derive(Default, Serialize)]
struct Drafts {
    texts: Vec<Draft>,
    error: Option<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Draft {
    name: String,
    text: String,
}

/// What a file holds.
pub(crate) fn open(bytes: Vec<u8>, name: &str, lang: Lang) -> String {
    let mut drafts = Drafts::default();
    let mut drafting = Drafting { lang, drafts: &mut drafts };
    let failed = |error: &std::io::Error| unreadable(lang, name.as_ref(), error);
    match Opened::bytes(bytes.clone(), name, Reading::of(&Hints::default())) {
        Ok(opened) if opened.is_archive() => {
            let limits = Limits::default();
            let read = archive::entries(Cursor::new(bytes), limits, &mut |Entry { name: entry, bytes }| {
                // The entry of a chat is always called the same; what the archive is called tells with whom it was.
                let chat = Hints { file_name: with_ending(name, "txt"), ..Hints::default() }.of_entry(&entry).file_name;
                if let Ok(opened) = Opened::bytes(bytes, &entry, Reading::of(&Hints::default())) {
                    drafting.source(opened, &chat);
                }
                true
            });
            match read {
                Ok(notes) => drafting.note(&notes),
                Err(error) => drafts.error = Some(failed(&error)),
            }
        }
        Ok(opened) => drafting.source(opened, name),
        Err(error) => drafts.error = Some(failed(&error)),
    }
    // Where nothing can be edited, what was noted is why.
    if drafts.texts.is_empty() && drafts.error.is_none() {
        drafts.error = Some(std::mem::take(&mut drafts.notes).join(" "));
    }
    json(&drafts)
}

struct Drafting<'d> {
    lang: Lang,
    drafts: &'d mut Drafts,
}

impl Drafting<'_> {
    fn note(&mut self, notes: &[Note]) {
        self.drafts.notes.extend(notes.iter().map(|note| note_text(self.lang, note, Masking::On)));
    }

    fn source(&mut self, opened: Opened, name: &str) {
        let format = opened.format;
        let mut text: Option<String> = None;
        opened.each(&mut |step| {
            let Ok((window, notes)) = step else { return };
            self.note(&notes);
            if window.bytes.is_empty() && !notes.is_empty() {
                return;
            }
            if format.bytes {
                return self.mails(format, &window, name);
            }
            let decoded = format.decode(&window);
            if window.first && !matches!(decoded.encoding, "UTF-8" | "") {
                self.note(&[Note::Encoding(decoded.encoding)]);
            }
            text.get_or_insert_default().push_str(&decoded.text);
        });
        if let Some(text) = text {
            self.drafts.texts.push(Draft { name: name.to_owned(), text });
        }
    }

    /// Mails, each as a draft.
    fn mails(&mut self, format: &Format, window: &Window, name: &str) {
        let text = format.decode(window);
        let hints = Hints { file_name: name.to_owned(), ..Hints::default() };
        format.read_each(&text, window, &hints, &mut |reading| {
            let Ok(conversation) = reading else { return };
            self.note(&conversation.notes);
            for message in &conversation.messages {
                self.note(&message.notes);
                let ending =
                    if format.name == "mbox" { format!("{}.txt", message.index + 1) } else { "txt".to_owned() };
                let text = draft(message, self.lang);
                self.drafts.texts.push(Draft { name: with_ending(name, &ending), text });
            }
        });
    }
}

/// A mail as the plain draft that the library reads as the same mail.
fn draft(message: &Message<'_>, lang: Lang) -> String {
    let mut text = String::new();
    for part in [Part::From, Part::To, Part::Cc, Part::Bcc, Part::Subject, Part::Date] {
        if let Some(field) = message.field(part) {
            let value = field.text.split_whitespace().collect::<Vec<_>>().join(" ");
            text.extend([name_of(part, lang), ": ", &value, "\n"]);
        }
    }
    if let Some(attached) = message.attachments {
        let names: Vec<String> = (1..=attached).map(|number| number.to_string()).collect();
        let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
        text.extend([name_of(Part::Attachments, lang), ": ", &names, "\n"]);
    }
    text.push('\n');
    let body = message.body().map(|field| field.text.trim_start_matches(['\r', '\n'])).unwrap_or_default();
    text.push_str(&body.replace("\r\n", "\n"));
    text
}

/// What the head of a draft calls a field.
fn name_of(part: Part, lang: Lang) -> &'static str {
    match (part, lang) {
        (Part::From, Lang::Id) => "Dari",
        (Part::From, Lang::En) => "From",
        (Part::To, Lang::Id) => "Kepada",
        (Part::To, Lang::En) => "To",
        (Part::Cc, Lang::Id) => "Tembusan",
        (Part::Cc, Lang::En) => "Cc",
        (Part::Bcc, _) => "Bcc",
        (Part::Date, Lang::Id) => "Tanggal",
        (Part::Date, Lang::En) => "Date",
        (Part::Attachments, Lang::Id) => "Lampiran",
        (Part::Attachments, Lang::En) => "Attachments",
        (_, Lang::Id) => "Subjek",
        (_, Lang::En) => "Subject",
    }
}

/// A name with another ending.
fn with_ending(name: &str, ending: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.{ending}")
}
