//! What build.rs made of `rules/`: rules, tables and the guideline as constants, so that nothing is parsed at start-up.

#![allow(clippy::unreadable_literal, clippy::large_enum_variant, reason = "the tables are numbers that nobody reads")]

use std::borrow::Cow;

use crate::check::{Check, Conditions, Item, Phrases, Traits, Turns, Within};
use crate::locale::Text;
use crate::message::Roles;
use crate::phrase::{Call, Class, Key, Link, Lists, Program, Programs, Run, Step, Vocabulary};
use crate::prefilter::Table;
use crate::rule::{Case, Checkable, Gate, Grade, Guideline, Rule, Severity, Statement};
use crate::term::{Entry, Slice, TermTable, Word};

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

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
