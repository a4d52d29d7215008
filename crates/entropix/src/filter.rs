//! From logits to the short list a token is drawn from.

use std::cmp::Ordering;

use libm::log;

use crate::exp::{LANES, UNDERFLOW, exp, in_lanes, total};
use crate::uncertainty::{largest, shifted};
use crate::{MinP, Nucleus, Parameters, PlainConfig, Softmax, truncation};

/// The nucleus is sorted in growing chunks: this many tokens first, then four times as many.
const FIRST_CHUNK: usize = 64;
/// Logits are looked at in chunks of this many: most hold none of the largest.
const CHUNK: usize = 16;

/// Filters with buffers that live from token to token.
///
/// ```
/// use entropix::{Filter, Parameters, PlainConfig};
///
/// let logits = [0.4, 0.3, 0.2, 0.1].map(|p: f32| p.ln());
/// let mut filter = Filter::new();
///
/// // By the book, top-p keeps the most probable tokens …
/// let config = PlainConfig { temperature: 1.0, top_p: 0.6, ..PlainConfig::default() };
/// let kept = filter.by_the_book(&logits, &config);
/// assert_eq!(kept.iter().map(|(token, _)| *token).collect::<Vec<_>>(), [0, 1]);
///
/// // … as coded, it removes them.
/// let parameters = Parameters { temperature: 1.0, top_p: 0.5, top_k: 4, min_p: 0.0 };
/// let kept = filter.as_coded(&logits, &parameters);
/// assert_eq!(kept.iter().map(|(token, _)| *token).collect::<Vec<_>>(), [1, 2, 3]);
/// assert_eq!(filter.dropped(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Filter {
    ranked: Vec<Ranked>,
    kept: Vec<(u32, f64)>,
    dropped: usize,
}

#[derive(Clone, Copy, Debug)]
struct Ranked {
    logit: f32,
    token: u32,
}

impl Filter {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is left, as `(token, probability)`, most probable first, ties by lower id.
    pub fn kept(&self) -> &[(u32, f64)] {
        &self.kept
    }

    /// How many of the *most* probable tokens the ascending nucleus removed.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The filters as coded from b030904 to e55e9a3, quirks included.
    ///
    /// Temperature, softmax over the whole vocabulary, top-k without renormalising; then a nucleus
    /// over the list in *ascending* order, which keeps the tail and removes the most probable
    /// tokens once the less probable ones hold more than `top_p`. `min_p` has no effect.
    /// Temperature 0 leaves the most probable token. Empty if no logit can be chosen.
    pub fn as_coded(&mut self, logits: &[f32], parameters: &Parameters) -> &[(u32, f64)] {
        self.with_quirks(logits, parameters, MinP::NoEffect, Nucleus::Ascending)
    }

    /// [`Self::as_coded`] with these quirks.
    pub fn with_quirks(
        &mut self,
        logits: &[f32],
        parameters: &Parameters,
        min_p_effect: MinP,
        nucleus: Nucleus,
    ) -> &[(u32, f64)] {
        let Parameters { mut temperature, top_p, top_k, min_p } = *parameters;
        let cut = if min_p_effect == MinP::NoEffect { 0.0 } else { min_p.min(1.0) };
        let Some((max, mut total)) = self.gather(logits, temperature, least(cut), top_k) else {
            return self.greedy(logits);
        };
        if min_p_effect == MinP::UndoesTemperature && min_p > 0.0 {
            // Which tokens are left was asked at this temperature; what they weigh is not.
            let least = least(cut);
            let left = |logit: &&f32| scaled(**logit, max, temperature) >= least;
            total = logits.iter().filter(left).map(|&logit| weight(logit, max, 1.0)).sum();
            temperature = 1.0;
        }
        sort(&mut self.ranked);
        self.kept.extend(
            self.ranked.iter().map(|r| (r.token, weight(r.logit, max, temperature) / total)),
        );
        // At temperature 1 the least probable may vanish.
        let alive = self.kept.iter().take_while(|(_, probability)| *probability > 0.0).count();
        self.kept.truncate(alive);
        match nucleus {
            Nucleus::Ascending => {
                let mut less_probable = 0.0;
                for (index, &(_, probability)) in self.kept.iter().enumerate().rev() {
                    if less_probable > top_p {
                        self.dropped = index + 1;
                        break;
                    }
                    less_probable += probability;
                }
                self.kept.drain(..self.dropped);
            }
            Nucleus::Descending => {
                let mut more_probable = 0.0;
                let inside = |&&(_, probability): &&(u32, f64)| {
                    let inside = more_probable <= top_p;
                    more_probable += probability;
                    inside
                };
                let inside = self.kept.iter().take_while(inside).count();
                self.kept.truncate(inside);
            }
        }
        self.normalise()
    }

