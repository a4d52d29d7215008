//! Rules of the engine's own that a caller inside it may break: loud in tests, left out where people wait.

/// `assert!` where the feature `invariants` is on, as it is in tests, and nothing elsewhere. `debug_assert!` would
/// bring the standard library's checks of every access with it, by which the kernels run three times as long.
macro_rules! invariant {
    ($($assertion:tt)*) => {
        if cfg!(any(debug_assertions, feature = "invariants")) {
            assert!($($assertion)*);
        }
    };
}
