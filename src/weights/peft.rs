//! Adapters as Hugging Face PEFT keeps them: `adapter_config.json` and `adapter_model.safetensors`.
//!
//! Not here: what an adapter is (`model/lora.rs`). Rows of q and k are in Hugging Face's order here, as they are in memory
//! (`large.rs` reorders what a GGUF file has otherwise), so that nothing has to be turned.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{check_finite, check_shape, safetensors};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::lora::{LoraConfig, Target};

pub const CONFIG_FILE: &str = "adapter_config.json";
pub const WEIGHTS_FILE: &str = "adapter_model.safetensors";

/// Keys of PEFT that change what an adapter computes, with the values under which it computes what ours does.
const PLAIN: [(&str, &[Value]); 9] = [
    ("bias", &[Value::Null]),
    ("fan_in_fan_out", &[Value::Null, Value::Bool(false)]),
    ("layers_to_transform", &[Value::Null]),
    ("lora_bias", &[Value::Null, Value::Bool(false)]),
    ("modules_to_save", &[Value::Null]),
    ("target_parameters", &[Value::Null]),
    ("trainable_token_indices", &[Value::Null]),
    ("use_dora", &[Value::Null, Value::Bool(false)]),
    ("use_rslora", &[Value::Null, Value::Bool(false)]),
];

/// Both files by their names. `params`: in the order of [`LoraConfig::layout`]; `base`: the model's name or path, if it is known.
///
/// # Errors
/// `bad-input` where the number of parameters is not that of the adapter.
pub fn write(
    config: &ModelConfig,
    lora: &LoraConfig,
    params: &[f32],
    base: Option<&str>,
) -> Result<BTreeMap<&'static str, Vec<u8>>> {
    let (specs, expected) = (lora.layout(config), lora.count(config));
    if params.len() != expected {
        let found = params.len();
        return Err(Error::bad_input(format!("the adapter has {expected} parameters, but {found} numbers came")));
    }
    let tensors: Vec<_> = specs
        .iter()
        .map(|spec| safetensors::Tensor { name: &spec.name, shape: &spec.shape, data: &params[spec.range()] })
        .collect();
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    let about = json!({
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "inference_mode": true,
        "r": lora.r,
        "lora_alpha": lora.lora_alpha,
        "lora_dropout": 0.0,
        "target_modules": lora.target_modules,
        "bias": "none",
        "fan_in_fan_out": false,
        "init_lora_weights": true,
        "use_rslora": false,
        "use_dora": false,
        "modules_to_save": null,
        "layers_to_transform": null,
        "rank_pattern": {},
        "alpha_pattern": {},
    });
    let about = serde_json::to_vec_pretty(&about).map_err(|e| Error::bad_input(e.to_string()))?;
    Ok(BTreeMap::from([(CONFIG_FILE, about), (WEIGHTS_FILE, safetensors::write(&tensors, &metadata)?)]))
}

/// The adapter of the two files, for a model of this configuration: its shape and its parameters.
///
/// # Errors
/// `bad-weights` naming the key or tensor that is missing, wrong, or asks for what this lab does not compute.
pub fn read(config: &ModelConfig, about: &str, weights: &[u8]) -> Result<(LoraConfig, Vec<f32>)> {
    let lora = read_config(about)?;
    let file = safetensors::read(weights)?;
    let (specs, mut params) = (lora.layout(config), Vec::with_capacity(lora.count(config)));
    for spec in &specs {
        let tensor = file.tensor(&spec.name)?;
        check_shape(&spec.name, &spec.shape, &tensor.shape)?;
        let values = tensor.to_f32();
        check_finite(&spec.name, &values)?;
        params.extend(values);
    }
    if let Some(extra) = file.tensors.keys().find(|name| !specs.iter().any(|spec| spec.name == **name)) {
        return Err(Error::bad_weights(super::clip(extra), "the adapter's configuration names no such matrix"));
    }
    Ok((lora, params))
}