    /// The filters by the book: temperature, p-less, top-nσ, min-p, top-H, top-k, typical, then the
    /// smallest set of most probable tokens that holds at least `top_p` of what is left. Penalties are
    /// not applied here.
    ///
    /// Temperature 0 leaves the most probable token. Empty if no logit can be chosen.
    pub fn by_the_book(&mut self, logits: &[f32], config: &PlainConfig) -> &[(u32, f64)] {
        let PlainConfig { temperature, top_h, top_k, top_p, min_p, typical_p, .. } = *config;
        let least = truncation::least(logits, config).max(least(min_p.min(1.0)));
        let bounded = top_h < 1.0;
        let most = if bounded { 0 } else { top_k };
        let Some((max, mut total)) = self.gather(logits, temperature, least, most) else {
            return self.greedy(logits);
        };
        if bounded {
            self.bound_entropy(top_h, |r| scaled(r.logit, max, temperature));
            truncate(&mut self.ranked, at_most(top_k));
        }
        if bounded || top_k > 0 {
            total = self.ranked.iter().map(|r| weight(r.logit, max, temperature)).sum();
        }
        if typical_p < 1.0 {
            total *= self.typical(typical_p, |r| weight(r.logit, max, temperature) / total);
        }

        let (mut sorted, mut mass) = (0, 0.0);
        while sorted < self.ranked.len() {
            let rest = &mut self.ranked[sorted..];
            let chunk = if top_p < 1.0 { (sorted * 3).max(FIRST_CHUNK) } else { usize::MAX };
            let chunk = chunk.min(rest.len());
            select(rest, chunk);
            sort(&mut rest[..chunk]);
            for r in &rest[..chunk] {
                let weight = weight(r.logit, max, temperature);
                self.kept.push((r.token, weight));
                mass += weight;
                if top_p < 1.0 && mass >= top_p * total {
                    return self.normalise();
                }
            }
            sorted += chunk;
        }
        self.normalise()
    }

    /// Only the most probable token, lowest id first among equals.
    pub fn greedy(&mut self, logits: &[f32]) -> &[(u32, f64)] {
        match argmax(logits) {
            Some(token) => self.only(token),
            None => self.clear(),
        }
    }

    /// Only this token.
    pub(crate) fn only(&mut self, token: u32) -> &[(u32, f64)] {
        self.clear();
        self.kept.push((token, 1.0));
        &self.kept
    }

    /// This distribution, which is sorted already.
    pub(crate) fn exactly(&mut self, distribution: &[(u32, f64)]) -> &[(u32, f64)] {
        self.clear();
        self.kept.extend_from_slice(distribution);
        &self.kept
    }

    fn clear(&mut self) -> &[(u32, f64)] {
        self.ranked.clear();
        self.kept.clear();
        self.dropped = 0;
        &self.kept
    }

    /// Collects the `top_k` (0 = all) most probable of the tokens whose [`scaled`] logit is at least
    /// `least`, unsorted.
    ///
    /// Returns the largest logit and the sum of weights e^((l − max)/T) before top-k; `None` if the
    /// list would be empty, which temperature 0 makes it.
    fn gather(
        &mut self,
        logits: &[f32],
        temperature: f64,
        least: f64,
        top_k: u32,
    ) -> Option<(f32, f64)> {
        self.clear();
        let max = largest(logits)?;
        let k = at_most(top_k);
        // Without branches, so that the compiler takes several at once.
        let mut sums = [0.0; LANES];
        in_lanes(logits, |lane, logit| {
            let x = scaled(logit, max, temperature);
            let weight = exp(x);
            sums[lane] += if x >= least { weight } else { 0.0 };
        });
        largest_of(&mut self.ranked, logits, k, |logit| scaled(logit, max, temperature) >= least);
        (!self.ranked.is_empty()).then_some((max, total(sums)))
    }

