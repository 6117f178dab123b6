//! ZIP archives, as chats are exported in: the messages among their entries.

use std::io::{self, Read, Seek};

use zip::ZipArchive;

use crate::limits::{HEAD_BYTES, Limits};
use crate::message::Note;
use crate::read::{self, Format};

/// Entries by which one knows that an archive is a document of an office program, a book or a program.
const DOCUMENTS: [&str; 3] = ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"];

/// Endings of files that come with messages and hold no text.
const MEDIA: [&str; 22] = [
    "3gp", "aac", "avi", "doc", "docx", "gif", "heic", "jpeg", "jpg", "m4a", "mov", "mp3", "mp4", "opus", "pdf", "png",
    "pptx", "vcf", "wav", "webm", "webp", "xlsx",
];

/// Hands on every entry of an archive that holds text, until `take` wants no more. What is to be said of the archive itself comes back.
///
/// # Errors
/// What is no archive, or cannot be read.
pub fn entries(source: impl Read + Seek, limits: Limits, take: &mut dyn FnMut(Entry) -> bool) -> io::Result<Vec<Note>> {
    let mut notes = vec![Note::Binary];
    if let Some(mut archive) = Archive::open(source, limits)? {
        while let Some(entry) = archive.entry() {
            notes.clear();
            if !take(entry) {
                break;
            }
        }
        notes.extend((archive.unread > 0).then_some(Note::Unpacked(archive.unread)));
    }
    Ok(notes)
}

/// An open archive, whose entries are read one after the other.
struct Archive<R> {
    zip: ZipArchive<R>,
    next: usize,
    limits: Limits,
    /// How many bytes may still be unpacked.
    left: u64,
    unread: u64,
}

/// An entry that holds text.
#[derive(Debug)]
pub struct Entry {
    /// Its path within the archive.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive; none if it is a document.
    fn open(source: R, limits: Limits) -> io::Result<Option<Self>> {
        let zip = ZipArchive::new(source).map_err(io::Error::other)?;
        let is_document = DOCUMENTS.iter().any(|name| zip.index_for_name(name).is_some());
        let archive = Self { zip, next: 0, limits, left: limits.unpacked_bytes, unread: 0 };
        Ok((!is_document).then_some(archive))
    }

    /// The next entry that holds text.
    fn entry(&mut self) -> Option<Entry> {
        while self.next < self.zip.len() {
            if self.next >= self.limits.entries {
                self.unread += (self.zip.len() - self.next) as u64;
                self.next = self.zip.len();
                break;
            }
            self.next += 1;
            match self.unpack(self.next - 1) {
                Ok(Some(entry)) => return Some(entry),
                Ok(None) => {}
                Err(_) => self.unread += 1,
            }
        }
        None
    }

    /// Unpacks an entry, if it holds text, as far as limits allow.
    fn unpack(&mut self, index: usize) -> io::Result<Option<Entry>> {
        let mut file = self.zip.by_index(index).map_err(io::Error::other)?;
        let name = file.name().map_err(io::Error::other)?.into_owned();
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if file.is_dir() || name.starts_with("__MACOSX/") || MEDIA.contains(&ending.as_str()) {
            return Ok(None);
        }
        // So many bytes may come of the entry, and one more shows that there are more.
        let room = file.compressed_size().saturating_mul(self.limits.ratio).max(HEAD_BYTES as u64).min(self.left);
        let mut bytes = Vec::new();
        file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut bytes)?;
        if read::is_binary(&bytes) {
            return Ok(None);
        }
        // What a chat program writes about itself is no message.
        let format = Format::sniffed(&name, &bytes);
        if ending == "json" && !matches!(format.name, "telegram" | "slack" | "jsonl") {
            return Ok(None);
        }
        file.take(room.saturating_sub(bytes.len() as u64) + 1).read_to_end(&mut bytes)?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if bytes.len() as u64 > room {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Some(Entry { name, bytes }))
    }
}
