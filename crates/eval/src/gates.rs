//! Controls of the promised sampler: the same acts, decided by something else than its H and V.

use std::sync::{Arc, Mutex, PoisonError};

use entropix::samplers::{Gate, Place};
use entropix::{Comparison, PromisedConfig, Rule, Softmax, Uncertainty, filter, promised};
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What the sampler saw at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Tokens of the answer before it.
    pub tokens: usize,
    /// Whether it is inside a branch.
    pub in_branch: bool,
    /// H and V.
    pub uncertainty: Uncertainty,
    /// By how much the most probable token is more probable than the next one.
    pub margin: f64,
    /// The quadrant by the cuts of H and V.
    pub rule: Rule,
}

/// Places that a [`Recorder`] saw, in order; those to which tokens were taken back once.
#[derive(Clone, Debug, Default)]
pub struct Looks(Arc<Mutex<Vec<Look>>>);

impl Looks {
    /// Takes them out.
    pub fn take(&self) -> Vec<Look> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, look: Look) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(look);
    }
}

/// The cuts themselves, and remembers what they were asked.
#[derive(Clone, Debug)]
pub struct Recorder {
    config: PromisedConfig,
    looks: Looks,
}

impl Recorder {
    /// A gate that does what the sampler does by itself, and puts what it saw into `looks`.
    pub fn new(config: PromisedConfig, looks: Looks) -> Self {
        Self { config, looks }
    }
}

impl Gate for Recorder {
    fn rule(&mut self, place: &Place<'_>) -> Rule {
        let Place { logits, uncertainty, tokens, in_branch, again } = *place;
        let rule = promised::rule(&uncertainty, &self.config).0;
        if again {
            return rule;
        }
        let margin = margin(logits);
        self.looks.push(Look { tokens, in_branch, uncertainty, margin, rule });
        rule
    }

    fn why(&self, place: &Place<'_>) -> Vec<Comparison> {
        promised::rule(&place.uncertainty, &self.config).1
    }

    fn boxed(&self) -> Box<dyn Gate> {
        Box::new(self.clone())
    }
}

/// By how much the most probable token is more probable than the next one, from 0 to 1.
pub fn margin(logits: &[f32]) -> f64 {
    let Some(softmax) = Softmax::of(logits) else { return 0.0 };
    let top = filter::most_probable(logits, &softmax, 2);
    let p = |at: usize| top.get(at).map_or(0.0, |(_, p)| *p);
    p(0) - p(1)
}

/// Places in an answer that count as the same: 1, 2, 3 to 5, 6 and later.
fn position(tokens: usize) -> usize {
    match tokens {
        0 => 0,
        1 => 1,
        2..=4 => 2,
        _ => 3,
    }
}

/// What real PROMISED saw on the items of a block: shams repeat it on other items.
#[derive(Clone, Debug, Default)]
pub struct Donors {
    /// By item.
    items: Vec<Donor>,
    /// For each item the one whose decisions it repeats.
    repeats: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Donor {
    fact: u32,
    /// Outside branches, in order.
    decisions: Vec<Look>,
    /// Inside branches.
    in_branches: Vec<Look>,
}

impl Donors {
    /// Those of items, each with its fact and what was seen. Every item repeats one other of another fact, and as far as the
    /// facts allow every one is repeated once, so that all is done as often; which one follows from `names`. `None` if all
    /// are of one fact.
    pub fn of<'a>(
        items: impl IntoIterator<Item = (u32, &'a [Look])>,
        names: &[&str],
    ) -> Option<Self> {
        let donor = |(fact, looks): (u32, &[Look])| {
            let (in_branches, decisions) = looks.iter().partition(|look| look.in_branch);
            Donor { fact, decisions, in_branches }
        };
        let items: Vec<Donor> = items.into_iter().map(donor).collect();
        let order = by_fact(&items, &mut Random::of(names));
        let fact = |at: usize| items.get(*order.get(at % order.len())?).map(|item| item.fact);
        // Around the circle, a step as long as the longest fact leads out of every fact.
        let count = |own: u32| items.iter().filter(|item| item.fact == own).count();
        let step = items.iter().map(|item| count(item.fact)).max()?;
        let mut repeats = vec![0; items.len()];
        for (at, &item) in order.iter().enumerate() {
            let mut steps = (step..step + order.len()).filter(|step| fact(at + step) != fact(at));
            let other = steps.next().and_then(|step| order.get((at + step) % order.len()));
            *repeats.get_mut(item)? = *other?;
        }
        Some(Self { items, repeats })
    }

    /// The donor whose decisions an item repeats.
    fn repeated_by(&self, item: usize) -> Option<&Donor> {
        self.items.get(*self.repeats.get(item)?)
    }

