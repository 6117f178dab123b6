//! Paths as programs that show reports want them: relative to where the command runs, with slashes, also as URIs.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What standard input is called where no name is given.
pub(super) const STDIN: &str = "<stdin>";

/// `path` with slashes, without steps that lead nowhere, and relative if it lies below `root`.
pub(super) fn tidy(path: &str, root: &str) -> String {
    let (path, root) = (slashed(path), slashed(root));
    let inner = path.strip_prefix(root.as_ref()).filter(|_| !root.is_empty()).and_then(|rest| rest.strip_prefix('/'));
    let path = inner.unwrap_or(&path);
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
    let begins_with_drive =
        cfg!(windows) && matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let (scheme, relative) = match path {
        _ if begins_with_drive => ("file:///", false),
        // A share: the path begins with the name of its machine.
        _ if cfg!(windows) && path.starts_with("//") => ("file:", false),
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

/// On Windows both strokes part a path; elsewhere a backslash is a character of a name.
fn slashed(path: &str) -> Cow<'_, str> {
    if cfg!(windows) { path.replace('\\', "/").into() } else { path.into() }
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
            assert_eq!(tidy(path, "/kerja"), tidied, "{path}");
        }
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri("surel/a b:c%é.txt"), ("surel/a%20b%3Ac%25%C3%A9.txt".to_owned(), true));
        assert_eq!(uri("<stdin>"), ("%3Cstdin%3E".to_owned(), true));
        assert_eq!(uri("/lain/a.txt"), ("file:///lain/a.txt".to_owned(), false));
    }
}
