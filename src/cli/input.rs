//! Files, folders and standard input, found and opened.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::interrupt::Interrupt;
use super::patient::Patient;
use crate::open::{Opened, Reading};
use crate::project;

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

    /// Opens standard input, to be sniffed under `name`.
    pub(super) fn stdin(name: &str, reading: Reading, interrupt: &Interrupt) -> io::Result<Self> {
        let patient = Patient::new(|| Ok(io::stdin().lock()), interrupt.clone())?;
        Self::new(Box::new(patient), name, reading)
    }
}
