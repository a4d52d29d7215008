//! Where the promised sampler's cuts come from.

use entropix::PromisedConfig;
use leptos::prelude::*;

use crate::page::live::live;
use crate::page::state::{Loading, setup as app};

/// Where the default cuts come from: the library's are SmolLM2's, others are of the model offered.
#[component]
pub(super) fn Cuts() -> impl IntoView {
    let app = app();
    let loading: Loading = expect_context();
    let offered = Memo::new(move |_| {
        let loaded = loading.model().map(|model| model.name);
        loading.offered.with(|offered| {
            let of_model = offered.iter().find(|offered| Some(&offered.name) == loaded.as_ref());
            Some(of_model.or(offered.first())?.name.clone())
        })
    });
    let measured = move || {
        let library = PromisedConfig::default();
        let others = app.settings.with(|settings| settings.model.promised != library);
        offered.get().filter(|_| others).unwrap_or_else(|| "SmolLM2-135M".to_owned())
    };
    let own = move || {
        let name = loading.model()?.name;
        (Some(&name) != offered.get().as_ref())
            .then(|| format!(" {name} may have others: measure them, and set them above."))
    };
    view! {
        <p class="quiet" data-testid="cuts">
            "The default cuts of H and V were measured on answers of " {live(measured)} ", by "
            <code>"entropix calibrate"</code> "." {live(own)}
        </p>
    }
}
