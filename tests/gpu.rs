//! The GPU engine against Hugging Face's numbers and against the CPU engine: logits, rollouts, scores, and what it costs.
//!
//! Not here: single kernels (`kernels.rs`). An adapter is promised by the feature `gpu`: without one these fail.

use std::path::Path;
use std::time::Instant;

use soft_thinking_lab::decode::discrete::draw;
use soft_thinking_lab::decode::draws::draw_key;
use soft_thinking_lab::decode::policy::MultiplexSettings;
use soft_thinking_lab::decode::preset::{PRESETS, preset};
use soft_thinking_lab::decode::rollout::{Request, embedding_of, rollout};
use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::decode::{DiscreteSettings, Phase, Policy, Rollout, SoftSettings, SoftTokensSettings, Step};
use soft_thinking_lab::engine::chain::{ChainRequest, RowRecord, Sampling, StepRecord, Thinking};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::gpu::{Capacity, GpuEngine, Variant};
use soft_thinking_lab::engine::{Action, Blends, Engine, Pulse, Scoring, Sequence, Weights};
use soft_thinking_lab::error::Result;
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::noises::Noise;
use soft_thinking_lab::math::softmax::{entropy, softmax};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{Family, ModelConfig, params};
use soft_thinking_lab::text::{Ending, Marks, Tokenizer};
use soft_thinking_lab::weights::{Checkpoint, QuantKind, read_hf, read_packed, safetensors};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} is not within {tolerance} of {expected}");
}

const CAPACITY: Capacity = Capacity {
    rows: 24,
    context: 64,
    tokens: 90,
    candidates: 5,
    vectors: false,
    chunk: 16,
    learn: 0,
    span: 0,
    tile: 0,
    beside: 0,
    adapter: 0,
    ranks: 0,
};

/// A model whose distributions are far from uniform: four times the usual spread.
fn model(seed: u64) -> (ModelConfig, Vec<f32>) {
    spread(seed, 4.0)
}

fn spread(seed: u64, gain: f32) -> (ModelConfig, Vec<f32>) {
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params = params::init(&config, seed).iter().map(|p| if *p == 1.0 { 1.0 } else { p * gain }).collect();
    (config, params)
}

fn engines(seed: u64) -> (CpuEngine, GpuEngine) {
    both(model(seed))
}

fn both((config, params): (ModelConfig, Vec<f32>)) -> (CpuEngine, GpuEngine) {
    let gpu = block_on(GpuEngine::new(&config, &params, CAPACITY)).unwrap();
    (CpuEngine::new(&config, params).unwrap(), gpu)
}

fn golden(folder: &str) {
    for variant in [Variant::Plain, Variant::Shared] {
        golden_with(folder, variant);
    }
}

fn golden_with(folder: &str, variant: Variant) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models").join(folder);
    let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    let checkpoint = read_hf(&text("config.json"), &read("model.safetensors"), None).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text("expected.json")).unwrap();
    let ids: Vec<Vec<u32>> = serde_json::from_value(expected["input_ids"].clone()).unwrap();
    let candidates: Vec<Vec<Vec<u32>>> = serde_json::from_value(expected["soft_candidates"].clone()).unwrap();
    let bytes = read("expected.safetensors");
    let tensors = safetensors::read(&bytes).unwrap();
    let tensor = |name: &str| tensors.tensor(name).unwrap().to_f64();
    let capacity = Capacity { tokens: 64, candidates: 8, ..Capacity::default() };
    let mut engine =
        block_on(GpuEngine::with_variant(&checkpoint.config, &checkpoint.params, capacity, variant)).unwrap();
    let (mut hard, mut soft) = (Vec::new(), Vec::new());
    let mixture = tensor("soft_mixture");
    let mut weights = mixture.iter().map(|w| *w as f32);
    for (ids, candidates) in ids.iter().zip(&candidates) {
        let mut inputs = Blends::new(1);
        ids.iter().for_each(|id| inputs.push_token(*id));
        hard.extend(block_on(engine.logits(&inputs)).unwrap());
        let mut inputs = Blends::new(candidates[0].len());
        candidates.iter().for_each(|row| inputs.push(row, &weights.by_ref().take(row.len()).collect::<Vec<_>>()));
        soft.extend(block_on(engine.logits(&inputs)).unwrap());
    }
    for (name, found) in [("logits", hard), ("soft_logits", soft)] {
        let expected = tensor(name);
        assert!(expected.len() == found.len() && found.len() > 1000, "{name}: {}", found.len());
        let mut worst = 0.0_f64;
        for (f, e) in found.iter().zip(&expected) {
            close(f64::from(*f), *e, 1e-4, name); // f32 against f64 through two blocks
            worst = worst.max((f64::from(*f) - e).abs());
        }
        println!("{folder} {name}, {variant:?}: worst difference {worst:.1e} of 1e-4");
    }
}

#[test]
fn llama_with_a_tied_head_gives_hugging_faces_logits() {
    golden("llama-tiny");
}

#[test]
fn qwen2_with_biases_and_its_own_head_gives_hugging_faces_logits() {
    golden("qwen2-tiny");
}

