//! Whatever an editor may say.

#![no_main]

libfuzzer_sys::fuzz_target!(|session: santun_fuzz::Session| santun_fuzz::editor(&session));
