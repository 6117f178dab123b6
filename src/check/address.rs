//! `address`: mail addresses and accounts, and whether they are the agency's.

use serde::Deserialize;

use super::{Check, Context, Findings, Sight};
use crate::facts::under_domain;
use crate::message::{Field, Part};
use crate::rule::{Severity, Unfit};
use crate::span::TextSpan;
use crate::token::TokenKind;

/// The options of the kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    /// Domains that may not stand there, with those below them.
    #[serde(default)]
    deny: Vec<String>,
    /// Domains that may.
    #[serde(default)]
    allow: Vec<String>,
    /// What of the agency's the address must agree with.
    official: Option<Official>,
    /// The severity where the configuration knows the agency's.
    official_severity: Option<Severity>,
}

/// What the configuration knows that the address must agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum Official {
    /// Its domains, which then are the only ones allowed.
    Domains,
    /// Its accounts on social media.
    Accounts,
    /// Its archive, which must be among those who get a copy.
    Archive,
}

/// Domains under which none but authorities have names.
const GOVERNMENT: [&str; 3] = ["go.id", "desa.id", "mil.id"];

impl Address {
    /// Whether `address` may not stand where it does.
    fn is_wrong(&self, context: &Context<'_, '_>, address: &str) -> bool {
        let Some((_, domain)) = address.rsplit_once('@') else { return false };
        let facts = context.facts;
        if facts.is_contact(address)
            || facts.is_own_domain(domain)
            || self.allow.iter().any(|d| under_domain(domain, d))
        {
            return false;
        }
        let foreign = self.official == Some(Official::Domains) && !facts.domains.is_empty();
        foreign || self.deny.iter().any(|d| under_domain(domain, d))
    }

    fn addresses(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let known = self.official == Some(Official::Domains) && !context.facts.domains.is_empty();
        let grade = self.official_severity.filter(|_| known);
        for field in context.fields() {
            for token in field.tokens.iter().filter(|t| t.kind == TokenKind::Mail) {
                if context.reads(field, token.start) && self.is_wrong(context, token.of(&field.text)) {
                    findings.add_graded(field, token.span(), grade);
                }
            }
        }
    }

    fn accounts(context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let Some(field) = context.message.field(Part::Account) else { return };
        let bare = |name: &str| name.trim().trim_start_matches('@').to_lowercase();
        let own = bare(&field.text);
        if !own.is_empty()
            && !context.facts.accounts.is_empty()
            && !context.facts.accounts.iter().any(|a| bare(a) == own)
        {
            findings.add(field, TextSpan::new(0..field.text.len()));
        }
    }

    fn archive(context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        let Some(archive) =
            context.facts.archive.as_deref().filter(|own| !own.trim().is_empty() && context.message.has_header())
        else {
            return;
        };
        let holds = |field: &Field<'_>| {
            let mut mails = field.tokens.iter().filter(|t| t.kind == TokenKind::Mail);
            mails.any(|t| t.of(&field.text).eq_ignore_ascii_case(archive.trim()))
        };
        let copies = [Part::Cc, Part::Bcc, Part::To].map(|part| context.message.field(part));
        if copies.iter().flatten().any(|field| holds(field)) {
            return;
        }
        let anchor = copies.into_iter().flatten().next().or_else(|| context.message.fields.first());
        if let Some(field) = anchor {
            findings.add(field, TextSpan::new(0..field.text.len()));
        }
    }
}

impl Check for Address {
    fn validate(&self) -> Result<(), Unfit> {
        let judges = self.official.is_some() || !self.deny.is_empty();
        if judges { Ok(()) } else { Err("one of `deny`, `official` must say what is wrong".into()) }
    }

    fn sight(&self, context: &Context<'_, '_>) -> Sight {
        let facts = context.facts;
        let sees = match self.official {
            Some(Official::Accounts) => !facts.accounts.is_empty() && context.message.field(Part::Account).is_some(),
            Some(Official::Archive) => {
                facts.archive.as_deref().is_some_and(|own| !own.trim().is_empty()) && context.message.has_header()
            }
            // Without the agency's domains, only those of the government are known to be official.
            Some(Official::Domains) => context.fields().any(|field| {
                let mails = field.tokens.iter().filter(|t| t.kind == TokenKind::Mail);
                let mut domains = mails.filter_map(|t| t.of(&field.text).rsplit_once('@')).map(|(_, domain)| domain);
                domains.any(|domain| !facts.domains.is_empty() || GOVERNMENT.iter().any(|d| under_domain(domain, d)))
            }),
            None => context.fields().next().is_some(),
        };
        if sees { Sight::Sees } else { Sight::Blind }
    }

    fn judge(&self, context: &Context<'_, '_>, findings: &mut Findings<'_, '_>) {
        match self.official {
            Some(Official::Accounts) => Self::accounts(context, findings),
            Some(Official::Archive) => Self::archive(context, findings),
            _ => self.addresses(context, findings),
        }
    }
}
