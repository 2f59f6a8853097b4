//! Every objective and preset, how settings are read and refused, and the guards of a run; on the shipped nano model.
//!
//! Not here: formulas (`gradients_math.rs`), long runs (`learning.rs`).

use std::path::Path;

use serde_json::{Map, Value, json};
use soft_thinking_lab::decode::policy::Policy;
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::{Engine, Pulse, Weights};
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::train::frame::Frame;
use soft_thinking_lab::train::run::{Run, SavedRun};
use soft_thinking_lab::train::watch::Sign;
use soft_thinking_lab::train::{Metrics, TrainConfig, presets};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn no_clock() -> f64 {
    0.0
}

/// The shipped nano model of chain sums and its tokenizer.
fn shipped() -> (CpuEngine, Tokenizer) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models/nano-chain_sum.gguf");
    let checkpoint = soft_thinking_lab::weights::read(&std::fs::read(path).unwrap()).unwrap();
    let tokenizer = Tokenizer::from_json(&checkpoint.tokenizer_json.unwrap()).unwrap();
    (CpuEngine::new(&checkpoint.config, checkpoint.params).unwrap(), tokenizer)
}

fn read(settings: Value) -> Result<TrainConfig> {
    let Value::Object(own) = settings else { panic!("settings are an object") };
    TrainConfig::read(own)
}

/// Settings small enough for a test, laid over with `own`.
fn small(own: Value) -> TrainConfig {
    let Value::Object(own) = own else { panic!("settings are an object") };
    let Value::Object(mut all) = json!({
        "task": "chain_sum", "num_generations": 4, "generation_batch_size": 16, "eval_steps": 0, "seed": 3,
    }) else {
        panic!("settings are an object")
    };
    all.extend(own);
    read(all.into()).unwrap()
}

fn run(engine: &mut CpuEngine, tokenizer: &Tokenizer, config: TrainConfig) -> Run {
    block_on(Run::start(engine, tokenizer.clone(), config, no_clock)).unwrap()
}

fn step(run: &mut Run, engine: &mut CpuEngine) -> Metrics {
    block_on(run.step(engine, &Pulse::default())).unwrap()
}

fn params(engine: &CpuEngine) -> Vec<f32> {
    block_on(engine.read_params()).unwrap()
}

/// The message with which settings are refused, when they are read or when they are checked.
fn refusal(settings: Value) -> String {
    let error = read(settings.clone()).and_then(|config| config.validate(64)).expect_err(&settings.to_string());
    assert_eq!(error.code(), "bad-input", "{settings}: {error}");
    error.to_string()
}

#[test]
fn every_preset_is_valid_stores_every_key_and_reads_back() {
    let (mut engine, tokenizer) = shipped();
    for (name, sentence) in presets() {
        assert!(sentence.ends_with('.') && sentence.len() < 120, "{name}: {sentence}");
        let config = read(json!({ "preset": name, "max_steps": 10 })).unwrap();
        assert_eq!((config.preset.as_deref(), config.max_steps), (Some(*name), 10));
        let run = run(&mut engine, &tokenizer, config);
        let text = serde_json::to_string(run.config()).unwrap();
        let stored: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let all = serde_json::to_value(TrainConfig::default()).unwrap();
        assert_eq!(stored.len(), all.as_object().unwrap().len(), "{name}: a stored configuration says all");
        let again: TrainConfig = serde_json::from_str(&text).unwrap();
        assert_eq!(again, *run.config(), "{name}");
        again.validate(engine.config().vocab_size).unwrap_or_else(|e| panic!("{name}: {e}"));
        let saved = SavedRun::read(&block_on(run.save(&engine, &Default::default())).unwrap()).unwrap();
        assert_eq!(saved.train_config, again, "{name}");
        let scoring = |config: &TrainConfig| (config.scoring(0.1), config.policy(), config.loss(), config.optimizer());
        assert_eq!(scoring(&again), scoring(run.config()), "{name}");
    }
}

