//! What the program itself says, in both languages: `src/locale/*.toml`, made into keys by build.rs.
//!
//! A key that a language lacks stops the build; a key that nothing uses is a warning of the compiler.

use crate::locale::{Lang, fill};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

impl Lang {
    /// The text of `key`.
    pub(crate) fn text(self, key: Key) -> &'static str {
        match self {
            Self::Id => ID[key as usize],
            Self::En => EN[key as usize],
        }
    }

    /// The text of `key`, its placeholders filled.
    pub(crate) fn fill(self, key: Key, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }
}
