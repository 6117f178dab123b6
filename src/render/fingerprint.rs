//! What tells a finding from all others of a report, and knows it again in the next: a hash of where it is, not of what it holds.
//!
//! The fingerprint of a finding tells it from the others of its message. The path, as it is shown, and the position of the message
//! make of it one for the whole report. So it stays the same when text is added, and changes when messages are put before it.

use crate::report::{Finding, MessageReport};

/// The fingerprint of a finding.
pub(super) fn of(path: &str, message: &MessageReport, found: &Finding) -> String {
    hash(&[path, &message.index.to_string(), &message.turn.to_string(), &found.fingerprint])
}

/// The fingerprint of a line, or a whole source, that could not be read.
pub(super) fn of_error(path: &str, line: Option<u64>) -> String {
    hash(&[path, "unreadable", &line.map(|line| line.to_string()).unwrap_or_default()])
}

/// FNV-1a over the parts, which hold no zero byte.
fn hash(parts: &[&str]) -> String {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
