//! Switching a rule off in `santun.toml`, whose comments and form stay.

use toml_edit::{DocumentMut, Item, TableLike, Value, value};

/// What a configuration reads once it switches the rule off; none where it cannot be read or rules are not written there as
/// they should be.
pub(super) fn switched_off(config: &str, rule: &str) -> Option<String> {
    let mut document: DocumentMut = config.parse().ok()?;
    let rules = document.entry("rules").or_insert_with(toml_edit::table).as_table_like_mut()?;
    let there = rules.get(rule).and_then(Item::as_table_like).is_some();
    if there {
        set_off(rules.get_mut(rule)?.as_table_like_mut()?, "severity");
    } else {
        set_off(rules, rule);
    }
    Some(document.to_string())
}

/// Sets a key to `off`. What stands around an old value, such as a comment behind it, stays.
fn set_off(table: &mut dyn TableLike, key: &str) {
    let mut off = Value::from("off");
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            off.decor_mut().clone_from(old.decor());
            *old = off;
        }
        _ => {
            table.insert(key, value(off));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_keeps_its_form() {
        for (before, after) in [
            ("", "[rules]\n\"tone/blame\" = \"off\"\n"),
            (
                "# Kami\nlang = \"id\" # bahasa\n",
                "# Kami\nlang = \"id\" # bahasa\n\n[rules]\n\"tone/blame\" = \"off\"\n",
            ),
            (
                "[rules]\ntone = \"info\" # ringan\n\n[limits]\nparts = 3\n",
                "[rules]\ntone = \"info\" # ringan\n\"tone/blame\" = \"off\"\n\n[limits]\nparts = 3\n",
            ),
            ("[rules]\n\"tone/blame\" = \"error\" # tegas\n", "[rules]\n\"tone/blame\" = \"off\" # tegas\n"),
            ("[rules.\"tone/blame\"]\nlimit = 3\n", "[rules.\"tone/blame\"]\nlimit = 3\nseverity = \"off\"\n"),
            (
                "[rules]\n\"tone/blame\" = { allow = [\"a\"] }\n",
                "[rules]\n\"tone/blame\" = { allow = [\"a\"] , severity = \"off\" }\n",
            ),
            ("rules = { tone = \"info\" }\n", "rules = { tone = \"info\" , \"tone/blame\" = \"off\" }\n"),
        ] {
            assert_eq!(switched_off(before, "tone/blame").as_deref(), Some(after));
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        for config in ["[rules", "rules = 7\n", "[[rules]]\n"] {
            assert_eq!(switched_off(config, "tone/blame"), None, "{config}");
        }
    }
}
