//! Names that Windows keeps for devices, whatever folder they stand in.

use std::path::Path;

/// Whether a path names a device by such a name. To these one can write; nothing can take their place.
pub(super) fn is_device(path: &Path) -> bool {
    cfg!(windows) && path.file_name().and_then(|name| name.to_str()).is_some_and(is_reserved)
}

/// Whether a name is kept. With an ending, as in `aux.txt`, it depends on the release of Windows; such a one is taken for a file,
/// and the system says what it makes of it.
fn is_reserved(name: &str) -> bool {
    let name = name.trim_end_matches([' ', ':']).to_ascii_uppercase();
    let numbered = |stem| name.strip_prefix(stem).is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']));
    matches!(name.as_str(), "NUL" | "CON" | "CONOUT$" | "PRN" | "AUX") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_devices_are_known() {
        for name in ["NUL", "nul", "Con", "COM1", "lpt9", "nul:", "CONOUT$"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["aux.txt", "com", "COM10", "COM0", "nulis", "laporan.json", ""] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
