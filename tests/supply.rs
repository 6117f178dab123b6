//! What the program is made of: no crate that talks over a network, no feature that nobody asked for, and a reason for each.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What cargo says of all crates, for all systems.
static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["metadata", "--offline", "--locked", "--format-version", "1"]);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
});

/// The crates of the lock file: name, and features that are on.
struct Tree {
    names: BTreeMap<&'static str, &'static str>,
    features: BTreeMap<&'static str, BTreeSet<&'static str>>,
    below: BTreeMap<&'static str, Vec<(&'static str, bool)>>,
    root: &'static str,
}

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let text = |value: &'static Value| value.as_str().unwrap();
    let list = |value: &'static Value| value.as_array().unwrap().iter();
    let names = list(&METADATA["packages"]).map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let nodes = || list(&METADATA["resolve"]["nodes"]);
    let features = |node: &'static Value| list(&node["features"]).map(text).collect();
    // What only tests need comes into no program.
    let needed = |dep: &'static Value| list(&dep["dep_kinds"]).any(|kind| kind["kind"] != "dev");
    let below = |node: &'static Value| list(&node["deps"]).map(|dep| (text(&dep["pkg"]), needed(dep))).collect();
    Tree {
        names,
        features: nodes().map(|node| (text(&node["id"]), features(node))).collect(),
        below: nodes().map(|node| (text(&node["id"]), below(node))).collect(),
        root: text(&METADATA["resolve"]["root"]),
    }
});

impl Tree {
    /// What is reached from the root but over `except`, with what tests need or without.
    fn reached(&self, except: Option<&str>, tests: bool) -> BTreeSet<&'static str> {
        let mut reached = BTreeSet::new();
        let mut next = vec![self.root];
        while let Some(id) = next.pop() {
            let own = id == self.root;
            let counts = |(below, needed): &&(&'static str, bool)| {
                (*needed || own && tests) && !(own && Some(*below) == except) && !reached.contains(below)
            };
            let more: Vec<&str> = self.below[id].iter().filter(counts).map(|(below, _)| *below).collect();
            reached.extend(more.iter().copied());
            next.extend(more);
        }
        reached
    }
}

/// The crates that `deny.toml` keeps out.
fn denied() -> Vec<String> {
    let deny: toml::Table = toml::from_str(&read("deny.toml")).unwrap();
    let list = deny["bans"]["deny"].as_array().unwrap();
    list.iter().map(|entry| entry["crate"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_crate_talks_over_a_network() {
    let denied = denied();
    assert!(denied.len() > 20, "{denied:?}");
    let reached = TREE.reached(None, false);
    assert!(reached.len() > 100, "{}", reached.len());
    // What can do that and more is there without it.
    let parts: [(&str, &[&str]); 3] = [("mio", &["net"]), ("rustix", &["net"]), ("nix", &["net", "socket"])];
    for id in reached {
        let name = TREE.names[id];
        assert!(!denied.iter().any(|denied| denied == name), "{name} is among the dependencies");
        for (_, features) in parts.iter().filter(|(known, _)| *known == name) {
            let on = features.iter().find(|feature| TREE.features[id].contains(**feature));
            assert_eq!(on, None, "a feature of {name}");
        }
    }
}

/// Source files of our own, with those that build them.
fn sources() -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = vec![root().join("build.rs")];
    below(&root().join("src"), &mut found);
    found
}

#[test]
fn our_own_code_talks_to_nobody_and_starts_nothing() {
    const WORDS: [&str; 7] =
        ["std::net", "os::unix::net", "TcpStream", "UdpSocket", "UnixStream", "process::Command", "ToSocketAddrs"];
    let sources = sources();
    assert!(sources.len() > 150, "{}", sources.len());
    for path in sources {
        let text = fs::read_to_string(&path).unwrap();
        let word = WORDS.into_iter().find(|word| text.contains(word));
        assert_eq!(word, None, "{}", path.display());
    }
}

/// What `Cargo.toml` names: for the program, and for tests alone.
fn named() -> (BTreeSet<String>, BTreeSet<String>) {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let keys = |table: &toml::Value| table.as_table().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let mut program = keys(&manifest["dependencies"]);
    program.extend(keys(&manifest["build-dependencies"]));
    for target in manifest["target"].as_table().unwrap().values() {
        program.extend(keys(&target["dependencies"]));
    }
    let tests = keys(&manifest["dev-dependencies"]).difference(&program).cloned().collect();
    (program, tests)
}

/// How many crates the lock file holds because of a direct dependency alone.
fn brings(name: &str) -> usize {
    // It has the name of the crate that it takes the place of.
    let name = if name == "lsp-types" { "gen-lsp-types" } else { name };
    let own = TREE.below[TREE.root].iter().find(|(id, _)| TREE.names[id] == name).unwrap().0;
    TREE.reached(None, true).difference(&TREE.reached(Some(own), true)).filter(|id| **id != own).count()
}

#[test]
fn each_dependency_has_its_row() {
    let page = read("docs/dependencies.md");
    let (program, tests) = named();
    let (before, after) = page.split_once("## For tests").unwrap();
    let mut renewed = String::new();
    for (part, expected) in [(before, program), (after, tests)] {
        let mut rows = Vec::new();
        for line in part.split_inclusive('\n') {
            let Some((name, _)) = line.strip_prefix("| `").and_then(|rest| rest.split_once('`')) else {
                renewed.push_str(line);
                continue;
            };
            let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
            assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "{line}");
            rows.push(name.to_owned());
            let kept = line.trim_end().trim_end_matches('|').trim_end().trim_end_matches(|c: char| c.is_ascii_digit());
            renewed.extend([kept, &brings(name).to_string(), " |\n"]);
        }
        assert!(rows.is_sorted(), "the rows are not in order: {rows:?}");
        assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected);
        if part == before {
            renewed.push_str("## For tests");
        }
    }
    if std::env::var_os("SANTUN_WRITE_DOCS").is_some() {
        fs::write(root().join("docs/dependencies.md"), &renewed).unwrap();
    } else {
        assert!(page == renewed, "SANTUN_WRITE_DOCS=1 cargo test --test supply renews docs/dependencies.md");
    }
}

/// A new version of a crate may have new defaults; what is not asked for does not come in.
#[test]
fn features_are_asked_for() {
    let packages = METADATA["packages"].as_array().unwrap();
    let own = packages.iter().find(|package| package["id"] == TREE.root).unwrap();
    for dependency in own["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"] != "dev") {
        let name = &dependency["name"];
        let package = packages.iter().find(|package| package["name"] == *name).unwrap();
        let defaults = package["features"]["default"].as_array().is_some_and(|defaults| !defaults.is_empty());
        assert!(
            !(defaults && dependency["uses_default_features"] == true),
            "{name} comes with its defaults: {}",
            package["features"]["default"]
        );
    }
}

/// Each promise names the tests that keep it, and they are there.
#[test]
fn promises_are_kept_by_tests() {
    let page = read("docs/security.md");
    let mut named = 0;
    for piece in page.split('`').skip(1).step_by(2) {
        let Some((file, name)) = piece.split_once(".rs::") else { continue };
        named += 1;
        assert!(read(&format!("{file}.rs")).contains(&format!("fn {name}(")), "{file}.rs has no test {name}");
    }
    assert!(named > 20, "{named}");
}
