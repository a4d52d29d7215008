//! What colours mean.

use leptos::prelude::*;

/// The colours in one line: words that wear them.
#[component]
pub(super) fn Colours() -> impl IntoView {
    let word = |h: f64, v: f64, text: &'static str| {
        view! { <entropix-tint h=h v=v>{text}</entropix-tint> }
    };
    view! {
        <p class="colours">
            "The colour under a word is the model’s uncertainty before it: "
            {word(0.0, 0.0, "paper for certain")} ", " {word(1.585, 0.02, "blue for a few equal options")}
            ", " {word(0.7, 3.5, "orange for a favourite with a long tail")} ", "
            {word(4.5, 11.0, "violet for wide open")} "."
        </p>
    }
}
