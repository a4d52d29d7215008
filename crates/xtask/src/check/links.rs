//! Links inside the project: of Markdown and HTML to files and to headings. What leads to the web is not asked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::output;
use crate::project::Project;

/// They are there once the page is built.
const BUILT: [&str; 2] = ["embed/v1/", "models/manifest.json"];

pub(crate) fn broken(project: &Project) -> Result<Vec<String>> {
    let listed = output(project.command("git").args(["ls-files", "--", "*.md", "www/*.html"]))?;
    let mut broken = Vec::new();
    for name in listed.lines() {
        let path = project.root.join(name);
        // A file that is being deleted is still listed.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for link in links(name, &text) {
            if let Some(why) = fault(&path, &text, &link)? {
                broken.push(format!("{name}: {link}: {why}"));
            }
        }
    }
    Ok(broken)
}

fn links(name: &str, text: &str) -> Vec<String> {
    if Path::new(name).extension().is_some_and(|ext| ext == "md") {
        let text = without_code(text);
        return after(&text, "](", ')');
    }
    let mut found = after(text, " href=\"", '"');
    found.extend(after(text, " src=\"", '"'));
    found
}

/// What stands between `start` and `end`, up to a title.
fn after(text: &str, start: &str, end: char) -> Vec<String> {
    text.split(start)
        .skip(1)
        .filter_map(|rest| rest.split_once(end))
        .map(|(link, _)| link.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}

/// Markdown without its fenced blocks and inline code.
fn without_code(text: &str) -> String {
    let mut fenced = false;
    let mut plain = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            plain.extend(line.split('`').step_by(2));
            plain.push('\n');
        }
    }
    plain
}

/// Why a link of the file at `path` leads nowhere.
fn fault(path: &Path, text: &str, link: &str) -> Result<Option<String>> {
    let is_address = |link: &str| link.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1);
    if is_address(link) || BUILT.iter().any(|built| link.starts_with(built)) {
        return Ok(None);
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let file = file.split('?').next().unwrap_or_default();
    let target = if file.is_empty() {
        path.to_owned()
    } else {
        tidy(&path.parent().context("a file needs a folder")?.join(file))
    };
    if !target.exists() {
        return Ok(Some("there is no such file".to_owned()));
    }
    if anchor.is_empty() {
        return Ok(None);
    }
    let text = if target == path { text.to_owned() } else { fs::read_to_string(&target)? };
    let is_there = match target.extension().and_then(|ext| ext.to_str()) {
        Some("md") => headings(&text).contains(anchor),
        Some("html") => text.contains(&format!("id=\"{anchor}\"")),
        _ => true,
    };
    // The settings in a link to the chat page are no place in it.
    let is_setting = anchor.contains('=');
    Ok((!is_there && !is_setting).then(|| format!("there is no #{anchor}")))
}

/// `a/../b` is `b`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(tidied.pop()),
            Component::CurDir => {}
            part => tidied.push(part),
        }
    }
    tidied
}

/// The anchors of Markdown's headings: small letters, digits and dashes.
fn headings(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| line.starts_with('#'));
    lines
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_code_is_not() {
        let text = "[a](x.md) and `[b](y.md)`, [c](z.md \"title\")\n```\n[d](w.md)\n```\n";
        assert_eq!(links("README.md", text), ["x.md", "z.md"]);
        let html = "<a href=\"x.html\"><img src=\"y.png\"><p data-href=\"z\">";
        assert_eq!(links("a.html", html), ["x.html", "y.png"]);
    }

    #[test]
    fn what_leads_nowhere_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("b.md"), "# One: two `three`!\n").unwrap();
        fs::write(folder.path().join("c.html"), "<p id=\"here\">").unwrap();
        let path = folder.path().join("a/x.md");
        let text = "## Own heading\n";
        fs::write(&path, text).unwrap();
        let why = |link: &str| fault(&path, text, link).unwrap();
        for good in [
            "../b.md",
            "../b.md#one-two-three",
            "#own-heading",
            "../c.html#here",
            "../c.html?x=1",
            "../c.html#sampler=B",
            "https://example.org/#x",
            "mailto:a@example.org",
            "embed/v1/embed.js",
            "..",
        ] {
            assert_eq!(why(good), None, "{good}");
        }
        for bad in ["b.md", "../b.md#three", "#other", "../c.html#there"] {
            assert!(why(bad).is_some(), "{bad}");
        }
    }
}
