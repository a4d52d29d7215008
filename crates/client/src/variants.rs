//! The workers that were built, and which of them this browser runs.

use serde::Deserialize;

/// Which model files a worker reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architectures {
    /// Those of the project's own engine.
    Own,
    /// All that any worker reads.
    Any,
}

/// A worker that was built.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Variant {
    /// Name.
    pub name: String,
    /// Address of its script, relative to the page.
    pub url: String,
    /// What the browser must be able to do: `simd`, `relaxed-simd`, `threads`.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Which files it reads.
    pub architectures: Architectures,
}

/// Those whose needs are met, best first.
pub(crate) fn runnable(variants: Vec<Variant>, features: &[String]) -> Vec<Variant> {
    let met = |variant: &Variant| variant.needs.iter().all(|need| features.contains(need));
    variants.into_iter().filter(met).collect()
}

/// The next one after `from` that reads the same files, or the first one that reads any.
pub(crate) fn next(variants: &[Variant], from: usize, any: bool) -> Option<usize> {
    let same = variants.get(from)?.architectures;
    variants.iter().enumerate().position(|(at, variant)| {
        if any {
            variant.architectures == Architectures::Any
        } else {
            at > from && variant.architectures == same
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<Variant> {
        serde_json::from_str(
            r#"[{"name":"fast","url":"a","needs":["simd","relaxed-simd"],"architectures":"own"},
                {"name":"simd","url":"b","needs":["simd"],"architectures":"own"},
                {"name":"generic","url":"c","needs":["simd"],"architectures":"any"},
                {"name":"plain","url":"d","architectures":"own"},
                {"name":"slow","url":"e","architectures":"any"}]"#,
        )
        .unwrap()
    }

    #[test]
    fn what_the_browser_lacks_is_passed_over() {
        let names = |features: &[&str]| -> Vec<String> {
            let features: Vec<String> = features.iter().map(|&name| name.to_owned()).collect();
            runnable(table(), &features).into_iter().map(|variant| variant.name).collect()
        };
        assert_eq!(names(&["simd", "relaxed-simd"]), ["fast", "simd", "generic", "plain", "slow"]);
        assert_eq!(names(&["simd"]), ["simd", "generic", "plain", "slow"]);
        assert_eq!(names(&["relaxed-simd"]), ["plain", "slow"]);
    }

    #[test]
    fn the_next_one_reads_the_same_files_or_any() {
        let table = table();
        for (from, same, any) in [
            (0, Some(1), Some(2)),
            (1, Some(3), Some(2)),
            (2, Some(4), Some(2)),
            (3, None, Some(2)),
            (4, None, Some(2)),
        ] {
            assert_eq!((next(&table, from, false), next(&table, from, true)), (same, any));
        }
        assert_eq!(next(&table, 9, false), None);
    }
}
