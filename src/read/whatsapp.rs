//! Exports of `WhatsApp` as text.

use super::{Hints, Reading};
use crate::source::{Text, Window};

pub(super) fn sniff(_: &str, _: &str) -> bool {
    false
}

pub(super) fn read<'w>(_: &'w Text<'w>, _: &'w Window, _: &Hints) -> Vec<Reading<'w>> {
    Vec::new()
}
