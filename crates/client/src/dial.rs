//! What other numbers of a sampler would make of one word's distribution, as far as the answer keeps it.

use entropix::Parameters;
use entropix::sketch::{Stage, Turned};
use entropix_protocol::TokenEntry;

/// What the inspector shows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Entropy of what is left, in bits.
    pub h: f64,
    /// Its varentropy, in bits².
    pub v: f64,
    /// How many tokens are left.
    pub left: f64,
    /// Whether they are only about as many: a cut goes through those that the answer does not keep one by one.
    pub about: bool,
    /// The most probable tokens, and the one that was chosen.
    pub words: Vec<Word>,
}

/// What becomes of one token.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Token id.
    pub id: u32,
    /// Its probability; 0 if it is out.
    pub p: f64,
    /// At which stage it is out.
    pub stage: Option<Stage>,
}

impl Shown {
    /// As the inspector takes it: H, V, how many tokens are left, whether that is rough (0 or 1); then for each token
    /// its id, its probability, and the number of the stage (0: none, then min-p, top-k, top-p).
    pub fn list(&self) -> Vec<f64> {
        let mut list = vec![self.h, self.v, self.left, f64::from(u8::from(self.about))];
        for Word { id, p, stage } in &self.words {
            list.extend([f64::from(*id), *p, stage.map_or(0.0, |stage| stage as u8 as f64 + 1.0)]);
        }
        list
    }
}

/// What temperature, top-k (0 = all), top-p and min-p make of the distribution before a token. Nothing if the answer
/// does not keep it, or if these are no such numbers.
pub fn turn(entry: &TokenEntry, numbers: &[f64]) -> Option<Shown> {
    let &[temperature, top_k, top_p, min_p] = numbers else { return None };
    let sketch = entry.sketch.as_ref()?;
    let most = entry.top.first()?.p;
    // The cast takes what is no number, or below 0, for 0.
    let with = Parameters { temperature, top_p, top_k: top_k as u32, min_p };
    let turned = sketch.turned(&with);
    let word = |id: u32, p: f64, rank: usize| {
        let kept = sketch.top().enumerate().find(|(_, (token, _))| *token == id);
        let fate = match kept {
            Some((rank, (_, logit))) => turned.fate(logit, rank),
            None => turned.fate_of_share(p / most, rank),
        };
        match fate {
            Ok(p) => Word { id, p, stage: None },
            Err(stage) => Word { id, p: 0.0, stage: Some(stage) },
        }
    };
    let mut words: Vec<Word> =
        entry.top.iter().enumerate().map(|(rank, it)| word(it.id, it.p, rank)).collect();
    let chosen = entry.decision.token;
    if words.iter().all(|it| it.id != chosen) {
        words.push(word(chosen, entry.p, entry.rank as usize));
    }
    let Turned { uncertainty, left, is_exact, .. } = turned;
    Some(Shown {
        h: uncertainty.entropy_bits,
        v: uncertainty.varentropy_bits2,
        left,
        about: !is_exact,
        words,
    })
}

/// The temperatures between which a person can turn (crates/embed/js/dial.js).
const COLDEST: f64 = 0.1;
const HOTTEST: f64 = 3.0;

