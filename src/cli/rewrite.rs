//! A file that takes the place of another: written beside it, put in its place whole, and only if that has not changed.

use std::fs::{self, File, Metadata};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::interrupt::Interrupt;
use super::whole::{DRAFT, folder_of};

/// Why a file is left as it is.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A link that leads out of the folder in which it lies.
    Link,
    /// Nobody may write it.
    ReadOnly,
    /// No file that could be replaced: a pipe, a device.
    Special,
    /// Somebody else has changed it since it was read.
    Changed,
    /// Only its beginning was read.
    TooLarge,
    /// What the system says.
    System(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// A file that may be replaced. Its content comes in order, window by window.
#[derive(Debug)]
pub(super) struct Rewrite {
    path: PathBuf,
    before: Metadata,
    /// How much of the old content has come by, and its hash.
    seen: u64,
    hash: DefaultHasher,
    /// Where the new content is written, from the first change on.
    new: Option<NamedTempFile>,
}

impl Rewrite {
    /// The file at `path`.
    pub(super) fn of(path: &Path) -> Result<Self, Refusal> {
        let path = followed(path)?;
        let before = fs::metadata(&path)?;
        if !before.is_file() {
            return Err(Refusal::Special);
        }
        Ok(Self { path, before, seen: 0, hash: DefaultHasher::new(), new: None })
    }

    /// What comes next in the old content, and what it becomes, if that is something else.
    pub(super) fn push(&mut self, old: &[u8], new: Option<&[u8]>, interrupt: &Interrupt) -> Result<(), Refusal> {
        if new.is_some() && self.new.is_none() {
            self.new = Some(self.begin(interrupt)?);
        }
        self.hash.write(old);
        self.seen += old.len() as u64;
        if let Some(draft) = &mut self.new {
            draft.write_all(new.unwrap_or(old))?;
        }
        Ok(())
    }

    /// Opens the new file, with all that has come by.
    fn begin(&self, interrupt: &Interrupt) -> Result<NamedTempFile, Refusal> {
        if self.before.permissions().readonly() {
            return Err(Refusal::ReadOnly);
        }
        let mut draft = tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder_of(&self.path))?;
        interrupt.begins(draft.path());
        let copied = io::copy(&mut File::open(&self.path)?.take(self.seen), draft.as_file_mut())?;
        if copied == self.seen { Ok(draft) } else { Err(Refusal::Changed) }
    }

    /// Puts the new content in the place of the old; whether there was any. Whatever goes wrong, the old content stays.
    pub(super) fn finish(mut self, interrupt: &Interrupt) -> Result<bool, Refusal> {
        let Some(mut draft) = self.new.take() else { return Ok(false) };
        let place = draft.path().to_owned();
        let outcome = self
            .put(&mut draft)
            .and_then(|()| draft.persist(&self.path).map(|_| true).map_err(|error| Refusal::System(error.error)));
        interrupt.ends(&place);
        outcome
    }

    fn put(&self, draft: &mut NamedTempFile) -> Result<(), Refusal> {
        self.keep_owner(draft.path());
        draft.as_file().set_permissions(self.before.permissions())?;
        draft.flush()?;
        draft.as_file().sync_all()?;
        if self.has_changed()? {
            return Err(Refusal::Changed);
        }
        if self.seen < self.before.len() { Err(Refusal::TooLarge) } else { Ok(()) }
    }

    /// Whether the file holds something else than what has come by.
    fn has_changed(&self) -> Result<bool, Refusal> {
        let now = fs::metadata(&self.path)?;
        if now.len() != self.before.len() || now.modified().ok() != self.before.modified().ok() {
            return Ok(true);
        }
        let mut hash = DefaultHasher::new();
        let mut file = File::open(&self.path)?.take(self.seen);
        let mut chunk = vec![0; 64 << 10];
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(hash.finish() != self.hash.finish()),
                read => hash.write(&chunk[..read]),
            }
        }
    }

    /// Who mends a file of somebody else leaves it theirs, where the system lets one.
    #[cfg(unix)]
    fn keep_owner(&self, draft: &Path) {
        use std::os::unix::fs::{MetadataExt, chown};
        let own = fs::metadata(draft).ok();
        if own.is_none_or(|own| (own.uid(), own.gid()) != (self.before.uid(), self.before.gid())) {
            let _ = chown(draft, Some(self.before.uid()), Some(self.before.gid()));
        }
    }

    /// Elsewhere a file belongs to the folder that it lies in.
    #[cfg(not(unix))]
    fn keep_owner(&self, _: &Path) {}
}

/// Where a file lies that may be a link. A link may lead to what lies in its own folder or below.
fn followed(path: &Path) -> Result<PathBuf, Refusal> {
    if !fs::symlink_metadata(path)?.is_symlink() {
        return Ok(path.to_owned());
    }
    let (target, folder) = (fs::canonicalize(path)?, fs::canonicalize(folder_of(path))?);
    if target.starts_with(folder) { Ok(target) } else { Err(Refusal::Link) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a file, and the rewriting of it in which `change` happens between reading and writing.
    fn rewritten(change: impl FnOnce(&Path)) -> (tempfile::TempDir, Result<bool, Refusal>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("surel.txt");
        fs::write(&path, "satu gak dua").unwrap();
        let interrupt = Interrupt::default();
        let mut rewrite = Rewrite::of(&path).unwrap();
        rewrite.push(b"satu ", None, &interrupt).unwrap();
        rewrite.push(b"gak dua", Some(b"tidak dua"), &interrupt).unwrap();
        change(&path);
        let outcome = rewrite.finish(&interrupt);
        (folder, outcome)
    }

    /// What lies in the folder, by name.
    fn content(folder: &tempfile::TempDir) -> Vec<(String, String)> {
        let mut all: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
            .collect();
        all.sort();
        all
    }

    #[test]
    fn puts_the_new_content_in_its_place() {
        let (folder, outcome) = rewritten(|_| ());
        assert!(outcome.unwrap());
        assert_eq!(content(&folder), [("surel.txt".to_owned(), "satu tidak dua".to_owned())]);
    }

    #[test]
    fn what_somebody_changed_meanwhile_stays() {
        for now in ["satu gak dua tiga", "satu gak tig"] {
            let (folder, outcome) = rewritten(|path| fs::write(path, now).unwrap());
            assert!(matches!(outcome, Err(Refusal::Changed)));
            assert_eq!(content(&folder), [("surel.txt".to_owned(), now.to_owned())]);
        }
    }

    #[test]
    fn what_somebody_removed_meanwhile_stays_away() {
        let (folder, outcome) = rewritten(|path| fs::remove_file(path).unwrap());
        assert!(matches!(outcome, Err(Refusal::System(_))));
        assert!(content(&folder).is_empty());
    }

    #[test]
    fn what_was_not_read_to_its_end_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("surel.txt");
        fs::write(&path, "satu gak dua").unwrap();
        let interrupt = Interrupt::default();
        let mut rewrite = Rewrite::of(&path).unwrap();
        rewrite.push(b"satu gak", Some(b"satu tidak"), &interrupt).unwrap();
        assert!(matches!(rewrite.finish(&interrupt), Err(Refusal::TooLarge)));
        assert_eq!(content(&folder), [("surel.txt".to_owned(), "satu gak dua".to_owned())]);
    }
}
