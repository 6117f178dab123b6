//! What a phrase tells by its form instead of its words: numbers, sums, names.

use std::ops::RangeInclusive;

use crate::token::{Token, TokenKind};

/// Tokens that are told by their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Any token.
    Any,
    /// Digits.
    Number,
    /// A sum of money.
    Money,
    /// A capitalised word, or a placeholder for one.
    Name,
    /// Two to five of these, one after the other.
    FullName,
    /// A link or an address.
    Link,
}

impl Class {
    /// All by their names in phrases.
    const ALL: [(&'static str, Self); 6] = [
        ("ANY", Self::Any),
        ("NUMBER", Self::Number),
        ("MONEY", Self::Money),
        ("NAME", Self::Name),
        ("FULLNAME", Self::FullName),
        ("LINK", Self::Link),
    ];

    /// The class with that name.
    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
    }

    /// How many tokens it has at most.
    pub(super) fn longest(self) -> usize {
        match self {
            Self::Money => MOST_MONEY,
            Self::FullName => MOST_NAMES,
            _ => 1,
        }
    }

    /// How many tokens at `index` may be of the class, the most last; none where none is.
    pub(super) fn tokens_at(self, text: &str, tokens: &[Token], index: usize) -> RangeInclusive<usize> {
        let token = &tokens[index];
        let fits = match self {
            Self::Any => true,
            Self::Number => token.kind == TokenKind::Number,
            Self::Money => match money_at(text, tokens, index) {
                0 => false,
                count => return count..=count,
            },
            Self::Name => is_name(token),
            Self::FullName => return 2..=full_name_at(text, tokens, index),
            Self::Link => matches!(token.kind, TokenKind::Link | TokenKind::Mail),
        };
        1..=usize::from(fits)
    }
}

/// Longer sums are lists.
const MOST_MONEY: usize = 12;
/// Longer runs of capitals are titles.
const MOST_NAMES: usize = 5;

fn is_name(token: &Token) -> bool {
    token.kind == TokenKind::Construct || token.kind == TokenKind::Word && token.shape.capitalised()
}

/// How many tokens at `index` are a full name: Siti Aminah, Ahmad bin Yusuf, M. Rizki Pratama.
fn full_name_at(text: &str, tokens: &[Token], index: usize) -> usize {
    let joined = |at: usize| {
        let gap = text.get(tokens[at - 1].end as usize..tokens[at].start as usize).unwrap_or_default();
        gap == " " || gap == ". " && tokens[at - 1].end - tokens[at - 1].start <= 2
    };
    let is_link = |at: usize| matches!(tokens[at].of(text), "bin" | "binti") && tokens.get(at + 1).is_some_and(is_name);
    let goes_on = |at: &usize| joined(*at) && (is_name(&tokens[*at]) || is_link(*at));
    let rest = (index + 1..tokens.len()).take_while(goes_on).count();
    if is_name(&tokens[index]) && (1..MOST_NAMES).contains(&rest) { rest + 1 } else { 0 }
}

/// How many tokens at `index` are a sum of money: Rp50.000, Rp 50 ribu, 50rb, 2 juta, seratus ribu.
fn money_at(text: &str, tokens: &[Token], index: usize) -> usize {
    /// Numbers above a hundred that are written as words.
    const WORDS: [&str; 9] = ["seratus", "ratus", "ribu", "rebu", "rb", "seribu", "juta", "jt", "sejuta"];
    /// What may stand before these.
    const DIGITS: [&str; 12] =
        ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "setengah", "puluh", "belas"];
    let word = |at: usize| tokens.get(at).map_or("", |token| token.of(text)).to_ascii_lowercase();
    let is_number = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Number);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = word(index);
    let mut end = index + 1;
    let mut is_money = false;
    if let Some(sum) = first.strip_prefix("rp") {
        is_money = digits(sum) > 0 || sum.is_empty() && is_number(end);
    } else if digits(&first) > 0 {
        is_money = matches!(first.split_at(digits(&first)).1, "rb" | "ribu" | "jt" | "juta" | "k");
        is_money |= is_number(index) && WORDS.contains(&word(end).as_str());
    } else if WORDS.contains(&first.as_str()) {
        is_money = first.starts_with("se") || WORDS.contains(&word(end).as_str());
    } else if DIGITS.contains(&first.as_str()) {
        is_money = DIGITS.contains(&word(end).as_str()) || WORDS.contains(&word(end).as_str());
    }
    if !is_money {
        return 0;
    }
    let adjacent = |at: usize| {
        let gap = tokens.get(at).map(|token| text.get(tokens[at - 1].end as usize..token.start as usize));
        gap.flatten().is_some_and(|gap| matches!(gap, "." | "," | " " | ""))
    };
    let goes_on =
        |at: usize| is_number(at) || WORDS.contains(&word(at).as_str()) || DIGITS.contains(&word(at).as_str());
    while end - index < MOST_MONEY && adjacent(end) && goes_on(end) {
        end += 1;
    }
    end - index
}
