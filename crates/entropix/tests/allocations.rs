//! After the first token, nothing that grows with the vocabulary is allocated.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, missing_docs, unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use entropix::{
    Attention, EntropixConfig, PlainConfig, Preset, PromisedConfig, Sampler, SamplerConfig,
};

thread_local! {
    /// The largest piece asked for by this thread, in bytes.
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

struct Watched;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.with(|largest| largest.set(largest.get().max(layout.size())));
        // SAFETY: the caller's promise is the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watched = Watched;

const VOCABULARY: usize = 49_152;
/// Sentences and the other parts of a decision are small.
const SMALL: usize = 4096;

#[test]
fn decisions_reuse_their_buffers() {
    let logits: Vec<f32> = (0..VOCABULARY).map(|i| ((i * 7919) % 1013) as f32 * 0.01).collect();
    let scores: Vec<f32> = (0..9 * 300).map(|i| (i % 17) as f32 * 0.3 - 2.0).collect();
    let attention = Attention { heads: 9, keys: 300, padding: 3796, scores: &scores };
    let plain = PlainConfig {
        top_k: 0,
        typical_p: 0.9,
        repetition_penalty: 1.1,
        dry_multiplier: 0.5,
        ..PlainConfig::default()
    };
    let presets = Preset::ALL.map(|preset| SamplerConfig::Entropix(EntropixConfig::preset(preset)));
    let others = [
        SamplerConfig::Greedy,
        SamplerConfig::Plain(plain),
        SamplerConfig::Promised(PromisedConfig {
            varentropy_cut: 0.0,
            max_resamples: 9,
            ..Default::default()
        }),
    ];
    for config in presets.into_iter().chain(others) {
        let name = config.name();
        // The promised sampler needs a buffer more from its first resampling on.
        let warm = if matches!(config, SamplerConfig::Promised(_)) { 8 } else { 1 };
        let mut sampler = Sampler::new(config, 1).unwrap();
        let mut generated = Vec::with_capacity(16);
        for step in 0..16 {
            LARGEST.with(|largest| largest.set(0));
            let decision = sampler.decide(&logits, Some(attention), &generated).unwrap();
            let largest = LARGEST.with(Cell::get);
            assert!(step < warm || largest <= SMALL, "{name}, step {step}: {largest} bytes");
            generated.truncate(decision.retraction.map_or(16, |back| back.to as usize));
            generated.push(decision.token);
        }
    }
}
