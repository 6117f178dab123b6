//! How a run ends that is not let to its end: by Ctrl-C, once or twice, and by a reader who goes away.
//!
//! Nothing here waits for a time to pass: each test goes on when the program has shown how far it is.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A message of one line with one finding.
const LINE: &str = "{\"channel\": \"chat\", \"body\": \"Jadwal loket gak berubah, silakan datang seperti biasa.\"}\n";

fn lint(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_lint"))
        .current_dir(folder)
        .args(["--isolated", "--select", "language/slang", "--jobs", "2"])
        .args(arguments)
        .env_remove("SANTUN_LANG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn press_ctrl_c(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits for the end without reading what the program prints; a run that hangs is ended, and fails.
fn wait(child: &mut Child, mut meanwhile: impl FnMut(&Child)) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("the program did not end");
        }
        meanwhile(child);
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Lints from a pipe of which more than a window has been read and which nobody closes, presses Ctrl-C, and tells how the run
/// ended, what it printed, and how many lines were written.
fn interrupted(arguments: &[&str]) -> (ExitStatus, String, String, usize) {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("arsip.jsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child = lint(folder.path(), &[arguments, &["arsip.jsonl"]].concat());
    let mut output = child.stdout.take().unwrap();
    let mut errors = child.stderr.take().unwrap();
    let output = std::thread::spawn(move || read_all(&mut output));
    let errors = std::thread::spawn(move || read_all(&mut errors));
    // A window is counted in bytes; what the lines say of themselves beside the message costs no time.
    let text = LINE.replace('{', &format!("{{\"hal\": \"{}\", ", "x".repeat(2000))).repeat(3 << 8);
    let mut writer = OpenOptions::new().write(true).open(&pipe).unwrap();
    // All but what fits into the pipe has been taken when this returns, so a whole window is under way.
    writer.write_all(text.as_bytes()).unwrap();
    press_ctrl_c(&child);
    let status = wait(&mut child, |_| {});
    drop(writer);
    (status, output.join().unwrap(), errors.join().unwrap(), text.lines().count())
}

fn read_all(from: &mut impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn ctrl_c_leaves_a_whole_object_of_json() {
    let (status, output, errors, lines) = interrupted(&["--format", "json"]);
    assert_eq!(status.code(), Some(130), "{errors}");
    assert_eq!(errors, "Dihentikan sebelum selesai; ini hasil sampai saat itu.\n");
    let json: Value = serde_json::from_str(&output).unwrap();
    let found = json["files"][0]["messages"].as_array().unwrap().len();
    assert!(found > 0 && found < lines, "{found} of {lines}");
    assert_eq!(json["summary"]["messages"], found);
    assert_eq!(json["summary"]["interrupted"], true);
}

#[test]
fn ctrl_c_leaves_whole_lines() {
    let (status, output, _, _) = interrupted(&["--format", "jsonl"]);
    assert_eq!(status.code(), Some(130));
    assert!(output.lines().count() > 0 && output.ends_with('\n'));
    assert!(output.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[test]
fn ctrl_c_leaves_whole_documents() {
    for format in ["sarif", "gitlab", "rdjson"] {
        let (status, output, _, _) = interrupted(&["--format", format]);
        assert_eq!(status.code(), Some(130));
        let json: Value = serde_json::from_str(&output).unwrap();
        assert!(format != "sarif" || json["runs"][0]["invocations"][0]["executionSuccessful"] == false);
    }
    for format in ["junit", "checkstyle"] {
        let (status, output, _, _) = interrupted(&["--format", format]);
        assert_eq!(status.code(), Some(130));
        let document = roxmltree::Document::parse(&output).unwrap();
        assert!(document.descendants().any(|node| node.has_attribute("line")), "{output}");
    }
}

#[test]
fn ctrl_c_still_gives_the_summary() {
    let (status, output, errors, _) = interrupted(&["--format", "short", "--lang", "en"]);
    assert_eq!(status.code(), Some(130));
    assert!(output.starts_with("arsip.jsonl:1:"));
    let mut errors = errors.lines();
    assert_eq!(errors.next(), Some("Stopped before the end; this is what was found until then."));
    assert!(errors.next().unwrap().starts_with("Checked: messages "));
    assert!(errors.next().unwrap().starts_with("Findings: "));
}

/// A file whose output fills any pipe.
fn large(folder: &Path) {
    fs::write(folder.join("arsip.jsonl"), LINE.repeat(1500)).unwrap();
}

/// Nobody reads on, so the run cannot end by itself, and one Ctrl-C does not end it either.
#[test]
fn a_second_ctrl_c_ends_at_once() {
    let folder = TempDir::new().unwrap();
    large(folder.path());
    let mut child = lint(folder.path(), &["--format", "short", "arsip.jsonl"]);
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0]).unwrap();
    let status = wait(&mut child, press_ctrl_c);
    assert_eq!(status.code(), Some(130));
}

/// What was to take the place of the output is taken away, and what was there stays.
#[test]
fn a_second_ctrl_c_leaves_no_file_behind() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("laporan.txt"), "semula").unwrap();
    // A complaint that is longer than the pipe that nobody empties.
    let mut child = lint(folder.path(), &["--output", "laporan.txt", &"tidak-ada".repeat(12_000)]);
    let mut errors = child.stderr.take().unwrap();
    errors.read_exact(&mut [0]).unwrap();
    let status = wait(&mut child, press_ctrl_c);
    assert_eq!(status.code(), Some(130));
    assert_eq!(fs::read_to_string(folder.path().join("laporan.txt")).unwrap(), "semula");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_reader_may_go_away() {
    let folder = TempDir::new().unwrap();
    large(folder.path());
    for format in ["pretty", "short", "json", "jsonl", "sarif", "github", "junit"] {
        let mut child = lint(folder.path(), &["--format", format, "--fail-on", "info", "arsip.jsonl"]);
        let mut output = child.stdout.take().unwrap();
        output.read_exact(&mut [0]).unwrap();
        drop(output);
        let errors = read_all(&mut child.stderr.take().unwrap());
        let status = wait(&mut child, |_| {});
        assert_eq!(status.code(), Some(1), "{format}: {errors}");
        assert!(!errors.contains("Galat") && !errors.contains("panicked"), "{format}: {errors}");
    }
}

/// Lints a message, the report to a file of this name.
fn report_to(folder: &TempDir, output: &str) {
    fs::write(folder.path().join("pesan.jsonl"), LINE).unwrap();
    let child = lint(folder.path(), &["--format", "short", "--output", output, "pesan.jsonl"]);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_pipe_that_is_the_output_is_written_to_and_stays_a_pipe() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("hasil");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Open for both, so that neither end waits for the other.
    let mut ends = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    report_to(&folder, "hasil");
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    // Whatever stands in its place, reading comes to an end.
    ends.write_all(b"\n").unwrap();
    let mut text = [0; 4096];
    let length = ends.read(&mut text).unwrap();
    assert!(String::from_utf8_lossy(&text[..length]).contains("language/slang"));
}

#[test]
fn a_link_that_is_the_output_leads_where_it_led() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("lama.txt"), "lama").unwrap();
    for (link, target) in [("tautan", "lama.txt"), ("tautan-baru", "baru.txt")] {
        std::os::unix::fs::symlink(target, at(link)).unwrap();
        report_to(&folder, link);
        assert_eq!(fs::read_link(at(link)).unwrap(), Path::new(target));
        assert!(fs::read_to_string(at(target)).unwrap().contains("language/slang"));
    }
}

/// Tells the test below that it is the one that panics.
const PANICS: &str = "SANTUN_TEST_PANICS";

/// What panics is this test, which starts itself once more: nothing is known that makes the command do so.
#[test]
fn a_panic_tells_its_place_and_not_what_was_read() {
    let read = "NIK 3273014107900001";
    if std::env::var_os(PANICS).is_some() {
        santun::cli::main(["lint", "--lang", "en", "rules", "schema"].into_iter().map(Into::into));
        panic!("cannot read {read}");
    }
    let mut itself = Command::new(std::env::current_exe().unwrap());
    itself.args(["--nocapture", "--exact", "a_panic_tells_its_place_and_not_what_was_read"]).env(PANICS, "1");
    let output = itself.output().unwrap();
    let [out, errors] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(errors.contains("panicked at tests/ending.rs:"), "{errors}");
    assert!(errors.contains(env!("CARGO_PKG_VERSION")) && errors.contains("none of it is written here"), "{errors}");
    assert!(!errors.contains("3273") && !out.contains("3273"), "{out}{errors}");
    assert!(!output.status.success());
}
