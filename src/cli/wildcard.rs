//! Wildcards in paths, such as `*.txt`. Elsewhere shells put the files in their place; on Windows they leave that to the program.

use std::fs;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// The paths that are meant. Names hold neither `*` nor `?` on Windows, so there a path with one of them can only be a pattern.
pub(super) fn expanded(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    if cfg!(windows) { paths.iter().flat_map(|path| matching(path)).collect() } else { paths }
}

/// What a pattern stands for, in order; itself where that is nothing, so that it can be named as missing.
fn matching(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for step in pattern.components() {
        let wildcard = match step {
            Component::Normal(name) => name.to_str().and_then(wildcard),
            _ => None,
        };
        match wildcard {
            Some(wildcard) => found = found.iter().flat_map(|folder| members(folder, &wildcard)).collect(),
            None => found.iter_mut().for_each(|path| path.push(step)),
        }
    }
    found.retain(|path| path.symlink_metadata().is_ok());
    if found.is_empty() { vec![pattern.to_owned()] } else { found }
}

/// What names are to fit; none where it is a name itself. All but `*` and `?` means itself, and case means nothing.
fn wildcard(name: &str) -> Option<GlobMatcher> {
    if !name.contains(['*', '?']) {
        return None;
    }
    // Of old, `*.*` stands for names without a dot as well.
    let name = if name == "*.*" { "*" } else { name };
    let pattern = globset::escape(name).replace("[*]", "*").replace("[?]", "?");
    GlobBuilder::new(&pattern).case_insensitive(true).build().ok().map(|glob| glob.compile_matcher())
}

/// What lies in a folder and fits, in order. A folder that cannot be read holds nothing.
fn members(folder: &Path, wildcard: &GlobMatcher) -> Vec<PathBuf> {
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let names = fs::read_dir(listed).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut found: Vec<PathBuf> = names.filter(|name| wildcard.is_match(name)).map(|name| folder.join(name)).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a pattern finds in a folder with a few files, below that folder.
    fn found(pattern: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["surel.txt", "chat.TXT", "surat", "[draf] surel 1.txt", "arsip/januari.txt", "arsip2/januari.eml"]
        {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let below = |path: PathBuf| path.strip_prefix(folder.path()).unwrap().to_str().unwrap().replace('\\', "/");
        matching(&folder.path().join(pattern)).into_iter().map(below).collect()
    }

    #[test]
    fn stand_for_what_fits() {
        assert_eq!(found("*.txt"), ["[draf] surel 1.txt", "chat.TXT", "surel.txt"]);
        assert_eq!(found("SUR*"), ["surat", "surel.txt"]);
        assert_eq!(found("[draf] surel ?.txt"), ["[draf] surel 1.txt"]);
        assert_eq!(found("arsip*/*"), ["arsip/januari.txt", "arsip2/januari.eml"]);
        assert_eq!(found("*/januari.eml"), ["arsip2/januari.eml"]);
        assert_eq!(found("*.*").len(), 6);
    }

    #[test]
    fn stay_where_nothing_fits() {
        for pattern in ["*.doc", "surel.txt", "tiada/*.txt", "surel.txt/*"] {
            assert_eq!(found(pattern), [pattern]);
        }
    }
}
