//! The colours of paper and ink, of pictures, elements and pages alike. What stands for numbers has
//! its colours from [`color`](mod@crate::color).

use crate::color::{Ground, Srgb};

/// A colour of the palette, on light and on dark paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    /// Name of the custom property, without `--`.
    pub name: &'static str,
    /// On light paper.
    pub light: Srgb,
    /// On dark paper.
    pub dark: Srgb,
}

impl Ink {
    const fn new(name: &'static str, light: u32, dark: u32) -> Self {
        Self { name, light: Srgb::from_packed(light), dark: Srgb::from_packed(dark) }
    }

    /// The colour on this ground.
    pub fn on(self, ground: Ground) -> Srgb {
        match ground {
            Ground::Light => self.light,
            Ground::Dark => self.dark,
        }
    }
}

/// What everything lies on.
pub const PAPER: Ink = Ink::new("paper", 0xfd_fd_fc, 0x18_19_1b);
/// Text and lines. Every underlay keeps a contrast of 4.5 : 1 to it.
pub const INK: Ink = Ink::new("ink", 0x1b_1d_22, 0xed_ee_f1);
/// Text and lines that matter less.
pub const SOFT: Ink = Ink::new("soft", 0x5d_62_6d, 0xa3_a8_b3);
/// Edges and rules.
pub const LINE: Ink = Ink::new("line", 0xdc_de_e3, 0x35_38_3e);
/// What can be pressed, and where the keyboard is.
pub const ACCENT: Ink = Ink::new("accent", 0x0b_66_60, 0x63_cb_bf);

/// What pictures and elements wear.
pub const PALETTE: [Ink; 5] = [PAPER, INK, SOFT, LINE, ACCENT];

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
            let line = format!("--{name}: light-dark({}, {});", light.css(), dark.css());
            assert!(shell.contains(&line), "shell.css lacks {line}");
        }
    }

    #[test]
    fn pictures_have_no_other_ink() {
        let inks = crate::scene::STYLE.match_indices('#').map(|(at, _)| &crate::scene::STYLE[at..]);
        for ink in inks {
            assert!(ink.starts_with(&INK.light.css()) || ink.starts_with("#fff;"), "{ink}");
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
                    let copy = text.contains(&color.css());
                    assert!(!copy, "{} repeats {}: use its name", path.display(), color.css());
                }
            }
        }
    }
}
