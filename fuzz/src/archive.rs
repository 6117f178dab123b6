//! What must hold of archives: those that somebody broke, and those that somebody packed to do harm.

use std::io::{Cursor, Write};

use arbitrary::Arbitrary;
use santun::limits::{HEAD_BYTES, Limits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Reads bytes as an archive.
///
/// # Panics
///
/// Where more comes of it than may.
pub fn archive(bytes: &[u8], limits: Limits) {
    let (mut entries, mut unpacked) = (0, 0);
    let _ = santun::archive::entries(Cursor::new(bytes), limits, &mut |entry| {
        let size = entry.bytes.len() as u64;
        entries += 1;
        unpacked += size;
        let most = (bytes.len() as u64).saturating_mul(limits.ratio).max(HEAD_BYTES as u64);
        assert!(size <= most, "{size} bytes come of {}", bytes.len());
        true
    });
    assert!(entries <= limits.entries, "no more entries are read than may be");
    assert!(unpacked <= limits.unpacked_bytes, "no more is unpacked than may be");
}

/// An archive that is packed as it should be, apart from some bytes of it.
#[derive(Arbitrary, Debug)]
pub struct Packed<'b> {
    limits: (u8, u16, u8),
    entries: Vec<Entry<'b>>,
    broken: Vec<(u16, u8)>,
}

#[derive(Arbitrary, Debug)]
struct Entry<'b> {
    name: &'b str,
    content: &'b [u8],
    times: u16,
    stored: bool,
    folder: bool,
}

/// Packs an archive, breaks it, and reads it.
///
/// # Panics
///
/// Where more comes of it than may.
pub fn packed(packed: &Packed<'_>) {
    let Some(mut bytes) = written(&packed.entries) else { return };
    for (at, value) in &packed.broken {
        let at = usize::from(*at) % bytes.len();
        bytes[at] = *value;
    }
    let (entries, unpacked, ratio) = packed.limits;
    let limits =
        Limits { entries: entries.into(), unpacked_bytes: unpacked.into(), ratio: ratio.into(), ..Limits::default() };
    archive(&bytes, limits);
    archive(&bytes, Limits::default());
}

fn written(entries: &[Entry<'_>]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let method = if entry.stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        if entry.folder {
            zip.add_directory(entry.name, options).ok()?;
            continue;
        }
        zip.start_file(entry.name, options).ok()?;
        // What is repeated is packed small.
        for _ in 0..entry.times % 64 {
            zip.write_all(entry.content).ok()?;
        }
    }
    Some(zip.finish().ok()?.into_inner())
}
