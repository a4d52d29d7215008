#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

pub mod page;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
