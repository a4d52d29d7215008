//! Scaled dot-product attention over a stretch of keys and values.

use super::{Op, Simd};

/// `a · b`; both as long, a multiple of 8.
#[inline(always)]
pub(super) fn dot<S: Simd>(a: &[f32], b: &[f32]) -> f32 {
    let pairs = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    S::sum(pairs.fold(S::splat(0.0), |sum, (a, b)| S::add(sum, S::mul(S::load(a), S::load(b)))))
}

/// The products of `a` with four vectors of its length, each added up within its lanes: what [`dot`] sums.
#[inline(always)]
fn products<S: Simd>(a: &[f32], four: &[f32]) -> [S::F32; 4] {
    let mut sums = [S::splat(0.0); 4];
    let (first, last) = four.split_at(2 * a.len());
    let [(p, q), (r, s)] = [first, last].map(|two| two.split_at(a.len()));
    let [p, q, r, s] = [p, q, r, s].map(|vector| vector.as_chunks::<8>().0);
    let vectors = p.iter().zip(q).zip(r.iter().zip(s));
    for (a, ((p, q), (r, s))) in a.as_chunks::<8>().0.iter().zip(vectors) {
        let a = S::load(a);
        for (sum, vector) in sums.iter_mut().zip([p, q, r, s]) {
            *sum = S::add(*sum, S::mul(a, S::load(vector)));
        }
    }
    sums
}

/// `to[key] = scale · query · keys[key]`
pub(crate) struct Scores<'a> {
    /// (head)
    pub(crate) query: &'a [f32],
    /// (keys, head)
    pub(crate) keys: &'a [f32],
    pub(crate) scale: f32,
    /// (keys)
    pub(crate) to: &'a mut [f32],
}

impl Op for Scores<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        invariant!(self.keys.len() == self.to.len() * self.query.len(), "keys of another count");
        invariant!(self.query.len().is_multiple_of(8), "a head that is no multiple of 8");
        let head = self.query.len();
        // Four keys at a time: by itself each would wait for its own sum.
        let (fours, rest) = self.to.as_chunks_mut::<4>();
        let mut keys = self.keys.chunks_exact(4 * head);
        for (keys, scores) in (&mut keys).zip(fours) {
            S::scaled_sums(products::<S>(self.query, keys), self.scale, scores);
        }
        for (key, score) in keys.remainder().chunks_exact(head).zip(rest) {
            *score = self.scale * dot::<S>(self.query, key);
        }
    }
}

/// Scores to attention weights, which sum to 1, in place; with `entropy` also their entropy in nats.
pub(crate) struct Softmax<'a> {
    pub(crate) scores: &'a mut [f32],
    pub(crate) entropy: Option<&'a mut f32>,
}

impl Op for Softmax<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let (whole, rest) = self.scores.as_chunks_mut::<8>();
        // A score that takes no part: e to its power is 0 beside the largest's 1.
        let mut last = [f32::NEG_INFINITY; 8];
        last[..rest.len()].copy_from_slice(rest);
        let most = whole.iter().fold(S::load(&last), |most, x| S::max(most, S::load(x)));
        let most = S::splat(S::largest(most));

        let (mut total, mut surprise) = (S::splat(0.0), S::splat(0.0));
        let observed = self.entropy.is_some();
        for x in &mut *whole {
            let below = S::sub(S::load(x), most);
            let weight = S::exp(below);
            total = S::add(total, weight);
            if observed {
                surprise = S::add(surprise, S::mul(weight, below));
            }
            S::store(weight, x);
        }
        // The others' lanes are set to 0 after the power, whose input ends at −87.
        let (mut weights, mut belows) = ([0.0; 8], [0.0; 8]);
        S::store(S::sub(S::load(&last), most), &mut belows);
        S::store(S::exp(S::load(&belows)), &mut weights);
        weights[rest.len()..].fill(0.0);
        belows[rest.len()..].fill(0.0);
        total = S::add(total, S::load(&weights));
        surprise = S::add(surprise, S::mul(S::load(&weights), S::load(&belows)));

        let total = S::sum(total);
        // H = −Σ a ln a with a = eˢ/Z is ln Z − Σ a·s: no logarithm per key.
        if let Some(entropy) = self.entropy {
            *entropy = libm::logf(total) - S::sum(surprise) / total;
        }
        let normalizer = S::splat(1.0 / total);
        for x in whole {
            S::store(S::mul(S::load(x), normalizer), x);
        }
        let mut last = [0.0; 8];
        S::store(S::mul(S::load(&weights), normalizer), &mut last);
        rest.copy_from_slice(&last[..rest.len()]);
    }
}

/// `output += Σ weights[key] · values[key]`
pub(crate) struct Mix<'a> {
    /// (keys)
    pub(crate) weights: &'a [f32],
    /// (keys, head)
    pub(crate) values: &'a [f32],
    /// (head)
    pub(crate) output: &'a mut [f32],
}

impl Op for Mix<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Self { weights, values, output } = self;
        let head = output.len();
        invariant!(values.len() == weights.len() * head, "values of another count");
        invariant!(head.is_multiple_of(8), "a head that is no multiple of 8");
        let mut from = 0;
        let (wide, narrow) = output.as_chunks_mut::<32>();
        for part in wide {
            mix::<S, 4>(weights, values, head, from, part);
            from += 32;
        }
        for part in narrow.as_chunks_mut::<8>().0 {
            mix::<S, 1>(weights, values, head, from, part);
            from += 8;
        }
    }
}

/// `N` vectors of the output from column `from` on, kept in registers over all keys.
#[inline(always)]
fn mix<S: Simd, const N: usize>(
    weights: &[f32],
    values: &[f32],
    head: usize,
    from: usize,
    output: &mut [f32],
) {
    let (output, _) = output.as_chunks_mut::<8>();
    let mut sums: [S::F32; N] = std::array::from_fn(|n| S::load(&output[n]));
    for (weight, value) in weights.iter().zip(values.chunks_exact(head)) {
        let weight = S::splat(*weight);
        let (value, _) = value[from..].as_chunks::<8>();
        for (sum, value) in sums.iter_mut().zip(&value[..N]) {
            *sum = S::add(*sum, S::mul(weight, S::load(value)));
        }
    }
    for (output, sum) in output.iter_mut().zip(sums) {
        S::store(sum, output);
    }
}
