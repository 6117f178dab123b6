//! `--fix` on real files: nothing is lost, whatever a file is and whatever the system does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const DRAFT: &str = "Yth. Bapak Anton,\n\nKami gak bisa.\n\nTerima kasih.\n";
const MENDED: &str = "Yth. Bapak Anton,\n\nKami tidak bisa.\n\nTerima kasih.\n";

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lint"));
    command.current_dir(folder).args(["--isolated", "--lang", "en", "--quiet"]).args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder with a draft.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("surel.txt"), DRAFT).unwrap();
    folder
}

/// The names of everything in the folder.
fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn content(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn a_file_is_mended_once() {
    let folder = folder();
    let output = lint(folder.path(), &["--fix", "surel.txt", "surel.txt"]);
    assert!(stderr(&output).contains("Mended: 1 findings in 1 files."), "{}", stderr(&output));
    assert_eq!(content(&folder, "surel.txt"), MENDED);
    assert_eq!(names(&folder), ["surel.txt"]);
    let again = lint(folder.path(), &["--fix", "surel.txt"]);
    assert!(stderr(&again).contains("Mended: 0 findings"), "{}", stderr(&again));
}

#[test]
fn a_diff_changes_nothing() {
    let folder = folder();
    let output = lint(folder.path(), &["--diff", "surel.txt"]);
    let diff = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        diff,
        "--- surel.txt\n+++ surel.txt\n@@ -1,5 +1,5 @@\n Yth. Bapak Anton,\n \n-Kami gak bisa.\n+Kami tidak bisa.\n \n Terima kasih.\n"
    );
    assert_eq!(content(&folder, "surel.txt"), DRAFT);
}

/// What a diff says is what mending does: `patch` makes the same of it, also where a source is read in several windows.
#[test]
#[cfg(unix)]
fn a_diff_can_be_applied() {
    let folder = folder();
    let lines: Vec<String> = (0..9000)
        .map(|number| {
            let word = if number % 1000 == 7 { "gak" } else { "tidak" };
            format!("{{\"channel\": \"chat\", \"body\": \"Loketnya {word} buka pada hari ke-{number}.\\n\"}}\n")
        })
        .collect();
    fs::write(folder.path().join("pesan.jsonl"), lines.concat()).unwrap();
    let diff = lint(folder.path(), &["--diff", "--select", "language/slang", "surel.txt", "pesan.jsonl"]).stdout;
    fs::write(folder.path().join("diff"), &diff).unwrap();
    let patched = Command::new("patch").current_dir(folder.path()).args(["-p0", "--fuzz=0", "-i", "diff"]).output();
    let Ok(patched) = patched else { return };
    assert!(patched.status.success(), "{}", String::from_utf8_lossy(&patched.stdout));
    assert_eq!(content(&folder, "surel.txt"), MENDED);
    assert_eq!(content(&folder, "pesan.jsonl"), lines.concat().replace("gak", "tidak"));
}

#[test]
fn personal_data_is_masked_in_a_diff_and_not_in_a_file() {
    let folder = folder();
    let draft = DRAFT.replace("bisa.", "bisa memproses NIK 3678011207900003.");
    fs::write(folder.path().join("surel.txt"), &draft).unwrap();
    let output = lint(folder.path(), &["--diff", "surel.txt"]);
    let diff = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(diff.contains("NIK 3678••••••••••03.") && !diff.contains("3678011207900003"), "{diff}");
    assert!(stderr(&output).contains("cannot be applied"), "{}", stderr(&output));
    let raw = lint(folder.path(), &["--diff", "--show-sensitive", "surel.txt"]);
    assert!(String::from_utf8_lossy(&raw.stdout).contains("+Kami tidak bisa memproses NIK 3678011207900003."));
    assert!(!stderr(&raw).contains("cannot be applied"), "{}", stderr(&raw));
    lint(folder.path(), &["--fix", "surel.txt"]);
    assert_eq!(content(&folder, "surel.txt"), draft.replace("gak", "tidak"));
}

