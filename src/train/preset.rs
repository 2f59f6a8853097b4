//! Training by the name of a paper, and how settings are read: the preset's keys over the defaults, own keys over both.
//!
//! Not here: what the keys mean (`config.rs`), which are refused together (`check.rs`).

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::config::TrainConfig;
use crate::decode::preset::PAUSE_LENGTH;
use crate::error::{Error, Result};
use crate::math::divergence::edit_distance;

/// Every preset and what it is, in one sentence. They set what belongs to the method, neither learning rate nor sizes of batches.
pub const PRESETS: &[(&str, &str)] = &[
    (
        "softgrpo-paper",
        "SofT-GRPO as its paper writes it: unclamped Gumbel noise, the sum over all candidates, sequence means.",
    ),
    (
        "softgrpo-code",
        "SofT-GRPO as its published code runs: clamped noise, the mean over candidates above 4.98 %, micro-batches of two.",
    ),
    ("softgrpo-dirichlet", "SofT-GRPO's control: Gamma samples around the probabilities in the place of Gumbel noise."),
    ("softgrpo-gaussian", "SofT-GRPO's control: normal noise on the probabilities in the place of Gumbel noise."),
    ("grpo", "GRPO on tokens as in DeepSeekMath: group-standardised rewards, sequence means, KL 0.04."),
    ("pause", "The control without content: the thought is twelve pause tokens, GRPO trains the answer."),
    ("dr-grpo", "Dr. GRPO: no division by the group's deviation, no division by length, no KL."),
    ("dapo", "DAPO: a higher upper clip, the mean over all tokens, dynamic sampling, no cut-off completions, no KL."),
    ("bnpo", "GRPO on tokens with a token mean for each micro-batch of eight completions, no KL."),
    ("gspo", "GSPO: the clipped ratio is that of the whole completion."),
    ("rloo", "RLOO: plain score function, each reward against the mean of the others, KL 0.05 in the reward."),
    ("reinforce", "REINFORCE: plain score function, the reward itself is the advantage."),
    (
        "soft-tokens",
        "Soft Tokens: the mean embedding at τ 0.5 with Gaussian noise, score function, leave-one-out baseline.",
    ),
    ("fuzzy-tokens", "Fuzzy Tokens: the same at τ 0.0001, nearly the likeliest token's embedding."),
    ("multiplex", "Multiplex thinking: three tokens drawn at each step, each with a clipped ratio of its own, no KL."),
];

/// [`PRESETS`].
#[must_use]
pub fn presets() -> &'static [(&'static str, &'static str)] {
    PRESETS
}

