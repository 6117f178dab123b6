//! The forms of Indonesian words: endings and beginnings that may be left out, and the forms of a verb.

/// All forms of the verb `stem`: kirim, kirimkan, dikirim, mengirim, ngirimin …
pub(super) fn verb(stem: &str) -> Vec<String> {
    let (formal, spoken) = active(stem);
    let mut forms = Vec::new();
    let mut add = |start: &str, suffixes: &[&str], clitics: &[&str]| {
        for suffix in suffixes {
            // An i after an i is not written: "beri", not "berii".
            if !(suffix.starts_with('i') && start.ends_with('i')) {
                forms.extend(clitics.iter().map(|clitic| format!("{start}{suffix}{clitic}")));
            }
        }
    };
    add(stem, &["", "kan", "i", "in"], &["", "lah"]);
    add(&format!("di{stem}"), &["", "kan", "i", "in"], &[""]);
    for start in &formal {
        add(start, &["", "kan", "i"], &["", "nya"]);
    }
    for start in &spoken {
        add(start, &["", "in"], &["", "nya"]);
    }
    forms
}

/// The active forms: with me-, and in speech without it (mengirim, ngirim).
fn active(stem: &str) -> (Vec<String>, Vec<String>) {
    let Some(first) = stem.chars().next() else { return (Vec::new(), Vec::new()) };
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
    (formal.to_vec(), spoken.to_vec())
}

#[cfg(test)]
mod tests {
    use super::verb;

    #[test]
    fn makes_the_forms_of_a_verb() {
        for (stem, form) in [
            ("kirim", "mengirimkan"),
            ("kirim", "dikirimin"),
            ("kirim", "ngirimin"),
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