#[test]
fn prefill_gives_the_cpu_engines_logits_also_in_several_passes() {
    let (mut cpu, mut gpu) = engines(1);
    // The longest of 40 and 90 positions a pass: two prompts at a time.
    let mut stream = Stream::new(Key::from_seed(3));
    let prompts: Vec<Vec<u32>> =
        [5, 40, 1, 12, 9].iter().map(|length| (0..*length).map(|_| stream.below(64)).collect()).collect();
    let expected = block_on(cpu.prefill(&prompts, 3, 8)).unwrap();
    let found = block_on(gpu.prefill(&prompts, 3, 8)).unwrap();
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(&expected) {
        close(f64::from(*f), f64::from(*e), 1e-4, "logit"); // f32, another order of summation
    }
}

fn sampling(policy: &Policy, marks: Marks, max_steps: usize) -> Sampling {
    policy.sampling(marks, max_steps, 0.0)
}

async fn chain(
    gpu: &mut GpuEngine,
    prompts: &[Vec<u32>],
    keys: &[Key],
    sampling: &Sampling,
    pulse: &Pulse,
) -> Result<Vec<RowRecord>> {
    let request = ChainRequest { prompts, keys, sampling, chunk: 16, ending: Ending::default() };
    let mut heard = 0;
    let rows = gpu.run_chain(&request, pulse, &mut |_, _| heard += 1).await?.expect("the GPU engine runs chains");
    assert_eq!(heard, rows.iter().map(|row| row.steps.len()).sum::<usize>(), "every step is heard of once");
    Ok(rows)
}

fn keys(seed: u64, prompts: usize, samples: usize) -> Vec<Key> {
    let key = Key::from_seed(seed);
    (0..prompts * samples).map(|row| key.derive((row / samples) as u32).derive((row % samples) as u32)).collect()
}

/// Marks that a random model meets often, so that rows change phase and end.
fn frequent_marks() -> Marks {
    Marks { end_think: 7, end_answer: 9, ..Tokenizer::lab().unwrap().marks() }
}

fn policies() -> [Policy; 5] {
    let soft = SoftSettings::default();
    [
        Policy::Soft(soft),
        Policy::Soft(SoftSettings { top_k: 0, top_p: 0.9, min_p: 0.02, soft_top_k: 3, temperature: 0.8, ..soft }),
        Policy::Discrete(DiscreteSettings::default()),
        Policy::Discrete(DiscreteSettings {
            temperature: 0.7,
            top_k: 20,
            top_p: 0.9,
            min_p: 0.01,
            ..DiscreteSettings::default()
        }),
        Policy::Discrete(DiscreteSettings { temperature: 0.0, ..DiscreteSettings::default() }),
    ]
}

fn prompts() -> Vec<Vec<u32>> {
    vec![vec![20, 21, 1], vec![22, 1], vec![30, 31, 32, 33, 1]]
}

/// The least distance of neighbours: how far a choice was from another one. Equal values (of candidates that were cut) are
/// equal on both engines and go by their order.
fn margin(values: impl IntoIterator<Item = f32>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
    values.sort_by(f64::total_cmp);
    values.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min)
}

/// How far the choice of a step was from another one: of what was drawn, of what was cut, and of the entropy that Cold Stop reads.
fn clearance(step: &Step, logits: &[f32], sampling: &Sampling, key: Key, index: u32) -> f64 {
    let truncation = if step.answering { &sampling.answer } else { &sampling.truncation };
    let thinking = if step.answering { Thinking::Tokens } else { sampling.thinking };
    let drawn = |key: Key| {
        let drawn = draw(logits, truncation, key, index);
        let values = drawn.candidates.probs.iter().zip(&drawn.noise).map(|(q, n)| q.ln() + n);
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values.windows(2).last().map_or(f64::INFINITY, |pair| pair[1] - pair[0])
    };
    let mut least = match thinking {
        Thinking::Tokens => drawn(key),
        Thinking::Pause(_) => unreachable!("left out of the ways below"),
        Thinking::Draws(drawing) => (0..drawing.draws).map(|k| drawn(draw_key(key, k))).fold(f64::INFINITY, f64::min),
        Thinking::Vector(_) => margin(logits.iter().copied()),
        Thinking::Blend(blending) => {
            let ratios = blending.noise == Noise::Dirichlet; // samples of any size
            let stored = step.perturbed.iter().map(|y| if ratios { y.ln() } else { *y });
            margin(stored).min(margin(step.log_probs.clone()))
        }
    };
    let scaled = |temperature: f64| softmax(&logits.iter().map(|z| f64::from(*z) / temperature).collect::<Vec<_>>());
    if sampling.stop.cold_steps > 0 {
        least = least.min((entropy(&scaled(sampling.truncation.temperature)) - sampling.stop.cold_entropy).abs());
    }
    if truncation.temperature > 0.0 && !matches!(thinking, Thinking::Vector(_)) {
        let mut probs = scaled(truncation.temperature);
        probs.sort_by(|a, b| b.total_cmp(a));
        let (most, mut before) = (probs[0], 0.0);
        let pool: f64 = probs.iter().take(if truncation.top_k == 0 { 64 } else { truncation.top_k }).sum();
        for prob in probs {
            let by_min_p = if truncation.min_p > 0.0 { (prob / most / truncation.min_p).ln().abs() } else { 1.0 };
            let by_top_p = if truncation.top_p < 1.0 { (before / pool - truncation.top_p).abs() } else { 1.0 };
            least = least.min(by_min_p).min(by_top_p);
            before += prob;
        }
    }
    least
}

