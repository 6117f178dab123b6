//! Open addressing: where a key is found in the table, and what stands under it.

/// What a look into the table tells of a key: packed into one number, so that a look costs one line of the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot(pub(super) u64);

impl Slot {
    /// Terms of several words begin with this one.
    pub(super) const OPENS: u64 = 1 << 63;

    pub(super) fn new(key: u32) -> Self {
        Self(u64::from(key))
    }

    /// Whether nothing has been put here.
    pub(super) fn is_free(self) -> bool {
        self.0 >> 32 == 0
    }

    pub(super) fn key(self) -> u32 {
        u32::try_from(self.0 & u64::from(u32::MAX)).unwrap_or_default()
    }

    pub(super) fn opens(self) -> bool {
        self.0 & Self::OPENS != 0
    }

    /// Index of the first entry with this key, if there is one.
    pub(super) fn first(self) -> Option<usize> {
        ((self.0 & !Self::OPENS) >> 32).checked_sub(1).and_then(|index| usize::try_from(index).ok())
    }

    pub(super) fn with_first(self, index: usize) -> Self {
        Self(self.0 | (u64::from(super::clip(index)) + 1) << 32)
    }
}

/// Where the slot of a key is sought first, in a table of any length.
pub(super) fn place(key: u32) -> usize {
    key.wrapping_mul(0x9e37_79b1) as usize >> 8
}

/// The slot of `key`, or a free one that becomes it.
pub(super) fn slot_of(slots: &mut [Slot], key: u32) -> &mut Slot {
    let mask = slots.len() - 1;
    let mut at = place(key) & mask;
    while slots[at] != Slot::default() && slots[at].key() != key {
        at = (at + 1) & mask;
    }
    if slots[at] == Slot::default() {
        slots[at] = Slot::new(key);
    }
    &mut slots[at]
}