    /// Keeps the most probable tokens while the entropy of their distribution is at most this share of
    /// that of all, the first whatever it is (top-H, arXiv:2509.02510, algorithm 1).
    ///
    /// The entropy is that of the kept set normalised, as in the paper; the authors' code and Hugging
    /// Face's `TopHLogitsWarper` hold the sum of its −p ln p, not normalised, against that of the 100 most
    /// probable tokens.
    fn bound_entropy(&mut self, share: f64, log_weight: impl Fn(&Ranked) -> f64) {
        // With weights w = e^x of sum W, H is ln W − Σ w x / W, in nats.
        let add = |(mass, moment): (f64, f64), r: &Ranked| {
            let x = log_weight(r);
            (mass + exp(x), moment + exp(x) * x)
        };
        let entropy = |(mass, moment): (f64, f64)| log(mass) - moment / mass;
        let bound = share * entropy(self.ranked.iter().fold((0.0, 0.0), add));
        let (mut sorted, mut sums) = (0, (0.0, 0.0));
        while sorted < self.ranked.len() {
            let rest = &mut self.ranked[sorted..];
            let chunk = (sorted * 3).max(FIRST_CHUNK).min(rest.len());
            select(rest, chunk);
            sort(&mut rest[..chunk]);
            for (kept, r) in (sorted..).zip(&rest[..chunk]) {
                sums = add(sums, r);
                if kept > 0 && entropy(sums) > bound {
                    return self.ranked.truncate(kept);
                }
            }
            sorted += chunk;
        }
    }

    /// Keeps the tokens whose surprisal is nearest to the entropy, as few as hold `mass`, the least
    /// typical of them included (arXiv:2202.00666). Returns what they hold.
    fn typical(&mut self, mass: f64, probability: impl Fn(&Ranked) -> f64) -> f64 {
        let entropy: f64 = self.ranked.iter().map(&probability).map(|p| -p * log(p)).sum();
        let off = |r: &Ranked| (-log(probability(r)) - entropy).abs();
        self.ranked.sort_unstable_by(|a, b| off(a).total_cmp(&off(b)).then_with(|| order(*a, *b)));
        let (mut held, mut count) = (0.0, 0);
        for ranked in &self.ranked {
            held += probability(ranked);
            count += 1;
            if held >= mass {
                break;
            }
        }
        self.ranked.truncate(count);
        held
    }

    fn normalise(&mut self) -> &[(u32, f64)] {
        let total: f64 = self.kept.iter().map(|(_, p)| p).sum();
        for (_, probability) in &mut self.kept {
            *probability /= total;
        }
        &self.kept
    }
}

/// The `n` most probable tokens of the raw logits (temperature 1), with their probabilities.
/// `softmax` is that of the same logits.
///
/// ```
/// use entropix::{Softmax, filter::most_probable};
///
/// let logits = [1.0, 3.0, 3.0, f32::NAN];
/// let top = most_probable(&logits, &Softmax::of(&logits).unwrap(), 2);
/// assert_eq!([top[0].0, top[1].0], [1, 2]);
/// assert!(top[0].1 > 0.46 && top[0].1 < 0.47);
/// ```
pub fn most_probable(logits: &[f32], softmax: &Softmax, n: usize) -> Vec<(u32, f64)> {
    let tokens = highest(logits, n).into_iter();
    let tokens = tokens.map(|(token, logit)| (token, softmax.log_probability(logit)));
    // Beside +∞, nothing else is possible.
    let possible = tokens.take_while(|&(_, log_probability)| log_probability > f64::NEG_INFINITY);
    possible.map(|(token, log_probability)| (token, exp(log_probability))).collect()
}

/// The `n` tokens with the largest logits above −∞, largest first, ties by lower id.
pub(crate) fn highest(logits: &[f32], n: usize) -> Vec<(u32, f32)> {
    let mut ranked = Vec::new();
    largest_of(&mut ranked, logits, n, |_| true);
    sort(&mut ranked);
    ranked.into_iter().map(|r| (r.token, r.logit)).collect()
}