/// Where temperature alone would lead what [`turn`] shows: H in bits and V in bits², one after the other, from the
/// coldest that a person can turn to on to the hottest, each a tenth hotter than the one before.
pub fn path(entry: &TokenEntry, numbers: &[f64]) -> Option<Vec<f64>> {
    let &[_, top_k, top_p, min_p] = numbers else { return None };
    let sketch = entry.sketch.as_ref()?;
    let (mut path, mut temperature) = (Vec::new(), COLDEST);
    loop {
        let with = Parameters { temperature, top_p, top_k: top_k as u32, min_p };
        let uncertainty = sketch.turned(&with).uncertainty;
        path.extend([uncertainty.entropy_bits, uncertainty.varentropy_bits2]);
        if temperature >= HOTTEST {
            return Some(path);
        }
        temperature = (1.1 * temperature).min(HOTTEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix_protocol::Trace;

    fn entries() -> Vec<TokenEntry> {
        let recorded = include_str!("../../../www/traces/larger-b.json");
        serde_json::from_str::<Trace>(recorded).unwrap().tokens
    }

    fn name(word: &Word) -> &'static str {
        word.stage.map_or("", Stage::name)
    }

    #[test]
    fn without_a_turn_it_is_what_was_recorded() {
        for entry in entries() {
            let shown = turn(&entry, &[1.0, 0.0, 1.0, 0.0]).unwrap();
            let u = &entry.decision.uncertainty;
            assert!((shown.h - u.entropy_bits).abs() < 1e-3 + 0.01 * u.entropy_bits);
            assert!((shown.v - u.varentropy_bits2).abs() < 1e-3 + 0.01 * u.varentropy_bits2);
            assert!(!shown.about && shown.left > 40_000.0);
            let recorded = entry.top.iter().map(|it| (it.id, it.p));
            let chosen = (entry.decision.token, entry.p);
            for (id, p) in recorded.chain([chosen]) {
                let word = shown.words.iter().find(|word| word.id == id).unwrap();
                assert!((word.p - p).abs() < 1e-6 + 0.01 * p, "{} for {p}", word.p);
                assert_eq!(word.stage, None);
            }
        }
    }

    #[test]
    fn who_falls_is_told_with_the_stage() {
        let entry = &entries()[12];
        // "many" 71.1 %, "much" 25.2 %, "far" 0.92 %, "large" 0.66 %, …
        let stages = |numbers: [f64; 4]| -> Vec<&str> {
            turn(entry, &numbers).unwrap().words.iter().take(4).map(|word| name(word)).collect()
        };
        assert_eq!(stages([1.0, 1.0, 1.0, 0.0]), ["", "top-k", "top-k", "top-k"]);
        assert_eq!(stages([1.0, 0.0, 0.7, 0.0]), ["", "top-p", "top-p", "top-p"]);
        assert_eq!(stages([1.0, 3.0, 0.96, 0.01]), ["", "", "top-p", "min-p"]);
        let shown = turn(entry, &[1.0, 2.0, 1.0, 0.0]).unwrap();
        let list = shown.list();
        assert_eq!(list.len(), 4 + 3 * shown.words.len());
        let wanted =
            [shown.h, shown.v, 2.0, 0.0, f64::from(entry.top[0].id), shown.words[0].p, 0.0];
        assert_eq!(list[..7], wanted);
        // The third is out by top-k.
        assert_eq!(list[10..13], [f64::from(entry.top[2].id), 0.0, 2.0]);
        let p: f64 = shown.words[0].p;
        assert!((p - 0.711 / (0.711 + 0.252)).abs() < 1e-3, "{p}");
        assert!((shown.h + p * p.log2() + (1.0 - p) * (1.0 - p).log2()).abs() < 1e-9);
        assert!((shown.left - 2.0).abs() < 1e-9 && !shown.about);
    }

    #[test]
    fn what_was_chosen_is_there_whatever_its_rank() {
        let mut entry = entries()[12].clone();
        (entry.decision.token, entry.p, entry.rank) = (49_000, 1e-9, 20_000);
        let own = |numbers: [f64; 4]| {
            let shown = turn(&entry, &numbers).unwrap();
            shown.words.into_iter().find(|word| word.id == 49_000).unwrap()
        };
        let usual = own([1.0, 0.0, 1.0, 0.0]);
        assert!((usual.p - 1e-9).abs() < 1e-11, "{}", usual.p);
        assert_eq!(name(&own([1.0, 64.0, 1.0, 0.0])), "top-k");
        assert_eq!(name(&own([1.0, 0.0, 1.0, 0.01])), "min-p");
        assert_eq!(name(&own([1.0, 0.0, 0.9, 0.0])), "top-p");
    }

    #[test]
    fn the_path_goes_through_every_temperature() {
        let entry = &entries()[12];
        for cuts in [[0.0, 1.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.9, 0.02]] {
            let [top_k, top_p, min_p] = cuts;
            let path = path(entry, &[9.0, top_k, top_p, min_p]).unwrap();
            let points = path.chunks_exact(2);
            assert_eq!(points.len(), 37);
            for (i, point) in points.enumerate() {
                let temperature = (0.1 * 1.1_f64.powi(i as i32)).min(3.0);
                let shown = turn(entry, &[temperature, top_k, top_p, min_p]).unwrap();
                assert!((shown.h - point[0]).abs() < 1e-9 && (shown.v - point[1]).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn what_is_not_kept_is_not_guessed() {
        let mut entry = entries()[12].clone();
        assert_eq!(path(&entry, &[1.0, 0.0]), None);
        assert_eq!(turn(&entry, &[1.0, 0.0]), None);
        for odd in [f64::NAN, -1.0, f64::INFINITY] {
            for at in 0..4 {
                let mut numbers = [1.0, 0.0, 1.0, 0.0];
                numbers[at] = odd;
                assert!(turn(&entry, &numbers).unwrap().words[0].p > 0.0, "{numbers:?}");
            }
        }
        entry.sketch = None;
        assert_eq!(turn(&entry, &[1.0, 0.0, 1.0, 0.0]), None);
        assert_eq!(path(&entry, &[1.0, 0.0, 1.0, 0.0]), None);
    }
}