#[test]
fn own_keys_come_before_the_presets_and_the_presets_before_the_defaults() {
    let config = read(json!({ "preset": "dapo", "epsilon_high": 0.5 })).unwrap();
    assert_eq!((config.clip().low, config.clip().high, config.dual_clip), (0.2, 0.5, None));
    assert!(config.dynamic_sampling && config.beta == 0.0 && config.learning_rate == 2e-4);
    let score = read(json!({ "surrogate": "score_function" })).unwrap();
    assert_eq!(score.dual_clip, None, "a default that makes no sense beside a given key gives way");
    assert_eq!(read(json!({})).unwrap(), TrainConfig::default());
    let Policy::Soft(paper) = read(json!({ "preset": "softgrpo-paper" })).unwrap().policy() else { panic!("soft") };
    assert!(!paper.noise_clamp && paper.log_epsilon == 0.0);
    let answers = read(json!({ "objective": "grpo", "answer_temperature": 0.5, "answer_top_k": 3 })).unwrap();
    let (thought, answer) = (answers.policy().truncation(), answers.policy().answer());
    assert_eq!((thought.temperature, answer.temperature, thought.top_k, answer.top_k), (1.0, 0.5, 0, 3));
}

#[test]
fn each_wrong_setting_says_what_to_change() {
    let cases = [
        (json!({ "learning_rat": 1e-4 }), "did you mean `learning_rate`"),
        (json!({ "preset": "softgrpo-papr" }), "did you mean \"softgrpo-paper\""),
        (json!({ "preset": "dapo", "epsilon": "wide" }), "`epsilon`"),
        (json!({ "loss_type": "mean" }), "`loss_type`: unknown variant"),
        (json!({ "objective": "grpo", "gumbel_temperature": 0.1 }), "`gumbel_temperature` has no meaning"),
        (json!({ "objective": "soft_tokens", "top_p": 0.9 }), "`top_p` has no meaning"),
        (json!({ "multiplex_width": 3 }), "remove it or use \"multiplex\""),
        (json!({ "epsilon": 0.3, "epsilon_high": 0.28 }), "`epsilon_high` (0.28) must be at least"),
        (json!({ "sync_ref_model": true, "beta": 0.0 }), "give `beta` a value"),
        (json!({ "use_kl_in_reward": true, "beta": 0.0 }), "give `beta` a value"),
        (json!({ "surrogate": "score_function", "dual_clip": 3.0 }), "set `dual_clip` to null"),
        (json!({ "surrogate": "score_function", "importance_sampling_level": "sequence" }), "`surrogate` \"clipped\""),
        (json!({ "num_generations": 1 }), "`baseline` \"none\""),
        (json!({ "num_generations": 1, "baseline": "leave_one_out", "scale_rewards": "none" }), "`baseline` \"none\""),
        (json!({ "num_generations": 1, "baseline": "none" }), "`scale_rewards`"),
        (
            json!({ "num_generations": 1, "baseline": "none", "scale_rewards": "none", "dynamic_sampling": true }),
            "`dynamic_sampling` waits",
        ),
        (json!({ "soft_punish_cache": 30, "max_completion_length": 30 }), "`soft_punish_cache` (30) must be below"),
        (json!({ "max_thought_length": 31, "max_completion_length": 30 }), "`max_thought_length`"),
        (json!({ "pause_length": 4 }), "`pause_length` has no meaning for objective \"soft_grpo\""),
        (json!({ "preset": "pause", "max_completion_length": 13 }), "leave no room for an answer"),
        (json!({ "top_p": 0.0 }), "`top_p` must be"),
        (json!({ "answer_top_p": 0.0 }), "top_p` must be"),
        (json!({ "soft_top_k": 65 }), "`soft_top_k` must be"),
        (json!({ "objective": "multiplex", "multiplex_width": 0 }), "`multiplex_width` must be"),
        (json!({ "gumbel_temperature": 0.0 }), "`gumbel_temperature` must be"),
        (json!({ "gumbel_temperature": -1.0 }), "`gumbel_temperature` must be"),
        (json!({ "objective": "grpo", "temperature": 0.0 }), "use at least 0.01"),
        (json!({ "answer_temperature": 0.0 }), "use at least 0.01"),
        (json!({ "objective": "soft_tokens", "embedding_noise": 0.0 }), "`embedding_noise` 0"),
        (json!({ "noise_clamp": false, "density_mask": false }), "density explodes"),
        (json!({ "noise": "gaussian", "noise_clamp": true }), "`noise_clamp` belongs to Gumbel noise"),
        (json!({ "published_rebuild": true }), "`published_rebuild` changes nothing"),
        (json!({ "per_device_train_batch_size": 2 }), "`loss_type` \"bnpo\" only"),
        (json!({ "generation_batch_size": 60 }), "must be a multiple"),
        (json!({ "steps_per_generation": 9 }), "groups are not split"),
        (json!({ "max_num_gen_batches": 0 }), "`max_num_gen_batches` must be 1"),
        (json!({ "format_reward": 2.0 }), "`format_reward` must be"),
        (json!({ "entropy_coef": -0.1 }), "`entropy_coef` must be"),
        (json!({ "task": "sudoku" }), "sudoku"),
    ];
    for (settings, wanted) in cases {
        let message = refusal(settings.clone());
        assert!(message.contains(wanted), "{settings}: {message}");
    }
}