/// Compares what one step of the GPU made of its own history with what decode makes of the CPU engine's logits for the same
/// history. Returns whether the choice was clear, by a margin of 1e-3.
fn check_step(found: &StepRecord, wanted: &Step, sampling: &Sampling, clear: bool) -> bool {
    close(f64::from(found.model_entropy), f64::from(wanted.model_entropy), 1e-4, "entropy");
    let whole = |step: &Step| {
        (step.answering, step.token, step.soft, step.forced, step.winner_changed, step.candidates.clone())
    };
    if whole(found) != whole(wanted) {
        assert!(!clear, "{found:?}\n{wanted:?}");
        return false;
    }
    // The weights of an average are by logits over its temperature.
    let temperature = if let Thinking::Vector(averaging) = sampling.thinking { averaging.temperature } else { 1.0 };
    let pairs = [
        (&found.perturbed, &wanted.perturbed, 2e-4), // logits near 10 that agree to a few 1e-5
        (&found.log_probs, &wanted.log_probs, 2e-4 / temperature.min(1.0)),
        (&found.noise, &wanted.noise, 2e-4),
        (&found.mixture, &wanted.mixture, 2e-3), // the same over a temperature of 0.1
        (&found.vector, &wanted.vector, 1e-3),
        (&vec![found.mixture_entropy], &vec![wanted.mixture_entropy], 1e-2),
    ];
    for (found, wanted, tolerance) in pairs {
        assert_eq!(found.len(), wanted.len());
        for (f, w) in found.iter().zip(wanted).filter(|_| clear) {
            close(f64::from(*f), f64::from(*w), tolerance * f64::from(w.abs().max(1.0)), "record");
        }
    }
    clear
}

/// Every preset but the pause, which decides nothing and stays with the host; and soft thinking that stops for a reason of its own.
fn ways() -> Vec<(&'static str, Policy)> {
    let presets = PRESETS.iter().filter(|(name, _)| *name != "pause").map(|(name, _)| (*name, preset(name).unwrap()));
    let soft = SoftSettings::default();
    let stops = [
        ("cold", Policy::Soft(SoftSettings { cold_stop_entropy: 2.0, cold_stop_length: 2, ..soft })),
        (
            "short",
            Policy::Multiplex(MultiplexSettings {
                max_thought_length: 9,
                weighted: true,
                top_k: 7,
                ..Default::default()
            }),
        ),
    ];
    presets.chain(stops).collect()
}

/// Forced decoding: at every step the CPU engine is fed what the GPU fed itself, so errors do not add up over steps.
#[test]
fn every_step_of_a_rollout_is_the_cpu_engines_step() {
    let (prompts, marks, samples, max_steps) = (prompts(), frequent_marks(), 4, 25);
    let (mut checked, mut clear, mut answered, mut finished) = (0, 0, 0, 0);
    let policies = policies().map(|policy| ("", policy));
    for (seed, (name, policy)) in policies.into_iter().chain(ways()).enumerate() {
        let (mut cpu, mut gpu) = engines(10 + seed as u64);
        let (deviation, embedding) = block_on(embedding_of(&cpu, &policy)).unwrap();
        let (keys, plan) = (keys(99, 3, samples), policy.sampling(marks, max_steps, deviation));
        let found = block_on(chain(&mut gpu, &prompts, &keys, &plan, &Pulse::default())).unwrap();
        let mut logits = block_on(cpu.prefill(&prompts, samples, max_steps)).unwrap();
        let (before, before_clear) = (checked, clear);
        // Decode's rows, until a choice that was not clear parts one from the GPU's.
        let mut hosts: Vec<Option<Row>> = keys.iter().map(|key| Some(Row::new(*key))).collect();
        for index in 0..max_steps {
            let dim = if embedding.is_empty() { 0 } else { cpu.config().hidden_size };
            let mut inputs = Blends { dim, ..Blends::new(plan.width()) };
            for (row, record) in found.iter().enumerate() {
                let Some(step) = record.steps.get(index) else {
                    inputs.push_token(0); // this row rests
                    continue;
                };
                let own = &logits[row * 64..][..64];
                step.push_input(&mut inputs, None);
                let Some(host) = &mut hosts[row] else { continue };
                let wanted = host.next(own, &plan, &embedding).clone();
                let sure = clearance(&wanted, own, &plan, keys[row], index as u32) > 1e-3;
                clear += usize::from(check_step(step, &wanted, &plan, sure));
                checked += 1;
                if (step.token, step.forced) != (wanted.token, wanted.forced) {
                    hosts[row] = None;
                }
            }
            if index + 1 < max_steps {
                logits = block_on(cpu.decode(&inputs)).unwrap();
            }
        }
        println!("{name} {policy:?}: {} steps, {} of them clear", checked - before, clear - before_clear);
        for record in &found {
            let end = record.steps.iter().position(|step| step.token == marks.end_answer);
            assert_eq!(record.finished, end.is_some());
            assert_eq!(record.steps.len(), end.map_or(max_steps, |end| end + 1));
        }
        answered += found.iter().filter(|row| row.steps.iter().any(|step| step.answering)).count();
        finished += found.iter().filter(|row| row.finished).count();
    }
    println!("{checked} steps, {clear} of them clear; {answered} rows answered, {finished} finished");
    assert!(checked > 4000 && clear > checked * 8 / 10, "{checked} {clear}");
    assert!(answered >= 60 && finished >= 30, "{answered} {finished}");
}

