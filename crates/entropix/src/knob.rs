//! What is said about a number or switch, once: reading, checking, controls of a page, links, command
//! lines and tables follow from it.

pub(crate) mod json;

pub use crate::range::Range;

use json::Field;

/// A number, switch, choice or list that can be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knob {
    /// Name in configurations, traces, links and on the command line.
    pub name: &'static str,
    /// Name for people, where it is another one.
    pub(crate) label: Option<&'static str>,
    /// Unit, or "".
    pub unit: &'static str,
    /// Where it is shown.
    pub group: Group,
    /// What it can be.
    pub kind: Kind,
    /// Of a number: its range.
    pub range: Range,
    /// When it does something.
    pub needs: Needs,
    /// Whether its value belongs to the loaded model, and is neither stored nor part of a link.
    pub of_model: bool,
    /// Name in links, where it is another one.
    pub(crate) link: Option<&'static str>,
    /// Its docstring.
    pub(crate) doc: &'static str,
}

/// What a knob can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Whole,
    /// A number.
    Real,
    /// On or off.
    Switch,
    /// One of these values, each with its name for people.
    Options(&'static [(&'static str, &'static str)]),
    /// Texts, one per line.
    Lines,
}

/// Where a knob is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Where one rule ends and the next begins.
    Thresholds,
    /// What every draw starts from.
    Draw,
    /// What is inserted, and how a branch is chosen.
    Ways,
    /// How often something may happen.
    Budgets,
    /// How the numbers of a draw follow H, V and attention.
    Coefficients,
    /// What nobody would expect.
    Quirks,
}

impl Group {
    /// All of them, in the order shown.
    pub const ALL: [Self; 6] =
        [Self::Thresholds, Self::Draw, Self::Ways, Self::Budgets, Self::Coefficients, Self::Quirks];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Thresholds => "Thresholds",
            Self::Draw => "Draw",
            Self::Ways => "Phrases and branches",
            Self::Budgets => "Budgets",
            Self::Coefficients => "Coefficients",
            Self::Quirks => "Quirks",
        }
    }

    /// Whether it is folded away at first.
    pub const fn is_folded(self) -> bool {
        matches!(self, Self::Budgets | Self::Coefficients | Self::Quirks)
    }
}

/// When a knob does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Always.
    Nothing,
    /// In generations that look at attention.
    Attention,
    /// Where rules ask for attention entropy.
    AttentionGates,
    /// Where rules ask for agreement.
    AgreementGates,
    /// Only in tests: it is not shown.
    Tests,
}

impl Knob {
    /// A knob that nothing more is said about than its name and what it is: a coefficient.
    pub const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, doc, ..Self::NUMBER }
    }

    /// A number that is not negative.
    pub(crate) const NUMBER: Self = Self {
        name: "",
        label: None,
        unit: "",
        group: Group::Coefficients,
        kind: Kind::Real,
        range: Range::NotNegative,
        needs: Needs::Nothing,
        of_model: false,
        link: None,
        doc: "",
    };

    /// The start of a row, with a name for people.
    pub(crate) const fn labelled(label: &'static str) -> Self {
        Self::NUMBER.label(label)
    }

    /// With a name for people.
    #[must_use]
    pub const fn label(self, label: &'static str) -> Self {
        Self { label: Some(label), ..self }
    }

    /// In a unit.
    #[must_use]
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// In a group.
    #[must_use]
    pub const fn group(self, group: Group) -> Self {
        Self { group, ..self }
    }

    /// In a range.
    #[must_use]
    pub const fn range(self, range: Range) -> Self {
        Self { range, ..self }
    }

    /// Of use only then.
    #[must_use]
    pub const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    /// With a value that belongs to the model.
    #[must_use]
    pub const fn of_model(self) -> Self {
        Self { of_model: true, ..self }
    }

    /// With another name in links.
    #[must_use]
    pub const fn in_links(self, link: &'static str) -> Self {
        Self { link: Some(link), ..self }
    }

    /// Name in links.
    pub fn link_name(&self) -> &'static str {
        self.link.unwrap_or(self.name)
    }

    /// Name for people; without one, that of the original code, so that it can be found there.
    pub fn title(&self) -> String {
        self.label.map_or_else(|| self.name.replace('_', " "), str::to_owned)
    }

    /// What it does, in a sentence or two.
    pub fn about(&self) -> String {
        self.doc.trim().replace("[`Self::", "`").replace("[`", "`").replace("`]", "`")
    }

    /// Whether it is a number.
    pub const fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Whole | Kind::Real)
    }
}

/// What can be the value of a knob.
pub(crate) trait Setting: Field {
    /// What a knob of this type can be.
    const KIND: Kind;

    /// The value as a number, if it is one.
    fn number(&self) -> Option<f64> {
        None
    }
}

impl Setting for f64 {
    const KIND: Kind = Kind::Real;

    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

impl Setting for u32 {
    const KIND: Kind = Kind::Whole;

