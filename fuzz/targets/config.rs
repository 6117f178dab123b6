//! Any text as `santun.toml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::config(bytes));
