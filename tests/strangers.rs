//! Files of strangers: with `--isolated` and `--no-suppressions`, nothing that lies among them says how they are checked, and nothing
//! that they are made of keeps the command waiting, leads it elsewhere, or makes it lose something.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A draft with one finding, whoever reads it.
const DRAFT: &str = "Selamat pagi, Bu. Saya Rina dari Dinas Dukcapil Kota X. Berkasnya gak lengkap.\n";

/// How long a run may take that waits for nobody.
const PATIENCE: Duration = Duration::from_secs(120);

/// A run on files of strangers, which ends by itself.
fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let strict = ["--isolated", "--no-suppressions", "--lang", "en", "--select", "language/slang"];
    run(folder, &[&strict, arguments].concat())
}

/// A run that ends by itself.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("SANTUN_LANG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        err.read_to_end(&mut text).unwrap();
        text
    });
    let output = std::thread::spawn(move || {
        let mut text = Vec::new();
        out.read_to_end(&mut text).unwrap();
        text
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > PATIENCE => {
                child.kill().unwrap();
                panic!("{arguments:?} does not end");
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    Output { status, stdout: output.join().unwrap(), stderr: errors.join().unwrap() }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The files in which the word is found, by `short`.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = lint(folder, &[&["--format", "short"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let place = |line: &str| line.contains("[language/slang]").then(|| line.split(':').next().unwrap().to_owned());
    stdout(&output).lines().filter_map(place).collect()
}

/// A folder `kiriman` with a draft.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("kiriman")).unwrap();
    fs::write(folder.path().join("kiriman/chat.txt"), DRAFT).unwrap();
    folder
}

#[test]
fn planted_configurations_do_nothing() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let off = "packs = [\"paket.toml\"]\n[rules]\n\"language/slang\" = \"off\"\n[[paths]]\nfiles = [\"**\"]\n[paths.rules]\n\"language\" = \"off\"\n";
    let pack = "[pack]\nid = \"tanam\"\n[[extend]]\nrule = \"language/slang\"\nallow = [\"gak\"]\n";
    fs::create_dir(at("kiriman/dalam")).unwrap();
    fs::write(at("kiriman/dalam/chat.txt"), DRAFT).unwrap();
    for place in ["", "kiriman/", "kiriman/dalam/"] {
        fs::write(at(&format!("{place}santun.toml")), off).unwrap();
        fs::write(at(&format!("{place}paket.toml")), pack).unwrap();
    }
    let both = ["kiriman/chat.txt", "kiriman/dalam/chat.txt"];
    assert_eq!(found(folder.path(), &["kiriman"]), both);
    // Each is one that would do something.
    let heeded = run(folder.path(), &["--format", "short", "--select", "language", "kiriman"]);
    assert!(stdout(&heeded).is_empty(), "{}", stdout(&heeded));
    fs::remove_file(at("kiriman/santun.toml")).unwrap();
    symlink(at("santun.toml"), at("kiriman/santun.toml")).unwrap();
    assert_eq!(found(folder.path(), &["kiriman"]), both);
    assert_eq!(found(&at("kiriman"), &["."]), ["./chat.txt", "./dalam/chat.txt"]);
}

/// One's own configuration holds, and those beside the files do not.
#[test]
fn ones_own_configuration_can_be_named() {
    let (folder, own) = (folder(), TempDir::new().unwrap());
    let config = own.path().join("santun.toml");
    fs::write(folder.path().join("kiriman/santun.toml"), "[rules]\nlanguage = \"off\"\n").unwrap();
    fs::write(folder.path().join("kiriman/.gitignore"), "*\n").unwrap();
    fs::write(&config, "[rules]\n\"language/slang\" = \"error\"\n").unwrap();
    let output = lint(folder.path(), &["--format", "short", "--config", config.to_str().unwrap(), "kiriman"]);
    assert!(stdout(&output).starts_with("kiriman/chat.txt:1:"), "{}", stderr(&output));
    assert!(stdout(&output).contains("error[language/slang]") && output.status.code() == Some(1));
}

#[test]
fn ignore_files_hide_nothing() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    for name in ["git", "ignore", "atas", "luar"] {
        fs::create_dir_all(at(&format!("kiriman/{name}"))).unwrap();
        fs::write(at(&format!("kiriman/{name}/chat.txt")), DRAFT).unwrap();
    }
    fs::create_dir_all(at("kiriman/.git/info")).unwrap();
    fs::write(at("kiriman/.git/info/exclude"), "luar\n").unwrap();
    fs::write(at("kiriman/git/.gitignore"), "*\n").unwrap();
    fs::write(at("kiriman/ignore/.ignore"), "chat.txt\n").unwrap();
    fs::write(at(".gitignore"), "atas/\n").unwrap();
    let heeded = run(folder.path(), &["--format", "short", "--select", "language/slang", "kiriman"]);
    assert_eq!(stdout(&heeded).lines().count(), 1, "{}", stdout(&heeded));
    let all = ["atas", "", "git", "ignore", "luar"].map(|name| format!("kiriman/{name}/chat.txt").replace("//", "/"));
    assert_eq!(found(folder.path(), &["kiriman"]), all);
}

#[test]
fn comments_switch_nothing_off() {
    let folder = folder();
    let comments = [
        "<!-- santun-ignore-file language: contoh -->",
        "{# santun-ignore-file language: contoh #}",
        "{{-- santun-ignore-file language/slang: contoh --}}",
        "{{!-- santun-ignore-file language/slang: contoh --}}",
        "<%# santun-ignore-file language: contoh %>",
        "{% comment %} santun-ignore-file language: contoh {% endcomment %}",
        "/* santun-ignore-file language: contoh */",
        "<!-- santun-ignore language/slang: contoh -->",
    ];
    fs::remove_file(folder.path().join("kiriman/chat.txt")).unwrap();
    for (number, comment) in comments.iter().enumerate() {
        fs::write(folder.path().join(format!("kiriman/chat-{number}.html")), format!("{comment}\n<p>{DRAFT}</p>\n"))
            .unwrap();
    }
    let heeded = run(folder.path(), &["--isolated", "--format", "short", "--select", "language/slang", "kiriman"]);
    assert_eq!(stdout(&heeded), "");
    assert_eq!(found(folder.path(), &["kiriman"]).len(), comments.len());
}

/// What is neither a file nor a folder might never end, and a link might lead anywhere.
#[test]
fn folders_are_walked_to_their_files_alone() {
    let (folder, elsewhere) = (folder(), folder());
    let at = |name: &str| folder.path().join("kiriman").join(name);
    assert!(Command::new("mkfifo").arg(at("pipa.txt")).status().unwrap().success());
    let _socket = UnixListener::bind(at("soket.txt")).unwrap();
    symlink("/dev/zero", at("nol.txt")).unwrap();
    symlink("/etc/passwd", at("sandi.txt")).unwrap();
    symlink(elsewhere.path().join("kiriman/chat.txt"), at("luar.txt")).unwrap();
    symlink(elsewhere.path(), at("luar")).unwrap();
    symlink("..", at("atas")).unwrap();
    symlink("diri", at("diri")).unwrap();
    symlink("tidak-ada", at("buntu.txt")).unwrap();
    assert_eq!(found(folder.path(), &["kiriman"]), ["kiriman/chat.txt"]);
    let fixed = lint(folder.path(), &["--fix", "--quiet", "kiriman"]);
    assert_eq!(fixed.status.code(), Some(0), "{}", stderr(&fixed));
    assert!(fs::read_to_string(at("chat.txt")).unwrap().contains("tidak lengkap"));
    assert_eq!(fs::read_to_string(elsewhere.path().join("kiriman/chat.txt")).unwrap(), DRAFT);
    // Who names one has it read: a device that never ends is no text, a socket cannot be opened, a link in a circle leads nowhere.
    let named = lint(folder.path(), &["--format", "short", "kiriman/nol.txt", "kiriman/soket.txt", "kiriman/diri"]);
    assert_eq!(named.status.code(), Some(2));
    assert_eq!(stderr(&named).matches("Error: ").count(), 2, "{}", stderr(&named));
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = folder();
    let at = |name: &str| folder.path().join("kiriman").join(name);
    fs::write(at("terkunci.txt"), DRAFT).unwrap();
    fs::create_dir(at("terkunci")).unwrap();
    for name in ["terkunci.txt", "terkunci"] {
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    // Whoever may read everything proves nothing here.
    let closed = File::open(at("terkunci.txt")).is_err();
    let output = lint(folder.path(), &["--format", "short", "kiriman"]);
    fs::set_permissions(at("terkunci"), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(stdout(&output).contains("kiriman/chat.txt:1:"), "{}", stdout(&output));
    if closed {
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stderr(&output).matches("Error: ").count(), 2, "{}", stderr(&output));
    }
}

#[test]
fn folders_may_be_wide_and_deep() {
    let folder = folder();
    let wide = folder.path().join("kiriman/lebar");
    fs::create_dir(&wide).unwrap();
    for number in 0..3000 {
        fs::write(wide.join(format!("{number:05}.txt")), "Berkasnya gak lengkap.\n").unwrap();
    }
    let mut deep = folder.path().join("kiriman/dalam");
    for _ in 0..1000 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("chat.txt"), DRAFT).unwrap();
    let found = found(folder.path(), &["kiriman"]);
    assert_eq!(found.len(), 3002);
    assert!(found.iter().any(|path| path.ends_with("/d/d/d/chat.txt")));
}

/// Names are bytes: line ends, orders to a terminal, no text at all.
#[test]
fn any_name_is_read_and_mended() {
    let folder = folder();
    let names: [&[u8]; 4] = [b"a\nb.txt", b"\x1b[2J.txt", b"\xff\xfe.txt", b"-rf.txt"];
    for name in names {
        fs::write(folder.path().join("kiriman").join(OsStr::from_bytes(name)), DRAFT).unwrap();
    }
    let output = lint(folder.path(), &["--format", "short", "kiriman"]);
    assert_eq!(stdout(&output).lines().filter(|line| line.starts_with("kiriman/")).count(), 5, "{}", stdout(&output));
    let fixed = lint(folder.path(), &["--fix", "--quiet", "kiriman"]);
    assert_eq!(fixed.status.code(), Some(0), "{}", stderr(&fixed));
    for name in names {
        let text = fs::read_to_string(folder.path().join("kiriman").join(OsStr::from_bytes(name))).unwrap();
        assert!(text.contains("tidak lengkap"), "{name:?}");
    }
}

/// A file with the other name of a hard link keeps what it had, since the mended text is a file of its own.
#[test]
fn mending_does_not_reach_through_hard_links() {
    let (folder, elsewhere) = (folder(), folder());
    let outside = elsewhere.path().join("kiriman/chat.txt");
    fs::remove_file(folder.path().join("kiriman/chat.txt")).unwrap();
    // The folders of two tests lie on one disk.
    fs::hard_link(&outside, folder.path().join("kiriman/chat.txt")).unwrap();
    lint(folder.path(), &["--fix", "--quiet", "kiriman"]);
    assert!(fs::read_to_string(folder.path().join("kiriman/chat.txt")).unwrap().contains("tidak lengkap"));
    assert_eq!(fs::read_to_string(outside).unwrap(), DRAFT);
}

/// A pack reads the tables that lie in `lexicon/` beside it, and nothing else.
#[test]
fn packs_lead_to_no_other_file() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("paket/lexicon")).unwrap();
    fs::write(at("paket/lexicon/kata.toml"), "gaskeun = \"\"\n").unwrap();
    fs::write(at("rahasia.toml"), "rahasia = \"\"\n").unwrap();
    let outside = at("rahasia");
    for (name, is_read) in
        [("kata", true), ("../../rahasia", false), (outside.to_str().unwrap(), false), ("./kata", false), ("", false)]
    {
        let pack = format!(
            "[pack]\nid = \"uji\"\n[[rule]]\nid = \"kata\"\nkind = \"terms\"\nseverity = \"info\"\nmessage = \"x\"\nlexicon = \"{name}\"\n"
        );
        fs::write(at("paket/uji.toml"), pack).unwrap();
        let output = run(folder.path(), &["--isolated", "--lang", "en", "--pack", "paket/uji.toml", "kiriman"]);
        assert_eq!(output.status.code() == Some(2), !is_read, "{name}: {}", stderr(&output));
        assert_eq!(stderr(&output).contains("lexicon/"), !is_read, "{name}: {}", stderr(&output));
    }
}

