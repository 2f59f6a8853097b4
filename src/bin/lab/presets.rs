//! `lab presets`: the ways to think and the training methods that have a name.

use serde_json::json;
use soft_thinking_lab::decode::preset::PRESETS;

use crate::terminal::Terminal;

pub fn run(terminal: &Terminal) {
    terminal.say("Ways to think (--policy):");
    for (name, text) in PRESETS {
        terminal.object(&json!({ "policy": name, "text": text }));
        terminal.say(format!("  {name:<36} {text}"));
    }
    terminal.say("\nWays to learn (lab train --preset):");
    for (name, text) in soft_thinking_lab::train::preset::PRESETS {
        terminal.object(&json!({ "preset": name, "text": text }));
        terminal.say(format!("  {name:<36} {text}"));
    }
}
