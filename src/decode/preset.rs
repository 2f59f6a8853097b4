//! Ways to think by name, as their papers have them, and how a policy is read: a name, a `kind`, or a name with own keys.
//!
//! Not here: what the settings mean (`policy.rs`).

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::policy::{AnswerSettings, DiscreteSettings, MultiplexSettings, Policy, SoftSettings, SoftTokensSettings};
use crate::math::noises::Noise;
use crate::math::soft_tokens::FUZZY_TEMPERATURE;

/// Every named policy and what it is, in one sentence.
pub const PRESETS: &[(&str, &str)] = &[
    ("discrete", "One token a step, drawn from the model's own distribution."),
    ("greedy", "One token a step, always the likeliest."),
    (
        "softgrpo-baseline",
        "One token a step as SofT-GRPO's paper evaluates its discrete baselines: T 0.6, top-p 0.95, 30 candidates.",
    ),
    ("pause", "The control without content: twelve pause tokens in the place of a thought."),
    ("soft", "SofT-GRPO's soft thinking: five candidates, clamped Gumbel noise, τ 0.1."),
    ("softgrpo-paper", "The same as the paper writes it: noise unclamped, no epsilon, cut candidates left out."),
    ("softgrpo-dirichlet", "SofT-GRPO's Dirichlet control: Gamma samples of the candidates' probabilities."),
    ("softgrpo-gaussian", "SofT-GRPO's Gaussian control: normal noise on the candidates' probabilities."),
    ("soft-thinking", "Soft Thinking: the probabilities themselves are the weights; Cold Stop ends a certain thought."),
    ("stochastic-soft-thinking", "Stochastic Soft Thinking: unclamped Gumbel noise, τ 0.5."),
    ("stochastic-soft-thinking-dirichlet", "Stochastic Soft Thinking with Dirichlet resampling, γ 4."),
    ("soft-tokens", "Soft Tokens as trained: the whole vocabulary's mean embedding at τ 0.5, with Gaussian noise."),
    ("fuzzy-tokens", "Fuzzy Tokens as trained: the same at τ 0.0001, nearly the likeliest token's embedding."),
    ("hard-greedy", "Soft Tokens' inference: likeliest tokens."),
    ("hard-sample", "Soft Tokens' inference: drawn tokens, greedy answer."),
    ("soft-greedy", "Soft Tokens' inference: mean embedding without noise, greedy answer."),
    ("soft-sample", "Soft Tokens' inference: mean embedding with noise, greedy answer."),
    ("fuzzy-greedy", "Soft Tokens' inference: likeliest token's embedding without noise, greedy answer."),
    ("fuzzy-sample", "Soft Tokens' inference: likeliest token's embedding with noise, greedy answer."),
    ("multiplex", "Multiplex thinking: the mean of three tokens drawn independently."),
];

/// Pause tokens of the control: about the length of a worked chain.
pub const PAUSE_LENGTH: usize = 12;

/// The six inference modes of "Soft Tokens, Hard Truths", whose answers are always greedy.
pub const INFERENCE_MODES: [&str; 6] =
    ["hard-greedy", "hard-sample", "soft-greedy", "soft-sample", "fuzzy-greedy", "fuzzy-sample"];

