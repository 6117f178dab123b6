//! Where reports go: standard output, or a file that is written whole or not at all.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, SpooledTempFile};

use super::Outcome;
use super::device::is_device;
use super::interrupt::Interrupt;
use super::rewrite::DRAFT;
use crate::render::{FileHead, FileTail, Gathered, Render, RunTail};
use crate::tally::Tally;

/// Puts the reports of all sources together.
pub(super) struct Output<'r> {
    renderer: &'r dyn Render,
    target: Target,
    files: u64,
    /// What the open source said, where that is told after what came of it.
    held: Option<SpooledTempFile>,
    /// Whether a message of the open source has been written.
    between: bool,
    /// Whether whoever reads has gone away.
    pub(super) closed: bool,
}

enum Target {
    Nowhere,
    Stream(Box<dyn Write>),
    File { file: NamedTempFile, path: PathBuf, interrupt: Interrupt },
}

/// How much is held back in memory, in bytes; more goes into a temporary file.
const HELD: usize = 1 << 20;
/// How much of what was held back is written at a time.
const PIECE: usize = 64 << 10;

/// Where a report is to go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'p> {
    File(&'p Path),
    Stdout,
    Stderr,
    Nowhere,
}

impl<'r> Output<'r> {
    /// An output to `place`.
    pub(super) fn new(renderer: &'r dyn Render, place: Place<'_>, interrupt: &Interrupt) -> io::Result<Self> {
        let target = match place {
            Place::File(path) if is_device(path) => Target::Stream(Box::new(File::options().write(true).open(path)?)),
            Place::File(path) => {
                let file = temporary(folder_of(path))?;
                interrupt.begins(file.path());
                Target::File { file, path: path.to_owned(), interrupt: interrupt.clone() }
            }
            Place::Stdout => Target::Stream(Box::new(io::stdout().lock())),
            // It is not locked, since complaints go there as well.
            Place::Stderr => Target::Stream(Box::new(io::stderr())),
            Place::Nowhere => Target::Nowhere,
        };
        let mut output = Self { renderer, target, files: 0, held: None, between: false, closed: false };
        let mut text = String::new();
        renderer.start(&mut text);
        output.write(&text)?;
        Ok(output)
    }

    /// Whether anything is written at all.
    pub(super) fn is_silent(&self) -> bool {
        matches!(self.target, Target::Nowhere)
    }

    pub(super) fn open(&mut self, file: FileHead<'_>) -> io::Result<()> {
        let mut text = String::new();
        self.renderer.open(file, self.files == 0, &mut text);
        self.files += 1;
        self.between &= self.renderer.is_flat();
        self.write(&text)?;
        if self.renderer.counts_first() && !self.is_silent() {
            self.held = Some(SpooledTempFile::new(HELD));
        }
        Ok(())
    }

    /// Messages that were rendered in one piece, separators between them included.
    pub(super) fn messages(&mut self, rendered: &str) -> io::Result<()> {
        if rendered.is_empty() {
            return Ok(());
        }
        if std::mem::replace(&mut self.between, true) {
            self.write(self.renderer.separator())?;
        }
        self.write(rendered)
    }

    pub(super) fn close(&mut self, file: FileHead<'_>, tail: FileTail<'_>) -> io::Result<()> {
        let mut text = String::new();
        if let Some(held) = self.held.take() {
            self.renderer.head(file, tail, &mut text);
            self.write(&text)?;
            self.release(held)?;
            text.clear();
        }
        self.renderer.close(file, tail, &mut text);
        if self.renderer.is_flat() { self.messages(&text) } else { self.write(&text) }
    }

    /// Writes what was held back.
    fn release(&mut self, mut held: SpooledTempFile) -> io::Result<()> {
        held.rewind()?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = held.read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            self.write_bytes(&piece[..read])?;
        }
    }

    /// What is said of the run as a whole.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        self.write(text)
    }

    /// Writes the end, and puts the file in its place.
    pub(super) fn finish(mut self, tally: &Tally, gathered: &Gathered) -> io::Result<()> {
        let mut text = String::new();
        self.renderer.finish(RunTail { files: self.files, tally, gathered }, &mut text);
        self.write(&text)?;
        match self.target {
            Target::Nowhere => Ok(()),
            Target::Stream(mut stream) => gone_is_fine(stream.flush()),
            Target::File { mut file, path, interrupt } => {
                file.flush()?;
                interrupt.ends(file.path());
                file.persist(path).map(|_| ()).map_err(|error| error.error)
            }
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        match &mut self.held {
            Some(held) => held.write_all(text.as_bytes()),
            None => self.write_bytes(text.as_bytes()),
        }
    }

    fn write_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed || bytes.is_empty() {
            return Ok(());
        }
        match &mut self.target {
            Target::Nowhere => Ok(()),
            Target::File { file, .. } => file.write_all(bytes),
            Target::Stream(stream) => {
                let written = stream.write_all(bytes);
                self.closed = written.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
                gone_is_fine(written)
            }
        }
    }
}

/// Prints what a command was asked for.
pub(super) fn print(text: &str) -> Outcome {
    // A reader who has gone away has seen enough.
    let _ = io::stdout().write_all(text.as_bytes());
    Outcome::Clean
}

/// JSON as people read it.
pub(super) fn pretty_json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// Writes a file whole or not at all. What is there already is replaced only with `replace`.
pub(super) fn whole(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let mut file = temporary(folder_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let put = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    put.map(|_| ()).map_err(|error| error.error)
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file in `folder` that takes the place of the output once it is whole, with the rights of any new file.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    // By its name, `--watch` knows it for one of ours.
    builder().prefix(DRAFT).tempfile_in(folder)
}

#[cfg(unix)]
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Elsewhere a file has the rights of its folder.
#[cfg(not(unix))]
fn builder() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}

/// A reader who has seen enough is no error.
fn gone_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
