//! How long an editor waits: from a change of a document to its diagnostics, over the standard streams of the command, for a
//! message of 5 KB and for documents of 200 KB.
//!
//! Run with `cargo bench --bench lsp`.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    dead_code,
    reason = "a measurement that cannot go on is none; the client is that of the tests"
)]

#[path = "../tests/lsp/client.rs"]
mod client;

use std::path::Path;

use client::{Client, plain};
use divan::Bencher;
use divan::counter::BytesCount;
use serde_json::json;

const GOOD: &str = include_str!("../examples/good/email-jadwal-ktp.txt");
const BAD: &str = include_str!("../examples/bad/email-keluhan-ktp.txt");
const BATCH: &str = include_str!("../examples/batch.jsonl");

/// Documents: their names, which tell their formats, what is repeated in them, and to what size.
const DOCUMENTS: [(&str, &str, &str, usize); 6] = [
    ("good mail, 5 KB", "email.txt", GOOD, 5_000),
    ("bad mail, 5 KB", "email.txt", BAD, 5_000),
    ("good mail, 200 KB", "email.txt", GOOD, 200_000),
    ("bad mail, 200 KB", "email.txt", BAD, 200_000),
    ("JSONL, 200 KB", "pesan.jsonl", BATCH, 200_000),
    ("mailbox, 200 KB", "arsip.mbox", include_str!("../examples/good/email-arsip.mbox"), 200_000),
];

fn main() {
    divan::main();
}

/// From a key that is pressed in the last line to what is found then.
#[divan::bench(args = DOCUMENTS.map(|(name, ..)| name))]
fn change_to_diagnostics(bencher: Bencher<'_, '_>, name: &str) {
    let (_, file, part, size) = DOCUMENTS.into_iter().find(|row| row.0 == name).unwrap();
    let text = part.repeat(size.div_ceil(part.len()));
    let uri = format!("untitled:{file}");
    let mut client = Client::new(Path::new("/"), &plain());
    client.open(&uri, "plaintext", &text);
    client.diagnostics(&uri, 1);
    // In the first line, so that whatever were kept of the text before the change would not help.
    let start = json!({"line": 0, "character": 0});
    let end = json!({"line": 0, "character": 1});
    let first: String = text.chars().take(1).collect();
    let mut version = 1;
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        version += 1;
        client.change(&uri, version, &json!([{"range": {"start": start, "end": end}, "text": first}]));
        client.unread()
    });
}