#[test]
fn every_preset_takes_steps_with_finite_gradients() {
    for (name, _) in presets() {
        let (mut engine, tokenizer) = shipped();
        let before = params(&engine);
        let config = small(json!({ "preset": name, "max_num_gen_batches": 20, "entropy_coef": 0.01 }));
        let mut run = run(&mut engine, &tokenizer, config);
        for _ in 0..2 {
            let metrics = step(&mut run, &mut engine);
            assert!(metrics.grad_norm > 0.0 && metrics.grad_norm.is_finite(), "{name}: {metrics:?}");
            assert!(metrics.grad_norm < 1e3 && metrics.skipped_updates == 0, "{name}: {metrics:?}");
            assert!(metrics.kl.is_none_or(|kl| (0.0..1.0).contains(&kl)), "{name}: {metrics:?}");
            println!(
                "{name}: reward {:.2} grad {:.3} kl {:?} entropy {:.3}",
                metrics.reward, metrics.grad_norm, metrics.kl, metrics.entropy
            );
        }
        assert_ne!(before, params(&engine), "{name}");
    }
}

/// What stands between rollouts and updates, with the settings of `own`.
fn frame(own: Value) -> (CpuEngine, Frame) {
    let (engine, tokenizer) = shipped();
    let config = small(own);
    config.validate(engine.config().vocab_size).unwrap();
    let task = config.task().unwrap();
    (engine, Frame { config, task, tokenizer })
}

#[test]
fn dynamic_sampling_fills_the_batch_with_groups_that_differ() {
    let (mut engine, frame) = frame(json!({ "objective": "grpo", "dynamic_sampling": true }));
    let policy = frame.config.policy();
    let gathered = block_on(frame.gather(&mut engine, &policy, 0, &Pulse::default())).unwrap();
    assert_eq!(gathered.samples.len(), 16);
    assert!(gathered.samples.chunks(4).all(|group| group.iter().any(|s| s.reward != group[0].reward)));
    assert!(gathered.samples.chunks(4).all(|group| group.iter().all(|s| s.question == group[0].question)));
    assert!(gathered.equal_groups > 0 && gathered.batches > 1, "{gathered:?}");
    let kept: usize = gathered.samples.iter().map(|sample| sample.rollout.steps.len()).sum();
    assert!(gathered.tokens > kept, "completions that are left out were generated too");
}

#[test]
fn dynamic_sampling_that_cannot_fill_says_what_to_change() {
    // So cold that all completions of a group are the same.
    let own = json!({ "objective": "grpo", "temperature": 0.01, "dynamic_sampling": true, "max_num_gen_batches": 2 });
    let (mut engine, tokenizer) = shipped();
    let mut run = run(&mut engine, &tokenizer, small(own));
    let before = params(&engine);
    let error = block_on(run.step(&mut engine, &Pulse::default())).unwrap_err();
    let message = error.to_string();
    assert_eq!(error.code(), "bad-input");
    assert!(message.contains("0 of 4 groups") && message.contains("`max_num_gen_batches`"), "{message}");
    assert_eq!((run.steps_done(), before), (0, params(&engine)));
}

#[test]
fn divergence_in_the_reward_lowers_the_advantage_of_what_strayed() {
    let own = json!({
        "objective": "grpo", "surrogate": "score_function", "baseline": "none", "scale_rewards": "none",
        "use_kl_in_reward": true, "beta": 0.1, "learning_rate": 0.0,
    });
    let (mut engine, frame) = frame(own);
    let pulse = Pulse::default();
    let reference: Vec<f32> = params(&engine).iter().map(|value| 0.97 * value).collect();
    block_on(engine.set_reference(Some(&reference))).unwrap();
    let gathered = block_on(frame.gather(&mut engine, &frame.config.policy(), 0, &pulse)).unwrap();
    let batch: Vec<_> = gathered.samples.iter().map(|s| s.rollout.sequence()).collect();
    let scoring = frame.config.scoring(0.0);
    let now = block_on(engine.score(&batch, &scoring, Weights::Current, &pulse)).unwrap().log_densities;
    let start = block_on(engine.score(&batch, &scoring, Weights::Reference, &pulse)).unwrap().log_densities;
    let outcome = block_on(frame.learn(&mut engine, gathered, &batch, &scoring, &pulse)).unwrap();
    let mut strayed = 0.0;
    for (row, sample) in outcome.samples.iter().enumerate() {
        let k1: f64 = now[row].iter().zip(&start[row]).map(|(now, start)| now - start).sum();
        assert!((sample.advantage - (sample.reward - 0.1 * k1)).abs() <= 1e-9, "{} {k1}", sample.advantage);
        strayed += k1.abs();
    }
    assert!(strayed > 1.0 && frame.config.loss().beta == 0.0, "in the reward it is no part of the loss");
}

