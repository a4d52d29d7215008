//! The control of one knob: what it is says which.

use entropix::Knob;
use entropix::knob::Kind;
use leptos::prelude::*;

use crate::page::live::live;
use crate::page::state::setup as app;

/// Any knob of the answer or of the chosen sampler.
#[component]
pub(super) fn Control(knob: &'static Knob) -> impl IntoView {
    if knob.is_number() {
        view! {
            <label class="field">
                <span class="name">{knob.title()} {unit(knob)}</span>
                <Number knob/>
            </label>
        }
        .into_any()
    } else {
        view! { <Other knob/> }.into_any()
    }
}

/// A number's input, and beside it why what was typed is refused; what was set before stays in use.
#[component]
pub(super) fn Number(knob: &'static Knob) -> impl IntoView {
    let (value, error, set) = of(knob);
    let testid = knob.name.replace('_', "-");
    let why = format!("why-{testid}");
    let described = {
        let why = why.clone();
        move || error.with(Option::is_some).then(|| why.clone())
    };
    view! {
        <input
            type="number"
            id=testid.clone()
            name=knob.name
            title=knob.about()
            data-testid=testid
            min=knob.range.least().map(|least| least.to_string())
            step=if knob.kind == Kind::Whole { "1" } else { "any" }
            prop:value=live(move || value.get())
            aria-invalid=live(move || error.with(Option::is_some).to_string())
            aria-describedby=live(described)
            on:change=move |event| set.run(event_target_value(&event))
        />
        {live(move || {
            error.get().map(|text| view! { <small class="bad" role="alert" id=why.clone()>{text}</small> })
        })}
    }
}

/// The unit of a knob, if it has one.
pub(super) fn unit(knob: &'static Knob) -> impl IntoView {
    (!knob.unit.is_empty()).then(|| view! { <i>" " {knob.unit}</i> })
}

#[component]
fn Other(knob: &'static Knob) -> impl IntoView {
    let (value, error, set) = of(knob);
    let about = format!("about-{}", knob.name);
    let (name, title) = (knob.name, knob.title());
    let described = about.clone();
    let control = match knob.kind {
        Kind::Options(options) => {
            let options = options.iter().map(|&(option, words)| {
                view! {
                    <option value=option prop:selected=live(move || value.with(|value| value == option))>
                        {words}
                    </option>
                }
            });
            view! {
                <b>{title}</b>
                <select
                    name=name
                    aria-describedby=described
                    on:change=move |event| set.run(event_target_value(&event))
                >
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        Kind::Lines => view! {
            <b>{title}</b>
            <textarea
                name=name
                rows="3"
                aria-describedby=described
                aria-invalid=live(move || error.with(Option::is_some).to_string())
                prop:value=live(move || value.get())
                on:change=move |event| set.run(event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        Kind::Switch | Kind::Whole | Kind::Real => view! {
            <input
                type="checkbox"
                name=name
                aria-describedby=described
                prop:checked=live(move || value.with(|value| value == "true"))
                on:change=move |event| set.run(event_target_checked(&event).to_string())
            />
            <b>{title}</b>
        }
        .into_any(),
    };
    view! {
        <div class="quirk">
            <label>{control}</label>
            <p class="quiet" id=about>
                {knob.about()}
            </p>
            {live(move || error.get().map(|text| view! { <small class="bad" role="alert">{text}</small> }))}
        </div>
    }
}

/// A knob's value as a text, why the last one given was refused, and how to give one.
fn of(knob: &'static Knob) -> (Memo<String>, RwSignal<Option<String>>, Callback<String>) {
    let app = app();
    let value = Memo::new(move |_| app.settings.with(|settings| settings.text(knob.name)));
    let error = RwSignal::new(None);
    let set = Callback::new(move |text: String| {
        let outcome =
            app.settings.try_update(|settings| settings.set(knob.name, &text)).unwrap_or(Ok(()));
        error.set(outcome.err());
    });
    (value, error, set)
}
