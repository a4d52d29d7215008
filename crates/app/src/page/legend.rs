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
            {word(0.0, 0.0, "paper for certain")} ", "
            {word(3.0, 8.8, "grey for unsure as is usual")} ", the deeper the less sure; "
            {word(1.585, 0.02, "blue for torn between equals")} ", "
            {word(2.0, 12.0, "orange for a favourite with a long tail")} "."
        </p>
    }
}
