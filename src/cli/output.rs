//! Where reports go: standard output, or a file that is written whole or not at all.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::interrupt::Interrupt;
use super::spool::Spool;
use crate::render::{FileHead, FileTail, Overview, Render};

/// Puts the reports of all sources together.
pub(super) struct Output<'r> {
    renderer: &'r dyn Render,
    target: Target,
    files: u64,
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
    File { file: NamedTempFile, path: PathBuf, interrupt: Interrupt },
}

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
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let file = temporary(folder)?;
                interrupt.begins(file.path());
                Target::File { file, path: path.to_owned(), interrupt: interrupt.clone() }
            }
            Place::Stdout => Target::Stream(Box::new(io::stdout().lock())),
            // It is not locked, since complaints go there as well.
            Place::Stderr => Target::Stream(Box::new(io::stderr())),
            Place::Nowhere => Target::Nowhere,
        };
        let spools = renderer.is_report() && !matches!(target, Target::Nowhere);
        let spool = if spools { Some(Spool::new(shows)?) } else { None };
        let mut output = Self { renderer, target, files: 0, between: false, spool, closed: false };
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
        self.between = false;
        match &mut self.spool {
            Some(spool) => {
                spool.open(text);
                Ok(())
            }
            None => self.write(&text),
        }
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
        self.renderer.close(file, tail, &mut text);
        let matters = tail.error.is_some() || !tail.notes.is_empty();
        match &mut self.spool {
            Some(spool) => spool.close(&text, matters),
            None => self.write(&text),
        }
    }

    /// What is said of the run as a whole.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        self.write(text)
    }

    /// Writes the end, and puts the file in its place.
    pub(super) fn finish(mut self, overview: &Overview<'_>) -> io::Result<()> {
        let mut text = String::new();
        if let Some(spool) = self.spool.take() {
            let overview = Overview { left_out: spool.left_out, unlisted: spool.unlisted, ..*overview };
            self.renderer.overview(&overview, &mut text);
            self.write(&std::mem::take(&mut text))?;
            spool.read(|piece| self.write(piece))?;
        }
        self.renderer.finish(self.files, overview.tally, &mut text);
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
        if self.closed || text.is_empty() {
            return Ok(());
        }
        match &mut self.target {
            Target::Nowhere => Ok(()),
            Target::File { file, .. } => file.write_all(text.as_bytes()),
            Target::Stream(stream) => {
                let written = stream.write_all(text.as_bytes());
                self.closed = written.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
                gone_is_fine(written)
            }
        }
    }
}

/// A file in `folder` that takes the place of the output once it is whole, with the rights of any new file.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A reader who has seen enough is no error.
fn gone_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