/// The keys that a preset sets.
fn preset(name: &str) -> Option<Value> {
    let over = |mut base: Value, own: Value| {
        if let (Some(base), Value::Object(own)) = (base.as_object_mut(), own) {
            base.extend(own);
        }
        base
    };
    // Clipped, token by token, without the dual clip that only verl has.
    let tokens = json!({
        "objective": "grpo", "temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "surrogate": "clipped",
        "importance_sampling_level": "token", "epsilon": 0.2, "epsilon_high": null, "dual_clip": null, "beta": 0.0,
        "baseline": "group_mean", "scale_rewards": "group", "loss_type": "dapo",
    });
    let grpo = over(tokens.clone(), json!({ "loss_type": "grpo", "beta": 0.04, "kl_estimator": "k3" }));
    // One update a step: the score function is that of the policy that acted.
    let score = json!({
        "surrogate": "score_function", "dual_clip": null, "scale_rewards": "none", "loss_type": "seq_mean_token_sum",
        "steps_per_generation": 1, "num_iterations": 1,
    });
    let code = json!({
        "objective": "soft_grpo", "temperature": 1.0, "top_k": 5, "top_p": 0.95, "min_p": 0.0, "soft_top_k": 5,
        "noise": "gumbel", "gumbel_temperature": 0.1, "noise_clamp": true, "log_epsilon": 1e-6,
        "density_reduction": "mean", "density_mask": true, "input_gradient": false, "surrogate": "clipped",
        "epsilon": 0.2, "epsilon_high": null, "dual_clip": 3.0, "beta": 0.001, "kl_estimator": "k3",
        "baseline": "group_mean", "scale_rewards": "group", "loss_type": "bnpo", "per_device_train_batch_size": 2,
        "steps_per_generation": 2, "num_iterations": 1,
    });
    let control = |noise: &str| {
        let gumbel_only = ["gumbel_temperature", "noise_clamp", "log_epsilon", "density_reduction", "density_mask"];
        let absent = gumbel_only.iter().map(|key| ((*key).to_owned(), Value::Null)).collect::<Map<_, _>>();
        over(over(code.clone(), absent.into()), json!({ "noise": noise }))
    };
    let vectors = |temperature: f64| {
        let own = json!({
            "objective": "soft_tokens", "temperature": temperature, "embedding_noise": 0.33, "beta": 0.0,
            "baseline": "leave_one_out", "format_reward": 0.1,
        });
        over(score.clone(), own)
    };
    Some(match name {
        "softgrpo-code" => code,
        "softgrpo-paper" => over(
            code,
            json!({
                "noise_clamp": false, "log_epsilon": 0.0, "density_reduction": "sum", "density_mask": false,
                "dual_clip": null, "loss_type": "grpo", "per_device_train_batch_size": null,
            }),
        ),
        "softgrpo-dirichlet" => control("dirichlet"),
        "softgrpo-gaussian" => control("gaussian"),
        "grpo" => grpo,
        "pause" => over(grpo, json!({ "pause_length": PAUSE_LENGTH })),
        "dr-grpo" => over(tokens, json!({ "loss_type": "dr_grpo", "scale_rewards": "none" })),
        "dapo" => {
            over(tokens, json!({ "epsilon_high": 0.28, "dynamic_sampling": true, "mask_truncated_completions": true }))
        }
        "bnpo" => over(tokens, json!({ "loss_type": "bnpo", "per_device_train_batch_size": 8 })),
        "gspo" => over(
            tokens,
            json!({
                "importance_sampling_level": "sequence", "loss_type": "grpo", "epsilon": 3e-4, "epsilon_high": 4e-4,
            }),
        ),
        "rloo" => over(
            over(tokens, score),
            json!({ "baseline": "leave_one_out", "beta": 0.05, "use_kl_in_reward": true, "kl_estimator": "k1" }),
        ),
        "reinforce" => over(over(tokens, score), json!({ "baseline": "none" })),
        "soft-tokens" => vectors(0.5),
        "fuzzy-tokens" => vectors(1e-4),
        "multiplex" => over(
            tokens,
            json!({
                "objective": "multiplex", "multiplex_width": 3, "multiplex_weighted": false, "dual_clip": 3.0,
                "steps_per_generation": 1,
            }),
        ),
        _ => return None,
    })
}

/// The known name that takes the fewest changes of letters.
fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    let letters = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
    known.min_by_key(|name| edit_distance(&letters(wanted), &letters(name))).unwrap_or_default()
}

fn object(config: &TrainConfig) -> Result<Map<String, Value>> {
    match serde_json::to_value(config) {
        Ok(Value::Object(map)) => Ok(map),
        _ => Err(Error::bad_input("settings cannot be written as JSON")),
    }
}

impl TrainConfig {
    /// Reads settings: own keys over the keys of the `preset` they name, over the defaults.
    ///
    /// # Errors
    /// `bad-input` naming the unknown key or preset and the known one that is nearest, or the key whose value is of the wrong kind.
    pub fn read(own: Map<String, Value>) -> Result<Self> {
        let mut all = object(&Self::default())?;
        for (key, value) in &own {
            if !all.contains_key(key) {
                let known = nearest(key, all.keys().map(String::as_str));
                return Err(Error::bad_input(format!("there is no setting `{key}`; did you mean `{known}`?")));
            }
            let alone = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
            Self::deserialize(alone).map_err(|e| Error::bad_input(format!("`{key}`: {e}")))?;
        }
        if own.get("surrogate").is_some_and(|surrogate| surrogate == "score_function") {
            all.insert("dual_clip".into(), Value::Null); // no ratio to clip; refused where it is asked for
        }
        if let Some(Value::String(name)) = own.get("preset") {
            let Some(Value::Object(keys)) = preset(name) else {
                let known = nearest(name, PRESETS.iter().map(|(name, _)| *name));
                return Err(Error::bad_input(format!("there is no preset \"{name}\"; did you mean \"{known}\"?")));
            };
            all.extend(keys);
        }
        all.extend(own);
        Self::deserialize(Value::Object(all)).map_err(|e| Error::bad_input(format!("settings: {e}")))
    }
}

impl<'de> Deserialize<'de> for TrainConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::read(Map::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for TrainConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}
