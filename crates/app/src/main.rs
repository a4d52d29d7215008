//! The page's start in the browser.

#![forbid(unsafe_code)]

fn main() {
    #[cfg(target_arch = "wasm32")]
    entropix_app::page::start();
}
