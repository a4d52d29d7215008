//! The models: facts about the one that is loaded, and all that can be had.

use entropix_client::manifest::Model;
use entropix_client::msg::Msg;
use entropix_client::{ModelStatus, words};
use entropix_protocol::ModelInfo;
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CustomEvent;

use crate::page::live::{live, press};
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::Loading;

/// Opens the sheet, and is it.
#[component]
pub(super) fn Models() -> impl IntoView {
    let run = run();
    let loading: Loading = expect_context();
    let sheet: NodeRef<Dialog> = NodeRef::new();
    let opened = RwSignal::new(false);
    // Once a model is there, nothing more is asked of the network: what the sheet needs comes before.
    let wanted = Memo::new(move |was| {
        was == Some(&true)
            || opened.get()
            || loading.status.with(|status| *status != ModelStatus::Empty)
    });
    let here = move || loading.offered.with(|all| all.iter().map(|it| it.here).sum::<f64>() as u64);
    let show = move |_| {
        opened.set(true);
        if let Some(sheet) = sheet.get_untracked() {
            drop(sheet.show_modal());
        }
    };
    let close = move || {
        if let Some(sheet) = sheet.get_untracked() {
            sheet.close();
        }
    };
    // Told by <entropix-hub>.
    let chosen = window_event_listener_untyped("choose", move |event| {
        if let Some(entry) = event.unchecked_ref::<CustomEvent>().detail().as_string() {
            close();
            run.tell(Msg::LoadEntry(entry));
        }
    });
    on_cleanup(move || chosen.remove());
    // Rows stay while what is here of them changes.
    let names = Memo::new(move |_| {
        loading.offered.with(|all| all.iter().map(|it| it.sha256.clone()).collect::<Vec<_>>())
    });
    let label = move || if loading.is_ready() { "About this model, and others" } else { "Models" };
    view! {
        <button class="link" data-testid="models" on:click=show>
            {live(label)}
        </button>
        <dialog class="sheet" data-testid="model-sheet" node_ref=sheet aria-labelledby="models-title">
            <button class="close" aria-label="Close" on:click=press(close)>"×"</button>
            {live(move || loading.model().map(|model| view! { <Facts model/> }))}
            <h2 id="models-title">"Models"</h2>
            <ul class="models">
                {live(move || {
                    // Without a look at it, it would never tell.
                    names.with(|_| ());
                    let models = loading.offered.get_untracked().into_iter().enumerate();
                    models
                        .map(|(number, model)| view! { <Row number model close/> })
                        .collect_view()
                })}
            </ul>
            <p class="quiet small">
                "All run on this device. Memory is counted with a conversation of 2,000 tokens."
            </p>
            <Show when=move || wanted.get()>
                <script type="module" src="hub/hub.js"></script>
                <entropix-hub here=live(move || here().to_string())></entropix-hub>
            </Show>
        </dialog>
    }
}

/// One model of the list.
#[component]
fn Row(
    number: usize,
    model: Model,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let run = run();
    let loading: Loading = expect_context();
    // Of a repository's file the header, which says what a token takes, is not known.
    let least = if model.cache > 0.0 { "" } else { "at least " };
    let facts = [
        words::megabytes(model.bytes),
        format!("{least}{} of memory", words::megabytes(model.memory())),
        model.licence.clone(),
    ];
    let facts = facts.join(" · ");
    let untried = (!model.tried).then_some(" · not tried here");
    let name = model.name.clone();
    let is_loaded = Memo::new(move |_| loading.model().is_some_and(|it| it.name == name));
    let sha256 = StoredValue::new(model.sha256);
    let here =
        Memo::new(move |_| loading.offered.with(|all| all.get(number).map_or(0.0, |it| it.here)));
    let bytes = model.bytes;
    let part = move || {
        let here = Some(here.get()).filter(|here| *here > 0.0 && *here < bytes);
        here.map(|here| format!(" · {} of it are here", words::megabytes(here)))
    };
    let verified = move || loading.verified.with(|all| all.get(number).copied().flatten());
    let act = move || match here.get() {
        here if here >= bytes => "Load",
        here if here > 0.0 => "Resume",
        _ => "Download",
    };
    let load = move |_| {
        close();
        run.tell(Msg::Load(number));
    };
    view! {
        <li>
            <span class="name">{model.name}</span>
            <span class="quiet small">{facts} {untried} {live(part)}</span>
            // <entropix-hub> says here how fast it would be.
            <span class="quiet small" data-file=model.file data-bytes=bytes></span>
            <span class="buttons">
                <Show when=move || is_loaded.get()>
                    <span class="quiet small">"loaded"</span>
                </Show>
                <Show when=move || !is_loaded.get()>
                    <button data-testid="load-listed" disabled=!run.can_run() on:click=load>
                        {live(act)}
                    </button>
                </Show>
                {live(move || verified().map(|said| view! { <span class="small" role="status">{said}</span> }))}
                <Show when=move || bytes <= here.get()>
                    <button
                        class="link"
                        data-testid="verify"
                        title="Reads the stored file and computes its SHA-256 again"
                        on:click=press(move || run.tell(Msg::Verify(sha256.get_value())))
                    >
                        "Verify"
                    </button>
                </Show>
                <Show when=move || 0.0 < here.get()>
                    <button
                        class="link"
                        data-testid="forget"
                        on:click=press(move || run.tell(Msg::Forget(sha256.get_value())))
                    >
                        "Remove from this browser"
                    </button>
                </Show>
            </span>
        </li>
    }
}

/// What is known about the loaded model.
#[component]
fn Facts(model: ModelInfo) -> impl IntoView {
    let weights = model.weights.iter().map(|of_type| {
        let tensors = words::thousands(of_type.tensors);
        let word = if of_type.tensors == 1 { "tensor" } else { "tensors" };
        format!("{} in {tensors} {word} ({})", of_type.dtype, words::megabytes(of_type.bytes))
    });
    let weights = format!("kept exactly: {}", weights.collect::<Vec<_>>().join(", "));
    let in_memory: f64 = model.weights.iter().map(|of_type| of_type.memory).sum();
    let cache = model.cache_bytes;
    let cache = cache.map(|bytes| format!(", {} for 1,000 tokens", words::megabytes(bytes * 1e3)));
    let memory =
        format!("{} for weights{}", words::megabytes(in_memory), cache.unwrap_or_default());
    let parameters = format!("{:.0} million in {} layers", model.parameters / 1e6, model.layers);
    let context = format!("{} tokens", words::thousands(model.context_length));
    let rows = [
        ("Architecture", model.architecture),
        ("Results", model.known),
        ("Weights", weights),
        ("Parameters", parameters),
        ("Context", context),
        ("Vocabulary", format!("{} tokens", words::thousands(model.vocabulary))),
        ("Template", model.template.unwrap_or_else(|| "none".to_owned())),
        ("Licence", model.licence.unwrap_or_else(|| "the file does not say".to_owned())),
        ("Memory", memory),
        ("Arithmetic", model.kernel),
    ];
    let notes = model.notes.into_iter().map(|note| ("The file", note));
    let rows = rows.into_iter().chain(notes);
    let rows = rows.map(|(term, fact)| view! { <dt>{term}</dt><dd>{fact}</dd> });
    view! {
        <h2>{model.name}</h2>
        <dl class="facts" data-testid="facts">{rows.collect_view()}</dl>
    }
}
