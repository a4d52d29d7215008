//! A product with weights, and what is added to it.

use crate::matrix::Matrix;

/// A linear map.
pub(crate) struct Linear {
    /// (rows, columns)
    pub(crate) weights: Matrix,
    /// Added to the product, (rows).
    pub(crate) bias: Option<Vec<f32>>,
}
