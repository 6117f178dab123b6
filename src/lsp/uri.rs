//! URIs of files, and their paths.

use std::path::{Path, PathBuf};

/// How URIs of files begin.
const SCHEME: &str = "file://";

/// The path that a URI names; none where it names no file of this machine.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    path_as(cfg!(windows), uri).map(PathBuf::from)
}

fn path_as(windows: bool, uri: &str) -> Option<String> {
    let rest = uri.strip_prefix(SCHEME)?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = String::from_utf8(decoded(rest.as_bytes())).ok()?;
    if !rest.starts_with('/') {
        // A share, which begins with the name of its machine.
        return (windows && path.contains('/')).then(|| format!("//{path}"));
    }
    // The path of a drive stands behind a slash: /c:/Users.
    let drive = windows && path.as_bytes().get(2) == Some(&b':');
    Some(if drive { path.trim_start_matches('/').to_owned() } else { path })
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, hex(at + 1), hex(at + 2)) {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    out
}

/// The URI of a path.
pub(super) fn uri_of(path: &Path) -> String {
    uri_as(cfg!(windows), &dunce::simplified(path).to_string_lossy())
}

fn uri_as(windows: bool, path: &str) -> String {
    let path = if windows { path.replace('\\', "/") } else { path.to_owned() };
    let mut uri = String::from(SCHEME);
    // A share names its machine where others have none.
    let path = path.strip_prefix("//").filter(|_| windows).unwrap_or_else(|| {
        if !path.starts_with('/') {
            uri.push('/');
        }
        &path
    });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 15)]),
        }
    }
    uri
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0').to_ascii_uppercase()
}

/// The last part of a URI, as the name of a file.
pub(super) fn name_of(uri: &str) -> String {
    let name = uri.rsplit(['/', ':']).next().unwrap_or(uri);
    String::from_utf8_lossy(&decoded(name.as_bytes())).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for path in ["/rumah/surat dinas/é+#?.txt", "/a%20b.txt"] {
            assert_eq!(path_as(false, &uri_as(false, path)).unwrap(), path, "{}", uri_as(false, path));
        }
        assert_eq!(path_as(false, "file://localhost/a%2Fb").unwrap(), "/a/b");
        assert_eq!(path_as(false, "file:///a%2").unwrap(), "/a%2");
    }

    #[test]
    fn paths_of_windows_come_back() {
        for (path, uri) in [
            (r"c:\surat dinas\a.txt", "file:///c%3A/surat%20dinas/a.txt"),
            (r"\\dinas\berkas\é.txt", "file://dinas/berkas/%C3%A9.txt"),
        ] {
            assert_eq!(uri_as(true, path), uri);
            assert_eq!(path_as(true, uri).unwrap(), path.replace('\\', "/"));
        }
        assert_eq!(path_as(true, "file:///C:/a.txt").unwrap(), "C:/a.txt");
        assert_eq!(path_as(true, "file://dinas"), None);
    }

    #[test]
    fn what_is_no_file_of_this_machine_has_no_path() {
        for uri in ["untitled:Untitled-1", "https://example.go.id/a", "file://server/a", "file:///%ff"] {
            assert_eq!(path_as(false, uri), None, "{uri}");
        }
        assert_eq!(name_of("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(name_of("file:///a/surat%20dinas.txt"), "surat dinas.txt");
    }
}
