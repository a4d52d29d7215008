//! Statistics of an evaluation: differences of methods, quality of scores, calibration, power.
//!
//! Items come in clusters (the wordings of one fact) and clusters in strata (families of tasks). What
//! is resampled are clusters, since wordings of one fact are not independent. Intervals hold 95 %.
//! Everything random follows from a seed. Functions answer `None` where the data can't say anything:
//! nothing there, numbers that are not finite, one label only.

mod auroc;
mod clusters;
mod estimate;
mod holm;
mod linear;
mod logistic;
mod nested;
mod paired;
mod power;
mod random;
mod reliability;
mod sign_flip;

#[cfg(test)]
mod tests;

pub use auroc::{Scored, auroc, auroc_interval};
pub use clusters::Stratum;
pub use estimate::{Estimate, wilson};
pub use holm::holm;
pub use logistic::{Example, Logistic};
pub use nested::{NestedComparison, compare_nested};
pub use paired::{PairedDifference, clustered_mean, paired_difference};
pub use power::{PlannedTest, power};
pub use reliability::{Bin, Reliability, reliability};
