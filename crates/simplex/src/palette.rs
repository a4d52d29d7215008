//! The colours of paper and ink, of pictures, elements and pages alike. What stands for numbers has
//! its colours from [`color`](mod@crate::color).

use crate::color::Ground;

/// A colour of the palette, on light and on dark paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    /// Name of the custom property, without `--`.
    pub name: &'static str,
    /// On light paper, `#rrggbb`.
    pub light: &'static str,
    /// On dark paper, `#rrggbb`.
    pub dark: &'static str,
}

impl Ink {
    /// The colour on this ground, `#rrggbb`.
    pub fn on(self, ground: Ground) -> &'static str {
        match ground {
            Ground::Light => self.light,
            Ground::Dark => self.dark,
        }
    }
}

macro_rules! palette {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $light:literal, $dark:literal;)*) => {
        $($(#[$doc])* pub const $constant: Ink = Ink { name: $name, light: $light, dark: $dark };)*

        /// What pictures and elements wear.
        pub const PALETTE: &[Ink] = &[$($constant),*];

        /// The palette as text: ` name:light:dark` for each colour.
        pub const TEXT: &str = concat!($(" ", $name, ":", $light, ":", $dark,)*);
    };
}

palette! {
    /// What everything lies on.
    PAPER = "paper", "#fdfdfc", "#18191b";
    /// Text and lines. Every underlay keeps a contrast of 4.5 : 1 to it.
    INK = "ink", "#1b1d22", "#edeef1";
    /// Text and lines that matter less.
    SOFT = "soft", "#5d626d", "#a3a8b3";
    /// Edges and rules.
    LINE = "line", "#dcdee3", "#35383e";
    /// What can be pressed, and where the keyboard is.
    ACCENT = "accent", "#0b6660", "#63cbbf";
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www");
    const ELEMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../embed/js");

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap().to_lowercase()
    }

    #[test]
    fn pages_wear_the_palette() {
        let shell = read(&Path::new(PAGES).join("shell.css"));
        for Ink { name, light, dark } in PALETTE {
            let line = format!("--{name}: light-dark({light}, {dark});");
            assert!(shell.contains(&line), "shell.css lacks {line}");
            // For browsers without light-dark().
            let line = format!("--{name}: {light};");
            assert!(shell.contains(&line), "shell.css lacks {line}");
        }
    }

    #[test]
    fn pictures_have_no_other_ink() {
        let inks = crate::scene::STYLE.match_indices('#').map(|(at, _)| &crate::scene::STYLE[at..]);
        for ink in inks {
            assert!(ink.starts_with(INK.light) || ink.starts_with("#fff;"), "{ink}");
        }
    }

    #[test]
    fn no_other_file_repeats_a_colour() {
        for folder in [PAGES, ELEMENTS] {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let kind = path.extension().and_then(|kind| kind.to_str());
                if path.ends_with("shell.css") || !matches!(kind, Some("css" | "js" | "html")) {
                    continue;
                }
                let text = read(&path);
                for color in PALETTE.iter().flat_map(|ink| [ink.light, ink.dark]) {
                    let copy = text.contains(color);
                    assert!(!copy, "{} repeats {color}: use its name", path.display());
                }
            }
        }
    }
}
