//! Any bytes as a source in the format `html`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::check("html", bytes));
