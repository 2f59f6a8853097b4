//! Giving the event loop a turn, by a message to oneself because timers are slowed down when they are nested; and a step's progress to
//! a listener, not oftener than it can be looked at.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use crate::engine::{Progress, Pulse, Stage};

use super::border::to_js;

/// Work goes on at least this long between two turns of the event loop, milliseconds.
const SLICE_MS: f64 = 12.0;

/// Progress is told no oftener, milliseconds, and of no step that is done sooner.
const TELL_MS: f64 = 200.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;
}

/// Seconds on the page's steady clock.
#[must_use]
pub fn now_s() -> f64 {
    now_ms() / 1000.0
}

/// A pulse that yields every [`SLICE_MS`]. Where channels do not exist it never yields, and cancels are heard late.
#[must_use]
pub fn yielding_pulse() -> Pulse {
    let Ok(channel) = MessageChannel::new() else {
        return Pulse::default();
    };
    let last = Rc::new(Cell::new(now_ms()));
    Pulse::with_yielder(Rc::new(move || {
        let (channel, last) = (channel.clone(), Rc::clone(&last));
        Box::pin(async move {
            if now_ms() - last.get() >= SLICE_MS {
                turn(&channel).await;
                last.set(now_ms());
            }
        })
    }))
}

/// The pulse with a listener to be called with `{ phase, done, total }` of what takes longer than [`TELL_MS`]: at each new phase, else so
/// often.
#[must_use]
pub fn telling_pulse(pulse: &Pulse, listener: Function) -> Pulse {
    let (began, last) = (now_ms(), Cell::new(None::<(Stage, f64)>));
    pulse.told_to(Rc::new(move |Progress { stage, done, total }: Progress| {
        let now = now_ms();
        let new = last.get().is_none_or(|(told, at)| told != stage || now - at >= TELL_MS);
        if new && now - began >= TELL_MS {
            last.set(Some((stage, now)));
            if let Ok(told) = to_js(&serde_json::json!({ "phase": stage, "done": done, "total": total })) {
                let _ = listener.call1(&JsValue::NULL, &told); // a listener's own failure is not the lab's
            }
        }
    }))
}

async fn turn(channel: &MessageChannel) {
    let mut send = |resolve: js_sys::Function, _reject: js_sys::Function| {
        channel.port1().set_onmessage(Some(&resolve));
        let _ = channel.port2().post_message(&JsValue::NULL); // null can always be sent
    };
    let _ = JsFuture::from(Promise::new(&mut send)).await; // is never rejected
}
