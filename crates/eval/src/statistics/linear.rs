//! Small systems of linear equations.

/// Solution of a linear system by Gaussian elimination, without a choice of pivots.
///
/// Each row is one of a symmetric positive definite matrix, then its right side. `None` if the
/// matrix is not positive definite.
pub(super) fn solve(system: &[Vec<f64>]) -> Option<Vec<f64>> {
    let Some((line, others)) = system.split_first() else {
        return Some(Vec::new());
    };
    let (pivot, tail) = line.split_first().filter(|(pivot, _)| **pivot > 0.0)?;
    let eliminated = |other: &Vec<f64>| {
        let (head, other) = other.split_first()?;
        Some(other.iter().zip(tail).map(|(a, b)| a - head / pivot * b).collect())
    };
    let rest = solve(&others.iter().map(eliminated).collect::<Option<Vec<_>>>()?)?;
    let (right_side, coefficients) = tail.split_last()?;
    let first = (right_side - dot(coefficients, &rest)) / pivot;
    Some(std::iter::once(first).chain(rest).collect())
}

/// Sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_solves() {
        // MᵀM of a matrix of full rank, times (1, −2, 3).
        let matrix = [[14.0, 8.0, 3.0], [8.0, 6.0, 1.0], [3.0, 1.0, 2.0]];
        let wanted = [1.0, -2.0, 3.0];
        let line = |row: &[f64; 3]| [&row[..], &[dot(row, &wanted)]].concat();
        let solution = solve(&matrix.iter().map(line).collect::<Vec<_>>()).unwrap();
        for (x, wanted) in solution.iter().zip(wanted) {
            assert!((x - wanted).abs() < 1e-12, "{solution:?}");
        }
    }

    #[test]
    fn what_is_not_positive_definite() {
        for system in [[[1.0, 2.0, 0.0], [2.0, 1.0, 0.0]], [[f64::NAN, 0.0, 1.0], [0.0, 1.0, 1.0]]]
        {
            assert_eq!(solve(&system.map(|line| line.to_vec())), None);
        }
        assert_eq!(solve(&[]), Some(Vec::new()));
    }
}