    /// Something that was seen at a position, or the nearest one where there is any, of items of other facts.
    fn draw(
        &self,
        random: &mut Random,
        item: usize,
        place: &Place<'_>,
        fits: impl Fn(&Look) -> bool,
    ) -> Option<Rule> {
        let fact = self.items.get(item)?.fact;
        let others = self.items.iter().filter(|donor| donor.fact != fact);
        let looks = others
            .flat_map(|donor| if place.in_branch { &donor.in_branches } else { &donor.decisions });
        let far = |look: &Look| position(look.tokens).abs_diff(position(place.tokens));
        let fitting: Vec<&Look> = looks.filter(|look| fits(look)).collect();
        let nearest = fitting.iter().map(|look| far(look)).min()?;
        let nearest: Vec<_> = fitting.into_iter().filter(|look| far(look) == nearest).collect();
        random.one(&nearest).map(|look| look.rule)
    }
}

/// Items in a random order in which those of a fact stand together.
fn by_fact(items: &[Donor], random: &mut Random) -> Vec<usize> {
    let mut facts: Vec<u32> = items.iter().map(|item| item.fact).collect();
    facts.sort_unstable();
    facts.dedup();
    random.shuffle(&mut facts);
    let mut order: Vec<usize> = (0..items.len()).collect();
    random.shuffle(&mut order);
    let rank = |item: &usize| {
        let fact = items.get(*item).map(|item| item.fact);
        facts.iter().position(|other| Some(*other) == fact)
    };
    order.sort_by_key(rank);
    order
}

/// Repeats what was right on another item, decision by decision: it tells *when* an act helps from *that* one is done. Where
/// its answer is longer than the other one's, and inside branches, it draws from what was seen at such a position (1, 2,
/// 3 to 5, 6 and later) of items of other facts.
#[derive(Clone, Debug)]
pub struct Sham {
    config: PromisedConfig,
    donors: Arc<Donors>,
    item: usize,
    random: Random,
    /// Decisions so far.
    decisions: usize,
    /// Whether H and V still decide where the most probable token is taken, and only the three acts are repeated.
    acts_only: bool,
}

impl Sham {
    /// The sham of an item, by its place among the donors. Its draws follow from `names`.
    pub fn new(
        config: PromisedConfig,
        donors: Arc<Donors>,
        item: usize,
        names: &[&str],
        acts_only: bool,
    ) -> Self {
        Self { config, donors, item, random: Random::of(names), decisions: 0, acts_only }
    }
}

impl Gate for Sham {
    fn rule(&mut self, place: &Place<'_>) -> Rule {
        let own = promised::rule(&place.uncertainty, &self.config).0;
        // Tokens are taken back to a draw of high H, which was asked about before.
        if place.again {
            return Rule::Hehv;
        }
        if self.acts_only && own == Rule::Lelv {
            return own;
        }
        let is_act = |look: &Look| !self.acts_only || look.rule != Rule::Lelv;
        let number = self.decisions;
        self.decisions += usize::from(!place.in_branch);
        let repeated = self.donors.repeated_by(self.item).filter(|_| !place.in_branch);
        let repeated = repeated
            .and_then(|donor| donor.decisions.iter().filter(|look| is_act(look)).nth(number))
            .map(|look| look.rule);
        let Self { donors, item, random, .. } = self;
        // Where nobody else was in a branch, its end is decided as usual.
        repeated.or_else(|| donors.draw(random, *item, place, is_act)).unwrap_or(own)
    }

    fn boxed(&self) -> Box<dyn Gate> {
        Box::new(self.clone())
    }
}

/// One number that decides alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Signal {
    /// H, in bits.
    Entropy,
    /// V, in bits².
    Varentropy,
    /// 1 − margin: how little more probable the most probable token is than the next one.
    Margin,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Entropy, Self::Varentropy, Self::Margin];

    /// Its name in those of arms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entropy => "H",
            Self::Varentropy => "V",
            Self::Margin => "margin",
        }
    }

    fn of(self, uncertainty: &Uncertainty, margin: impl FnOnce() -> f64) -> f64 {
        match self {
            Self::Entropy => uncertainty.entropy_bits,
            Self::Varentropy => uncertainty.varentropy_bits2,
            Self::Margin => 1.0 - margin(),
        }
    }

    /// The quadrants from low to high.
    fn order(self) -> [Rule; 4] {
        match self {
            Self::Entropy | Self::Margin => [Rule::Lelv, Rule::Lehv, Rule::Helv, Rule::Hehv],
            Self::Varentropy => [Rule::Lelv, Rule::Helv, Rule::Lehv, Rule::Hehv],
        }
    }
}

/// Cuts of one number, from low to high: as many quadrants as before, and as often, decided by it alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bands {
    /// The number.
    pub signal: Signal,
    /// Above these the second, third and fourth of its quadrants begin.
    pub cuts: [f64; 3],
}

impl Bands {
    /// Cuts at quantiles of the number, so that each quadrant comes up as often as it did by H and V, branches aside; `None`
    /// without looks.
    pub fn fitted(signal: Signal, looks: &[Look]) -> Option<Self> {
        let looks: Vec<&Look> = looks.iter().filter(|look| !look.in_branch).collect();
        let mut values: Vec<f64> =
            looks.iter().map(|look| signal.of(&look.uncertainty, || look.margin)).collect();
        values.sort_by(f64::total_cmp);
        let count = |rule| looks.iter().filter(|look| look.rule == rule).count();
        let mut below = 0;
        let mut cuts = [0.0; 3];
        for (cut, rule) in cuts.iter_mut().zip(signal.order()) {
            below += count(rule);
            // The last value that is not above: a value on its cut is low.
            *cut = match below.checked_sub(1) {
                Some(last) => *values.get(last)?,
                None => f64::MIN,
            };
        }
        (!looks.is_empty()).then_some(Self { signal, cuts })
    }

    /// Cuts above which nothing lies.
    pub fn all_low(signal: Signal) -> Self {
        Self { signal, cuts: [f64::MAX; 3] }
    }

    fn rule(&self, value: f64) -> Rule {
        let band = self.cuts.iter().filter(|&&cut| value > cut).count();
        let order = self.signal.order();
        order.get(band).copied().unwrap_or(Rule::Hehv)
    }
}

impl Gate for Bands {
    fn rule(&mut self, place: &Place<'_>) -> Rule {
        Bands::rule(self, self.signal.of(&place.uncertainty, || margin(place.logits)))
    }

    fn boxed(&self) -> Box<dyn Gate> {
        Box::new(*self)
    }
}

#[cfg(test)]
mod tests;
