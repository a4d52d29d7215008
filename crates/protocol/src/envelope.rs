//! What `postMessage` carries between page and worker: a message, and a file beside it if need be.

use js_sys::{Object, Reflect};
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
    /// A message with a number that JavaScript can't hold.
    pub fn seal(&self) -> Result<JsValue, JsValue> {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        let sealed = Object::new();
        Reflect::set(&sealed, &MESSAGE.into(), &self.message.serialize(&serializer)?)?;
        if let Some(blob) = &self.blob {
            Reflect::set(&sealed, &BLOB.into(), blob)?;
        }
        Ok(sealed.into())
    }
}

impl<M: DeserializeOwned> Envelope<M> {
    /// Reads an object that came by `postMessage`.
    ///
    /// # Errors
    /// Why its message is none of this version's, in words.
    pub fn open(sealed: &JsValue) -> Result<Self, String> {
        // Of what is no object, nothing can be got.
        let get = |name: &str| Reflect::get(sealed, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let message =
            serde_wasm_bindgen::from_value(get(MESSAGE)).map_err(|error| error.to_string())?;
        Ok(Self { message, blob: get(BLOB).dyn_into().ok() })
    }
}
