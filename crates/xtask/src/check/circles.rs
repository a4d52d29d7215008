//! Files that need each other: whoever reads one of a circle must read them all.
//!
//! A module and what is inside it are one thing, so that a parent may know its children and they it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::source::without_tests;
use crate::files::files;

/// The names on the way to a module, from its crate's root.
type Module = Vec<String>;

/// The circles of a crate, each in words.
pub(crate) fn circles(folder: &Path) -> Result<Vec<String>> {
    let source = folder.join("src");
    let mut modules = BTreeMap::new();
    for file in files(&source)? {
        if let Some(module) = module(&file) {
            modules.insert(module, code(&fs::read_to_string(source.join(&file))?));
        }
    }
    let uses: BTreeMap<&Module, BTreeSet<&Module>> =
        modules.iter().map(|(module, code)| (module, used(module, code, &modules))).collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for module in modules.keys() {
        if let Some(way) = way_back(module, &uses)
            && told.insert(way.iter().copied().collect::<BTreeSet<_>>())
        {
            let names: Vec<_> = way.iter().map(|module| module.join("::")).collect();
            found.push(format!("a circle of files: {}", names.join(" → ")));
        }
    }
    Ok(found)
}

/// The module of a file, unless it holds tests.
fn module(file: &Path) -> Option<Module> {
    if file.extension()? != "rs" || file.file_stem()? == "tests" {
        return None;
    }
    let mut names: Module = file
        .with_extension("")
        .components()
        .map(|name| name.as_os_str().to_string_lossy().into_owned())
        .collect();
    if names.last().is_some_and(|name| name == "mod")
        || (names.len() == 1 && ["lib", "main"].contains(&names[0].as_str()))
    {
        names.pop();
    }
    Some(names)
}

/// Without tests and comments.
fn code(text: &str) -> String {
    let lines = without_tests(text).into_iter();
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The other modules that a module's code names, apart from those it is in and those in it.
fn used<'a>(
    module: &Module,
    code: &str,
    modules: &'a BTreeMap<Module, String>,
) -> BTreeSet<&'a Module> {
    paths(code, &["crate", "super", "self"])
        .into_iter()
        .filter_map(|path| owner(&absolute(module, &path), modules))
        .filter(|other| !other.starts_with(module) && !module.starts_with(other))
        .collect()
}

/// `super::a::B` from a module's point of view.
fn absolute(module: &Module, path: &[String]) -> Module {
    let mut from = if path[0] == "crate" { Vec::new() } else { module.clone() };
    let mut names = path.iter();
    for name in names.by_ref() {
        match name.as_str() {
            "crate" | "self" => {}
            "super" => drop(from.pop()),
            _ => {
                from.push(name.clone());
                break;
            }
        }
    }
    from.extend(names.cloned());
    from
}

/// The module in which a thing is written, through `pub use` of a parent.
fn owner<'a>(path: &Module, modules: &'a BTreeMap<Module, String>) -> Option<&'a Module> {
    let length = (0..=path.len()).rev().find(|&n| modules.contains_key(&path[..n]))?;
    let (module, code) = modules.get_key_value(&path[..length])?;
    let Some(name) = path.get(length) else { return Some(module) };
    let exports = code.split("pub").skip(1).filter_map(|text| {
        let text =
            text.strip_prefix("(crate)").or_else(|| text.strip_prefix("(super)")).unwrap_or(text);
        text.strip_prefix(" use ")?.split(';').next()
    });
    for export in exports {
        let mut names = Vec::new();
        tree(export, &mut Vec::new(), &mut names);
        for named in names.iter().filter(|named| named.last() == Some(name)) {
            let target = absolute(module, named);
            if target.len() > length + 1 && target.starts_with(module) {
                return owner(&target, modules);
            }
        }
    }
    Some(module)
}

/// All paths of a text that begin with one of these words.
fn paths(code: &str, roots: &[&str]) -> Vec<Module> {
    let mut found = Vec::new();
    for root in roots {
        for (place, _) in code.match_indices(&format!("{root}::")) {
            let before = code[..place].chars().next_back();
            // The middle of `super::super::a` is no beginning.
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                tree(&code[place..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Follows `a::{b, c::D}` and puts each path into `found`; returns what comes after.
fn tree<'a>(text: &'a str, path: &mut Module, found: &mut Vec<Module>) -> &'a str {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    path.push(name.to_owned());
    if let Some(inner) = rest.strip_prefix("::{") {
        rest = inner;
        while !rest.trim_start().starts_with('}') && !rest.is_empty() {
            rest = tree(rest, path, found).trim_start();
            if let Some((alias, after)) = rest.split_once([',', '}'])
                && (rest.starts_with(',') || alias.starts_with("as ") || alias.starts_with('*'))
            {
                let closes = rest.as_bytes().get(alias.len()) == Some(&b'}');
                rest = if closes { &rest[alias.len()..] } else { after };
            } else if !rest.starts_with('}') {
                // Not a list of names after all.
                rest = "";
            }
        }
        rest = rest.trim_start().strip_prefix('}').unwrap_or(rest);
    } else if rest.starts_with("::")
        && rest[2..].starts_with(|c: char| c.is_alphabetic() || c == '_')
    {
        rest = tree(&rest[2..], path, found);
    } else {
        found.push(path.clone());
    }
    path.pop();
    rest
}

/// The shortest way from a module back to itself.
fn way_back<'a>(
    start: &'a Module,
    uses: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
) -> Option<Vec<&'a Module>> {
    let mut from: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut todo = VecDeque::from([start]);
    while let Some(module) = todo.pop_front() {
        for next in uses.get(module).into_iter().flatten() {
            if *next == start {
                let mut way = vec![start, module];
                while let Some(before) = from.get(way[way.len() - 1]) {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if !from.contains_key(next) {
                from.insert(next, module);
                todo.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sources: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in sources {
            let path = folder.path().join("src").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        circles(folder.path()).unwrap()
    }

    #[test]
    fn a_circle_is_told_once() {
        let told = of(&[
            ("lib.rs", "mod a;\nmod b;\nmod c;\npub use c::C;\n"),
            ("a.rs", "use crate::b::{self, B as Bee, d::D};\n"),
            ("b.rs", "fn f() -> crate::C {}\n"),
            ("c.rs", "use std::fs;\nuse super::{\n    a::A,\n};\n"),
        ]);
        assert_eq!(told, ["a circle of files: a → b → c → a"]);
    }

    #[test]
    fn parents_tests_and_comments_make_none() {
        let told = of(&[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", "mod inner;\nuse self::inner::I;\nuse crate::b::B;\n"),
            ("a/inner.rs", "use super::A;\nuse crate::b::B;\n"),
            (
                "b.rs",
                "/// See [`crate::a::A`].\nstruct B;\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n",
            ),
            ("b/tests.rs", "use crate::a::A;\n"),
        ]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn paths_are_followed_through_braces() {
        let names = |text| -> Vec<String> {
            paths(text, &["crate", "super"]).iter().map(|path| path.join("::")).collect()
        };
        assert_eq!(
            names("use crate::{a::{B, c::D as E}, f};\nlet x = super::super::g::h(1);"),
            ["crate::a::B", "crate::a::c::D", "crate::f", "super::super::g::h"]
        );
        assert_eq!(names("use crate::a::*; mycrate::b"), ["crate::a"]);
    }
}
