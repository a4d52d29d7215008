//! The sampler against vectors measured from the original code.
#![cfg(not(target_arch = "wasm32"))]

#[path = "golden/case.rs"]
mod case;
#[path = "golden/checks.rs"]
mod checks;

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
fn filtered_by_the_book() {
    assert_eq!(checks::filtered_by_the_book(), 15);
}

#[test]
fn adaptive_scores() {
    assert_eq!(checks::adaptive_scores(), 12);
}
