//! What the pages may load and run (Content-Security-Policy). It stands in the pages, which hold it wherever they are
//! served; a server sends it, too, and says who may show them in a frame, which only a header can.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use axum::http::HeaderValue;

const OPENS: &str = r#"<meta http-equiv="Content-Security-Policy" content=""#;

/// What the server of a built page says: the page's own policy, and that only this site may frame it.
pub(crate) fn header(dist: &Path) -> Result<HeaderValue> {
    let page = dist.join("index.html");
    let text =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let policy = of_page(&text).with_context(|| format!("{} has no policy", page.display()))?;
    HeaderValue::from_str(&format!("{policy}; frame-ancestors 'self'"))
        .context("the policy is no header")
}

fn of_page(text: &str) -> Option<&str> {
    Some(text.split_once(OPENS)?.1.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    const PAGES: [&str; 3] = ["www/index.html", "www/explore.html", "www/results.html"];

    #[test]
    fn pages_and_servers_say_the_same() {
        let root = Project::find(true).unwrap().root;
        let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
        let [chat, others @ ..] = PAGES.map(read);
        let policy = of_page(&chat).unwrap();
        for other in &others {
            assert_eq!(of_page(other), Some(policy));
        }
        let header = header(&root.join("www")).unwrap();
        let line = format!("Content-Security-Policy = {header:?}\n");
        assert!(read("Trunk.toml").contains(&line), "Trunk.toml lacks {line}");
    }

    #[test]
    fn nothing_stands_in_the_pages() {
        let root = Project::find(true).unwrap().root;
        for name in PAGES.into_iter().chain(["www/embed.html"]) {
            let text = fs::read_to_string(root.join(name)).unwrap();
            for (line, inside) in text.split("<script").skip(1).enumerate() {
                let (attributes, rest) = inside.split_once('>').unwrap();
                let is_empty = rest.starts_with("</script>");
                assert!(is_empty || attributes.contains("application/"), "{name}: script {line}");
            }
            for word in ["<style", " style=", " onclick=", " onload=", "javascript:"] {
                assert!(!text.contains(word), "{name} has {word}");
            }
        }
    }
}
