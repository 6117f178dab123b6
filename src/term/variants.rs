//! Words that are written a little differently: stretched, with a doubled last letter, with a clitic.

use crate::token::{self, Token, TokenKind};

/// What may be put after a word, and how many letters the word must have at least: "tanya" is no "ta" with -nya.
const CLITICS: [(&str, usize); 6] = [("nya", 3), ("lah", 4), ("kah", 4), ("pun", 4), ("ku", 4), ("mu", 4)];

/// Calls `form` with each word of which `token` may be a variant, and with how many of its bytes belong to that word: all of
/// a stretched word or one whose last letter is doubled, and those before a clitic.
pub fn variants(text: &str, token: &Token, form: &mut dyn FnMut(&str, usize)) {
    let written = token.of(text);
    if token.kind != TokenKind::Word || !token.shape.plain() || !may_vary(token, written.as_bytes()) {
        return;
    }
    let word = token::fold(written);
    if token.shape.stretched() {
        form(&token::unstretched(&word, 1), word.len());
        form(&token::unstretched(&word, 2), word.len());
    } else if let [.., before, last] = word.as_bytes()
        && before == last
    {
        form(word.split_at(word.len() - 1).0, word.len());
    }
    for (clitic, least) in CLITICS {
        if let Some(stem) = word.strip_suffix(clitic).filter(|stem| stem.len() >= least) {
            form(stem, stem.len());
        }
    }
}

/// Whether a plain word ends as a variant does: most do not, and need not be folded to know it.
fn may_vary(token: &Token, word: &[u8]) -> bool {
    let [.., before, last] = word else { return false };
    match last.to_ascii_lowercase() {
        b'a' | b'h' | b'n' | b'u' => true,
        last => last == before.to_ascii_lowercase() || token.shape.stretched(),
    }
}
