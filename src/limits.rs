//! How much is read of one thing, so that no input exhausts the machine. In one place, in bytes unless said otherwise.

use serde::{Deserialize, Serialize};

/// The size of a window of a source that can be cut (JSONL). A line that is longer makes its window longer, up to
/// [`Limits::source_bytes`].
pub const WINDOW_BYTES: usize = 256 << 10;

/// How many bytes are looked at to find out what a source is.
pub const HEAD_BYTES: usize = 64 << 10;

/// A message of an editor is read up to here; a longer one is passed over and refused.
pub const FRAME_BYTES: u64 = 256 << 20;

/// How many senders, and how many folders, statistics count by themselves; the others are counted together.
pub const GROUPS: usize = 10_000;

/// How many remarks about sources are kept for the end of a report.
pub const REMARKS: usize = 1000;

/// How many messages with findings a report for reading shows, and how many sources it lists of which nothing is to be said. The
/// others are counted.
pub const REPORTED: (u64, u64) = (200, 500);

/// A file counts as text if no NUL stands this near its start.
pub const BINARY_PROBE: usize = 8 << 10;

/// How long a source may be, how deeply messages and their parts may lie in each other, how many there may be, and the like: what a
/// file of a stranger may ask of the machine. What lies beyond is left out, with a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// How many bytes are read of a source that cannot be cut into windows (a plain draft), and of a line of one that can. No more
    /// than 4 GiB are.
    pub source_bytes: u32,
    /// How many findings of one rule are told of one message; the others are counted in a note. What a rule keeps secret is masked
    /// however often it stands there.
    pub findings: usize,
    /// How many levels of parts an e-mail may have.
    pub nesting: usize,
    /// How many parts an e-mail may have.
    pub parts: usize,
    /// How many bytes of a header field, or of a part of the body, are decoded.
    pub field_bytes: usize,
    /// How many entries of a ZIP archive are read.
    pub entries: usize,
    /// How many bytes of all entries of an archive together are unpacked.
    pub unpacked_bytes: u64,
    /// How many bytes may come of one byte of an archive.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: 256 << 20,
            findings: 1000,
            nesting: 64,
            parts: 10_000,
            field_bytes: 1 << 20,
            entries: 10_000,
            unpacked_bytes: 256 << 20,
            ratio: 100,
        }
    }
}
