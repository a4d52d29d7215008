//! The page's brain, without a page: what it knows and decides, with no DOM and no worker, tested natively.

#![forbid(unsafe_code)]

pub mod engine;
pub mod link;
pub mod manifest;
pub mod presets;
pub mod quirks;
pub mod rules;
pub mod session;
pub mod settings;
pub mod words;
