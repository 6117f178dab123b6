//! What build.rs made of `rules/`: rules, tables and the guideline as constants, so that nothing is parsed at start-up.
//!
//! With the feature `compact` they are what these are made of, so that they are small, and are made once they are asked for. Examples of
//! rules are left out then.

#![allow(clippy::unreadable_literal, clippy::large_enum_variant, reason = "the tables are numbers that nobody reads")]

#[cfg(feature = "compact")]
mod unpacked;

use std::borrow::Cow;
#[cfg(feature = "compact")]
use std::sync::LazyLock;

use crate::check::{Check, Traits, Turns};
#[cfg(not(feature = "compact"))]
use crate::check::{Conditions, Item, Phrases, Within};
use crate::locale::Text;
use crate::message::Roles;
use crate::phrase::Vocabulary;
#[cfg(not(feature = "compact"))]
use crate::phrase::{Call, Class, Key, Link, Lists, Program, Programs, Run, Step};
use crate::prefilter::Table;
#[cfg(not(feature = "compact"))]
use crate::rule::{Case, Grade};
use crate::rule::{Checkable, Gate, Guideline, Rule, Severity, Statement};
use crate::term::TermTable;
#[cfg(not(feature = "compact"))]
use crate::term::{Entry, Slice, Word};

/// A rule that was compiled in.
#[derive(Debug)]
pub(crate) struct Embedded {
    /// What all rules have.
    pub(crate) rule: Rule,
    /// What judges.
    pub(crate) check: Stored,
    /// How its check wants to be asked.
    pub(crate) traits: Traits,
    /// What its expressions need, as a program of the prefilter over `NEEDS`.
    pub(crate) needs: &'static [u32],
    /// The numbers of its phrases: the first, and one past the last.
    pub(crate) phrases: (usize, usize),
}

/// A check as build.rs wrote it down.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stored {
    /// As it is.
    Ready(&'static dyn Check),
    /// The options of a kind, by its index into `KINDS`, as JSON.
    Options(usize, &'static str),
}

/// The title of a theme.
pub(crate) type Theme = (&'static str, Text);

/// Every embedded rule, by theme.
pub(crate) fn rules() -> &'static [Embedded] {
    #[cfg(feature = "compact")]
    return &UNPACKED.rules;
    #[cfg(not(feature = "compact"))]
    RULES
}

/// The words of all phrases.
pub(crate) fn vocabulary() -> Vocabulary {
    #[cfg(feature = "compact")]
    return UNPACKED.vocabulary.clone();
    #[cfg(not(feature = "compact"))]
    VOCABULARY.clone()
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
