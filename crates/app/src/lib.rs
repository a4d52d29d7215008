#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

pub mod page;
