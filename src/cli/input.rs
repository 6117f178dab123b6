//! Files, folders and standard input, as windows that can be linted one by one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive;
use super::interrupt::Interrupt;
use super::patient::Patient;
use crate::decode::charset;
use crate::limits;
use crate::message::Note;
use crate::project;
use crate::read::{self, Cut, Format};
use crate::source::Window;

/// Something to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// Standard input.
    Stdin,
    /// A file, by its path as it was named or found.
    File(PathBuf),
    /// Something that cannot be walked or read.
    Broken {
        /// What was asked for.
        path: PathBuf,
        /// What the system says.
        error: String,
    },
}

/// The files below `paths`, in order. Folders are walked as version control sees them or, `isolated`, as they are; devices, pipes and TOML
/// files in them are passed over, links are not followed, and `except` (the output) is never read.
pub(super) fn inputs<'p>(
    paths: &'p [PathBuf],
    except: Option<&'p Path>,
    isolated: bool,
) -> impl Iterator<Item = Input> + 'p {
    let except = except.and_then(|path| fs::canonicalize(path).ok());
    let all = paths.iter().flat_map(move |path| -> Box<dyn Iterator<Item = Input>> {
        if path.as_os_str() == "-" {
            Box::new(std::iter::once(Input::Stdin))
        } else if path.is_dir() {
            Box::new(walk(path, isolated))
        } else {
            Box::new(std::iter::once(Input::File(path.clone())))
        }
    });
    all.filter(move |input| match (input, &except) {
        (Input::File(path), Some(except)) => fs::canonicalize(path).map_or(true, |path| path != *except),
        _ => true,
    })
}

fn walk(folder: &Path, isolated: bool) -> impl Iterator<Item = Input> + use<> {
    let root = folder.to_owned();
    project::files(folder, isolated).map(move |found| match found {
        Ok(path) => Input::File(path),
        Err(error) => Input::Broken { path: root.clone(), error: error.to_string() },
    })
}

/// Whether `output` is one of the files that are named as inputs.
pub(super) fn names_output(paths: &[PathBuf], output: &Path) -> bool {
    let Ok(output) = fs::canonicalize(output) else { return false };
    paths.iter().any(|path| fs::canonicalize(path).is_ok_and(|path| path == output))
}

/// How a source is to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// In which format; without one its name and its bytes tell.
    pub(super) format: Option<&'static Format>,
    /// How many bytes of it, or of one of its lines.
    pub(super) most: usize,
}

/// A source that is open: its format and its windows.
pub(super) struct Opened {
    /// How it is read.
    pub(super) format: &'static Format,
    /// Remarks about it.
    pub(super) notes: Vec<Note>,
    /// How many bytes of it, or of one of its lines, are read.
    most: usize,
    reader: Box<dyn Read>,
    buffer: Vec<u8>,
    next: Window,
    cut: Option<Cut>,
    ended: bool,
    done: bool,
}

/// How many bytes are looked at to find out what a source is.
pub(super) const HEAD: usize = 64 << 10;

impl Opened {
    /// Opens a file, which may be a pipe or a device.
    pub(super) fn path(path: &Path, reading: Reading, interrupt: &Interrupt) -> io::Result<Self> {
        if path.metadata().is_ok_and(|data| data.is_file() || data.is_dir()) {
            return Self::file(path, reading);
        }
        let named = path.to_owned();
        let patient = Patient::new(|| File::open(named), interrupt.clone())?;
        Self::new(Box::new(patient), &path.to_string_lossy(), reading)
    }

    /// Opens a file that keeps nobody waiting.
    pub(super) fn file(path: &Path, reading: Reading) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Self::new(Box::new(file), &path.to_string_lossy(), reading)
    }

    /// A source that is in memory.
    pub(super) fn bytes(bytes: Vec<u8>, name: &str, reading: Reading) -> io::Result<Self> {
        Self::new(Box::new(io::Cursor::new(bytes)), name, reading)
    }

    /// Whether it is an archive, whose entries are sources of their own.
    pub(super) fn is_archive(&self) -> bool {
        archive::is_archive(&self.buffer)
    }

    /// All bytes of a source that has not been read yet, as far as limits allow.
    pub(super) fn into_bytes(mut self) -> io::Result<Vec<u8>> {
        self.fill(self.most)?;
        Ok(self.buffer)
    }

    /// Opens standard input, to be sniffed under `name`.
    pub(super) fn stdin(name: &str, reading: Reading, interrupt: &Interrupt) -> io::Result<Self> {
        let patient = Patient::new(|| Ok(io::stdin().lock()), interrupt.clone())?;
        Self::new(Box::new(patient), name, reading)
    }

    fn new(reader: Box<dyn Read>, name: &str, reading: Reading) -> io::Result<Self> {
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
        opened.fill(HEAD)?;
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

    /// The next window, or none after the last.
    pub(super) fn window(&mut self) -> Option<io::Result<Window>> {
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
            self.fill(self.most + 1)?;
            if self.buffer.len() > self.most {
                self.notes.push(Note::Cut(self.most as u64));
                self.buffer.truncate(self.most);
                self.ended = true;
            }
            return Ok(self.buffer.len());
        };
        let mut size = limits::WINDOW_BYTES;
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
            size *= 2;
        }
    }
}
