//! A source that is open, as windows that can be linted one by one: a file, standard input, what a page was handed.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::decode::charset;
use crate::limits::{HEAD_BYTES, WINDOW_BYTES};
use crate::locale::Lang;
use crate::message::Note;
use crate::read::{self, Cut, Format, Hints};
use crate::report::shown;
use crate::source::Window;
use crate::texts::Key;

/// How an archive begins.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// How a source is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// In which format; without one its name and its bytes tell.
    pub format: Option<&'static Format>,
    /// How many bytes of it, or of one of its lines.
    pub most: usize,
}

impl Reading {
    /// As `hints` have it.
    #[must_use]
    pub fn of(hints: &Hints) -> Self {
        Self { format: hints.format(), most: usize::try_from(hints.limits.source_bytes).unwrap_or(usize::MAX) }
    }
}

/// A source that is open: its format and its windows.
pub struct Opened {
    /// How it is read.
    pub format: &'static Format,
    /// Remarks about it.
    pub notes: Vec<Note>,
    /// How many bytes of it, or of one of its lines, are read.
    most: usize,
    reader: Box<dyn Read>,
    buffer: Vec<u8>,
    next: Window,
    cut: Option<Cut>,
    ended: bool,
    done: bool,
}

impl Opened {
    /// A source that is in memory.
    ///
    /// # Errors
    /// None, since memory can be read.
    pub fn bytes(bytes: Vec<u8>, name: &str, reading: Reading) -> io::Result<Self> {
        Self::new(Box::new(io::Cursor::new(bytes)), name, reading)
    }

    /// Whether it is an archive, whose entries are sources of their own.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        self.buffer.starts_with(ARCHIVE)
    }

    /// All bytes of a source that has not been read yet, as far as limits allow.
    ///
    /// # Errors
    /// What the reader says.
    pub fn into_bytes(mut self) -> io::Result<Vec<u8>> {
        self.fill(self.most)?;
        Ok(self.buffer)
    }

    /// Opens what `reader` reads, to be sniffed under `name` where its format is not known.
    ///
    /// # Errors
    /// What the reader says.
    pub fn new(reader: Box<dyn Read>, name: &str, reading: Reading) -> io::Result<Self> {
        let mut opened = Self {
            format: &read::FORMATS[0],
            notes: Vec::new(),
            most: reading.most,
            reader,
            buffer: Vec::new(),
            next: Window { line: 1, first: true, ..Window::default() },
            cut: None,
            ended: false,
            done: false,
        };
        opened.fill(HEAD_BYTES)?;
        opened.format = reading.format.unwrap_or_else(|| Format::sniffed(name, &opened.buffer));
        // UTF-16 has no line ends that could be found without decoding.
        opened.cut = opened.format.cut.filter(|_| charset::utf16(&opened.buffer).is_none());
        // Mail may hold anything and is mail all the same.
        if !opened.format.bytes && read::is_binary(&opened.buffer) {
            opened.notes.push(Note::Binary);
            opened.done = true;
        }
        Ok(opened)
    }

    /// Reads until the buffer holds `size` bytes or the source ends.
    fn fill(&mut self, size: usize) -> io::Result<()> {
        if !self.ended && self.buffer.len() < size {
            let missing = (size - self.buffer.len()) as u64;
            let read = self.reader.by_ref().take(missing).read_to_end(&mut self.buffer)?;
            self.ended = (read as u64) < missing;
        }
        Ok(())
    }

    /// Hands on every window with the remarks that come with it; an empty one where there is none, since remarks need a place. An error is
    /// the last that comes.
    pub fn each(mut self, take: &mut dyn FnMut(io::Result<(Window, Vec<Note>)>)) {
        let mut any = false;
        loop {
            let window = match self.window() {
                Some(Ok(window)) => window,
                Some(Err(error)) => return take(Err(error)),
                None if any => return,
                None => Window::whole([]),
            };
            any = true;
            let last = window.last;
            take(Ok((window, std::mem::take(&mut self.notes))));
            if last {
                return;
            }
        }
    }

    /// The next window, or none after the last.
    pub fn window(&mut self) -> Option<io::Result<Window>> {
        if self.done {
            return None;
        }
        let cut = match self.cut() {
            Ok(cut) => cut,
            Err(error) => {
                self.done = true;
                return Some(Err(error));
            }
        };
        let rest = self.buffer.split_off(cut);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        self.done = self.ended && self.buffer.is_empty();
        if self.done {
            // Windows lets nothing take the place of a file that is open, and --fix may want to.
            self.reader = Box::new(io::empty());
        }
        let window = Window { bytes, last: self.done, ..self.next.clone() };
        let mut head = Arc::clone(&window.head);
        if let Some(tell) = self.cut.and_then(|cut| cut.head).filter(|_| head.is_empty() && !self.done) {
            head = tell(&window).into();
        }
        self.next = Window {
            head,
            base: window.base + window.bytes.len() as u64,
            line: window.line + memchr::memchr_iter(b'\n', &window.bytes).count() as u64,
            index: window.index + self.cut.map_or(1, |cut| (cut.count)(&window.head, &window.bytes)),
            first: false,
            ..Window::default()
        };
        Some(Ok(window))
    }

    /// Where the next window ends in the buffer: after a record, or after everything.
    fn cut(&mut self) -> io::Result<usize> {
        let Some(cut) = self.cut else {
            self.fill(self.most.saturating_add(1))?;
            if self.buffer.len() > self.most {
                self.notes.push(Note::Cut(self.most as u64));
                self.buffer.truncate(self.most);
                self.ended = true;
            }
            return Ok(self.buffer.len());
        };
        let mut size = WINDOW_BYTES;
        loop {
            self.fill(size)?;
            if self.ended {
                return Ok(self.buffer.len());
            }
            if let Some(end) = (cut.last)(&self.next.head, &self.buffer) {
                return Ok(end);
            }
            if size >= self.most {
                return Ok(self.buffer.len());
            }
            size = size.saturating_mul(2);
        }
    }
}

/// Says why a file cannot be read.
#[must_use]
pub fn unreadable(lang: Lang, path: &Path, error: &io::Error) -> String {
    use std::io::ErrorKind;
    let path = shown(&path.display().to_string());
    let key = match error.kind() {
        ErrorKind::NotFound => Key::ErrorFileMissing,
        ErrorKind::PermissionDenied => Key::ErrorFileDenied,
        ErrorKind::IsADirectory => Key::ErrorFileFolder,
        ErrorKind::InvalidData => Key::ErrorFileNotUtf8,
        _ => return lang.fill(Key::ErrorFileOther, &[("path", &path), ("detail", &shown(&error.to_string()))]),
    };
    lang.fill(key, &[("path", &path)])
}
