//! What the configuration knows of the agency, as plain data.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::calendar::{Hours, ReplyClock, Zone};
use crate::token;

/// The agency's own facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Names by which the agency signs.
    pub names: Vec<String>,
    /// Domains of its addresses.
    pub domains: Vec<String>,
    /// Official telephone numbers and addresses, which are no leak.
    pub contacts: Vec<String>,
    /// Official accounts on social media.
    pub accounts: Vec<String>,
    /// Where outgoing mail is archived.
    pub archive: Option<String>,
    /// Names of people who sign.
    pub people: Vec<String>,
    /// Positions and units that sign.
    pub positions: Vec<String>,
    /// Terms of address that its channels allow, such as "Kak".
    pub address_terms: Vec<String>,
    /// Names of the groups in which only official matters are discussed.
    pub groups: Vec<String>,
    /// Whether an election is near, so that gestures count.
    pub election: bool,
    /// Its hours of work.
    pub hours: Hours,
    /// Days on which nobody works.
    #[cfg_attr(schema, schemars(with = "Vec<String>"))]
    pub holidays: Vec<Date>,
    /// Which time counts until an answer.
    pub reply_clock: ReplyClock,
    /// Where its clocks are.
    pub zone: Zone,
    /// The moment at which the check is made; where the configuration sets none, the command takes the machine's.
    #[cfg_attr(schema, schemars(with = "Option<String>"))]
    pub now: Option<DateTime>,
}

impl Facts {
    /// Whether `value` is one of the official contacts, whatever its spaces and dashes.
    #[must_use]
    pub fn is_contact(&self, value: &str) -> bool {
        let plain = plain_contact(value);
        self.contacts.iter().any(|contact| plain_contact(contact) == plain)
    }

    /// Whether `term` is one by which the agency may address people.
    #[must_use]
    pub fn allows_address(&self, term: &str) -> bool {
        let plain = token::fold(term);
        self.address_terms.iter().any(|own| token::fold(own.trim()) == plain)
    }

    /// Whether `name` is one of the official groups.
    #[must_use]
    pub fn is_official_group(&self, name: &str) -> bool {
        let plain = token::fold(name.trim());
        self.groups.iter().any(|own| token::fold(own.trim()) == plain)
    }

    /// Whether `domain` is one of the agency's or below it.
    #[must_use]
    pub fn is_own_domain(&self, domain: &str) -> bool {
        self.domains.iter().any(|own| under_domain(domain, own))
    }
}

/// Whether `domain` is `parent` or below it; `*.go.id` says the same as `go.id`.
#[must_use]
pub fn under_domain(domain: &str, parent: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let parent = parent.trim_start_matches("*.").trim_start_matches('@').to_ascii_lowercase();
    domain == parent || domain.strip_suffix(&parent).is_some_and(|rest| rest.ends_with('.'))
}

/// A contact without what people write for the eye: `+62 812-…` and `0812 …` are the same.
fn plain_contact(value: &str) -> String {
    let folded = token::fold(value);
    if folded.contains('@') {
        return folded.trim().to_owned();
    }
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let local = digits.strip_prefix("62").or(digits.strip_prefix('0'));
    local.map_or_else(|| folded.trim().to_owned(), str::to_owned)
}
