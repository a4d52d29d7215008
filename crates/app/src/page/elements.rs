//! The custom elements of `crates/embed`, as the page uses them.

use entropix::SamplerConfig;
use entropix_protocol::{TokenEntry, object};
use leptos::html::Custom;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use crate::page::browser;

/// All elements of the page show the same token.
pub(super) const GROUP: &str = "chat";

/// Where the view puts a custom element.
pub(super) type Slot = NodeRef<Custom<&'static str>>;

#[wasm_bindgen]
extern "C" {
    /// `<entropix-tokens>`
    #[wasm_bindgen(extends = HtmlElement)]
    pub(super) type Strip;

    #[wasm_bindgen(method, js_name = append)]
    fn append_entry(this: &Strip, entry: &JsValue);
    #[wasm_bindgen(method, getter)]
    pub(super) fn shown(this: &Strip) -> Option<u32>;
    /// Whether it draws: it was near what is seen.
    #[wasm_bindgen(method, getter)]
    pub(super) fn started(this: &Strip) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(super) fn selected(this: &Strip) -> Option<u32>;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_selected(this: &Strip, index: Option<u32>);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_end(this: &Strip, index: Option<u32>);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_busy(this: &Strip, busy: bool);
    /// Takes back all but the first tokens, and after them a text that was never on it.
    #[wasm_bindgen(method)]
    pub(super) fn retract(this: &Strip, count: u32, unseen: &str);
    /// Notes what was taken back before a token.
    #[wasm_bindgen(method)]
    pub(super) fn strike(this: &Strip, index: u32, text: &str);
    /// Brings the chosen token into view.
    #[wasm_bindgen(method)]
    pub(super) fn reveal(this: &Strip);
    /// Gives the focus to the chosen token.
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &Strip);
}

impl Strip {
    /// The strip whose token is chosen.
    pub(super) fn chosen() -> Option<Self> {
        let strips = browser::document().query_selector_all("entropix-tokens").ok()?;
        (0..strips.length())
            .filter_map(|index| strips.get(index)?.dyn_into().ok())
            .map(|strip: HtmlElement| strip.unchecked_into::<Self>())
            .find(|strip| strip.selected().is_some())
    }

    /// One more token: its entry as it came from the worker, else as made from ours.
    pub(super) fn append(&self, arrival: Option<JsValue>, entry: &TokenEntry) {
        if let Some(entry) = arrival.or_else(|| object(entry).ok()) {
            self.append_entry(&entry);
        }
    }
}

/// Whether the custom elements can be spoken to.
#[derive(Clone, Copy)]
pub(super) struct Elements(pub(super) RwSignal<bool>);

/// Becomes true when the script of the elements has run; they can be spoken to from then on.
pub(super) fn ready() -> Elements {
    let ready = RwSignal::new(false);
    if let Ok(defined) = browser::window().custom_elements().when_defined("entropix-tokens") {
        spawn_local(async move {
            ready.set(JsFuture::from(defined).await.is_ok());
        });
    }
    Elements(ready)
}

/// Value of the charts' property `rules`: the sampler as traces have it.
pub(super) fn rules(sampler: &SamplerConfig) -> JsValue {
    object(sampler).unwrap_or_default()
}