/// Compares rollouts until they part and returns (steps alike, rows that parted). A row may part only where the CPU's margin
/// was below 1e-3.
fn compare(found: &[RowRecord], expected: &[Rollout]) -> (usize, usize) {
    let (mut alike, mut parted) = (0, 0);
    assert_eq!(found.len(), expected.len());
    for (row, (f, e)) in found.iter().zip(expected).enumerate() {
        let same = |record: &StepRecord, step: &Step| {
            (record.token, record.soft, &record.candidates) == (step.token, step.soft, &step.candidates)
                && record.answering == (step.phase() == Phase::Answer)
        };
        let together = f.steps.iter().zip(&e.steps).take_while(|(record, step)| same(record, step)).count();
        alike += together;
        if let (Some(record), Some(step)) = (f.steps.get(together), e.steps.get(together)) {
            let least = margin(step.perturbed.clone()).min(margin(step.log_probs.clone()));
            assert!(least <= 1e-3, "row {row}, step {together}: {record:?}\n{step:?}");
            parted += 1;
        } else {
            assert_eq!((f.steps.len(), f.finished), (e.steps.len(), e.finished), "row {row}");
        }
    }
    (alike, parted)
}

/// Free running. The usual spread of parameters: at four times, on either engine, rounding of 1e-6 grows to 1e-3 within twenty
/// blends, since each is divided by a temperature of 0.1 and fed back.
#[test]
fn rollouts_take_the_cpu_engines_choices() {
    let (prompts, marks) = (prompts(), frequent_marks());
    for (index, policy) in policies().iter().enumerate() {
        let (mut cpu, mut gpu) = both(spread(10 + index as u64, 1.0));
        let pulse = Pulse::default();
        let (samples, max_steps, seed) = (8, 37, 99);
        let request = Request { prompts: &prompts, offset: 0, samples, policy, max_steps, seed, marks, chunk: 16 };
        let expected = block_on(rollout(&mut cpu, &request, &pulse, &mut |_, _| ())).unwrap();
        let (keys, plan) = (keys(seed, 3, samples), sampling(policy, marks, max_steps));
        let found = block_on(chain(&mut gpu, &prompts, &keys, &plan, &pulse)).unwrap();
        let (alike, parted) = compare(&found, &expected);
        println!("{policy:?}: {alike} steps alike, {parted} rows parted at a margin below 1e-3");
        assert!(parted <= 1 && alike > 400, "{alike} {parted}");
        let again = block_on(chain(&mut gpu, &prompts, &keys, &plan, &pulse)).unwrap();
        assert_eq!(found, again, "the same seed gives the same rollout");
        let (config, params) = spread(10 + index as u64, 1.0);
        let mut shared = block_on(GpuEngine::with_variant(&config, &params, CAPACITY, Variant::Shared)).unwrap();
        let other = block_on(chain(&mut shared, &prompts, &keys, &plan, &pulse)).unwrap();
        assert!(compare(&other, &expected).1 <= 1, "the kernels that share their work choose the same");
        let alone = block_on(chain(&mut gpu, &prompts[2..], &keys[16..], &plan, &pulse)).unwrap();
        assert_eq!(alone, found[16..], "whatever else is in the batch");
    }
}

/// Every preset through decode's own rollout, which gives Soft Tokens their deviation. Choices of random models are close, so a few
/// rows may part.
#[test]
fn rollouts_of_every_preset_take_the_cpu_engines_choices() {
    let (prompts, marks, pulse) = (prompts(), frequent_marks(), Pulse::default());
    for (index, (name, policy)) in ways().iter().enumerate() {
        let (mut cpu, mut gpu) = both(spread(40 + index as u64, 1.0));
        let (samples, max_steps, seed) = (4, 25, 7);
        let request = Request { prompts: &prompts, offset: 0, samples, policy, max_steps, seed, marks, chunk: 16 };
        let expected = block_on(rollout(&mut cpu, &request, &pulse, &mut |_, _| ())).unwrap();
        let before = gpu.gpu().counts().read_backs;
        let found = block_on(rollout(&mut gpu, &request, &pulse, &mut |_, _| ())).unwrap();
        let read_backs = gpu.gpu().counts().read_backs - before;
        // Two chunks, and the table whose size a deviation is a share of.
        assert!(read_backs <= 3, "{name}: {read_backs} read-backs: the host took the steps");
        let same = |(f, e): &(&Rollout, &Rollout)| {
            let actions =
                |rollout: &Rollout| rollout.steps.iter().map(|s| (s.token, s.soft, s.forced)).collect::<Vec<_>>();
            actions(f) == actions(e) && f.finished == e.finished
        };
        let alike = found.iter().zip(&expected).filter(same).count();
        println!("{name}: {alike} of {} rows alike", found.len());
        assert!(alike >= found.len() - 2, "{name}: {alike} of {} rows alike", found.len());
        let again = block_on(rollout(&mut gpu, &request, &pulse, &mut |_, _| ())).unwrap();
        assert_eq!(found, again, "{name}: the same seed gives the same rollout");
    }
}