/// Collects the `k` largest logits above −∞ that are `good`, ties by lower id, unsorted.
fn largest_of(ranked: &mut Vec<Ranked>, logits: &[f32], k: usize, good: impl Fn(f32) -> bool) {
    // Once k tokens are known, only a larger logit than theirs gets in; an equal one has a higher id.
    let mut bar = f32::NEG_INFINITY;
    for (first, chunk) in (0..).step_by(CHUNK).zip(logits.chunks(CHUNK)) {
        // Counted, not looked for, so that the compiler compares several at once.
        if chunk.iter().filter(|&&logit| logit > bar).count() == 0 {
            continue;
        }
        for (token, &logit) in (first..).zip(chunk) {
            if logit > bar && good(logit) {
                ranked.push(Ranked { logit, token });
                // Cutting at 2k keeps the list short and the cuts rare.
                if ranked.len() >= k.saturating_mul(2).max(1) {
                    truncate(ranked, k);
                    bar = ranked.last().map_or(f32::INFINITY, |r| r.logit);
                }
            }
        }
    }
    truncate(ranked, k);
}

/// The most probable token; the lowest id among equals.
pub fn argmax(logits: &[f32]) -> Option<u32> {
    let max = largest(logits)?;
    (0..).zip(logits).find(|&(_, &logit)| logit >= max).map(|(token, _)| token)
}

/// The logarithm of a token's probability over the largest one. NaN, which no comparison holds for,
/// where 0/0 and ∞/∞ leave nothing.
#[inline]
fn scaled(logit: f32, max: f32, temperature: f64) -> f64 {
    shifted(logit, max) / temperature
}

#[inline]
fn weight(logit: f32, max: f32, temperature: f64) -> f64 {
    exp(scaled(logit, max, temperature))
}

/// The least [`scaled`] logit of tokens with a share of the largest probability.
fn least(share: f64) -> f64 {
    log(share).max(UNDERFLOW)
}

/// The `k` of top-k, where 0 means all.
fn at_most(top_k: u32) -> usize {
    if top_k == 0 { usize::MAX } else { top_k as usize }
}

/// Keeps the `k` most probable tokens; if any goes, the least probable of the rest is last.
fn truncate(ranked: &mut Vec<Ranked>, k: usize) {
    select(ranked, k);
    ranked.truncate(k);
}

/// Most probable first, ties by lower id.
fn order(a: Ranked, b: Ranked) -> Ordering {
    b.logit.partial_cmp(&a.logit).unwrap_or(Ordering::Equal).then(a.token.cmp(&b.token))
}

fn sort(ranked: &mut [Ranked]) {
    ranked.sort_unstable_by(|&a, &b| order(a, b));
}

