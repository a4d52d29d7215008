//! Scripts that Trunk writes into a page become files of their own: the page's policy lets no script stand in it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::files::hex;

/// Moves every script out that stands in a page of the folder. What is only data stays.
pub(crate) fn move_out(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ext| ext != "html") {
            continue;
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let (text, scripts) = split(&text);
        for (name, script) in &scripts {
            fs::write(folder.join(name), script).with_context(|| format!("cannot write {name}"))?;
        }
        if !scripts.is_empty() {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// The page without its scripts, and these: name and text.
fn split(page: &str) -> (String, Vec<(String, String)>) {
    let (mut rest, mut kept, mut scripts) = (page, String::new(), Vec::new());
    while let Some((before, after)) = rest.split_once("<script")
        && let Some((attributes, after)) = after.split_once('>')
        && let Some((script, after)) = after.split_once("</script>")
    {
        kept.push_str(before);
        if script.trim().is_empty() || attributes.contains("application/") {
            kept.extend(["<script", attributes, ">", script, "</script>"]);
        } else {
            let name = format!("start-{}.js", &hex(&Sha256::digest(script))[..16]);
            // As late as it was: a module waits by itself.
            kept.extend(["<script", attributes, " src=\"", &name, "\"></script>"]);
            scripts.push((name, script.trim().to_owned() + "\n"));
        }
        rest = after;
    }
    (kept + rest, scripts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_go_and_data_stays() {
        let page = r#"<script src="a.js"></script><script type="application/json">[1]</script>
<script type="module">
import './b.js';
</script><script>c()</script><p>"#;
        let (kept, scripts) = split(page);
        let [(module, first), (plain, second)] = &scripts[..] else { panic!("{scripts:?}") };
        assert_eq!((first.as_str(), second.as_str()), ("import './b.js';\n", "c()\n"));
        assert_eq!(
            kept,
            format!(
                r#"<script src="a.js"></script><script type="application/json">[1]</script>
<script type="module" src="{module}"></script><script src="{plain}"></script><p>"#
            )
        );
        assert_eq!(split(&kept), (kept.clone(), Vec::new()));
    }
}