/// What hosts feed where the device cannot make the vector itself.
#[test]
fn decode_takes_vectors() {
    let (mut cpu, mut gpu) = engines(9);
    let (dim, mut stream) = (cpu.config().hidden_size, Stream::new(Key::from_seed(9)));
    for engine_rows in [vec![0, 1, 2], vec![0, 2]] {
        let mut inputs = Blends::with_vectors(dim);
        for row in 0..engine_rows.len() {
            let vector: Vec<f32> = (0..dim).map(|_| 0.3 * stream.normal() as f32).collect();
            if row == 1 { inputs.push_token(5) } else { inputs.push_vector(&vector) }
        }
        for engine in [0, 1] {
            let all = vec![vec![1, 2, 3], vec![4], vec![5, 6]];
            let _ = if engine == 0 { block_on(cpu.prefill(&all, 1, 4)) } else { block_on(gpu.prefill(&all, 1, 4)) }
                .unwrap();
            if engine == 0 { block_on(cpu.keep_rows(&engine_rows)) } else { block_on(gpu.keep_rows(&engine_rows)) }
                .unwrap();
        }
        let (expected, found) = (block_on(cpu.decode(&inputs)).unwrap(), block_on(gpu.decode(&inputs)).unwrap());
        assert_eq!(found.len(), expected.len());
        found.iter().zip(&expected).for_each(|(f, e)| close(f64::from(*f), f64::from(*e), 1e-4, "logit"));
    }
    let mut narrow = Blends::with_vectors(dim - 4);
    (0..2).for_each(|_| narrow.push_token(1));
    let error = block_on(gpu.decode(&narrow)).unwrap_err();
    assert!(error.code() == "bad-input" && error.to_string().contains("vectors"), "{error}");
}

/// Random sequences of tokens and blends, with soft and discrete actions.
fn batch(rows: usize, seed: u64) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(seed));
    let sequence = |row: usize| {
        let (time, first) = (9 + 5 * row, 3);
        let (mut inputs, mut actions) = (Blends::new(5), Vec::new());
        for position in 0..time {
            let ids: Vec<u32> = (0..5).map(|_| stream.below(64)).collect();
            let raw: Vec<f64> = (0..5).map(|_| stream.uniform()).collect();
            let sum: f64 = raw.iter().sum();
            let weights: Vec<f32> = raw.iter().map(|w| (w / sum) as f32).collect();
            if position < 5 {
                inputs.push_token(ids[0])
            } else {
                inputs.push(&ids, &weights)
            }
            if position >= first && position < time - 2 {
                let start = stream.below(59);
                let perturbed = (0..5).map(|_| (stream.normal() * 0.7 - 1.6) as f32).collect();
                actions.push(Action::Soft { candidates: (start..start + 5).collect(), perturbed });
            } else if position >= first {
                actions.push(Action::Token(ids[1]));
            }
        }
        Sequence { inputs, first, actions }
    };
    (0..rows).map(sequence).collect()
}

#[test]
fn scores_are_those_of_the_cpu_engine_for_both_policies_and_forms() {
    for variant in [Variant::Plain, Variant::Shared] {
        let (config, params) = model(2);
        let gpu = block_on(GpuEngine::with_variant(&config, &params, CAPACITY, variant)).unwrap();
        check_scores(CpuEngine::new(&config, params).unwrap(), gpu);
    }
}

