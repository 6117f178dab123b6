//! Bytes of a text as UTF-16 counts them, in which JavaScript has its places.

/// How many bytes lie between two places of which the count is kept.
const STEP: usize = 256;

/// Counts the units of UTF-16 before any byte of a text.
pub(crate) struct Units<'t> {
    text: &'t str,
    /// The units before every `STEP`th byte, or the character that it lies in.
    kept: Vec<usize>,
}

impl<'t> Units<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let mut kept = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (at, c) in text.char_indices() {
            while kept.len() * STEP < at + c.len_utf8() {
                kept.push(count);
            }
            count += c.len_utf16();
        }
        kept.push(count);
        Self { text, kept }
    }

    /// The units before byte `at`; one within a character is that of the character, one behind the text that of its end.
    pub(crate) fn before(&self, at: u64) -> usize {
        let at = floor(self.text, usize::try_from(at).unwrap_or(usize::MAX));
        let step = at / STEP;
        let known = self.kept.get(step).copied().unwrap_or_default();
        let rest = self.text.get(floor(self.text, step * STEP)..at).unwrap_or_default();
        known + rest.chars().map(char::len_utf16).sum::<usize>()
    }
}

/// The nearest start of a character at or before byte `at`.
fn floor(text: &str, at: usize) -> usize {
    santun::source::floor_boundary(text, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_javascript() {
        for text in ["", "a", "Halo 🙏 Bu\r\né", &"🙏é\r\nab".repeat(300), &"a".repeat(STEP), &"🙏".repeat(STEP)]
        {
            let units = Units::of(text);
            let mut count = 0;
            for (at, c) in text.char_indices() {
                for inside in at..at + c.len_utf8() {
                    assert_eq!(units.before(inside as u64), count, "byte {inside} of {} bytes", text.len());
                }
                count += c.len_utf16();
            }
            assert_eq!(units.before(text.len() as u64), text.encode_utf16().count());
            assert_eq!(units.before(u64::MAX), text.encode_utf16().count());
        }
    }
}
