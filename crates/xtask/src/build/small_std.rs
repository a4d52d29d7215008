//! The standard library of the page: built with it, for size and without the places of panics in it. A stable
//! compiler does so when it is told that it is none.

use std::process::Command;

/// What cargo and rustc are told. Trunk's hook (Trunk.toml) drops each of them: what it builds is not for the page.
const SETTINGS: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zlocation-detail=none"),
];

/// Has Trunk's build of the page take it.
pub(crate) fn tell(command: &mut Command) {
    command.envs(SETTINGS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hook_knows_nothing_of_it() {
        let text = include_str!("../../../../Trunk.toml");
        let trunk: toml::Table = text.parse().unwrap();
        let hook = trunk["hooks"][0]["command_arguments"][1].as_str().unwrap();
        for (name, _) in SETTINGS {
            assert!(hook.contains(&format!("'{name}'")), "{name} reaches what the hook builds");
        }
    }
}
