//! Where reports go: standard output, or a file that is written whole or not at all.

use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;

use tempfile::SpooledTempFile;

use super::Outcome;
use super::interrupt::Interrupt;
use super::spool::Spool;
use super::whole::Whole;
use crate::render::{FileHead, FileTail, Gathered, LeftOut, Render, RunTail};
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
    /// What waits for the overview, in a report.
    spool: Option<Spool>,
    /// Whether whoever reads has gone away.
    pub(super) closed: bool,
}

enum Target {
    Nowhere,
    Stream(Box<dyn Write>),
    File { file: Whole, interrupt: Interrupt },
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
    /// An output to `place`; `shows` says whether a report shows messages.
    pub(super) fn new(
        renderer: &'r dyn Render,
        place: Place<'_>,
        interrupt: &Interrupt,
        shows: bool,
    ) -> io::Result<Self> {
        let target = match place {
            Place::File(path) => {
                let file = Whole::at(path)?;
                file.watched_by(interrupt);
                Target::File { file, interrupt: interrupt.clone() }
            }
            Place::Stdout => Target::Stream(Box::new(io::stdout().lock())),
            // It is not locked, since complaints go there as well.
            Place::Stderr => Target::Stream(Box::new(io::stderr())),
            Place::Nowhere => Target::Nowhere,
        };
        let spools = renderer.is_report() && !matches!(target, Target::Nowhere);
        let spool = if spools { Some(Spool::new(shows)?) } else { None };
        let mut output = Self { renderer, target, files: 0, held: None, between: false, spool, closed: false };
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
        if let Some(spool) = &mut self.spool {
            spool.open(text);
            return Ok(());
        }
        self.write(&text)?;
        if self.renderer.counts_first() && !self.is_silent() {
            self.held = Some(SpooledTempFile::new(HELD));
        }
        Ok(())
    }

    /// Messages that were rendered in one piece, separators between them included: of how many with
    /// findings, and how many of these a report leaves out.
    pub(super) fn messages(&mut self, rendered: &str, counts: (u64, u64)) -> io::Result<()> {
        if let Some(spool) = &mut self.spool {
            return spool.messages(rendered, counts);
        }
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
        match &mut self.spool {
            Some(spool) => spool.close(&text, tail.error.is_some() || !tail.notes.is_empty()),
            None if self.renderer.is_flat() => self.messages(&text, (0, 0)),
            None => self.write(&text),
        }
    }

    /// Writes what was held back.
    fn release(&mut self, mut held: impl Read + Seek) -> io::Result<()> {
        held.rewind()?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = held.read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            self.write_bytes(piece.get(..read).unwrap_or_default())?;
        }
    }

    /// What is said of the run as a whole.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        self.write(text)
    }

    /// Writes the end, and puts the file in its place.
    pub(super) fn finish(mut self, tally: &Tally, gathered: &Gathered) -> io::Result<()> {
        let mut text = String::new();
        let mut run = RunTail { files: self.files, tally, gathered, left_out: LeftOut::default() };
        if let Some(spool) = self.spool.take() {
            run.left_out = spool.left_out;
            self.renderer.overview(run, &mut text);
            self.write(&std::mem::take(&mut text))?;
            self.release(spool.into_file())?;
        }
        self.renderer.finish(run, &mut text);
        self.write(&text)?;
        match self.target {
            Target::Nowhere => Ok(()),
            Target::Stream(mut stream) => gone_is_fine(stream.flush()),
            Target::File { file, interrupt } => file.put(&interrupt),
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

/// A reader who has seen enough is no error.
fn gone_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
