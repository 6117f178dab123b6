//! Files that are written whole or not at all: beside their place, and put there in the end.
//!
//! Only a file takes the place of a file. A pipe or a device is written to as it is, and a link goes on leading where it leads.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::device::is_device;
use super::interrupt::Interrupt;

/// How the names of files begin that are to take the place of others.
pub(super) const DRAFT: &str = ".santun-";

/// A file on its way to its place. What is dropped before it is [put there](Self::put) leaves nothing behind.
#[derive(Debug)]
pub(super) enum Whole {
    /// Written beside its place.
    Draft { file: NamedTempFile, place: PathBuf },
    /// No file that could be replaced.
    Special(File),
}

impl Whole {
    /// What is to stand at `place`.
    pub(super) fn at(place: &Path) -> io::Result<Self> {
        let is_there = fs::symlink_metadata(place).is_ok();
        match fs::metadata(place) {
            _ if is_device(place) => File::options().write(true).open(place).map(Self::Special),
            // A link that leads nowhere yet is followed by the system alone.
            Err(_) if is_there => File::create(place).map(Self::Special),
            Ok(data) if !data.is_file() && !data.is_dir() => File::options().write(true).open(place).map(Self::Special),
            Ok(_) => Self::beside(fs::canonicalize(place)?),
            Err(_) => Self::beside(place.to_owned()),
        }
    }

    fn beside(place: PathBuf) -> io::Result<Self> {
        let file = draft(folder_of(&place))?;
        Ok(Self::Draft { file, place })
    }

    /// Sees to it that an interrupt leaves nothing behind.
    pub(super) fn watched_by(&self, interrupt: &Interrupt) {
        if let Self::Draft { file, .. } = self {
            interrupt.begins(file.path());
        }
    }

    /// Puts it in its place.
    pub(super) fn put(mut self, interrupt: &Interrupt) -> io::Result<()> {
        self.flush()?;
        match self {
            Self::Draft { file, place } => {
                interrupt.ends(file.path());
                file.persist(place).map(|_| ()).map_err(|error| error.error)
            }
            Self::Special(_) => Ok(()),
        }
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Draft { file, .. } => file.write(bytes),
            Self::Special(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Draft { file, .. } => file.flush(),
            Self::Special(file) => file.flush(),
        }
    }
}

/// Writes `bytes` to `place`, in the stead of what is there.
pub(super) fn write(place: &Path, bytes: &[u8]) -> io::Result<()> {
    match Whole::at(place)? {
        Whole::Draft { file, place } => written(file, bytes)?.persist(place).map(|_| ()).map_err(|error| error.error),
        Whole::Special(mut file) => file.write_all(bytes),
    }
}

/// Writes `bytes` to `place` if nothing is there; else it is an error of the kind [`AlreadyExists`](io::ErrorKind::AlreadyExists).
pub(super) fn write_new(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = written(draft(folder_of(place))?, bytes)?;
    file.persist_noclobber(place).map(|_| ()).map_err(|error| error.error)
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn written(mut file: NamedTempFile, bytes: &[u8]) -> io::Result<NamedTempFile> {
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A file in `folder`, with the rights of any new file. By its name, `--watch` knows it for one of ours.
fn draft(folder: &Path) -> io::Result<NamedTempFile> {
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
