//! Answers as files that the page's elements replay.

use std::path::Path;

use anyhow::Context;
use entropix_eval::run::Traced;
use entropix_eval::{Arm, Item};
use entropix_protocol::Trace;

use crate::model::{ModelOptions, file_name};

/// The name of an answer's file: `past-tense-7-promised-sham.json`.
pub(in crate::commands) fn name(family: &str, item: u32, arm: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let [family, arm] = [family, arm].map(|text| text.chars().map(plain).collect::<String>());
    format!("{family}-{item}-{arm}.json")
}

/// Writes answers, one file each.
pub(super) fn write(
    folder: &Path,
    model: &ModelOptions,
    items: &[Item],
    arms: &[Arm],
    traces: Vec<Traced>,
) -> anyhow::Result<()> {
    let failed = || format!("{} can't be written", folder.display());
    std::fs::create_dir_all(folder).with_context(failed)?;
    for Traced { item, arm, trace } in traces {
        let (Some(item), Some(arm)) = (items.get(item), arms.get(arm)) else { continue };
        let generator = concat!("entropix ", env!("CARGO_PKG_VERSION")).to_owned();
        let trace = Trace { generator, model: file_name(model), ..trace };
        let path = folder.join(name(&item.family, item.number, &arm.name));
        let text = serde_json::to_string(&trace)? + "\n";
        std::fs::write(path, text).with_context(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(name("past tense", 7, "PROMISED sham"), "past-tense-7-promised-sham.json");
        assert_eq!(name("../x", 0, "top-nσ 1"), "---x-0-top-nσ-1.json");
    }
}
