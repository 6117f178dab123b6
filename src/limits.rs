//! How much is read of one thing, so that no input exhausts the machine. In one place, in bytes unless said otherwise.

/// A source that cannot be cut into windows (a plain draft) is read up to here.
pub const SOURCE_BYTES: usize = 256 << 20;

/// The size of a window of a source that can be cut (JSONL). A line that is longer makes its window longer, up to
/// [`SOURCE_BYTES`].
pub const WINDOW_BYTES: usize = 1 << 20;

/// A file counts as text if no NUL stands this near its start.
pub const BINARY_PROBE: usize = 8 << 10;
