//! Input formats: from the text of a window to conversations. One file a format, and its line in [`FORMATS`].

mod channel;
mod html;
mod jsonl;
mod plain;
mod sender;
mod structure;

use crate::decode::charset;
use crate::decode::construct::Dialect;
use crate::message::{Channel, Conversation, Part, Unreadable};
use crate::source::{Text, Window};

/// Every input format, in the order in which they are tried; the last one takes everything.
pub static FORMATS: &[Format] = &[
    Format { name: "jsonl", sniff: jsonl::sniff, by_lines: true, read: jsonl::read },
    Format { name: "template", sniff: html::sniff_template, by_lines: false, read: html::read_template },
    Format { name: "html", sniff: html::sniff, by_lines: false, read: html::read },
    Format { name: "plain", sniff: |_, _| true, by_lines: false, read: plain::read },
];

/// An input format.
#[derive(Debug)]
pub struct Format {
    /// Name on the command line and in JSON.
    pub name: &'static str,
    /// Whether a source with this file name and these first characters is of the format.
    pub(crate) sniff: fn(&str, &str) -> bool,
    /// Whether every line can be read by itself, so that a source of any size passes in windows.
    pub by_lines: bool,
    /// What the text of a window holds.
    pub(crate) read: for<'w> fn(&'w Text<'w>, &Window, &Hints) -> Vec<Reading<'w>>,
}

/// A conversation, or a line that is none.
pub type Reading<'w> = Result<Conversation<'w>, Unreadable>;

/// What is known of a source before it is read.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The channel that the command line sets, whatever the message says.
    pub forced: Option<Channel>,
    /// The channel that the configuration gives to the path.
    pub configured: Option<Channel>,
    /// The name of the file.
    pub file_name: String,
}

/// Whether the bytes at the start of a source are those of no text.
#[must_use]
pub fn is_binary(head: &[u8]) -> bool {
    charset::is_binary(head)
}

impl Format {
    /// The format of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The format of a source, by its name and its first bytes.
    #[must_use]
    pub fn sniffed(file_name: &str, head: &[u8]) -> &'static Self {
        let head = String::from_utf8_lossy(head);
        let head = head.trim_start_matches('\u{feff}');
        FORMATS.iter().find(|format| (format.sniff)(file_name, head)).unwrap_or(&FORMATS[FORMATS.len() - 1])
    }

    /// The conversations of a decoded window.
    #[must_use]
    pub fn read<'w>(&self, text: &'w Text<'w>, window: &Window, hints: &Hints) -> Vec<Reading<'w>> {
        let mut readings = (self.read)(text, window, hints);
        let messages = readings.iter_mut().flatten().flat_map(|conversation| &mut conversation.messages);
        // Bodies are set apart where they are divided.
        for field in messages.flat_map(|message| &mut message.fields).filter(|field| field.part != Part::Body) {
            structure::set_apart(field, Dialect::Message);
        }
        readings
    }
}
