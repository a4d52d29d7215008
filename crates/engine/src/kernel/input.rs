//! The input of a matrix product.

use super::activations::ActivationBlock;

/// (tokens, columns)
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    /// As it is.
    pub(crate) exact: &'a [f32],
    /// Rounded to 16 bits, unless it must not be.
    pub(crate) rounded: Option<&'a [ActivationBlock]>,
}
