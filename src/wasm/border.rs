//! Values and errors across the border. Keys keep their case; errors become `Error` objects with `name` and `code`.

use js_sys::{Function, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::error::Error;
use crate::tasks::grader::Grader;

/// A JavaScript `Error` whose `name` is "LabError" and whose `code` is the lab's.
#[must_use]
pub fn error(error: Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    object.set_name("LabError");
    let _ = Reflect::set(&object, &"code".into(), &error.code().into()); // fails only on frozen objects; this one is new
    object.into()
}

/// A value that could not be translated.
#[must_use]
pub fn serde_error(problem: impl std::fmt::Display) -> JsValue {
    error(Error::bad_input(problem.to_string()))
}

/// Reads options. By way of JSON values, because only there does an unknown key reach serde and get refused.
///
/// # Errors
/// `bad-input` naming the key.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    let value: serde_json::Value = serde_wasm_bindgen::from_value(value).map_err(serde_error)?;
    serde_json::from_value(value).map_err(serde_error)
}

/// Plain objects, arrays, numbers.
///
/// # Errors
/// None in practice.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(serde_error)
}

/// A copy outside the wasm heap, free to be transferred.
#[must_use]
pub fn bytes_out(bytes: &[u8]) -> js_sys::Uint8Array {
    js_sys::Uint8Array::from(bytes)
}

/// A name of a grader, or a function of (question, expected, answer). What is thrown or is no number becomes NaN.
///
/// # Errors
/// `bad-input` for anything else.
pub fn grader(value: JsValue) -> crate::error::Result<Grader> {
    if let Some(name) = value.as_string() {
        return Grader::from_name(&name, None);
    }
    let function: Function = value.dyn_into().map_err(|_| {
        Error::bad_input("grader: expected \"exact\", \"numeric\" or a function of (question, expected, answer)")
    })?;
    let grade = move |question: &str, expected: &str, answer: &str| {
        let result = function.call3(&JsValue::NULL, &question.into(), &expected.into(), &answer.into());
        result.ok().and_then(|value| value.as_f64()).unwrap_or(f64::NAN)
    };
    Ok(Grader::Custom(Box::new(grade)))
}