/// The policy of a name.
#[must_use]
pub fn preset(name: &str) -> Option<Policy> {
    let greedy = Some(AnswerSettings::GREEDY);
    let soft = SoftSettings::default();
    let tokens = SoftTokensSettings::default();
    let stochastic = SoftSettings {
        temperature: 0.6,
        top_k: 30,
        gumbel_temperature: 0.5,
        noise_clamp: false,
        log_epsilon: 0.0,
        ..soft
    };
    let averaged = |temperature: f64, embedding_noise: f64| {
        Policy::SoftTokens(SoftTokensSettings { temperature, embedding_noise, answer: greedy, ..tokens })
    };
    Some(match name {
        "discrete" => Policy::Discrete(DiscreteSettings::default()),
        "greedy" | "hard-greedy" => {
            Policy::Discrete(DiscreteSettings { temperature: 0.0, ..DiscreteSettings::default() })
        }
        "softgrpo-baseline" => Policy::Discrete(DiscreteSettings {
            temperature: 0.6,
            top_k: 30,
            top_p: 0.95,
            ..DiscreteSettings::default()
        }),
        "pause" => Policy::Discrete(DiscreteSettings { pause_length: PAUSE_LENGTH, ..DiscreteSettings::default() }),
        "hard-sample" => Policy::Discrete(DiscreteSettings { answer: greedy, ..DiscreteSettings::default() }),
        "soft" => Policy::Soft(soft),
        "softgrpo-paper" => Policy::Soft(SoftSettings { noise_clamp: false, log_epsilon: 0.0, ..soft }),
        "softgrpo-dirichlet" => Policy::Soft(SoftSettings { noise: Noise::Dirichlet, gumbel_temperature: 1.0, ..soft }),
        "softgrpo-gaussian" => Policy::Soft(SoftSettings { noise: Noise::Gaussian, gumbel_temperature: 1.0, ..soft }),
        "soft-thinking" => Policy::Soft(SoftSettings {
            temperature: 0.6,
            top_k: 30,
            min_p: 0.001,
            soft_top_k: 10,
            gumbel_temperature: 1.0, // softmax(ln q) = q
            noise_scale: 0.0,
            log_epsilon: 0.0,
            cold_stop_entropy: 0.01,
            cold_stop_length: 256,
            ..soft
        }),
        "stochastic-soft-thinking" => Policy::Soft(stochastic),
        "stochastic-soft-thinking-dirichlet" => Policy::Soft(SoftSettings {
            noise: Noise::Dirichlet,
            dirichlet_alpha: 4.0,
            noise_before_top_k: true,
            ..stochastic
        }),
        "soft-tokens" => Policy::SoftTokens(tokens),
        "fuzzy-tokens" => Policy::SoftTokens(SoftTokensSettings { temperature: FUZZY_TEMPERATURE, ..tokens }),
        "soft-greedy" => averaged(tokens.temperature, 0.0),
        "soft-sample" => averaged(tokens.temperature, tokens.embedding_noise),
        "fuzzy-greedy" => averaged(FUZZY_TEMPERATURE, 0.0),
        "fuzzy-sample" => averaged(FUZZY_TEMPERATURE, tokens.embedding_noise),
        "multiplex" => Policy::Multiplex(MultiplexSettings::default()),
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        from_value(value).map_err(D::Error::custom)
    }
}

fn from_value(value: Value) -> std::result::Result<Policy, String> {
    match value {
        Value::String(name) => named(&name),
        Value::Object(mut object) => match (object.remove("kind"), object.remove("preset")) {
            (Some(Value::String(kind)), None) => of_kind(&kind, object),
            (None, Some(Value::String(name))) => {
                // A preset, spelled out, with the given keys in the place of its own.
                let spelled = serde_json::to_value(named(&name)?).map_err(|e| e.to_string())?;
                let Value::Object(mut whole) = spelled else { return Err("a policy is an object".into()) };
                whole.extend(object);
                from_value(Value::Object(whole))
            }
            _ => Err("a policy object needs either `kind` or `preset`, a text".into()),
        },
        other => Err(format!("a policy is a name or an object with `kind` or `preset`; got {other}")),
    }
}

fn named(name: &str) -> std::result::Result<Policy, String> {
    preset(name).ok_or_else(|| {
        let known: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
        format!("unknown policy \"{name}\"; known are {}", known.join(", "))
    })
}

fn of_kind(kind: &str, settings: Map<String, Value>) -> std::result::Result<Policy, String> {
    fn parse<T: DeserializeOwned>(kind: &str, settings: Map<String, Value>) -> std::result::Result<T, String> {
        serde_json::from_value(Value::Object(settings)).map_err(|e| format!("policy \"{kind}\": {e}"))
    }
    match kind {
        "discrete" => Ok(Policy::Discrete(parse(kind, settings)?)),
        "soft" => Ok(Policy::Soft(parse(kind, settings)?)),
        "soft_tokens" => Ok(Policy::SoftTokens(parse(kind, settings)?)),
        "multiplex" => Ok(Policy::Multiplex(parse(kind, settings)?)),
        other => Err(format!("unknown kind \"{other}\"; known are discrete, soft, soft_tokens and multiplex")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_policy_that_is_valid_and_reads_back() {
        for (name, _) in PRESETS {
            let policy = preset(name).unwrap();
            policy.validate(64).unwrap_or_else(|e| panic!("{name}: {e}"));
            let text = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy, "{name}");
            assert_eq!(serde_json::from_value::<Policy>(Value::String((*name).into())).unwrap(), policy);
        }
        assert!(INFERENCE_MODES.iter().all(|name| preset(name).unwrap().answer().temperature == 0.0));
    }

    #[test]
    fn own_keys_take_the_place_of_a_presets() {
        let read = |text: &str| serde_json::from_str::<Policy>(text);
        let policy = read(r#"{"preset": "soft-thinking", "soft_top_k": 3, "answer": {"temperature": 0}}"#).unwrap();
        let Policy::Soft(soft) = policy else { panic!("{policy:?}") };
        assert_eq!((soft.soft_top_k, soft.noise_scale, soft.cold_stop_length), (3, 0.0, 256));
        assert_eq!(policy.answer().temperature, 0.0);
        for (text, part) in [
            (r#""sotf""#, "known are"),
            (r#"{"preset": "soft", "multiplex_width": 3}"#, "multiplex_width"),
            (r#"{"soft_top_k": 3}"#, "`kind` or `preset`"),
            (r#"{"kind": "smooth"}"#, "known are"),
            ("7", "a name"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn settings_that_make_no_sense_are_named() {
        let soft = SoftSettings::default();
        for (policy, part) in [
            (Policy::Soft(SoftSettings { top_p: 0.0, ..soft }), "`top_p`"),
            (Policy::Soft(SoftSettings { soft_top_k: 65, ..soft }), "`soft_top_k`"),
            (Policy::Soft(SoftSettings { gumbel_temperature: 0.0, ..soft }), "`gumbel_temperature`"),
            (Policy::Soft(SoftSettings { noise_before_top_k: true, ..soft }), "dirichlet"),
            (
                Policy::Soft(SoftSettings {
                    answer: Some(AnswerSettings { top_p: 2.0, ..AnswerSettings::GREEDY }),
                    ..soft
                }),
                "`answer.top_p`",
            ),
            (
                Policy::SoftTokens(SoftTokensSettings { temperature: 0.0, ..SoftTokensSettings::default() }),
                "`temperature`",
            ),
            (
                Policy::Multiplex(MultiplexSettings { multiplex_width: 0, ..MultiplexSettings::default() }),
                "`multiplex_width`",
            ),
        ] {
            let error = policy.validate(64).unwrap_err();
            assert!(error.code() == "bad-input" && error.to_string().contains(part), "{error}");
        }
    }
}
