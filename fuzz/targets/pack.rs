//! Any text as a pack of rules.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::pack(bytes));