    fn number(&self) -> Option<f64> {
        Some(f64::from(*self))
    }
}

impl Setting for bool {
    const KIND: Kind = Kind::Switch;
}

impl Setting for Vec<String> {
    const KIND: Kind = Kind::Lines;
}

/// The knobs of a configuration: `/// doc`, `name: type, knob`.
macro_rules! knobs {
    ($($(#[doc = $doc:literal])* $name:ident $(or $alias:literal)*: $type:ty $(, $knob:expr)?;)*) => {
        /// Every number and switch, in the order shown.
        pub const KNOBS: &'static [$crate::knob::Knob] = &[$($crate::knob::Knob {
            name: stringify!($name),
            kind: <$type as $crate::knob::Setting>::KIND,
            doc: concat!($($doc),*),
            ..[$($knob,)? $crate::knob::Knob::NUMBER][0]
        },)*];

        /// Every number with its knob.
        pub fn numbers(&self) -> impl Iterator<Item = (&'static $crate::knob::Knob, f64)> + use<> {
            let values = [$($crate::knob::Setting::number(&self.$name),)*];
            Self::KNOBS.iter().zip(values).filter_map(|(knob, value)| Some((knob, value?)))
        }

        /// Checks that every number is in its range.
        ///
        /// # Errors
        /// [`SamplerError::InvalidConfig`](crate::SamplerError::InvalidConfig) names the first number
        /// that is not.
        pub fn check(&self) -> Result<(), $crate::SamplerError> {
            for (knob, value) in self.numbers() {
                if !knob.range.contains(value) {
                    let (field, wanted) = (knob.name, knob.range);
                    return Err($crate::SamplerError::InvalidConfig { field, value, wanted });
                }
            }
            Ok(())
        }

        /// Every field by name.
        fn fields(&self) -> impl AsRef<[(&'static str, &dyn $crate::knob::json::Field)]> {
            [$((stringify!($name), &self.$name as &dyn $crate::knob::json::Field),)*]
        }

        /// Every field by all its names.
        fn rows(&mut self) -> impl AsMut<[$crate::knob::json::Row<'_>]> {
            [$((
                [stringify!($name) $(, $alias)*].as_slice(),
                &mut self.$name as &mut dyn $crate::knob::json::Field,
            ),)*]
        }
    };
}

/// A configuration whose rows are `/// doc`, `name: type = default, knob;`. Keys left out when reading
/// keep the default, unknown keys are an error.
macro_rules! config {
    (
        $(#[$meta:meta])*
        $config:ident {$(
            $(#[doc = $doc:literal])*
            $name:ident: $type:ty = $default:expr $(, $knob:expr)?;
        )*}
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $config {
            $($(#[doc = $doc])* pub $name: $type,)*
        }

        impl Default for $config {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl $config {
            $crate::knob::knobs! { $($(#[doc = $doc])* $name: $type $(, $knob)?;)* }
        }

        impl serde::Serialize for $config {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::knob::json::write(serializer, stringify!($config), self.fields().as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $config {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut config = Self::default();
                $crate::knob::json::Given::deserialize(deserializer)?.over(config.rows().as_mut())?;
                Ok(config)
            }
        }
    };
}

/// A choice among named values: `/// doc`, `Variant = "value", "name for people";`.
macro_rules! options {
    (
        $(#[$meta:meta])*
        $options:ident {$(
            $(#[$about:meta])*
            $variant:ident = $value:literal, $words:literal;
        )*}
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $options {
            $($(#[$about])* $variant,)*
        }

        impl $crate::knob::json::Field for $options {
            fn say(&self) -> $crate::knob::json::Value {
                let text = match self {
                    $(Self::$variant => $value,)*
                };
                $crate::knob::json::Value::Text(text.to_owned())
            }

            fn take(&mut self, value: $crate::knob::json::Value) -> bool {
                let $crate::knob::json::Value::Text(text) = value else { return false };
                *self = match text.as_str() {
                    $($value => Self::$variant,)*
                    _ => return false,
                };
                true
            }
        }

        impl $crate::knob::Setting for $options {
            const KIND: $crate::knob::Kind = $crate::knob::Kind::Options(&[$(($value, $words)),*]);
        }
    };
}

pub(crate) use {config, knobs, options};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_say_what_they_hold() {
        for (range, words, inside, outside) in [
            (Range::Finite, "finite", -3.0, f64::NAN),
            (Range::NotNegative, "finite and not negative", 0.0, -1e-9),
            (Range::Above(0.0), "finite and above 0", 1e-9, 0.0),
            (Range::Below(0.0), "finite and below 0", -1.0, 0.0),
            (Range::AtLeast(1.0), "at least 1", 1.0, 0.5),
            (Range::Between(1.0, 64.0), "1 to 64", 64.0, 65.0),
        ] {
            assert_eq!(range.to_string(), words);
            assert!(range.contains(inside) && !range.contains(outside), "{words}");
            assert!(!range.contains(f64::INFINITY), "{words}");
        }
    }

    #[test]
    fn the_sentence_is_the_docstring_without_its_links() {
        let knob = Knob::new("top_p", Kind::Real, " Nucleus mass, as [`Self::nucleus`] says.");
        assert_eq!(
            (knob.title().as_str(), knob.about().as_str()),
            ("top p", "Nucleus mass, as `nucleus` says.")
        );
    }
}