/// Nobody is told to lift masks that are lifted.
#[test]
fn a_diff_with_signs_says_why_it_cannot_be_applied() {
    let folder = folder();
    fs::write(folder.path().join("surel.txt"), DRAFT.replace("bisa.", "bisa\u{1b}[2J.")).unwrap();
    for (options, advised) in [(&["--diff"][..], true), (&["--diff", "--show-sensitive"], false)] {
        let output = lint(folder.path(), &[options, &["surel.txt"]].concat());
        let told = stderr(&output);
        assert!(told.contains("cannot be applied"), "{told}");
        assert_eq!(told.contains("--show-sensitive"), advised, "{told}");
    }
}

/// A file that is not read to its end is not written: it would lose the rest.
#[test]
fn what_is_cut_is_not_mended() {
    let folder = folder();
    let long = format!("{DRAFT}\n{}", "Terima kasih atas laporan Ibu. ".repeat(20));
    fs::write(folder.path().join("surel.txt"), &long).unwrap();
    fs::write(folder.path().join("santun.toml"), "[limits]\nsource-bytes = 300\n").unwrap();
    let output = lint(folder.path(), &["--config", "santun.toml", "--fix", "surel.txt"]);
    assert!(stderr(&output).contains("not changed"), "{}", stderr(&output));
    assert_eq!(content(&folder, "surel.txt"), long);
}

/// What is encoded is masked as well: it can be decoded.
#[test]
fn personal_data_is_masked_in_a_diff_of_mail() {
    let folder = folder();
    let mail = "From: a@contoh.go.id\nSubject: Berkas\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nKami gak bisa memproses NIK 367801=\n1207900003 ini.\n";
    fs::write(folder.path().join("surel.eml"), mail).unwrap();
    let output = lint(folder.path(), &["--diff", "surel.eml"]);
    let diff = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(diff.contains("+Kami tidak bisa") && !diff.contains("12079000"), "{diff}");
}

#[test]
#[cfg(unix)]
fn mode_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, elsewhere) = (folder(), folder());
    let path = folder.path().join("surel.txt");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("surel.txt", folder.path().join("tautan.txt")).unwrap();
    symlink(elsewhere.path().join("surel.txt"), folder.path().join("luar.txt")).unwrap();
    let outside = lint(folder.path(), &["--fix", "luar.txt"]);
    assert_eq!(outside.status.code(), Some(2));
    assert!(
        stderr(&outside).contains("luar.txt was not changed: the link leads out of its folder."),
        "{}",
        stderr(&outside)
    );
    assert_eq!(content(&elsewhere, "surel.txt"), DRAFT);
    lint(folder.path(), &["--fix", "tautan.txt"]);
    assert_eq!(content(&folder, "surel.txt"), MENDED);
    assert!(folder.path().join("tautan.txt").is_symlink());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn what_must_not_be_written_stays() {
    let folder = folder();
    let path = folder.path().join("surel.txt");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let output = lint(folder.path(), &["--fix", "surel.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("surel.txt was not changed: the file is read-only."), "{}", stderr(&output));
    assert_eq!(content(&folder, "surel.txt"), DRAFT);
    assert_eq!(names(&folder), ["surel.txt"]);
}

/// A file system that takes no more: writing fails in the midst of the file, and the old one stays as it was.
#[test]
#[cfg(unix)]
fn a_full_disk_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let draft = format!("Yth. Bapak Anton,\n\n{}Terima kasih.\n", "Kami gak bisa.\n\n".repeat(2000));
    fs::write(folder.path().join("surel.txt"), &draft).unwrap();
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" --isolated --lang en --quiet --fix surel.txt";
    let output = Command::new("sh")
        .current_dir(folder.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_lint")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("surel.txt was not changed: "), "{}", stderr(&output));
    assert_eq!(content(&folder, "surel.txt"), draft);
    assert_eq!(names(&folder), ["surel.txt"]);
}
