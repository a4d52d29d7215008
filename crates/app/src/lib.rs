#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

pub mod page;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
