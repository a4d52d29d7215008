//! The fields of a block in a file, in order.

use half::f16;

/// What is left of a block. Nothing is read beyond its end.
pub(crate) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn array<const N: usize>(&mut self) -> &'a [u8; N] {
        if let Some((array, rest)) = self.0.split_first_chunk() {
            self.0 = rest;
            return array;
        }
        invariant!(false, "a field of {N} bytes where {} are left", self.0.len());
        const { &[0; N] }
    }

    pub(super) fn half(&mut self) -> f32 {
        f16::from_le_bytes(*self.array()).to_f32()
    }
}
