//! Every kernel, precision and kind of cache.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "support/checks.rs"]
mod checks;
mod support;

use std::io::Cursor;

use checks::{assert_same, from_scratch, ids};
use entropix_engine::{EngineOptions, Kernel, KvType, Precision, load};
use support::tiny_model;

fn check(kernel: Kernel, precision: Precision, kv: KvType) {
    let options = EngineOptions { kernel, precision, kv };
    checks::all(load(&mut Cursor::new(tiny_model()), options).unwrap().model.as_ref());
}

#[test]
fn by_default() {
    check(Kernel::Auto, Precision::Int16, KvType::F16);
}

#[test]
fn simd() {
    check(Kernel::Simd, Precision::Int16, KvType::F32);
}

#[test]
fn scalar_with_a_small_cache() {
    check(Kernel::Scalar, Precision::Int16, KvType::Q8);
}

#[test]
fn exact() {
    check(Kernel::Scalar, Precision::F32, KvType::F32);
}

#[test]
fn sequences_of_another_model_are_refused() {
    let load = || load(&mut Cursor::new(tiny_model()), EngineOptions::default()).unwrap().model;
    let (one, two) = (load(), load());
    let mut sequence = two.sequence();
    let error = one.step(&mut [sequence.as_mut()], &[5], &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("another model"), "{error}");
    assert!(sequence.is_empty());
}

#[test]
fn kernels_agree_to_the_last_bit() {
    let run = |kernel| {
        let options = EngineOptions { kernel, ..EngineOptions::default() };
        let model = load(&mut Cursor::new(tiny_model()), options).unwrap().model;
        from_scratch(model.as_ref(), &ids())
    };
    assert_same(&run(Kernel::Simd), &run(Kernel::Scalar));
}
