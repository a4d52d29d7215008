//! Several tests at once.

/// p-values adjusted for the number of tests by Holm's step-down method, in the order given.
///
/// An adjusted value of at most α keeps the chance of any false finding at α, whatever the tests
/// have to do with each other (Holm 1979, Scandinavian Journal of Statistics 6, 65–70). `None` if a
/// value is not in [0, 1].
///
/// Of 0.01, 0.04 and 0.03 the adjusted values are 0.03, 0.06 and 0.06.
pub fn holm(p: &[f64]) -> Option<Vec<f64>> {
    if !p.iter().all(|p| (0.0..=1.0).contains(p)) {
        return None;
    }
    let mut ascending: Vec<_> = p.iter().copied().enumerate().collect();
    ascending.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut largest = 0.0_f64;
    for (tests_left, (_, p)) in (1..=ascending.len()).rev().zip(&mut ascending) {
        largest = largest.max(*p * tests_left as f64).min(1.0);
        *p = largest;
    }
    ascending.sort_unstable_by_key(|(index, _)| *index);
    Some(ascending.into_iter().map(|(_, p)| p).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        for (p, wanted) in [
            (&[][..], &[][..]),
            (&[0.5], &[0.5]),
            (&[0.25, 0.5], &[0.5, 0.5]),
            (&[0.5, 0.125, 0.25], &[0.5, 0.375, 0.5]),
            (&[0.75, 0.75, 0.0, 1.0], &[1.0, 1.0, 0.0, 1.0]),
        ] {
            assert_eq!(holm(p), Some(wanted.to_vec()), "{p:?}");
        }
    }

    #[test]
    fn no_probability() {
        for p in [-0.1, 1.1, f64::NAN] {
            assert_eq!(holm(&[0.5, p]), None);
        }
    }
}