/// Brings the first `n` of the order to the front, the last of them at its place.
fn select(ranked: &mut [Ranked], n: usize) {
    if 0 < n && n < ranked.len() {
        ranked.select_nth_unstable_by(n - 1, |&a, &b| order(a, b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(temperature: f64, top_k: u32, top_p: f64, min_p: f64) -> PlainConfig {
        PlainConfig { temperature, min_p, top_k, top_p, ..PlainConfig::default() }
    }

    fn ln(probabilities: &[f32]) -> Vec<f32> {
        probabilities.iter().map(|p| p.ln()).collect()
    }

    fn tokens(kept: &[(u32, f64)]) -> Vec<u32> {
        kept.iter().map(|&(token, _)| token).collect()
    }

    /// Entropies of the first one to five of these, in bits: 0, 0.918, 1.457, 1.864, 2.146.
    #[test]
    fn top_h_bounds_the_entropy_of_what_is_kept() {
        let logits = ln(&[0.4, 0.2, 0.15, 0.15, 0.1]);
        let (all, mut filter) = (2.146, Filter::new());
        for (bits, count) in [(0.0, 1), (0.9, 1), (0.93, 2), (1.4, 2), (1.5, 3)] {
            let config = PlainConfig { top_h: bits / all, ..plain(1.0, 0, 1.0, 0.0) };
            assert_eq!(filter.by_the_book(&logits, &config).len(), count, "{bits}");
        }
    }

    #[test]
    fn ascending_nucleus_removes_the_most_probable() {
        let mut logits = vec![0.2];
        logits.extend([0.05; 16]);
        let parameters = Parameters { temperature: 1.0, top_p: 0.7, top_k: 27, min_p: 0.03 };
        let mut filter = Filter::new();
        let kept = tokens(filter.as_coded(&ln(&logits), &parameters));
        assert_eq!(kept, (2..17).collect::<Vec<_>>());
        assert_eq!(filter.dropped(), 2);
    }

    #[test]
    fn by_the_book_keeps_the_head() {
        let logits = ln(&[0.05, 0.5, 0.25, 0.2]);
        let mut filter = Filter::new();
        let mut kept = |config| tokens(filter.by_the_book(&logits, &config));
        assert_eq!(kept(plain(1.0, 0, 1.0, 0.0)), [1, 2, 3, 0]);
        assert_eq!(kept(plain(1.0, 0, 0.7, 0.0)), [1, 2]);
        assert_eq!(kept(plain(1.0, 0, 0.0, 0.0)), [1]);
        assert_eq!(kept(plain(1.0, 3, 1.0, 0.0)), [1, 2, 3]);
        // Top-p counts from what top-k left: .5/.75 ≥ .6.
        assert_eq!(kept(plain(1.0, 2, 0.6, 0.0)), [1]);
        assert_eq!(kept(plain(1.0, 0, 1.0, 0.45)), [1, 2]);
        assert_eq!(kept(plain(1.0, 0, 1.0, 9.0)), [1]);
        assert_eq!(kept(plain(0.0, 0, 1.0, 0.0)), [1]);
    }

    #[test]
    fn typical_keeps_what_is_as_surprising_as_expected() {
        // H = 1.280 nats; surprisals 0.916, 1.204, 1.609, 2.303.
        let logits = ln(&[0.4, 0.3, 0.2, 0.1]);
        let mut filter = Filter::new();
        let mut kept = |typical_p, top_p| {
            let config = PlainConfig { typical_p, ..plain(1.0, 0, top_p, 0.0) };
            tokens(filter.by_the_book(&logits, &config))
        };
        assert_eq!(kept(0.2, 1.0), [1]);
        assert_eq!(kept(0.45, 1.0), [1, 2]);
        assert_eq!(kept(0.8, 1.0), [0, 1, 2]);
        assert_eq!(kept(1.0, 1.0), [0, 1, 2, 3]);
        // Top-p counts from what typical left: 3/5 ≥ 0.5.
        assert_eq!(kept(0.45, 0.5), [1]);
    }

    #[test]
    fn a_wide_nucleus_grows_chunk_by_chunk() {
        let logits: Vec<f32> = (0..5000_u16).map(|i| f32::from(i) * 1e-4).collect();
        let mut filter = Filter::new();
        let kept = filter.by_the_book(&logits, &plain(1.0, 0, 0.5, 0.0)).to_vec();
        assert!(kept.len() > 2000 && kept.len() < 2500);
        assert!(kept.iter().zip(&kept[1..]).all(|(a, b)| a.0 == b.0 + 1));
        let all = filter.by_the_book(&logits, &plain(1.0, 0, 1.0, 0.0));
        let mass: f64 = all[..kept.len()].iter().map(|(_, p)| p).sum();
        let without_last: f64 = all[..kept.len() - 1].iter().map(|(_, p)| p).sum();
        assert!(mass >= 0.5 && without_last < 0.5);
    }

    #[test]
    fn special_values() {
        let logits = [f32::NAN, f32::INFINITY, 3.0, f32::INFINITY, f32::NEG_INFINITY];
        let mut filter = Filter::new();
        let shared = [(1, 0.5), (3, 0.5)];
        assert_eq!(filter.by_the_book(&logits, &plain(1.0, 0, 1.0, 0.0)), shared);
        let parameters = Parameters { temperature: 2.0, top_p: 0.9, top_k: 27, min_p: 0.0 };
        assert_eq!(filter.as_coded(&logits, &parameters), shared);
        assert!(filter.as_coded(&[f32::NAN], &parameters).is_empty());
        assert_eq!(argmax(&logits), Some(1));
    }

    #[test]
    fn raw_probabilities() {
        let top = |logits: &[f32], n| most_probable(logits, &Softmax::of(logits).unwrap(), n);
        let infinite = [1.0, f32::INFINITY, f32::NAN];
        assert_eq!(top(&infinite, 3), [(1, 1.0)]);
        assert!(top(&infinite, 0).is_empty());
        let top = top(&ln(&[0.125, 0.5, 0.25, 0.125]), 3);
        assert_eq!(top.iter().map(|t| t.0).collect::<Vec<_>>(), [1, 2, 0]);
        assert!((top[2].1 - 0.125).abs() < 1e-7);
    }
}
