//! Texts of a pack that are shown as they stand: whoever is handed a pack reads them at a terminal, so they hold nothing that one
//! obeys, and nothing that nobody sees.

use serde::de::{Deserialize, Deserializer, Error};

use crate::harmless::is_plain;
use crate::locale::Text;
use crate::rule::OneOrMany;

/// What is wrong with a text that a terminal would obey, or that hides something.
pub(crate) const NOT_PLAIN: &str = "a text holds line ends, control characters or characters that nobody sees";

/// What is made of such texts.
pub(super) trait Plain {
    /// Whether all of it is seen as it stands.
    fn is_plain(&self) -> bool;
}

impl Plain for Text {
    fn is_plain(&self) -> bool {
        is_plain(&self.id) && is_plain(&self.en)
    }
}

impl Plain for OneOrMany {
    fn is_plain(&self) -> bool {
        match self {
            Self::One(one) => is_plain(one),
            Self::Many(many) => many.iter().all(|text| is_plain(text)),
        }
    }
}

impl<T: Plain> Plain for Option<T> {
    fn is_plain(&self) -> bool {
        self.as_ref().is_none_or(Plain::is_plain)
    }
}

/// Reads what is made of such texts, for serde.
pub(super) fn read<'de, T: Deserialize<'de> + Plain, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let texts = T::deserialize(from)?;
    if texts.is_plain() { Ok(texts) } else { Err(D::Error::custom(NOT_PLAIN)) }
}
