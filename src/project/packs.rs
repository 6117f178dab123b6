//! Packs of one's own: which files a path names, and how their rules come together.
//!
//! The rules of all packs are taken in before any is extended, so that it does not matter in which order packs are named that extend
//! one another.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use super::problem::Problem;
use super::{Begun, Flaw, Projects, Setup, is_settings};
use crate::config::FILE_NAME;
use crate::open::unreadable;
use crate::pack::{Extensions, PackError, PackFlaw};
use crate::report::shown;
use crate::ruleset::RuleSet;
use crate::texts::Key;

/// The text of a pack.
#[derive(Clone, Debug)]
pub(crate) struct PackFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// What it says.
    pub(crate) text: String,
    /// Whether nobody names it as a pack: it is looked at because an editor has it open.
    stray: bool,
}

/// Where the configuration names a pack: its file, its text, and the bytes of it.
pub(super) type Naming<'n> = (&'n Path, &'n str, Range<usize>);

/// Reads packs, each file once however often it is named.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// The packs so far, in order.
    pub(super) files: Vec<PackFile>,
    known: HashSet<PathBuf>,
}

impl Projects {
    /// Reads the packs that `path` names, a file or a folder of them.
    pub(super) fn read_packs(&mut self, collected: &mut Collection, path: &Path, naming: Option<&Naming<'_>>) {
        let lang = self.lang();
        let files = match files_of(path) {
            Ok(files) if files.is_empty() => {
                let path = shown(&path.display().to_string());
                return self.add_unread(naming, lang.fill(Key::ErrorPackFolder, &[("path", &path)]));
            }
            Ok(files) => files,
            Err(error) => return self.add_unread(naming, unreadable(lang, path, &error)),
        };
        for path in files {
            if !collected.known.insert(identity(&path)) {
                continue;
            }
            let draft = self.draft.take_if(|draft| identity(&draft.path) == identity(&path));
            if let Some(draft) = draft {
                collected.files.push(draft);
                continue;
            }
            match fs::read_to_string(&path) {
                Ok(text) => collected.files.push(PackFile { path, text: without_mark(text), stray: false }),
                Err(error) => self.add_unread(naming, unreadable(lang, &path, &error)),
            }
        }
    }

    /// A pack cannot be read, which is shown where the configuration names it.
    fn add_unread(&mut self, naming: Option<&Naming<'_>>, message: String) {
        let (path, text, span) = match naming {
            Some((path, text, span)) => ((*path).to_owned(), Some((*text).to_owned()), Some(span.clone())),
            None => (PathBuf::new(), None, None),
        };
        self.add(Problem { path, text, flaws: vec![Flaw { span, message }] });
    }

    /// Takes in the rules of packs; what they extend is handed back with them.
    pub(super) fn take_in(&mut self, rules: &mut RuleSet, mut collected: Collection) -> Vec<(PackFile, Extensions)> {
        if let Some(draft) = self.draft.take() {
            collected.files.push(PackFile { stray: true, ..draft });
        }
        let mut packs = Vec::new();
        for file in collected.files {
            match rules.add_pack(&shown(&file.path.display().to_string()), &file.text, &mut tables_beside(&file.path)) {
                Ok(extensions) => packs.push((file, extensions)),
                Err(errors) => self.add_flaws(rules, &file, errors),
            }
        }
        packs
    }

    /// Has a pack extend the rules that it names.
    pub(crate) fn extend(&mut self, rules: &mut RuleSet, file: &PackFile, extensions: Extensions) {
        if let Err(errors) = rules.extend(extensions, &mut tables_beside(&file.path)) {
            self.add_flaws(rules, file, errors);
        }
    }

    fn add_flaws(&mut self, rules: &RuleSet, file: &PackFile, mut errors: Vec<PackError>) {
        // Where nobody names it as a pack, its id is in nobody's way.
        errors.sort_by_key(|error| error.span.as_ref().map(|span| span.start));
        errors.retain(|error| !(file.stray && matches!(error.flaw, PackFlaw::SameId { .. })));
        if !errors.is_empty() {
            self.add(Problem::of_pack(self.lang(), &file.path, file.text.clone(), &errors, rules));
        }
    }
}

/// What is wrong with a pack that reads `text`, beside the packs that the configuration around it names.
pub(crate) fn flaws_of_pack(setup: &Setup, path: &Path, text: &str) -> Vec<Flaw> {
    let draft = PackFile { path: path.to_owned(), text: text.to_owned(), stray: false };
    let mut projects = Projects { draft: Some(draft), ..Projects::new(setup.clone()) };
    let config = projects.config_of(path);
    let text = config.as_deref().map(fs::read_to_string);
    let Begun { mut rules, packs, .. } = projects.begin(config.as_deref().zip(text));
    for (file, extensions) in packs {
        projects.extend(&mut rules, &file, extensions);
    }
    projects.take_problems().into_iter().filter(|problem| problem.path == path).flat_map(|p| p.flaws).collect()
}

/// The files that a path names: itself, or the packs that lie in a folder, by name. A configuration and settings of other programs,
/// whose names begin with a dot, may lie among them.
pub(crate) fn files_of(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let is_hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        // A link that leads nowhere is told when it is read; what is neither a file nor such a link might never end.
        let is_other = fs::metadata(&file).is_ok_and(|about| !about.is_file());
        if is_settings(&file) && !is_other && !is_hidden && !file.ends_with(FILE_NAME) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The file itself, by whatever way a path leads to it.
pub(crate) fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A text without the mark that some editors put before it.
pub(super) fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// Reads the long tables of the pack at `path`, which lie in `lexicon/` beside it: a pack of a stranger leads to no other file.
fn tables_beside(path: &Path) -> impl FnMut(&str) -> Result<String, String> + use<> {
    let folder = path.parent().unwrap_or(Path::new("")).join("lexicon");
    move |name| {
        let mut parts = Path::new(name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
            return Err(format!("`{name}` is no name of a table in `lexicon/`"));
        }
        let file = folder.join(format!("{name}.toml"));
        fs::read_to_string(&file).map(without_mark).map_err(|error| format!("{}: {error}", file.display()))
    }
}
