//! Numbers and blocks of weights that are hard to round.

use crate::kernel::*;

/// Numbers that are hard to round: the next of a sequence that repeats.
pub(super) struct Numbers {
    state: u64,
    /// Which sort of numbers this round has.
    pub(super) sort: u64,
}

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1, sort: seed % 6 }
    }

    fn bits(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    pub(super) fn below(&mut self, limit: u64) -> usize {
        (self.bits() >> 11) as usize % limit as usize
    }

    pub(super) fn f32(&mut self) -> f32 {
        let unit = (self.bits() >> 40) as f32 / (1 << 23) as f32 - 1.0;
        match self.sort {
            // The usual, large, tiny, none, all alike, and far apart.
            0 => 4.0 * unit,
            1 => 1e18 * unit,
            2 => 1e-39 * unit,
            3 => 0.0,
            4 => [-1.5, 1.5][self.below(2)],
            _ => unit * 10f32.powi(self.below(13) as i32 - 6),
        }
    }

    pub(super) fn many(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.f32()).collect()
    }

    /// A weight's scale, as halves are.
    pub(super) fn scale(&mut self) -> f32 {
        half::f16::from_f32(self.f32().clamp(-65504.0, 65504.0)).to_f32()
    }

    /// A row's weights, with minima if `min` and codes as `code` makes them of 0…255.
    pub(super) fn group(&mut self, min: bool, code: &dyn Fn(u8) -> i8) -> Group {
        let codes = std::array::from_fn(|_| {
            let extreme = [0, 255][self.below(2)];
            code(if self.sort == 4 { extreme } else { self.bits() as u8 })
        });
        let scale = self.scale();
        Group { codes, scale, min: if min { self.scale() } else { 0.0 }, ..Group::ZERO }
    }

    pub(super) fn quantized<C: Codes, const M: usize>(
        &mut self,
        code: &dyn Fn(u8) -> i8,
    ) -> Quantized<C, M> {
        let mut block = Quantized::ZERO;
        for row in 0..ROWS {
            let group = self.group(M > 0, code);
            block.set(row, &group);
            assert_eq!(row_of(&block, row), group.weights());
        }
        block
    }

    pub(super) fn stepped<C: Codes, const P: usize, const M: usize>(
        &mut self,
        code: &dyn Fn(u8) -> i8,
    ) -> Stepped<C, P, M> {
        let mut block = Stepped::ZERO;
        for row in 0..ROWS {
            let Group { scale, min, .. } = self.group(M > 0, code);
            let mut expected = Vec::new();
            for index in 0..GROUPS {
                let mut steps = || {
                    let [a, b] = [self.bits() as i8, self.bits() as i8];
                    [a, if P == 2 { b } else { a }]
                };
                let (steps, min_steps) = (steps(), steps());
                let codes = self.group(false, code).codes;
                let group = Group { codes, scale, steps, min, min_steps };
                block.set(row, index, &group);
                expected.extend(group.weights());
            }
            assert_eq!(row_of(&block, row), expected);
        }
        block
    }

    pub(super) fn floats<F: Float>(&mut self, bytes: &dyn Fn(f32) -> Vec<u8>) -> Floats<F> {
        let mut block = Floats::ZERO;
        for row in 0..ROWS {
            let file: Vec<u8> = self.many(BLOCK).into_iter().flat_map(bytes).collect();
            block.set(row, &file);
            let values = file.chunks(F::BYTES).map(|bytes| F::value(F::read(bytes)));
            assert_eq!(bits(&row_of(&block, row)), bits(&values.collect::<Vec<_>>()));
        }
        block
    }
}

pub(super) fn row_of<B: Block>(block: &B, row: usize) -> Vec<f32> {
    let mut weights = vec![f32::NAN; B::COLUMNS];
    block.row(row, &mut weights);
    weights
}

pub(super) fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|x| x.to_bits()).collect()
}