#[test]
fn credit_and_punishment_shape_the_reward_and_the_grade_is_still_told() {
    let own =
        json!({ "objective": "grpo", "format_reward": 0.25, "soft_punish_cache": 8, "max_completion_length": 14 });
    let (mut engine, tokenizer) = shipped();
    let mut run = run(&mut engine, &tokenizer, small(own));
    let metrics = step(&mut run, &mut engine);
    let mut punished = 0;
    for sample in run.samples() {
        let length = sample.rollout.steps.len();
        let credit = if sample.answer.is_some() { 0.25 } else { 0.0 };
        let punishment = (length as f64 - 6.0).max(0.0) / 8.0;
        punished += usize::from(punishment > 0.0);
        assert!((sample.reward - (sample.grade.max(credit) - punishment)).abs() <= 1e-12);
    }
    let grade = run.samples().iter().map(|sample| sample.grade).sum::<f64>() / 16.0;
    assert!(punished > 0 && metrics.grade == Some(grade) && metrics.reward < grade, "{metrics:?}");
}

#[test]
fn the_reference_follows_the_policy_when_it_should() {
    let own = json!({
        "objective": "grpo", "beta": 0.1, "sync_ref_model": true, "ref_model_sync_steps": 2, "ref_model_mixup_alpha": 0.25,
    });
    let (mut engine, tokenizer) = shipped();
    let start = params(&engine);
    let mut run = run(&mut engine, &tokenizer, small(own));
    let reference = |run: &Run, engine: &CpuEngine| block_on(run.position(engine)).unwrap().reference;
    step(&mut run, &mut engine);
    assert_eq!(*reference(&run, &engine), start);
    step(&mut run, &mut engine);
    let mixed: Vec<f32> = params(&engine).iter().zip(&start).map(|(new, old)| 0.25 * new + 0.75 * old).collect();
    assert_eq!(*reference(&run, &engine), mixed);
    // A checkpoint knows the moved reference: the next step is the same after it.
    let bytes = block_on(run.save(&engine, &Default::default())).unwrap();
    let next = step(&mut run, &mut engine);
    let (mut other, _) = shipped();
    let mut resumed = block_on(Run::resume(&mut other, &SavedRun::read(&bytes).unwrap(), no_clock)).unwrap();
    assert_eq!(step(&mut resumed, &mut other), next);
    assert!(next.kl.is_some_and(|kl| kl > 0.0));
}

#[test]
fn the_entropy_bonus_keeps_alternatives_open() {
    let entropies = |coefficient: f64| {
        let (mut engine, tokenizer) = shipped();
        let own = json!({ "objective": "grpo", "entropy_coef": coefficient });
        let mut run = run(&mut engine, &tokenizer, small(own));
        (0..8).map(|_| step(&mut run, &mut engine).entropy).collect::<Vec<f64>>()
    };
    let (with, without) = (entropies(1.0), entropies(0.0));
    assert_eq!(with[0], without[0]);
    assert!(with[7] > with[0] + 0.1 && with[7] > without[7] + 0.1, "{with:?} {without:?}");
}

#[test]
fn an_update_that_is_not_finite_is_left_out_and_counted() {
    let (mut engine, frame) = frame(json!({ "objective": "grpo", "beta": 0.0 }));
    let pulse = Pulse::default();
    let mut gathered = block_on(frame.gather(&mut engine, &frame.config.policy(), 0, &pulse)).unwrap();
    gathered.samples[0].reward = f64::NAN; // of the first of two mini-batches
    let batch: Vec<_> = gathered.samples.iter().map(|s| s.rollout.sequence()).collect();
    let outcome = block_on(frame.learn(&mut engine, gathered, &batch, &frame.config.scoring(0.0), &pulse)).unwrap();
    assert_eq!(outcome.metrics.skipped_updates, 1);
    assert!(outcome.metrics.policy_loss.is_finite() && outcome.metrics.grad_norm > 0.0, "{:?}", outcome.metrics);
    assert!(params(&engine).iter().all(|value| value.is_finite()));
}