#[test]
fn the_output_takes_the_place_of_no_input() {
    let folder = folder();
    let at = |name: &str| folder.path().join("kiriman").join(name);
    symlink("chat.txt", at("tautan.txt")).unwrap();
    fs::hard_link(at("chat.txt"), at("keras.txt")).unwrap();
    for output in ["kiriman/chat.txt", "kiriman/./chat.txt", "kiriman/tautan.txt"] {
        let run = lint(folder.path(), &["--format", "short", "--output", output, "kiriman/chat.txt"]);
        assert_eq!(run.status.code(), Some(2), "{output}");
        assert_eq!(fs::read_to_string(at("chat.txt")).unwrap(), DRAFT, "{output}");
    }
    lint(folder.path(), &["--format", "short", "--output", "kiriman/keras.txt", "kiriman/chat.txt"]);
    assert_eq!(fs::read_to_string(at("chat.txt")).unwrap(), DRAFT);
}

/// An archive of these entries.
fn archive(path: &Path, entries: impl Iterator<Item = (String, Vec<u8>)>) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// Entries are read and never written, whatever they are called.
#[test]
fn names_in_archives_lead_nowhere() {
    let folder = folder();
    let outside = folder.path().join("kiriman/chat.txt");
    let names = ["../kiriman/chat.txt", outside.to_str().unwrap(), "a/../../b.txt", "C:\\chat.txt", "aman.txt"];
    archive(&folder.path().join("arsip.zip"), names.iter().map(|name| ((*name).to_owned(), DRAFT.into())));
    let output = lint(folder.path(), &["--format", "short", "arsip.zip"]);
    assert_eq!(stdout(&output).matches("[language/slang]").count(), names.len(), "{}", stdout(&output));
    assert!(stdout(&output).lines().all(|line| line.starts_with("arsip.zip/")), "{}", stdout(&output));
    let counted = lint(folder.path(), &["--statistics", "--format", "json", "arsip.zip"]);
    let counted: serde_json::Value = serde_json::from_slice(&counted.stdout).unwrap();
    let folders = counted["statistics"]["folders"].as_array().unwrap();
    assert!(folders.iter().all(|folder| folder["name"].as_str().unwrap().starts_with("arsip.zip")), "{folders:?}");
    let before = fs::read(folder.path().join("arsip.zip")).unwrap();
    lint(folder.path(), &["--fix", "--quiet", "arsip.zip"]);
    assert_eq!(fs::read_to_string(outside).unwrap(), DRAFT);
    assert_eq!(fs::read(folder.path().join("arsip.zip")).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn archives_cost_no_more_than_their_limits() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    archive(&at("banyak.zip"), (0..20_000).map(|number| (format!("{number}.txt"), b"Baik.".to_vec())));
    archive(
        &at("bom.zip"),
        [("bom.txt".to_owned(), vec![b'a'; 200 << 20]), ("chat.txt".to_owned(), DRAFT.into())].into_iter(),
    );
    archive(&at("dalam.zip"), [("bom.zip".to_owned(), fs::read(at("bom.zip")).unwrap())].into_iter());
    for (name, told) in [("banyak.zip", "10000"), ("bom.zip", "1 "), ("dalam.zip", "not text")] {
        let output = lint(folder.path(), &[name]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        assert!(stdout(&output).contains(told), "{name}: {}{}", stdout(&output), stderr(&output));
    }
    fs::write(at("rusak.zip"), b"PK\x03\x04 tidak ada apa-apa").unwrap();
    let output = lint(folder.path(), &["rusak.zip"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).starts_with("Error: "), "{}", stderr(&output));
}
