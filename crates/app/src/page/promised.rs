//! Of the promised sampler, what is no number: its phrases, and by what it keeps a branch.

use entropix::PromisedConfig;
use leptos::prelude::*;

use crate::page::state::{Loading, setup as app};
use entropix_client::settings::{BRANCH_SCORES, Choice};

#[component]
pub(super) fn Promised() -> impl IntoView {
    let app = app();
    let chosen =
        Memo::new(move |_| app.settings.with(|settings| settings.choice == Choice::Promised));
    view! {
        <Show when=move || chosen.get()>
            <Cuts/>
            <div class="quirks">
                <Score/>
                <Phrases/>
            </div>
        </Show>
    }
}

/// Where the default cuts come from: the library's are SmolLM2's, others are of the model offered.
#[component]
fn Cuts() -> impl IntoView {
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
        let others = app.settings.with(|settings| settings.promised_of_model != library);
        offered.get().filter(|_| others).unwrap_or_else(|| "SmolLM2-135M".to_owned())
    };
    let own = move || {
        let name = loading.model()?.name;
        (Some(&name) != offered.get().as_ref())
            .then(|| format!(" {name} may have others: measure them, and set them above."))
    };
    view! {
        <p class="quiet" data-testid="cuts">
            "The default cuts of H and V were measured on answers of " {measured} ", by "
            <code>"entropix calibrate"</code> "." {own}
        </p>
    }
}

#[component]
fn Score() -> impl IntoView {
    let app = app();
    let set = move |event: web_sys::Event| {
        let name = event_target_value(&event);
        // Whatever the control offers is taken.
        app.settings.update(|settings| drop(settings.set_text("branch_score", &name)));
    };
    let options = BRANCH_SCORES.map(|(score, name, words)| {
        let chosen = move || app.settings.with(|s| s.promised().branch_score == score);
        view! {
            <option value=name prop:selected=chosen>
                {words}
            </option>
        }
    });
    view! {
        <div class="quirk">
            <label>
                <b>"keep the branch by"</b>
                <select name="branch_score" aria-describedby="about-branch-score" on:change=set>
                    {options.into_iter().collect_view()}
                </select>
            </label>
            <p class="quiet" id="about-branch-score">
                "Means over a branch’s tokens, in bits."
            </p>
        </div>
    }
}

#[component]
fn Phrases() -> impl IntoView {
    let app = app();
    let error = RwSignal::new(None::<String>);
    let text = move || app.settings.with(|settings| settings.promised().phrases.join("\n"));
    let set = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        let outcome = app.settings.try_update(|s| s.set_text("phrases", &text)).unwrap_or(Ok(()));
        error.set(outcome.err());
    };
    view! {
        <div class="quirk">
            <label>
                <b>"phrases, one per line"</b>
                <textarea
                    name="phrases"
                    rows="3"
                    aria-describedby="about-phrases"
                    aria-invalid=move || error.with(Option::is_some).to_string()
                    prop:value=text
                    on:change=set
                ></textarea>
            </label>
            <p class="quiet" id="about-phrases">
                "Inserted in turn, exactly as written: a blank at the beginning counts."
            </p>
            {move || error.get().map(|text| view! { <small class="bad">{text}</small> })}
        </div>
    }
}
