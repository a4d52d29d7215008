//! What every implementation of a sequence must do: however a prompt is cut, forked, reused or batched,
//! the logits are the same to the last bit. Otherwise a seed would not repeat.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

use entropix_engine::{EngineError, LanguageModel, Sequence};

/// More than two pages of the cache and two batches of a prompt.
pub fn ids() -> Vec<u32> {
    (0..75).map(|i| 2 + i * 37 % 250).collect()
}

pub fn append(sequence: &mut dyn Sequence, ids: &[u32]) -> Vec<f32> {
    let mut logits = vec![f32::NAN];
    sequence.append(ids, &mut logits).unwrap();
    logits
}

pub fn from_scratch(model: &dyn LanguageModel, ids: &[u32]) -> Vec<f32> {
    append(model.sequence().as_mut(), ids)
}

pub fn assert_same(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(a == b, "logits differ by {worst}");
}

/// All of them.
pub fn all(model: &dyn LanguageModel) {
    cuts_make_no_difference(model);
    logits_at_every_position(model);
    forks_go_on_by_themselves(model);
    truncated_sequences_go_on(model);
    batches_are_one_by_one(model);
    batches_of_forks(model);
    bad_calls_leave_the_cache_alone(model);
    attention_is_observed_when_asked_for(model);
}

fn cuts_make_no_difference(model: &dyn LanguageModel) {
    let ids = ids();
    let whole = from_scratch(model, &ids);
    assert!(whole.iter().any(|logit| *logit != 0.0));
    for length in [1, 7, 32, 40] {
        let mut sequence = model.sequence();
        let logits = ids.chunks(length).map(|ids| append(sequence.as_mut(), ids)).last();
        assert_same(&logits.unwrap(), &whole);
        assert_eq!(sequence.len(), ids.len());
    }
}

fn logits_at_every_position(model: &dyn LanguageModel) {
    let ids = ids();
    let mut all = Vec::new();
    model.sequence().append_all(&ids, &mut all).unwrap();
    let vocabulary = model.shape().vocabulary;
    assert_eq!(all.len(), ids.len() * vocabulary);
    for (i, logits) in all.chunks(vocabulary).enumerate().step_by(9) {
        assert_same(logits, &from_scratch(model, &ids[..=i]));
    }
}

fn forks_go_on_by_themselves(model: &dyn LanguageModel) {
    let ids = ids();
    // In the middle of a page, at its end, and right after it.
    for at in [1, 31, 32, 33, 64] {
        let mut trunk = model.sequence();
        append(trunk.as_mut(), &ids[..at]);
        let mut fork = trunk.fork();
        let mut other = fork.fork();
        let gone = append(trunk.as_mut(), &[99, 100]);
        let forked = append(fork.as_mut(), &ids[at..]);
        assert_same(&forked, &from_scratch(model, &ids));
        assert_same(&append(other.as_mut(), &[99, 100]), &gone);
        assert_eq!((trunk.len(), fork.len()), (at + 2, ids.len()));
    }
}

fn truncated_sequences_go_on(model: &dyn LanguageModel) {
    let ids = ids();
    let whole = from_scratch(model, &ids);
    for len in [0, 4, 31, 32, 33, 74, 75] {
        let mut sequence = model.sequence();
        append(sequence.as_mut(), &ids);
        let fork = sequence.fork();
        sequence.truncate(len).unwrap();
        assert_eq!(sequence.len(), len);
        sequence.truncate(len + 1).unwrap();
        assert_eq!(sequence.len(), len);
        // Another way, back, and the first way again.
        append(sequence.as_mut(), &[9, 8, 7]);
        sequence.truncate(len).unwrap();
        if len < ids.len() {
            assert_same(&append(sequence.as_mut(), &ids[len..]), &whole);
        }
        assert_eq!(fork.len(), ids.len());
    }
}

