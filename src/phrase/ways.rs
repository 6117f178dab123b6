//! In which ways a phrase can match: what words each way needs, in which order, and how far apart.

use super::notation::Node;
use super::search::REACH;
use super::vocabulary::Words;

/// One way in which a phrase matches. Lengths are in tokens, and as long as can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Way {
    /// Sets of words of each of which one stands in the match, in this order, each with what lies between the start of the
    /// one before (or of the match) and its own.
    pub(crate) sets: Vec<(u16, usize)>,
    /// What follows from the start of the last of them.
    tail: usize,
    /// Whether it goes over the end of a sentence.
    pub(crate) wide: bool,
}

/// Where there would be more ways than this, some are taken together.
const MOST: usize = 3000;

impl Way {
    fn of_length(tail: usize) -> Self {
        Self { tail, ..Self::default() }
    }

    fn longest(&self) -> usize {
        self.sets.iter().fold(self.tail, |sum, (_, gap)| sum.saturating_add(*gap))
    }

    /// This way, and then `next`.
    fn then(&self, next: &Self) -> Self {
        let mut both = self.clone();
        both.wide |= next.wide;
        let mut sets = next.sets.iter();
        if let Some((set, gap)) = sets.next() {
            both.sets.push((*set, both.tail.saturating_add(*gap)));
            both.sets.extend(sets);
            both.tail = next.tail;
        } else {
            both.tail = both.tail.saturating_add(next.tail);
        }
        both
    }
}

/// The ways of a phrase.
///
/// # Errors
/// That there are too many words.
pub(super) fn ways(node: &Node, words: &mut Words<'_>) -> Result<Vec<Way>, String> {
    Ok(match node {
        Node::Words(list) => vec![Way { sets: vec![(words.set(list)?, 0)], tail: longest(list), wide: false }],
        Node::Class(class) => vec![Way::of_length(class.longest())],
        Node::Gap { words, wide } => vec![Way { wide: *wide, ..Way::of_length(usize::from(*words)) }],
        Node::Sequence(nodes) => {
            let mut all = vec![Way::default()];
            for node in nodes {
                let mut next = ways(node, words)?;
                if all.len() * next.len() > MOST {
                    let fewer = if all.len() < next.len() { &mut all } else { &mut next };
                    *fewer = vec![together(fewer, words)?];
                }
                all = all.iter().flat_map(|way| next.iter().map(|next| way.then(next))).collect();
            }
            all
        }
        Node::Either(nodes) => {
            let mut all = Vec::new();
            for node in nodes {
                all.extend(ways(node, words)?);
                if all.len() > MOST {
                    all = vec![together(&all, words)?];
                }
            }
            all
        }
        Node::Repeat { node, once, many } => {
            let mut all = ways(node, words)?;
            if *many {
                for way in &mut all {
                    way.tail = usize::MAX;
                }
            }
            if *once {
                all
            } else {
                let longest = all.iter().map(Way::longest).max().unwrap_or(0);
                vec![Way { wide: all.iter().any(|way| way.wide), ..Way::of_length(longest) }]
            }
        }
        Node::Marked(node) => ways(node, words)?,
        _ => vec![Way::default()],
    })
}

/// One way for all of them: a word of the smallest set of each.
fn together(ways: &[Way], words: &mut Words<'_>) -> Result<Way, String> {
    let longest = ways.iter().map(Way::longest).max().unwrap_or(0);
    let wide = ways.iter().any(|way| way.wide);
    let smallest = |way: &Way| way.sets.iter().map(|(set, _)| *set).min_by_key(|set| words.count(*set));
    let sets: Option<Vec<u16>> = ways.iter().map(smallest).collect();
    let sets = match sets {
        Some(sets) => vec![(words.union(&sets)?, longest)],
        None => Vec::new(),
    };
    Ok(Way { sets, tail: longest, wide })
}

/// How many tokens the longest of the words and phrases has.
fn longest(list: &[String]) -> usize {
    let parts = |word: &String| word.split(|c: char| !c.is_alphanumeric()).count();
    list.iter().map(parts).max().unwrap_or(0)
}

/// A length as it is stored; no match is longer than [`REACH`].
pub(super) fn clipped(length: usize) -> u16 {
    u16::try_from(length.min(REACH)).unwrap_or(u16::MAX)
}
