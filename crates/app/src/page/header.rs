//! Name, one line, and the theme.

use gloo::storage::{LocalStorage as Stored, Storage};
use leptos::prelude::*;

use crate::page::browser;

const THEME: &str = "entropix.theme";

/// Sets the stored theme before anything is drawn.
pub(super) fn apply_stored_theme() {
    apply(&Stored::get::<String>(THEME).unwrap_or_default());
}

/// `light` or `dark`; anything else follows the system.
fn apply(theme: &str) {
    let Some(root) = browser::document().document_element() else { return };
    let done = match theme {
        "light" | "dark" => root.set_attribute("data-theme", theme),
        _ => root.remove_attribute("data-theme"),
    };
    drop(done);
}

#[component]
pub(super) fn Header() -> impl IntoView {
    let stored = Stored::get::<String>(THEME).unwrap_or_else(|_| "auto".to_owned());
    let theme = RwSignal::new(stored);
    Effect::new(move |_| {
        theme.with(|theme| {
            apply(theme);
            drop(Stored::set(THEME, theme));
        });
    });
    let option = move |value: &'static str, name: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="theme"
                    value=value
                    prop:checked=move || theme.with(|theme| theme == value)
                    on:change=move |_| theme.set(value.to_owned())
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <header class="top">
            <h1>"Entropix" <span>" in the browser"</span></h1>
            <nav aria-label="Pages">
                <a href="./" aria-current="page">"Chat"</a>
                <a href="explore.html">"Explore"</a>
            </nav>
            <p class="tagline">
                "A small language model on your own device, and for every word how sure it was."
            </p>
            <fieldset class="theme segments">
                <legend class="unseen">"Theme"</legend>
                {option("auto", "auto")}
                {option("light", "light")}
                {option("dark", "dark")}
            </fieldset>
        </header>
    }
}
