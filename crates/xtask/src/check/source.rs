//! A Rust file without its tests.

/// The lines before `#[cfg(test)] mod tests { … }`; the one line of a test module in a file of its own goes, too,
/// and that of an import for documentation.
pub(crate) fn without_tests(text: &str) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !["#[cfg(test)]", "#[cfg(doc)]"].contains(&line) {
            kept.push(line);
        } else if !lines.next().is_some_and(|item| item.ends_with(';')) {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_go_and_code_stays() {
        let text = "a\n#[cfg(doc)]\nuse x::Y;\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod tests {\n    c\n}\n";
        assert_eq!(without_tests(text), ["a", "b"]);
    }
}
