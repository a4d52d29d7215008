//! The Dirichlet sampler of November 2024 ("dslider", commit 0a7f7bb), as coded.
//!
//! It keeps moving averages of what the model is usually like, calls a token an outlier by them,
//! and has one policy for each case: [`Policy`]. Everything is in nats. The original computed in f32
//! and rounded some results to bfloat16; here it is f64 with those roundings.
//!
//! Three mistakes of the original are kept, because they make what it does:
//! * every coefficient of the outlier threshold is positive, so that the first step is an outlier;
//! * the cross-entropy of the chosen token is the logarithm of a negative number, NaN, so that no
//!   later step is one ([`State::naked_cross_entropy`]);
//! * the normaliser of the Dirichlet likelihood has the wrong sign ([`log_likelihood`]).
//!
//! Two things are not as coded: a divergence below 0, from which the original gets probabilities that
//! are not numbers, counts as 0; and, as everywhere here, NaN among logits counts as −∞, and what has
//! −∞ is not chosen.
//!
//! Most of the time of a step goes into [`fit`]; it grows with the number of tokens that lie above the
//! noise floor in what the averages remember.
//!
//! ```
//! use entropix::DsliderConfig;
//! use entropix::dslider::{Policy, State, Step};
//!
//! let config = DsliderConfig::default();
//! let logits = [2.0, 1.0, 0.0, -1.0, -1.0, -2.0, -3.0, -3.0];
//! let state = State::of_prefill([&logits[..]], &config).unwrap();
//!
//! let first = Step::new(&state, &logits, &config, None).unwrap();
//! assert!(first.outlier_threshold > 0.0);
//! let token = first.choice[0].0;
//! let state = first.after(token, &config);
//!
//! let second = Step::new(&state, &logits, &config, None).unwrap();
//! assert!(second.outlier_threshold.is_nan());
//! assert!(matches!(second.policy, Policy::Argmax | Policy::Top));
//! ```

mod bfloat;
mod dirichlet;
mod logs;
pub mod special;
mod state;
mod step;
mod tune;

pub use dirichlet::{expectation, fit, log_likelihood};
pub use logs::{Moments, normalize};
pub use state::State;
pub use step::{Policy, Step};
pub use tune::{Slopes, slopes, tune};

/// What the original adds where a logarithm or a quotient might have 0.
const EPS: f64 = 1e-8;
