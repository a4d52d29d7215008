//! What `postMessage` carries between page and worker: a message, and a file beside it if need be.
//!
//! The page hands a message over as JSON text: it reads traces and settings from JSON too, and so holds the code
//! for one format only. The worker, whose size matters less than its time, makes the objects themselves.

use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// Names of the envelope's two properties.
const MESSAGE: &str = "message";
const BLOB: &str = "blob";

/// A message (a [`crate::Request`] or an [`crate::Event`]) with the handle of a file, which is not copied on
/// its way. In JavaScript: `{message, blob?}`.
#[derive(Clone, Debug)]
pub struct Envelope<M> {
    /// What is said.
    pub message: M,
    /// The file it is about.
    pub blob: Option<Blob>,
}

impl<M> Envelope<M> {
    /// A message without a file.
    pub fn of(message: M) -> Self {
        Self { message, blob: None }
    }
}

impl<M: Serialize> Envelope<M> {
    /// The object to give to `postMessage`.
    ///
    /// # Errors
    /// A message that JSON has no words for, such as a map whose keys are no texts.
    pub fn seal(&self) -> Result<JsValue, JsValue> {
        sealed(&object(&self.message)?, self.blob.as_ref())
    }
}

/// The object to give to `postMessage`, of a message that is an object of JavaScript already.
///
/// # Errors
/// None that is known: the object is new.
pub fn sealed(message: &JsValue, blob: Option<&Blob>) -> Result<JsValue, JsValue> {
    let sealed = Object::new();
    Reflect::set(&sealed, &MESSAGE.into(), message)?;
    if let Some(blob) = blob {
        Reflect::set(&sealed, &BLOB.into(), blob)?;
    }
    Ok(sealed.into())
}

impl<M: DeserializeOwned> Envelope<M> {
    /// Reads an object that came by `postMessage`.
    ///
    /// # Errors
    /// Why its message is none of this version's, in words.
    pub fn open(sealed: &JsValue) -> Result<Self, String> {
        // Of what is no object, nothing can be got.
        let get = |name: &str| Reflect::get(sealed, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let text = JSON::stringify(&get(MESSAGE)).ok().and_then(|text| text.as_string());
        let text = text.ok_or("it is no plain object")?;
        let message = crate::json::read(&text).map_err(|error| error.to_string())?;
        Ok(Self { message, blob: get(BLOB).dyn_into().ok() })
    }
}

/// Of a [`crate::Step::Token`] that came sealed, its entry as it came, for whoever hands it on in JavaScript.
pub fn entry(sealed: &JsValue) -> Option<JsValue> {
    let way = [MESSAGE, "generation", "step", "token", "entry"];
    let get = |object: JsValue, name: &str| Reflect::get(&object, &name.into()).ok();
    way.into_iter().try_fold(sealed.clone(), get).filter(JsValue::is_object)
}

/// A value as the plain object that JavaScript reads from its JSON.
///
/// # Errors
/// A value that JSON has no words for, such as a map whose keys are no texts.
pub fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value).map_err(|error| JsValue::from(error.to_string()))?;
    JSON::parse(&text)
}
