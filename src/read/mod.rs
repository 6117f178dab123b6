//! Input formats: from the text of a window to conversations. One file a format, and its line in [`FORMATS`].

mod catalogue;
mod channel;
mod csv;
mod eml;
mod export;
mod front;
mod html;
mod identity;
mod jsonl;
mod keys;
mod mbox;
mod parts;
mod plain;
mod sender;
mod slack;
mod stamp;
mod structure;
mod telegram;
mod whatsapp;

use std::sync::Arc;

pub use csv::Column;
pub use keys::{KeyPattern, MessageKeys};

use crate::decode::charset;
use crate::decode::construct::Dialect;
use crate::limits::Limits;
use crate::message::{Channel, Conversation, Part, Unreadable};
use crate::source::{Locator, Text, Window};

/// What most formats have in common.
const USUAL: Format =
    Format { name: "", sniff: |_, _| false, cut: None, switches: false, bytes: false, read: Read::All(plain::read) };

/// Every input format, in the order in which they are tried; the last one takes everything.
pub static FORMATS: &[Format] = &[
    Format {
        name: "mbox",
        sniff: mbox::sniff,
        cut: Some(mbox::CUT),
        bytes: true,
        read: Read::Each(mbox::read),
        ..USUAL
    },
    Format { name: "eml", sniff: eml::sniff, bytes: true, read: Read::All(eml::read), ..USUAL },
    Format { name: "telegram", sniff: telegram::sniff, read: Read::All(telegram::read), ..USUAL },
    Format { name: "slack", sniff: slack::sniff, read: Read::All(slack::read), ..USUAL },
    Format { name: "jsonl", sniff: jsonl::sniff, cut: Some(jsonl::CUT), read: Read::Each(jsonl::read), ..USUAL },
    Format { name: "whatsapp", sniff: whatsapp::sniff, read: Read::All(whatsapp::read), ..USUAL },
    Format { name: "catalogue", read: Read::All(catalogue::read), ..USUAL },
    Format {
        name: "template",
        sniff: html::sniff_template,
        switches: true,
        read: Read::All(html::read_template),
        ..USUAL
    },
    Format { name: "csv", sniff: csv::sniff, cut: Some(csv::CUT), read: Read::All(csv::read), ..USUAL },
    Format { name: "html", sniff: html::sniff, switches: true, read: Read::All(html::read), ..USUAL },
    Format { name: "plain", sniff: |_, _| true, read: Read::All(plain::read), ..USUAL },
];

/// An input format.
#[derive(Debug)]
pub struct Format {
    /// Name on the command line and in JSON.
    pub name: &'static str,
    /// Whether a source with this file name and these first characters is of the format.
    pub(crate) sniff: fn(&str, &str) -> bool,
    /// Where a source of any size may be cut into windows; none where it is read as a whole.
    pub cut: Option<Cut>,
    /// Whether comments of the format may switch rules off.
    pub switches: bool,
    /// Whether the reader decodes the bytes of the window itself, since their encoding changes within it.
    pub bytes: bool,
    /// What a window holds: its text is empty where the reader wants bytes.
    pub(crate) read: Read,
}

/// How the conversations of a window are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    /// All at once.
    All(for<'w> fn(&'w Text<'w>, &'w Window, &Hints) -> Vec<Reading<'w>>),
    /// One after the other, since there may be many: each is handed on before the next is read.
    Each(for<'w> fn(&'w Text<'w>, &'w Window, &Hints, &mut dyn FnMut(Reading<'w>))),
}

/// How a source is cut into windows that can be read by themselves.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The last offset in the bytes at which a window may end, if there is one; the bytes go on behind. What comes first is
    /// [`Window::head`].
    pub last: fn(&[u8], &[u8]) -> Option<usize>,
    /// How many messages the bytes of a window hold. What comes first is [`Window::head`].
    pub count: fn(&[u8], &[u8]) -> u64,
    /// What the windows that follow have to know of the first, for their [`Window::head`].
    pub head: Option<fn(&Window) -> Vec<u8>>,
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
    /// Names of senders whose turns of a conversation are ours.
    pub me: Vec<String>,
    /// Names by which the agency and its people sign, for a guess at whose turns are ours.
    pub own_names: Vec<String>,
    /// Which columns of a table hold what, by their names; where none is said, columns are known by their names.
    pub columns: Vec<(Column, String)>,
    /// Whether the conversation of the file goes on in another file, so that an answer may stand there.
    pub goes_on: bool,
    /// Whether no comment of a file can switch rules off.
    pub no_switches: bool,
    /// Which strings of a catalogue are messages.
    pub messages: Arc<[MessageKeys]>,
    /// How much is read of one thing.
    pub limits: Limits,
}

impl Hints {
    /// What is known of the entry `name` of the archive that all of this is known of.
    #[must_use]
    pub fn of_entry(&self, name: &str) -> Self {
        // The entry of a chat is always called the same; what the archive is called tells with whom it was.
        let own = if name == "_chat.txt" { &self.file_name } else { name.rsplit('/').next().unwrap_or(name) };
        // Keys are for files as an application reads them, and none reads archives.
        Self { file_name: own.to_owned(), messages: Arc::default(), ..self.clone() }
    }

    /// The format of the source, where it need not be guessed: catalogues are what the configuration calls so.
    #[must_use]
    pub fn format(&self) -> Option<&'static Format> {
        (!self.messages.is_empty()).then(|| Format::by_name("catalogue")).flatten()
    }
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
        let head = charset::head(head);
        let head = head.trim_start_matches('\u{feff}');
        FORMATS.iter().find(|format| (format.sniff)(file_name, head)).unwrap_or(&FORMATS[FORMATS.len() - 1])
    }

    /// The text of a window, to be handed to [`Format::read`].
    #[must_use]
    pub fn decode<'w>(&self, window: &'w Window) -> Text<'w> {
        if self.bytes { Text { line: window.line, ..Text::default() } } else { charset::decode(window) }
    }

    /// What tells lines and columns of a window.
    #[must_use]
    pub fn locator<'w>(&self, text: &'w Text<'w>, window: &'w Window) -> Locator<'w> {
        if self.bytes { Locator::of_bytes(window) } else { Locator::new(text) }
    }

    /// The conversations of a decoded window, in order.
    #[must_use]
    pub fn read<'w>(&self, text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
        let mut readings = Vec::new();
        self.read_each(text, window, hints, &mut |reading| readings.push(reading));
        readings
    }

    /// Hands the conversations of a decoded window to `take`, in order. Where there may be many, each is handed on before the
    /// next is read.
    pub fn read_each<'w>(
        &self,
        text: &'w Text<'w>,
        window: &'w Window,
        hints: &Hints,
        take: &mut dyn FnMut(Reading<'w>),
    ) {
        let mut ready = |mut reading: Reading<'w>| {
            let messages = reading.iter_mut().flat_map(|conversation| &mut conversation.messages);
            // Bodies are set apart where they are divided.
            for field in messages.flat_map(|message| &mut message.fields).filter(|field| field.part != Part::Body) {
                structure::set_apart(field, Dialect::Message);
            }
            take(reading);
        };
        match self.read {
            Read::All(read) => read(text, window, hints).into_iter().for_each(ready),
            Read::Each(read) => read(text, window, hints, &mut ready),
        }
    }
}