fn check_scores(mut cpu: CpuEngine, mut gpu: GpuEngine) {
    let (reference, pulse) = (model(77).1, Pulse::default());
    let refused = block_on(gpu.score(&batch(1, 1), &scoring(DensityForm::code(), 1.0), Weights::Reference, &pulse));
    assert_eq!(refused.unwrap_err().code(), "not-ready");
    block_on(cpu.set_reference(Some(&reference))).unwrap();
    block_on(gpu.set_reference(Some(&reference))).unwrap();
    // Nine sequences of up to 49 positions at 90 positions a pass: several passes.
    let batch = batch(9, 3);
    for (form, temperature) in [(DensityForm::code(), 1.0), (DensityForm::paper(), 0.7)] {
        for weights in [Weights::Current, Weights::Reference] {
            let scoring = scoring(form, temperature);
            let expected = block_on(cpu.score(&batch, &scoring, weights, &pulse)).unwrap();
            let found = block_on(gpu.score(&batch, &scoring, weights, &pulse)).unwrap();
            for (index, sequence) in batch.iter().enumerate() {
                assert_eq!(found.log_densities[index].len(), sequence.actions.len());
                assert_eq!(found.entropies[index].len(), sequence.actions.len());
                for (f, e) in found.log_densities[index].iter().zip(&expected.log_densities[index]) {
                    // Logits agree to 1e-4 at worst; exp(-g) of the paper's form makes that relative.
                    close(*f, *e, 5e-4 * e.abs().max(1.0), "log density");
                }
                for (f, e) in found.entropies[index].iter().zip(&expected.entropies[index]) {
                    close(*f, *e, 5e-4, "entropy");
                }
            }
        }
    }
    block_on(gpu.set_reference(None)).unwrap();
    let code = scoring(DensityForm::code(), 1.0);
    let current = block_on(gpu.score(&batch, &code, Weights::Current, &pulse)).unwrap();
    assert_eq!(current, block_on(gpu.score(&batch, &code, Weights::Reference, &pulse)).unwrap());
}

fn scoring(density: DensityForm, temperature: f64) -> Scoring {
    Scoring { temperature, density, ..Scoring::code() }
}

#[test]
fn a_chunk_is_one_submit_and_steady_work_creates_nothing() {
    let (_, mut gpu) = engines(4);
    let layers = gpu.config().num_hidden_layers;
    let (prompts, pulse) = (vec![vec![20, 21, 1], vec![22, 1]], Pulse::default());
    // Marks outside what is drawn: no row ends early.
    let marks = Marks { end_think: 63, end_answer: 63, ..Tokenizer::lab().unwrap().marks() };
    let policy = Policy::Soft(SoftSettings::default());
    let plan = sampling(&policy, marks, 48);
    block_on(gpu.set_reference(None)).unwrap();
    let work = |gpu: &mut GpuEngine| {
        block_on(chain(gpu, &prompts, &keys(2, 2, 12), &plan, &pulse)).unwrap();
        for weights in [Weights::Current, Weights::Reference] {
            block_on(gpu.score(&batch(6, 5), &scoring(DensityForm::code(), 1.0), weights, &pulse)).unwrap();
        }
    };
    (0..2).for_each(|_| work(&mut gpu)); // the second time in the room that the first one made
    let start = gpu.gpu().counts();
    block_on(chain(&mut gpu, &prompts, &keys(1, 2, 4), &plan, &pulse)).unwrap();
    let once = gpu.gpu().counts();
    // 48 steps in chunks of 16, one pass over the prompts, one head.
    assert_eq!(once.submits - start.submits, 3 + 2);
    assert_eq!(once.read_backs - start.read_backs, 3);
    let prompt_pass = (11 * layers + 3) as u64; // rope, cache_fill and attention in place of one kernel, and perhaps two for swiglu
    let (dispatches, most) = (once.dispatches - start.dispatches, 48 * (7 * layers as u64 + 8) + prompt_pass);
    println!("{dispatches} dispatches of 48 steps and their prompts; at most {most}");
    assert!(dispatches <= most && dispatches >= 48 * 7 * layers as u64, "{dispatches} {most}");
    (0..3).for_each(|_| work(&mut gpu));
    let end = gpu.gpu().counts();
    assert_eq!((end.creations, end.live_bytes), (start.creations, start.live_bytes));
}

#[test]
fn what_does_not_fit_is_named() {
    let (config, params) = model(5);
    let code = |capacity| block_on(GpuEngine::new(&config, &params, capacity)).err().unwrap();
    let wide = code(Capacity { candidates: 65, ..CAPACITY });
    assert!(wide.code() == "bad-input" && wide.to_string().contains("candidates"), "{wide}");
    let large = code(Capacity { rows: 60_000, context: 128, tokens: 65_000, ..CAPACITY });
    assert!(large.code() == "out-of-memory" || large.to_string().contains("rows"), "{large}");
    let (_, mut gpu) = engines(5);
    let plan = sampling(&Policy::Discrete(DiscreteSettings::default()), Tokenizer::lab().unwrap().marks(), 62);
    let error = |gpu: &mut GpuEngine, prompts: &[Vec<u32>], keys: &[Key]| {
        block_on(chain(gpu, prompts, keys, &plan, &Pulse::default())).unwrap_err().to_string()
    };
    assert!(error(&mut gpu, &[vec![1; 70]], &keys(1, 1, 1)).contains("132 positions"));
    assert!(error(&mut gpu, &[vec![64]], &keys(1, 1, 1)).contains("64"));
    assert!(error(&mut gpu, &[vec![]], &keys(1, 1, 1)).contains("at least one token"));
    let pulse = Pulse::default();
    pulse.flag().store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(block_on(chain(&mut gpu, &[vec![1]], &keys(1, 1, 1), &plan, &pulse)).unwrap_err().code(), "cancelled");
}

