//! The histogram of a sketch.

use super::{DEEPEST, STEPS_PER_NAT};

/// Depths of the tail are in tenths of a step: one stands for many tokens.
const DEPTHS_PER_NAT: f64 = 10.0 * STEPS_PER_NAT;
/// Deviations are in hundredths: where few tokens of many differ, theirs is small, and says how few.
const DEVIATIONS_PER_NAT: f64 = 100.0 * STEPS_PER_NAT;

/// As fine as the tokens of a bin are told apart.
const SLICES: u32 = 16;

/// Tokens of similar depth, as three groups that have the same moments, up to the fourth: one group
/// at the mean, one above, one below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    /// Mean depth, in tenths of a step.
    pub(super) depth: u32,
    /// How many tokens.
    pub(super) count: u32,
    /// Standard deviation of the depths, in hundredths of a step; 0: all tokens are at the mean.
    pub(super) deviation: u32,
    /// How far above the mean the group above is, in steps.
    pub(super) above: u32,
    /// How far below the mean the group below is, in steps.
    pub(super) below: u32,
}

impl Bin {
    /// The groups as (how many tokens, logit minus the largest one). The arms make the shares: they
    /// give the mean and the deviation whatever the arms are, which may therefore be rounded more.
    pub(super) fn atoms(&self) -> [(f64, f64); 3] {
        let (count, mean) = (f64::from(self.count), -f64::from(self.depth) / DEPTHS_PER_NAT);
        let deviation = f64::from(self.deviation) / DEVIATIONS_PER_NAT;
        let [above, below] = [self.above, self.below].map(|arm| f64::from(arm) / STEPS_PER_NAT);
        let share = |arm: f64| match self.deviation {
            0 => 0.0,
            _ => (deviation * deviation / (arm * (above + below))).min(1.0),
        };
        let (high, low) = (share(above), share(below));
        let middle = (1.0 - high - low).max(0.0);
        [(count * high, mean + above), (count * middle, mean), (count * low, mean - below)]
    }

    /// As [`Self::atoms`], but as slices of equally many tokens, the most probable first, where a cut goes through
    /// them: mean and deviation are the same.
    pub(super) fn slices(&self) -> impl Iterator<Item = (f64, f64)> + use<> {
        let mean = -f64::from(self.depth) / DEPTHS_PER_NAT;
        let half = 3.0_f64.sqrt() * f64::from(self.deviation) / DEVIATIONS_PER_NAT;
        let count = f64::from(self.count) / f64::from(SLICES);
        (0..SLICES).map(move |at| {
            let middle = f64::from(2 * at + 1) / f64::from(SLICES) - 1.0;
            (count, mean - half * middle)
        })
    }

    /// Whether such groups can be.
    pub(super) fn is_good(&self) -> bool {
        let Self { depth, count, deviation, above, below } = *self;
        let within = |length: u32, per_nat: f64| f64::from(length) <= f64::from(DEEPEST) * per_nat;
        let arms = within(above, STEPS_PER_NAT) && within(below, STEPS_PER_NAT);
        let lengths = within(depth, DEPTHS_PER_NAT) && within(deviation, DEVIATIONS_PER_NAT);
        count > 0 && arms && lengths && (deviation == 0 || (above > 0 && below > 0))
    }
}

/// The bin of a depth, in nats: four per doubling of 1 + depth, by the leading bits of a float. The
/// first are ¼ nat wide, less than the lowest temperature there is an answer for; further down only
/// higher temperatures still see a token.
const fn bin(depth: f32) -> usize {
    const SHIFT: u32 = f32::MANTISSA_DIGITS - 3;
    ((1.0 + depth).to_bits() >> SHIFT).saturating_sub(1.0_f32.to_bits() >> SHIFT) as usize
}

const COUNT: usize = bin(DEEPEST) + 1;

/// A histogram in the making.
pub(super) struct Bins([Sums; COUNT]);

/// Of one bin: the sums of x to x⁴, where x is a depth minus that of the bin's first token.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: u32,
    first: f32,
    powers: [f64; 4],
}

impl Bins {
    pub(super) fn new() -> Self {
        Self([Sums::default(); COUNT])
    }

    /// Counts a token; one that is too deep is none.
    pub(super) fn add(&mut self, depth: f32) {
        // NaN is too deep as well.
        if depth <= DEEPEST
            && let Some(sums) = self.0.get_mut(bin(depth))
        {
            sums.add(depth);
        }
    }

    /// The bins that hold tokens.
    pub(super) fn finish(&self) -> Vec<Bin> {
        self.0.iter().filter(|sums| sums.count > 0).map(Sums::finish).collect()
    }
}

impl Sums {
    fn add(&mut self, depth: f32) {
        if self.count == 0 {
            self.first = depth;
        }
        self.count = self.count.saturating_add(1);
        let x = f64::from(depth - self.first);
        let square = x * x;
        let powers = [x, square, square * x, square * square];
        for (sum, power) in self.powers.iter_mut().zip(powers) {
            *sum += power;
        }
    }

    /// Solves for the three groups. With skewness g and kurtosis k, in standard deviations, the one
    /// below is at b and the one above at a, where b − a = g and a·b = k − g².
    fn finish(&self) -> Bin {
        let [mean, second, third, fourth] = self.powers.map(|sum| sum / f64::from(self.count));
        let square = mean * mean;
        let variance = (second - square).max(0.0);
        let third = third - mean * (3.0 * second - 2.0 * square);
        let fourth = fourth - mean * (4.0 * third + mean * (6.0 * variance + square));
        let deviation = variance.sqrt();
        let mut bin = Bin {
            depth: ((f64::from(self.first) + mean) * DEPTHS_PER_NAT).round() as u32,
            count: self.count,
            deviation: (deviation * DEVIATIONS_PER_NAT).round() as u32,
            above: 0,
            below: 0,
        };
        if bin.deviation > 0 {
            let skewness = third / (variance * deviation);
            // Never less, but for rounding.
            let product = (fourth / (variance * variance) - skewness * skewness).max(1.0);
            let half = (skewness * skewness / 4.0 + product).sqrt();
            // Shorter arms could not have the deviation: round up.
            let arm = |deviations: f64| (deviation * deviations * STEPS_PER_NAT).ceil();
            let most = f64::from(DEEPEST) * STEPS_PER_NAT;
            bin.above = arm(half - skewness / 2.0).clamp(1.0, most) as u32;
            bin.below = arm(half + skewness / 2.0).clamp(1.0, most) as u32;
        }
        bin
    }
}
