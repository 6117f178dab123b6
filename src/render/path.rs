//! Paths as programs that show reports want them: relative to where the command runs, with slashes, also as URIs.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What standard input is called where no name is given.
pub(super) const STDIN: &str = "<stdin>";

/// `path` with slashes, without steps that lead nowhere, and relative if it lies below `root`.
pub(super) fn tidy(path: &str, root: &str) -> String {
    tidy_as(System::OWN, path, root)
}

/// How a system writes paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Unix,
    /// Both strokes part a path, case means nothing, and drives and machines may stand before it.
    Windows,
}

impl System {
    const OWN: Self = if cfg!(windows) { Self::Windows } else { Self::Unix };
}

fn tidy_as(system: System, path: &str, root: &str) -> String {
    let (path, root) = (slashed(system, path), slashed(system, root));
    let root = root.trim_end_matches('/');
    let same = |start: &str| start == root || system == System::Windows && start.eq_ignore_ascii_case(root);
    let inner = path.split_at_checked(root.len()).filter(|(start, _)| !root.is_empty() && same(start));
    let path = inner.and_then(|(_, rest)| rest.strip_prefix('/')).unwrap_or(&path);
    let lead = path.len() - path.trim_start_matches('/').len();
    let mut out = "/".repeat(lead);
    for step in path.split('/').filter(|step| !matches!(*step, "" | ".")) {
        if out.len() > lead {
            out.push('/');
        }
        out.push_str(step);
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

/// The URI of a tidy path, and whether it is a relative one.
pub(super) fn uri(path: &str) -> (String, bool) {
    uri_as(System::OWN, path)
}

fn uri_as(system: System, path: &str) -> (String, bool) {
    let windows = system == System::Windows;
    let begins_with_drive = windows && matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let (scheme, relative) = match path {
        _ if begins_with_drive => ("file:///", false),
        // A share: the path begins with the name of its machine.
        _ if windows && path.starts_with("//") => ("file:", false),
        _ if path.starts_with('/') => ("file://", false),
        _ => ("", true),
    };
    let mut out = scheme.to_owned();
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            b':' if at == 1 && begins_with_drive => out.push(':'),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    (out, relative)
}

/// A path with slashes, and on Windows without the `\\?\` that has a path taken as it is written. Elsewhere a backslash is a character of
/// a name.
fn slashed(system: System, path: &str) -> Cow<'_, str> {
    if system == System::Unix {
        return path.into();
    }
    let path = path.replace('\\', "/");
    match path.strip_prefix("//?/") {
        Some(verbatim) => match verbatim.split_at_checked(4) {
            Some((unc, share)) if unc.eq_ignore_ascii_case("UNC/") => format!("//{share}").into(),
            _ => verbatim.to_owned().into(),
        },
        None => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tidied() {
        for (path, tidied) in [
            ("./surel/a.txt", "surel/a.txt"),
            ("surel//./a.txt", "surel/a.txt"),
            ("../a.txt", "../a.txt"),
            ("/kerja/surel/a.txt", "surel/a.txt"),
            ("/kerja2/a.txt", "/kerja2/a.txt"),
            ("/lain/a.txt", "/lain/a.txt"),
            (".", "."),
        ] {
            assert_eq!(tidy_as(System::Unix, path, "/kerja"), tidied, "{path}");
        }
    }

    #[test]
    fn paths_of_windows_are_tidied() {
        for (path, tidied) in [
            (r".\surel\a.txt", "surel/a.txt"),
            (r"C:\Kerja\surel\a.txt", "surel/a.txt"),
            (r"c:\kerja\Surel\a.txt", "Surel/a.txt"),
            (r"\\?\C:\Kerja\surel/a.txt", "surel/a.txt"),
            (r"D:\a.txt", "D:/a.txt"),
            (r"\\dinas\berkas\a.txt", "//dinas/berkas/a.txt"),
            (r"\\?\UNC\dinas\berkas\a.txt", "//dinas/berkas/a.txt"),
            ("é", "é"),
        ] {
            assert_eq!(tidy_as(System::Windows, path, r"C:\Kerja"), tidied, "{path}");
        }
        assert_eq!(tidy_as(System::Windows, r"C:\a.txt", r"C:\"), "a.txt");
        assert_eq!(tidy_as(System::Unix, r"surel\a.txt", ""), r"surel\a.txt");
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri_as(System::Unix, "surel/a b:c%é.txt"), ("surel/a%20b%3Ac%25%C3%A9.txt".to_owned(), true));
        assert_eq!(uri_as(System::Unix, "<stdin>"), ("%3Cstdin%3E".to_owned(), true));
        assert_eq!(uri_as(System::Unix, "/lain/a.txt"), ("file:///lain/a.txt".to_owned(), false));
    }

    #[test]
    fn uris_of_windows_name_drives_and_machines() {
        for (path, uri) in [
            ("D:/surat dinas/a.txt", "file:///D:/surat%20dinas/a.txt"),
            ("//dinas/berkas/a.txt", "file://dinas/berkas/a.txt"),
        ] {
            assert_eq!(uri_as(System::Windows, path), (uri.to_owned(), false));
        }
        assert_eq!(uri_as(System::Windows, "surel/a.txt"), ("surel/a.txt".to_owned(), true));
    }
}