#[test]
fn too_much_is_refused_with_what_would_fit_and_the_engine_goes_on() {
    let config = ModelConfig::preset("micro", 64).unwrap();
    let params = params::init(&config, 1);
    let mut gpu = block_on(GpuEngine::open(&config, &params)).unwrap();
    let plan = sampling(&Policy::Discrete(DiscreteSettings::default()), Tokenizer::lab().unwrap().marks(), 240);
    let pulse = Pulse::default();
    // Caches of 3.9 GB each; the device was asked for buffers of 128 MiB.
    let error = block_on(chain(&mut gpu, &[vec![1, 2]], &keys(1, 1, 63_000), &plan, &pulse)).unwrap_err();
    assert!(error.code() == "out-of-memory" && error.to_string().contains("`nano`"), "{error}");
    let short = Sampling { max_steps: 4, ..plan };
    assert_eq!(block_on(chain(&mut gpu, &[vec![1, 2]], &keys(1, 1, 3), &short, &pulse)).unwrap().len(), 3);
}

#[test]
fn a_destroyed_device_is_reported_and_a_new_engine_works() {
    let (_, mut gpu) = engines(6);
    let plan = sampling(&Policy::Soft(SoftSettings::default()), Tokenizer::lab().unwrap().marks(), 20);
    let run = |gpu: &mut GpuEngine| block_on(chain(gpu, &[vec![1, 2]], &keys(1, 1, 2), &plan, &Pulse::default()));
    run(&mut gpu).unwrap();
    gpu.gpu().destroy();
    assert_eq!(run(&mut gpu).unwrap_err().code(), "device-lost");
    assert_eq!(run(&mut gpu).unwrap_err().code(), "device-lost");
    assert_eq!(run(&mut engines(6).1).unwrap().len(), 2);
}

#[test]
fn logits_that_are_not_numbers_are_an_error() {
    let (_, mut gpu) = engines(7);
    let mut params = model(7).1;
    params[70] = f32::NAN;
    block_on(gpu.write_params(&params)).unwrap();
    let plan = sampling(&Policy::Soft(SoftSettings::default()), Tokenizer::lab().unwrap().marks(), 20);
    let outcome = block_on(chain(&mut gpu, &[vec![1, 2]], &keys(1, 1, 2), &plan, &Pulse::default()));
    assert_eq!(outcome.unwrap_err().code(), "not-finite");
}

/// `cargo test --features native --test native gpu:: -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_a_rollout() {
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params = params::init(&config, 1);
    let marks = Marks { end_think: 63, end_answer: 63, ..Tokenizer::lab().unwrap().marks() };
    let policy = Policy::Soft(SoftSettings::default());
    let (rows, max_steps) = (64, 96);
    let capacity =
        Capacity { rows, context: 128, tokens: 2048, candidates: 5, vectors: false, chunk: 16, ..Capacity::default() };
    let prompts: Vec<Vec<u32>> = (0..8).map(|p| (0..24).map(|i| (p * 7 + i * 3) % 60).collect()).collect();
    let plan = sampling(&policy, marks, max_steps);
    let mut gpu = block_on(GpuEngine::new(&config, &params, capacity)).unwrap();
    block_on(chain(&mut gpu, &prompts, &keys(1, 8, 8), &plan, &Pulse::default())).unwrap();
    let (before, clock) = (gpu.gpu().counts(), Instant::now());
    let found = block_on(chain(&mut gpu, &prompts, &keys(2, 8, 8), &plan, &Pulse::default())).unwrap();
    let (seconds, after) = (clock.elapsed().as_secs_f64(), gpu.gpu().counts());
    let tokens: usize = found.iter().map(|row| row.steps.len()).sum();
    println!("{}: {tokens} tokens in {seconds:.3} s, {:.0} tokens/s", gpu.name(), tokens as f64 / seconds);
    let (dispatches, submits) = (after.dispatches - before.dispatches, after.submits - before.submits);
    println!("{dispatches} dispatches, {submits} submits, {} read-backs", after.read_backs - before.read_backs);
    println!("{} bytes held", after.live_bytes);
    let mut cpu = CpuEngine::new(&config, params).unwrap();
    let request =
        Request { prompts: &prompts, offset: 0, samples: 8, policy: &policy, max_steps, seed: 2, marks, chunk: 16 };
    let clock = Instant::now();
    let rollouts = block_on(rollout(&mut cpu, &request, &Pulse::default(), &mut |_, _| ())).unwrap();
    let tokens: usize = rollouts.iter().map(|r| r.steps.len()).sum();
    println!("{}: {:.0} tokens/s", cpu.name(), tokens as f64 / clock.elapsed().as_secs_f64());
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_a_score() {
    for (preset, rows, time) in [("nano", 64, 64), ("micro", 16, 64)] {
        let config = ModelConfig::preset(preset, 64).unwrap();
        let params = params::init(&config, 1);
        let capacity = Capacity { tokens: rows * time, candidates: 5, ..Capacity::default() };
        let mut gpu = block_on(GpuEngine::new(&config, &params, capacity)).unwrap();
        let mut cpu = CpuEngine::new(&config, params).unwrap();
        let mut stream = Stream::new(Key::from_seed(1));
        let sequence = |_| {
            let mut inputs = Blends::new(1);
            (0..time).for_each(|_| inputs.push_token(stream.below(64)));
            Sequence { inputs, first: 0, actions: (0..time).map(|t| Action::Token(t as u32 % 64)).collect() }
        };
        let batch: Vec<Sequence> = (0..rows).map(sequence).collect();
        let (scoring, pulse) = (scoring(DensityForm::code(), 1.0), Pulse::default());
        block_on(gpu.score(&batch, &scoring, Weights::Current, &pulse)).unwrap();
        let clock = Instant::now();
        block_on(gpu.score(&batch, &scoring, Weights::Current, &pulse)).unwrap();
        let ours = clock.elapsed().as_secs_f64();
        let clock = Instant::now();
        block_on(cpu.score(&batch, &scoring, Weights::Current, &pulse)).unwrap();
        let theirs = clock.elapsed().as_secs_f64();
        println!("{preset}, {rows} sequences of {time}: GPU {:.1} ms, CPU {:.1} ms", 1e3 * ours, 1e3 * theirs);
    }
}

