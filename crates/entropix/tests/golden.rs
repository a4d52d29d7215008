//! The sampler against vectors measured from the original code.
#![cfg(not(target_arch = "wasm32"))]

#[path = "golden/case.rs"]
mod case;
#[path = "golden/checks.rs"]
mod checks;
#[path = "golden/dirichlet.rs"]
mod dirichlet;

// Each check says how many cases it compared, so that none can skip everything unseen.

#[test]
fn varentropy() {
    assert_eq!(checks::varentropy(), 30);
}

#[test]
fn metrics() {
    assert_eq!(checks::metrics(), 7);
}

#[test]
fn decisions_of_generation_a() {
    assert_eq!(checks::decisions("A_b030904"), 49);
}

#[test]
fn decisions_of_generation_b0() {
    assert_eq!(checks::decisions("B0_9702669"), 49);
}

#[test]
fn decisions_of_frog() {
    assert_eq!(checks::decisions("FROG_8084588"), 49);
    assert_eq!(checks::frog_gates(), 8);
}

#[test]
fn decisions_of_31_october() {
    assert_eq!(checks::oct31(), 23);
}

#[test]
fn noise() {
    assert_eq!(checks::noise(), 40);
}

#[test]
fn decisions_of_generation_b() {
    assert_eq!(checks::decisions("B_e55e9a3"), 49);
}

#[test]
fn filtered_by_generation_a() {
    assert_eq!(checks::filtered("b030904_no_minp_param"), 2);
}

#[test]
fn filtered_by_generation_b() {
    assert_eq!(checks::filtered("e55e9a3_minp_noop"), 15);
}

#[test]
fn filtered_with_a_min_p_that_works() {
    assert_eq!(checks::filtered("97a51d3_minp_applied"), 15);
}

#[test]
fn filtered_by_the_book() {
    assert_eq!(checks::filtered_by_the_book(), 15);
}

#[test]
fn adaptive_scores() {
    assert_eq!(checks::adaptive_scores(), 12);
}

#[test]
fn tempered() {
    assert_eq!(checks::tempered(), 7);
}

#[test]
fn dirichlet() {
    assert_eq!(dirichlet::units(), 123);
    assert_eq!(dirichlet::runs(), 2904);
}

#[test]
fn traces_are_the_same_everywhere() {
    assert_eq!(checks::traces(), checks::TRACES);
    assert_eq!(dirichlet::traces(), dirichlet::TRACES);
}
