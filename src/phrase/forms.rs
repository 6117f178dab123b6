//! The forms of Indonesian words: endings and beginnings that may be left out, and the forms of a verb.

/// Endings of a verb, formal and colloquial.
const SUFFIXES: [&str; 4] = ["", "kan", "i", "in"];
/// What may be put after any form.
const CLITICS: [&str; 3] = ["", "nya", "lah"];

/// All forms of the verb `stem`: kirim, kirimkan, dikirim, mengirim, ngirimin …
pub(super) fn verb(stem: &str) -> Vec<String> {
    let mut starts = vec![stem.to_owned(), format!("di{stem}")];
    starts.extend(active(stem));
    let mut forms = Vec::new();
    for start in starts {
        for suffix in SUFFIXES {
            // An i after an i is not written: "beri", not "berii".
            if suffix.starts_with('i') && start.ends_with('i') {
                continue;
            }
            forms.extend(CLITICS.iter().map(|clitic| format!("{start}{suffix}{clitic}")));
        }
    }
    forms
}

/// The active forms, with me- and in speech without it: mengirim, ngirim.
fn active(stem: &str) -> Vec<String> {
    let Some(first) = stem.chars().next() else { return Vec::new() };
    let rest = stem.split_at(first.len_utf8()).1;
    let (formal, spoken): (&[String], &[String]) = match first {
        'k' => (&[format!("meng{rest}"), format!("mengk{rest}")], &[format!("ng{rest}")]),
        'p' => (&[format!("mem{rest}"), format!("memp{rest}")], &[format!("m{rest}")]),
        't' => (&[format!("men{rest}"), format!("ment{rest}")], &[format!("n{rest}")]),
        's' => (&[format!("meny{rest}"), format!("mens{rest}")], &[format!("ny{rest}")]),
        'b' | 'f' => (&[format!("mem{stem}")], &[format!("nge{stem}"), format!("m{stem}")]),
        'c' => (&[format!("men{stem}")], &[format!("ny{rest}"), format!("nge{stem}")]),
        'd' | 'j' => (&[format!("men{stem}")], &[format!("nge{stem}"), format!("n{stem}")]),
        'a' | 'e' | 'i' | 'o' | 'u' => (&[format!("meng{stem}")], &[format!("ng{stem}")]),
        'g' | 'h' => (&[format!("meng{stem}")], &[format!("nge{stem}"), format!("ng{stem}")]),
        _ => (&[format!("me{stem}")], &[format!("nge{stem}")]),
    };
    formal.iter().chain(spoken).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::verb;

    #[test]
    fn makes_the_forms_of_a_verb() {
        for (stem, form) in [
            ("kirim", "mengirimkan"),
            ("kirim", "dikirimin"),
            ("kirim", "kirimkanlah"),
            ("transfer", "mentransfer"),
            ("sebut", "menyebutkan"),
            ("beri", "diberikan"),
            ("lapor", "ngelaporin"),
            ("ambil", "mengambilnya"),
            ("pakai", "memakai"),
        ] {
            assert!(verb(stem).iter().any(|known| known == form), "{form}");
        }
        assert!(!verb("beri").iter().any(|form| form == "berii"));
    }
}