#[test]
fn a_run_that_is_ruined_pauses_and_its_best_moment_is_better() {
    let (mut engine, tokenizer) = shipped();
    let own = json!({ "objective": "grpo", "learning_rate": 0.3, "max_grad_norm": 0.0, "generation_batch_size": 64,
        "eval_questions": 16 });
    let mut run = run(&mut engine, &tokenizer, small(own));
    let pulse = Pulse::default();
    let taken = (0..20).take_while(|_| step(&mut run, &mut engine).step > 0 && run.collapse().is_none()).count();
    let collapse = run.collapse().cloned().expect("a step size of 0.3 ruins any model");
    assert!(matches!(collapse.sign, Sign::Reward | Sign::Kl), "{collapse:?}");
    assert!(taken < 10 && collapse.best_step == 0 && collapse.message.contains("best moment"), "{collapse:?}");
    let refused = block_on(run.step(&mut engine, &pulse)).unwrap_err();
    assert!(matches!(refused, Error::NotReady(_)), "{refused}");

    let ruined = block_on(run.evaluate(&mut engine, &pulse)).unwrap().pass_at_1;
    let best = run.save_best(&engine, &Default::default()).unwrap().unwrap();
    let (mut other, _) = shipped();
    let saved = SavedRun::read(&best).unwrap();
    let resumed = block_on(Run::resume(&mut other, &saved, no_clock)).unwrap();
    let kept = block_on(resumed.evaluate(&mut other, &pulse)).unwrap().pass_at_1;
    assert!(kept > ruined + 0.2 && resumed.steps_done() == 0, "best {kept}, ruined {ruined}");
    // A run that goes on from the ruined model still knows its best moment, and takes no other for it.
    let ruined = SavedRun::read(&block_on(run.save(&engine, &Default::default())).unwrap()).unwrap();
    let mut resumed = block_on(Run::resume(&mut engine, &ruined, no_clock)).unwrap();
    step(&mut resumed, &mut engine);
    assert!(resumed.collapse().is_some_and(|again| again.best_step == 0) && resumed.best().is_none());

    block_on(run.return_to_best(&mut engine)).unwrap();
    assert_eq!((run.steps_done(), params(&engine) == params(&other), run.collapse()), (0, true, None));
    step(&mut run, &mut engine);
}

#[test]
fn a_run_goes_on_after_a_collapse_that_was_acknowledged_or_is_not_watched_for() {
    let own = json!({ "objective": "grpo", "learning_rate": 0.3, "max_grad_norm": 0.0, "max_completion_length": 24 });
    let (mut engine, tokenizer) = shipped();
    let mut watched = run(&mut engine, &tokenizer, small(own.clone()));
    while watched.collapse().is_none() {
        assert!(step(&mut watched, &mut engine).step < 20);
    }
    watched.acknowledge();
    step(&mut watched, &mut engine);

    let Value::Object(mut own) = own else { panic!("settings are an object") };
    own.insert("collapse_watch".into(), false.into());
    let (mut engine, _) = shipped();
    let mut unwatched = run(&mut engine, &tokenizer, small(own.into()));
    for _ in 0..6 {
        step(&mut unwatched, &mut engine);
    }
    assert!(unwatched.collapse().is_none() && unwatched.best().is_none());
}

#[test]
fn the_published_rebuild_scores_inputs_that_were_not_fed() {
    let (mut engine, frame) = frame(json!({ "preset": "softgrpo-dirichlet", "published_rebuild": true }));
    let gathered = block_on(frame.gather(&mut engine, &frame.config.policy(), 0, &Pulse::default())).unwrap();
    let rollout = &gathered.samples[0].rollout;
    let tau = frame.config.rebuild_temperature().unwrap();
    assert_eq!(tau, 1.0);
    let (fed, rebuilt) = (rollout.sequence(), rollout.sequence_by_softmax(tau));
    assert_eq!((&fed.actions, &fed.inputs.ids), (&rebuilt.actions, &rebuilt.inputs.ids));
    assert_ne!(fed.inputs.weights, rebuilt.inputs.weights);
}
