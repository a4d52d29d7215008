//! Which items are run together, and by whom.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Header;

/// Items of one family that are run together; a sham takes from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The number of the family.
    pub family: u32,
    /// The first item.
    pub from: u32,
    /// The item after the last one.
    pub to: u32,
}

/// All blocks of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    counts: Vec<u32>,
    size: u32,
}

impl Plan {
    /// The blocks that a header speaks of.
    pub fn of(header: &Header) -> Self {
        let counts = header.families.iter().map(|asked| asked.facts.len() as u32).collect();
        Self { counts, size: header.conditions.block.max(1) }
    }

    /// Its blocks, family by family. What is left at the end of a family joins the last block if it is less than half of one.
    pub fn blocks(&self) -> Vec<Block> {
        let families = (0..).zip(&self.counts);
        families.flat_map(|(family, &count)| self.of_family(family, count)).collect()
    }

    fn of_family(&self, family: u32, count: u32) -> impl Iterator<Item = Block> {
        let size = self.size;
        let rest = count % size;
        let joins = rest > 0 && rest < size.div_ceil(2) && count > size;
        let blocks = if joins { count / size } else { count.div_ceil(size) };
        (0..blocks).map(move |number| {
            let from = number * size;
            Block { family, from, to: if number + 1 == blocks { count } else { from + size } }
        })
    }
}

/// A share of the blocks: the first of two, "1/2".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    number: u32,
    of: u32,
}

impl Share {
    /// All of them.
    pub const ALL: Self = Self { number: 1, of: 1 };

    /// Whether it has the block that is number `at`, from 0: they are dealt like cards.
    pub fn has(self, at: usize) -> bool {
        at % self.of as usize == (self.number - 1) as usize
    }
}

impl FromStr for Share {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a share is written as 1/4: the first of four";
        let (number, of) = text.split_once('/').ok_or(WRONG)?;
        let (number, of) = (number.parse().map_err(|_| WRONG)?, of.parse().map_err(|_| WRONG)?);
        if (1..=of).contains(&number) { Ok(Self { number, of }) } else { Err(WRONG) }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_block() {
        for (counts, size) in [(&[100, 26, 0, 25, 38, 7][..], 25), (&[3], 1), (&[3], 50), (&[], 5)]
        {
            let plan = Plan { counts: counts.to_vec(), size };
            let blocks = plan.blocks();
            for (family, &count) in (0..).zip(counts) {
                let own = blocks.iter().filter(|block| block.family == family);
                let items: Vec<u32> = own.flat_map(|block| block.from..block.to).collect();
                assert_eq!(items, (0..count).collect::<Vec<_>>());
            }
            let length = |block: &Block| block.to - block.from;
            assert!(blocks.iter().all(|block| length(block) < size + size.div_ceil(2)));
            // A short one stands alone only where there is no other.
            let short = blocks.iter().filter(|block| length(block) < size.div_ceil(2));
            assert!(short.into_iter().all(|block| block.from == 0));
        }
    }

    #[test]
    fn shares_deal_all() {
        let shares = ["1/3", "2/3", "3/3"].map(|text| text.parse::<Share>().unwrap());
        for at in 0..20 {
            assert_eq!(shares.iter().filter(|share| share.has(at)).count(), 1);
            assert!(Share::ALL.has(at));
        }
        assert_eq!(shares[1].to_string(), "2/3");
        for wrong in ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }
}
