//! The files of a folder that may hold messages.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// The files below `folder`, in order, or what cannot be walked. Folders are walked as version control sees them, unless they are
/// strangers' (`isolated`), who could hide a file by what they have ignored; hidden files, devices, pipes and TOML files in them are passed
/// over, links are not followed.
pub(crate) fn files(folder: &Path, isolated: bool) -> impl Iterator<Item = Result<PathBuf, ignore::Error>> + use<> {
    let mut builder = WalkBuilder::new(folder);
    builder.require_git(false).sort_by_file_name(std::cmp::Ord::cmp);
    if isolated {
        builder.ignore(false).git_ignore(false).git_exclude(false).git_global(false).parents(false);
    }
    builder.build().filter_map(|entry| match entry {
        Ok(entry) if is_settings(entry.path()) => None,
        Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => Some(Ok(entry.into_path())),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    })
}

/// Whether a file is a configuration or a pack: they lie among messages and are none.
pub(crate) fn is_settings(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}
