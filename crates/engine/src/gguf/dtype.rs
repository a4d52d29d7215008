//! Tensor types: their numbers, names and block sizes.

/// From one row for each type: its name, its number in a file, weights and bytes of a block.
macro_rules! dtypes {
    ($($name:ident = $number:literal, $weights:literal in $bytes:literal;)*) => {
        /// A tensor type whose weights can be read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, non_camel_case_types, reason = "the names are ggml's own")]
        pub enum Dtype {
            $($name,)*
        }

        impl Dtype {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The number in a file.
            pub fn number(self) -> u32 {
                match self {
                    $(Self::$name => $number,)*
                }
            }

            /// Elements in a block, and bytes of a block.
            pub fn block(self) -> (u64, u64) {
                match self {
                    $(Self::$name => ($weights, $bytes),)*
                }
            }
        }
    };
}

// `enum ggml_type` of <https://github.com/ggml-org/ggml/blob/master/include/ggml.h>, and the blocks of
// ggml-common.h.
dtypes! {
    F32 = 0, 1 in 4;
    F16 = 1, 1 in 2;
    BF16 = 30, 1 in 2;
    Q4_0 = 2, 32 in 18;
    Q4_1 = 3, 32 in 20;
    Q5_0 = 6, 32 in 22;
    Q5_1 = 7, 32 in 24;
    Q8_0 = 8, 32 in 34;
    Q2_K = 10, 256 in 84;
    Q3_K = 11, 256 in 110;
    Q4_K = 12, 256 in 144;
    Q5_K = 13, 256 in 176;
    Q6_K = 14, 256 in 210;
    IQ4_NL = 20, 32 in 18;
    IQ4_XS = 23, 256 in 136;
    TQ1_0 = 34, 256 in 54;
    TQ2_0 = 35, 256 in 66;
    MXFP4 = 39, 32 in 17;
}

/// The types that are not read, so that a refusal has a name: integers, types that are made while a
/// model runs, large tables, and what ggml itself dropped.
const OTHERS: [(u32, &str); 24] = [
    (4, "Q4_2"),
    (5, "Q4_3"),
    (9, "Q8_1"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (24, "I8"),
    (25, "I16"),
    (26, "I32"),
    (27, "I64"),
    (28, "F64"),
    (29, "IQ1_M"),
    (31, "Q4_0_4_4"),
    (32, "Q4_0_4_8"),
    (33, "Q4_0_8_8"),
    (36, "IQ4_NL_4_4"),
    (37, "IQ4_NL_4_8"),
    (38, "IQ4_NL_8_8"),
    (40, "NVFP4"),
    (41, "Q1_0"),
];

impl Dtype {
    /// From the number in a file.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|dtype| dtype.number() == number)
    }

    /// The names of all of them, for a refusal.
    pub(crate) fn list() -> String {
        Self::ALL.iter().map(Self::to_string).collect::<Vec<_>>().join(", ")
    }

    /// What ggml calls the type with this number, whether it can be read or not.
    pub fn name_of(number: u32) -> String {
        if let Some(dtype) = Self::from_number(number) {
            return dtype.to_string();
        }
        let other = OTHERS.iter().find(|(other, _)| *other == number);
        other
            .map_or_else(|| format!("of the unknown type {number}"), |(_, name)| (*name).to_owned())
    }
}

impl std::fmt::Display for Dtype {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_agree_with_candle() {
        use candle_core::quantized::GgmlDType as G;
        let theirs = [
            (Dtype::F32, G::F32),
            (Dtype::F16, G::F16),
            (Dtype::BF16, G::BF16),
            (Dtype::Q4_0, G::Q4_0),
            (Dtype::Q4_1, G::Q4_1),
            (Dtype::Q5_0, G::Q5_0),
            (Dtype::Q5_1, G::Q5_1),
            (Dtype::Q8_0, G::Q8_0),
            (Dtype::Q2_K, G::Q2K),
            (Dtype::Q3_K, G::Q3K),
            (Dtype::Q4_K, G::Q4K),
            (Dtype::Q5_K, G::Q5K),
            (Dtype::Q6_K, G::Q6K),
        ];
        for (ours, theirs) in theirs {
            let block = (theirs.block_size() as u64, theirs.type_size() as u64);
            assert_eq!(ours.block(), block, "{ours}");
        }
    }

    #[test]
    fn every_number_has_one_name() {
        let names: std::collections::BTreeSet<_> = (0..42).map(Dtype::name_of).collect();
        assert_eq!(names.len(), 42);
        assert!(names.iter().all(|name| !name.contains("unknown")), "{names:?}");
        assert_eq!((Dtype::name_of(21).as_str(), Dtype::name_of(12).as_str()), ("IQ3_S", "Q4_K"));
        assert_eq!(Dtype::name_of(42), "of the unknown type 42");
    }
}