fn read_config(about: &str) -> Result<LoraConfig> {
    let bad = |key: &str, text: String| Error::bad_weights(format!("{CONFIG_FILE}: {key}"), text);
    let all: Value = serde_json::from_str(about).map_err(|e| bad("*", e.to_string()))?;
    if all["peft_type"] != "LORA" {
        return Err(bad("peft_type", format!("expected \"LORA\", found {}", all["peft_type"])));
    }
    for (key, plain) in PLAIN {
        let same = plain.contains(&all[key]) || (key == "bias" && all[key] == "none");
        if !same {
            return Err(bad(key, format!("this lab computes plain adapters only; found {}", all[key])));
        }
    }
    for key in ["rank_pattern", "alpha_pattern"] {
        if all[key].as_object().is_some_and(|pattern| !pattern.is_empty()) {
            return Err(bad(key, "one rank and one alpha for all matrices are supported".into()));
        }
    }
    let r = all["r"].as_u64().ok_or_else(|| bad("r", format!("expected a whole number, found {}", all["r"])))?;
    let alpha = &all["lora_alpha"];
    let alpha = alpha.as_f64().ok_or_else(|| bad("lora_alpha", format!("expected a number, found {alpha}")))?;
    let modules = all["target_modules"].as_array();
    let modules = modules.ok_or_else(|| bad("target_modules", "expected a list of names".into()))?;
    let targets = modules.iter().map(|name| Target::from_name(name.as_str().unwrap_or_default()));
    let targets = targets.collect::<Result<Vec<_>>>().map_err(|e| bad("target_modules", e.to_string()))?;
    LoraConfig::new(r as usize, alpha, targets).map_err(|e| bad("*", e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(config: &ModelConfig, about: &Value, weights: &[u8], field: &str) {
        match read(config, &about.to_string(), weights) {
            Err(Error::BadWeights { field: found, message }) => assert!(found.contains(field), "{found}: {message}"),
            other => panic!("{field}: {other:?}"),
        }
    }

    #[test]
    fn what_is_written_is_read_and_what_lies_is_refused_by_name() {
        let config = ModelConfig::preset("nano", 64).unwrap();
        let lora = LoraConfig::new(3, 5.0, vec![Target::VProj, Target::DownProj]).unwrap();
        let params: Vec<f32> = (0..lora.count(&config)).map(|i| (i as f32).sin()).collect();
        let files = write(&config, &lora, &params, Some("a model")).unwrap();
        let (about, weights) = (std::str::from_utf8(&files[CONFIG_FILE]).unwrap(), &files[WEIGHTS_FILE]);
        assert_eq!(read(&config, about, weights).unwrap(), (lora.clone(), params.clone()));
        let about: Value = serde_json::from_str(about).unwrap();
        assert_eq!(about["target_modules"], json!(["v_proj", "down_proj"]));
        for (key, value, field) in [
            ("peft_type", json!("IA3"), "peft_type"),
            ("use_dora", json!(true), "use_dora"),
            ("use_rslora", json!(true), "use_rslora"),
            ("bias", json!("all"), "bias"),
            ("modules_to_save", json!(["lm_head"]), "modules_to_save"),
            ("rank_pattern", json!({ "q_proj": 4 }), "rank_pattern"),
            ("target_modules", json!("all-linear"), "target_modules"),
            ("target_modules", json!(["lm_head"]), "target_modules"),
            ("target_modules", json!(["v_proj"]), "down_proj"), // a tensor too many
            ("target_modules", json!(["q_proj", "v_proj", "down_proj"]), "q_proj"), // and one too few
            ("r", json!(0), "*"),
            ("r", json!(4), "lora_A"), // another shape
        ] {
            let mut changed = about.clone();
            changed[key] = value;
            refuse(&config, &changed, weights, field);
        }
        let mut broken = params;
        broken[7] = f32::NAN;
        refuse(&config, &about, &write(&config, &lora, &broken, None).unwrap()[WEIGHTS_FILE], "lora_A");
        assert_eq!(write(&config, &lora, &broken[1..], None).unwrap_err().code(), "bad-input");
    }
}
