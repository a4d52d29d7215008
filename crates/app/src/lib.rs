#![doc = include_str!("../README.md")]

pub mod engine;
pub mod link;
pub mod manifest;
pub mod presets;
pub mod quirks;
pub mod rules;
pub mod session;
pub mod settings;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod page;