fn batches_are_one_by_one(model: &dyn LanguageModel) {
    let ids = ids();
    let lengths = [3, 31, 32, 40, 64, 5, 6];
    let begun = || {
        let begin = |&len: &usize| {
            let mut sequence = model.sequence();
            append(sequence.as_mut(), &ids[..len]);
            sequence
        };
        lengths.iter().map(begin).collect::<Vec<_>>()
    };
    let next = [11, 12, 13, 14, 15, 16, 17];
    let (mut together, mut alone) = (begun(), begun());
    for _ in 0..3 {
        let mut batch: Vec<&mut dyn Sequence> =
            together.iter_mut().map(|sequence| sequence.as_mut() as _).collect();
        let mut logits = Vec::new();
        model.step(&mut batch, &next, &mut logits).unwrap();
        let expected: Vec<f32> = alone
            .iter_mut()
            .zip(next)
            .flat_map(|(sequence, id)| append(sequence.as_mut(), &[id]))
            .collect();
        assert_same(&logits, &expected);
    }
    assert_eq!(together.iter().map(|s| s.len()).sum::<usize>(), 181 + 21);
}

fn batches_of_forks(model: &dyn LanguageModel) {
    let mut trunk = model.sequence();
    append(trunk.as_mut(), &ids()[..40]);
    let mut forks = [trunk.fork(), trunk.fork(), trunk.fork()];
    let mut batch: Vec<&mut dyn Sequence> =
        forks.iter_mut().map(|sequence| sequence.as_mut() as _).collect();
    let mut logits = Vec::new();
    model.step(&mut batch, &[7, 8, 9], &mut logits).unwrap();
    for (logits, id) in logits.chunks(model.shape().vocabulary).zip([7, 8, 9]) {
        assert_same(logits, &append(trunk.fork().as_mut(), &[id]));
    }
}

fn bad_calls_leave_the_cache_alone(model: &dyn LanguageModel) {
    let ids = ids();
    let mut sequence = model.sequence();
    append(sequence.as_mut(), &ids[..4]);
    let mut logits = Vec::new();
    let mut fails = |ids: &[u32]| sequence.append(ids, &mut logits).unwrap_err();
    assert!(matches!(fails(&[]), EngineError::Ids(_)));
    assert!(matches!(fails(&[5, u32::MAX]), EngineError::Ids(_)));
    let context = model.shape().context_length;
    let full = fails(&vec![5; context - 3]);
    assert!(matches!(full, EngineError::ContextFull { needed, context_length }
            if needed == context + 1 && context_length == context));
    assert_same(&append(sequence.as_mut(), &ids[4..]), &from_scratch(model, &ids));
    let mut batch: [&mut dyn Sequence; 1] = [sequence.as_mut()];
    let wrong = model.step(&mut batch, &[1, 2], &mut logits);
    assert!(matches!(wrong, Err(EngineError::Ids(_))));
}

fn attention_is_observed_when_asked_for(model: &dyn LanguageModel) {
    let ids = ids();
    let plain = from_scratch(model, &ids);
    let mut sequence = model.sequence();
    assert!(sequence.attention().is_none());
    let on = sequence.observe(true);
    assert_eq!(on, model.shape().kernel != "candle");
    // To look does not change what is seen.
    assert_same(&append(sequence.as_mut(), &ids), &plain);
    let Some(signals) = sequence.attention() else {
        assert!(!on);
        return;
    };
    let (layers, heads) = (model.shape().layers, model.shape().heads);
    assert_eq!((signals.layers, signals.heads, signals.keys), (layers, heads, ids.len()));
    for layer in 0..layers {
        // Some see no further than their window.
        let seen = signals.seen(layer);
        assert!((1..=ids.len()).contains(&seen));
        assert_eq!(signals.layer(layer).len(), heads * seen);
        for head in 0..heads {
            let scores: Vec<f64> =
                signals.head(layer, head).iter().map(|&s| f64::from(s)).collect();
            assert_eq!(
                scores[..],
                signals.layer(layer)[head * seen..][..seen]
                    .iter()
                    .map(|&s| f64::from(s))
                    .collect::<Vec<_>>()
            );
            let total: f64 = scores.iter().map(|s| s.exp()).sum();
            let entropy: f64 =
                scores.iter().map(|s| -(s.exp() / total) * (s.exp() / total).ln()).sum();
            let found = f64::from(signals.entropy_nats[layer * heads + head]);
            assert!((found - entropy).abs() < 1e-5, "{found}, {entropy}");
        }
    }
    assert!(signals.head(0, heads).is_empty() && signals.layer(layers).is_empty());
    let mut fork = sequence.fork();
    append(fork.as_mut(), &[5]);
    assert_eq!(fork.attention().unwrap().keys, ids.len() + 1);
    sequence.observe(false);
    assert!(sequence.attention().is_none());
}