/// Quantized files without unpacking: the same choices as with the parameters they stand for.
#[test]
fn packed_weights_think_as_their_unpacked_ones() {
    for (kind, gain) in [(QuantKind::Q8_0, 4.0), (QuantKind::Q4_0, 2.0)] {
        for family in [Family::Llama, Family::Qwen2] {
            let (config, _) = spread(8, gain);
            let config = ModelConfig { family, attention_bias: family == Family::Qwen2, ..config };
            let mut stream = Stream::new(Key::from_seed(8));
            let params: Vec<f32> =
                params::init(&config, 8).iter().map(|p| p * gain + 0.01 * stream.normal() as f32).collect();
            let checkpoint = Checkpoint { config, params, tokenizer_json: None, metadata: Default::default() };
            let bytes = checkpoint.to_gguf(kind).unwrap();
            let Checkpoint { config, params, .. } = soft_thinking_lab::weights::read(&bytes).unwrap();
            let blocks = read_packed(&bytes).unwrap().expect("blocks of one kind");
            assert_eq!(blocks.unpack(&config), params, "{kind:?}: exactly what is read unpacked");
            let mut flat = block_on(GpuEngine::new(&config, &params, CAPACITY)).unwrap();
            let mut packed = block_on(GpuEngine::new(&config, &params, CAPACITY)).unwrap();
            let before = packed.gpu().counts().live_bytes;
            block_on(packed.pack(blocks)).unwrap();
            assert!(packed.is_packed());
            let saved = before as i64 - packed.gpu().counts().live_bytes as i64;
            println!("{kind:?} {family:?}: {saved} bytes fewer of {} parameters", params.len());
            let mut inputs = Blends::new(2);
            (0..9).for_each(|t| inputs.push(&[t * 5, t + 1], &[0.7, 0.3]));
            let (a, b) = (block_on(flat.logits(&inputs)).unwrap(), block_on(packed.logits(&inputs)).unwrap());
            a.iter().zip(&b).for_each(|(a, b)| close(f64::from(*b), f64::from(*a), 1e-3, "logit"));
            let policy = Policy::Soft(SoftSettings::default());
            let (keys, plan) = (keys(5, 3, 4), sampling(&policy, frequent_marks(), 20));
            let pulse = Pulse::default();
            let one = block_on(chain(&mut flat, &prompts(), &keys, &plan, &pulse)).unwrap();
            let two = block_on(chain(&mut packed, &prompts(), &keys, &plan, &pulse)).unwrap();
            let tokens = |rows: &[RowRecord]| -> Vec<u32> {
                rows.iter().flat_map(|r| r.steps.iter().map(|s| s.token)).collect()
            };
            let vectors = SoftTokensSettings { embedding_noise: 0.0, ..Default::default() };
            let policy = Policy::SoftTokens(vectors);
            let request = Request {
                prompts: &prompts(),
                offset: 0,
                samples: 2,
                policy: &policy,
                max_steps: 6,
                seed: 3,
                marks: frequent_marks(),
                chunk: 16,
            };
            let alike = |(a, b): &(&Rollout, &Rollout)| a.tokens() == b.tokens();
            let by_device = block_on(rollout(&mut flat, &request, &pulse, &mut |_, _| ())).unwrap();
            let by_host = block_on(rollout(&mut packed, &request, &pulse, &mut |_, _| ())).unwrap();
            // Rows of a prompt are the same here, and logits that agree to 1e-3 may part one of the three.
            assert!(by_device.iter().zip(&by_host).filter(alike).count() >= 4);
            let (one, two) = (tokens(&one), tokens(&two));
            let alike = one.iter().zip(&two).take_while(|(a, b)| a == b).count();
            assert!(alike > 20, "{alike} steps alike");
            // Reading gives the parameters, and learning unpacks them.
            assert_eq!(block_on(packed.read_params()).unwrap(), params);
            block_on(packed.set_reference(None)).unwrap();
            assert!(!packed.is_packed());
            assert_eq!(block_on(packed.read_params()).unwrap(), params);
            assert_eq!(block_on(packed.logits(&inputs)).unwrap(), a);
        }
    }
}
