//! The recorded vectors again, in a browser.
#![cfg(target_arch = "wasm32")]

#[path = "golden/case.rs"]
mod case;
#[path = "golden/checks.rs"]
mod checks;
#[path = "golden/dirichlet.rs"]
mod dirichlet;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn varentropy() {
    assert_eq!(checks::varentropy(), 30);
}

#[wasm_bindgen_test]
fn metrics() {
    assert_eq!(checks::metrics(), 7);
}

#[wasm_bindgen_test]
fn decisions() {
    assert_eq!(checks::decisions("A_b030904"), 49);
    assert_eq!(checks::decisions("B0_9702669"), 49);
    assert_eq!(checks::decisions("B_e55e9a3"), 49);
    assert_eq!(checks::decisions("FROG_8084588"), 49);
    assert_eq!(checks::frog_gates(), 8);
    assert_eq!(checks::oct31(), 23);
}

#[wasm_bindgen_test]
fn filtered() {
    assert_eq!(checks::filtered("b030904_no_minp_param"), 2);
    assert_eq!(checks::filtered("e55e9a3_minp_noop"), 15);
    assert_eq!(checks::filtered("97a51d3_minp_applied"), 15);
    assert_eq!(checks::filtered_by_the_book(), 15);
}

#[wasm_bindgen_test]
fn adaptive_scores() {
    assert_eq!(checks::adaptive_scores(), 12);
}

#[wasm_bindgen_test]
fn noise() {
    assert_eq!(checks::noise(), 40);
}

#[wasm_bindgen_test]
fn tempered() {
    assert_eq!(checks::tempered(), 7);
}

#[wasm_bindgen_test]
fn dirichlet() {
    assert_eq!(dirichlet::units(), 123);
    assert_eq!(dirichlet::runs(), 2904);
}

#[wasm_bindgen_test]
fn traces_are_the_same_everywhere() {
    assert_eq!(checks::traces(), checks::TRACES);
    assert_eq!(dirichlet::traces(), dirichlet::TRACES);
}
