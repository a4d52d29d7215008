//! ARCHITECTURE.md says which crate may use which: the Cargo.toml files must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::workspace::Crate;

/// The table's column of names, and that of what each may use.
const COLUMNS: [&str; 2] = ["crate", "uses"];

pub(crate) fn wrong(project: &Project, crates: &[Crate]) -> Result<Vec<String>> {
    let text = fs::read_to_string(project.root.join("ARCHITECTURE.md"))
        .context("cannot read ARCHITECTURE.md")?;
    let said = table(&text, crates).context("ARCHITECTURE.md has no table of the crates")?;
    let mut wrong = Vec::new();
    for one in crates {
        let name = &one.name;
        match said.get(name) {
            None => {
                wrong.push(format!("ARCHITECTURE.md: a row for crates/{name} is missing"));
            }
            Some(uses) if *uses != one.uses => {
                let (is, said) = (list(&one.uses), list(uses));
                wrong.push(format!("ARCHITECTURE.md: crates/{name} uses {is}, not {said}"));
            }
            Some(_) => {}
        }
    }
    wrong.extend(
        said.keys()
            .filter(|name| !crates.iter().any(|one| one.name == **name))
            .map(|name| format!("ARCHITECTURE.md: there is no crates/{name}")),
    );
    Ok(wrong)
}

fn list(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "nothing of ours".to_owned();
    }
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Each crate of the table with the crates that its row names; other words are for people.
fn table(text: &str, crates: &[Crate]) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let mut lines = text.lines().map(cells).skip_while(|cells| place(cells, COLUMNS[0]).is_none());
    let head = lines.next()?;
    let [name, uses] = [place(&head, COLUMNS[0])?, place(&head, COLUMNS[1])?];
    let rows = lines.skip(1).take_while(|cells| cells.len() == head.len());
    Some(
        rows.filter_map(|cells| {
            let name = cells.get(name)?.trim_matches('`').strip_prefix("crates/")?.to_owned();
            let words = cells.get(uses)?.split(|c: char| !c.is_alphanumeric() && c != '-');
            let ours = words.filter(|word| crates.iter().any(|one| one.name == *word));
            Some((name, ours.map(str::to_owned).collect()))
        })
        .collect(),
    )
}

fn place(cells: &[&str], name: &str) -> Option<usize> {
    cells.iter().position(|cell| *cell == name)
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn one(name: &str, uses: &[&str]) -> Crate {
        Crate {
            name: name.to_owned(),
            package: name.to_owned(),
            folder: PathBuf::new(),
            uses: uses.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn the_table_must_say_what_is() {
        let folder = tempfile::tempdir().unwrap();
        let text = "# Architecture\n\n| crate | purpose | uses |\n|---|---|---|\n\
            | `crates/a` | Uses b no more. | nothing of ours |\n| `crates/b` | x | a, candle-core |\n\nMore.\n";
        fs::write(folder.path().join("ARCHITECTURE.md"), text).unwrap();
        let project = Project { root: folder.path().to_owned(), offline: true, cache: None };
        let wrong = |crates: &[Crate]| wrong(&project, crates).unwrap();
        assert_eq!(wrong(&[one("a", &[]), one("b", &["a"])]), Vec::<String>::new());
        assert_eq!(
            wrong(&[one("a", &["b"]), one("b", &["a"]), one("c", &[])]),
            [
                "ARCHITECTURE.md: crates/a uses b, not nothing of ours",
                "ARCHITECTURE.md: a row for crates/c is missing"
            ]
        );
        assert_eq!(wrong(&[one("a", &[])]), ["ARCHITECTURE.md: there is no crates/b"]);
    }
}
