//! However a prompt is cut, forked or reused, the logits are the same.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::io::Cursor;

use entropix_engine::{EngineError, Loaded, load};
use support::tiny_model;

const IDS: [u32; 9] = [5, 80, 17, 200, 258, 3, 90, 41, 7];

fn model() -> Loaded {
    load(&mut Cursor::new(tiny_model())).unwrap()
}

/// Equal to the last bit: otherwise a seed would not repeat.
fn assert_same(a: &[f32], b: &[f32]) {
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(a == b, "logits differ by {worst}");
}

#[test]
fn chunks_make_no_difference() {
    let model = model();
    let whole = model.model.sequence().append(&IDS).unwrap();
    for chunk in [1, 2, 4, 8] {
        let mut sequence = model.model.sequence();
        let logits: Vec<_> = IDS.chunks(chunk).map(|ids| sequence.append(ids).unwrap()).collect();
        assert_same(logits.last().unwrap(), &whole);
        assert_eq!(sequence.len(), IDS.len());
    }
}

#[test]
fn forks_go_on_by_themselves() {
    let model = model();
    let mut trunk = model.model.sequence();
    trunk.append(&IDS[..5]).unwrap();
    let mut fork = trunk.fork();
    trunk.append(&[99, 100]).unwrap();
    let forked = fork.append(&IDS[5..]).unwrap();
    assert_same(&forked, &model.model.sequence().append(&IDS).unwrap());
    assert_eq!((trunk.len(), fork.len()), (7, 9));
}

#[test]
fn truncation_says_what_it_kept() {
    let model = model();
    let mut sequence = model.model.sequence();
    sequence.append(&IDS).unwrap();
    assert_eq!(sequence.truncate(IDS.len()), IDS.len());
    let kept = sequence.truncate(4);
    assert!(kept <= 4 && kept == sequence.len());
    let logits = sequence.append(&IDS[kept..]).unwrap();
    assert_same(&logits, &model.model.sequence().append(&IDS).unwrap());
}

#[test]
fn bad_ids_leave_the_cache_alone() {
    let model = model();
    let mut sequence = model.model.sequence();
    sequence.append(&IDS[..4]).unwrap();
    assert!(matches!(sequence.append(&[]), Err(EngineError::Ids(_))));
    assert!(matches!(sequence.append(&[u32::MAX]), Err(EngineError::Ids(_))));
    let too_many = vec![5; 200];
    assert!(matches!(
        sequence.append(&too_many),
        Err(EngineError::ContextFull { needed: 204, .. })
    ));
    let logits = sequence.append(&IDS[4..]).unwrap();
    assert_same(&logits, &model.model.sequence().append(&IDS).unwrap());
}
