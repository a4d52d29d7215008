//! The five rules: one list, from which every name, order and number of a rule follows.

use serde::{Deserialize, Serialize};

/// A rule of the sampler, named by what it asks of entropy (E) and varentropy (V): low (L) or high (H).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Rule {
    /// Low H, low V.
    #[serde(rename = "LELV")]
    Lelv,
    /// High H, low V.
    #[serde(rename = "HELV")]
    Helv,
    /// Low H, high V.
    #[serde(rename = "LEHV")]
    Lehv,
    /// High H, high V.
    #[serde(rename = "HEHV")]
    Hehv,
    /// None of the four.
    #[serde(rename = "ADAPTIVE")]
    Adaptive,
}

/// What is said about a rule.
struct Words {
    code: &'static str,
    name: &'static str,
    when: &'static str,
    what: &'static str,
}

impl Rule {
    /// All of them: the four in the order in which they are tested, then what is left.
    pub const ALL: [Self; 5] = [Self::Lelv, Self::Helv, Self::Lehv, Self::Hehv, Self::Adaptive];

    /// Those that H and V are tested for; the adaptive rule takes what they leave.
    pub const TESTED: [Self; 4] = [Self::Lelv, Self::Helv, Self::Lehv, Self::Hehv];

    /// Its place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// "LELV", "HELV", "LEHV", "HEHV" or "ADAPTIVE", as traces have it.
    pub const fn code(self) -> &'static str {
        self.words().code
    }

    /// "argmax", "insert", "branch", "resample" or "adaptive", as the project's picture has it.
    pub const fn name(self) -> &'static str {
        self.words().name
    }

    /// When it matches.
    pub const fn when(self) -> &'static str {
        self.words().when
    }

    /// What it does, as coded.
    pub const fn what(self) -> &'static str {
        self.words().what
    }

    const fn words(self) -> Words {
        match self {
            Self::Lelv => Words {
                code: "LELV",
                name: "argmax",
                when: "low H, low V",
                what: "take the most probable",
            },
            Self::Helv => Words {
                code: "HELV",
                name: "insert",
                when: "high H, low V",
                what: "insert a pause, or draw hotter",
            },
            Self::Lehv => Words {
                code: "LEHV",
                name: "branch",
                when: "low H, high V",
                what: "draw a little hotter",
            },
            Self::Hehv => Words {
                code: "HEHV",
                name: "resample",
                when: "high H, high V",
                what: "draw much hotter",
            },
            Self::Adaptive => Words {
                code: "ADAPTIVE",
                name: "adaptive",
                when: "no other rule",
                what: "draw at a temperature that follows H and V",
            },
        }
    }
}

// `ALL` is complete and in the order of the variants, or this does not compile.
const _: () = {
    assert!(Rule::ALL.len() == Rule::Adaptive as usize + 1);
    let mut at = 0;
    while at < Rule::ALL.len() {
        assert!(Rule::ALL[at].index() == at);
        at += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_the_code() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.code());
        }
    }
}
