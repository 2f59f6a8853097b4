//! Firefox looks for finished work on a timer of 100 ms, and after every submit. So, while numbers are awaited, empty submits are made.
//!
//! Not here: browsers that tell by themselves. Source: gfx-rs/wgpu issue 6660; bugzilla 1870699.

use std::cell::Cell;

use js_sys::{Function, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::wait::Promise as Pending;

/// Milliseconds between two empty submits.
const PAUSE: f64 = 1.0;
/// Submits after which the timer is left to itself: about a second.
const MOST: usize = 800;

/// Makes empty submits until `pending` is fulfilled, where the browser needs them.
pub async fn nudge<T>(queue: &wgpu::Queue, pending: &Pending<T>) {
    if !is_firefox() {
        return;
    }
    for _ in 0..MOST {
        if pending.is_ready() {
            return;
        }
        queue.submit([]);
        pause().await;
    }
}

fn is_firefox() -> bool {
    thread_local!(static KNOWN: Cell<Option<bool>> = const { Cell::new(None) });
    KNOWN.with(|known| {
        known.get().unwrap_or_else(|| {
            let navigator = Reflect::get(&global(), &"navigator".into()).unwrap_or(JsValue::UNDEFINED);
            let agent = Reflect::get(&navigator, &"userAgent".into()).ok().and_then(|agent| agent.as_string());
            let firefox = agent.is_some_and(|agent| agent.contains("Firefox"));
            known.set(Some(firefox));
            firefox
        })
    })
}

async fn pause() {
    let timer = Reflect::get(&global(), &"setTimeout".into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
    let Some(timer) = timer else { return };
    let mut wait = |resolve: Function, _reject: Function| {
        let _ = timer.call2(&JsValue::UNDEFINED, &resolve, &PAUSE.into()); // it takes any function
    };
    let _ = JsFuture::from(Promise::new(&mut wait)).await; // is never rejected
}
