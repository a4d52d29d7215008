//! Chats in the browser's storage (js/chats.js): does what the client asks.

use entropix_client::msg::{Ask, Record, Refusal, Save, Told, key};
use js_sys::Array;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use crate::page::kept;

#[wasm_bindgen(module = "/js/chats.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn list() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn read(id: &str, take: bool) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    #[allow(clippy::too_many_arguments, reason = "a message, not a function of ours")]
    async fn save(
        id: &str,
        base: Option<&str>,
        stamp: &str,
        cover: &str,
        said: Option<&str>,
        changed: Array,
        gone: Option<Vec<u32>>,
        tell: bool,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn search(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn persist() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn erase() -> Result<JsValue, JsValue>;
    fn listen(hear: &Closure<dyn FnMut(Option<String>)>);
}

/// Tells the client what other tabs do.
pub(super) fn hear(tell: impl Fn(Told) + 'static) {
    let hear = move |id: Option<String>| tell(Told::Elsewhere(id));
    let hear = Closure::<dyn FnMut(Option<String>)>::new(hear);
    listen(&hear);
    // For as long as the page lives.
    hear.forget();
}

/// Does what the client asks, and tells it what came of it.
pub(super) fn perform(tell: impl Fn(Told) + 'static, ask: Ask) {
    spawn_local(async move {
        if let Some(told) = answer(ask).await {
            tell(told);
        }
    });
}

async fn answer(ask: Ask) -> Option<Told> {
    Some(match ask {
        Ask::List => Told::Listed(list().await.map(|flat| covers(&flat)).map_err(refusal)),
        Ask::All => Told::All(all().await),
        Ask::Read(id) => {
            let record = record(&id, false).await;
            let draft = kept::get(&draft_key(&id));
            Told::Read { id, record, draft }
        }
        Ask::Take(id) => Told::Taken(record(&id, true).await),
        Ask::Save(save) => {
            let result = store(&save).await;
            Told::Saved { id: save.record.id, stamp: save.record.stamp, result }
        }
        Ask::Search(number, text) => {
            let found = search(&text).await.unwrap_or_default();
            Told::Found { number, ids: strings(&found) }
        }
        Ask::Persist => {
            drop(persist().await);
            return None;
        }
        Ask::Erase => {
            drop(erase().await);
            return None;
        }
    })
}

async fn all() -> Result<Vec<Record>, Refusal> {
    let mut records = Vec::new();
    for Record { id, .. } in covers(&list().await.map_err(refusal)?) {
        records.extend(record(&id, false).await?);
    }
    Ok(records)
}

async fn record(id: &str, take: bool) -> Result<Option<Record>, Refusal> {
    let found = read(id, take).await.map_err(refusal)?;
    if found.is_falsy() {
        return Ok(None);
    }
    let found = Array::from(&found);
    let text = |at| found.get(at).as_string().unwrap_or_default();
    let turns = (3..found.length()).step_by(2);
    let turns = turns.map(|at| (found.get(at).as_f64().unwrap_or_default() as u32, text(at + 1)));
    Ok(Some(Record {
        id: id.to_owned(),
        stamp: text(0),
        cover: text(1),
        words: text(2),
        turns: turns.collect(),
    }))
}

async fn store(save: &Save) -> Result<(), Refusal> {
    let Save { record, base, gone, tell } = save;
    let turns = Array::new();
    for (id, text) in &record.turns {
        turns.push(&(*id).into());
        turns.push(&text.into());
    }
    let words = Some(record.words.as_str()).filter(|words| !words.is_empty());
    let base = base.as_deref();
    let Record { id, stamp, cover, .. } = record;
    let fits = self::save(id, base, stamp, cover, words, turns, gone.clone(), *tell).await;
    match fits {
        Ok(fits) if fits.is_truthy() => Ok(()),
        Ok(_) => Err(Refusal::Changed),
        Err(error) => Err(refusal(error)),
    }
}

/// Under which name the draft of a chat is kept.
pub(super) fn draft_key(chat: &str) -> String {
    if chat.is_empty() { key::DRAFT.to_owned() } else { format!("{}.{chat}", key::DRAFT) }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn refusal(error: JsValue) -> Refusal {
    let name = js_sys::Reflect::get(&error, &"name".into()).unwrap_or_default();
    match name.as_string().as_deref() {
        Some("QuotaExceededError") => Refusal::Full,
        Some("VersionError") => Refusal::Later,
        _ => Refusal::Denied,
    }
}

fn strings(list: &JsValue) -> Vec<String> {
    Array::from(list).iter().filter_map(|text| text.as_string()).collect()
}

fn covers(flat: &JsValue) -> Vec<Record> {
    let mut flat = strings(flat).into_iter();
    let mut covers = Vec::new();
    while let (Some(id), Some(stamp), Some(cover)) = (flat.next(), flat.next(), flat.next()) {
        covers.push(Record { id, stamp, cover, ..Record::default() });
    }
    covers
}
