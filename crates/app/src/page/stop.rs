//! Where the sheet of a narrow page stops.

/// How far up the sheet is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    #[default]
    Closed,
    /// The word, its numbers, the best alternatives.
    Peek,
    Half,
    Full,
}

impl Stop {
    const ALL: [Self; 4] = [Self::Closed, Self::Peek, Self::Half, Self::Full];

    /// As the style sheet calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Peek => "peek",
            Self::Half => "half",
            Self::Full => "full",
        }
    }

    /// Its height as a share of the window that is `window` CSS px high; as in lens.css.
    pub(super) fn height(self, window: f64) -> f64 {
        match self {
            Self::Closed => 0.0,
            Self::Peek => 136.0,
            Self::Half => window * 0.56,
            Self::Full => window * 0.92,
        }
    }

    /// The one nearest to a height in CSS px.
    pub(super) fn nearest(height: f64, window: f64) -> Self {
        let away = |stop: &Self| (stop.height(window) - height).abs();
        Self::ALL.into_iter().min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or_default()
    }

    pub(super) fn above(self) -> Self {
        Self::ALL.into_iter().find(|stop| *stop > self).unwrap_or(self)
    }

    pub(super) fn below(self) -> Self {
        Self::ALL.into_iter().rev().find(|stop| *stop < self).unwrap_or(self)
    }
}
