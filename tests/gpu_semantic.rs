//! The second lab on the GPU engine against the CPU's autodiff: losses and gradients by every route, updates of every arm, whole runs,
//! and what a step costs.
//!
//! Not here: single kernels (`kernels_semantic.rs`). An adapter is promised by the feature `gpu`: without one these fail.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::sync::atomic::Ordering;

use soft_thinking_lab::engine::choose::EngineChoice;
use soft_thinking_lab::engine::gpu::Variant;
use soft_thinking_lab::engine::gpu::codes::{CodeBatch, CodeShape, CodeState, CodeStep, CodeTrainer};
use soft_thinking_lab::engine::{OptimizerConfig, Pulse};
use soft_thinking_lab::math::gumbel::gumbel;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::semantic_id::assignment::{Draw, Forward};
use soft_thinking_lab::semantic_id::joint::{Batch, Parts, Routes, Shares, joint};
use soft_thinking_lab::semantic_id::quantizer::ResidualQuantizer;
use soft_thinking_lab::semantic_id::tokens::Tokens;
use soft_thinking_lab::semantic_id::trainer::recommender;
use soft_thinking_lab::semantic_id::{ARMS, Catalogue, CatalogueConfig, Epoch, Fold, SemanticConfig, SemanticRun};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn small_catalogue() -> CatalogueConfig {
    CatalogueConfig { items: 60, users: 40, clusters: 4, dim: 7, history: [4, 8], ..CatalogueConfig::default() }
}

fn small(arm: &str) -> SemanticConfig {
    let usual = SemanticConfig::arm(arm).unwrap();
    SemanticConfig { codes: 6, epochs: 3, batch_size: 16, hidden_size: 16, max_history: 4, ..usual }
}

/// ‖a − b‖ / ‖b‖
fn distance(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let squares: f64 = a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    (squares / b.iter().map(|b| f64::from(*b).powi(2)).sum::<f64>()).sqrt()
}

const STILL: OptimizerConfig = OptimizerConfig {
    learning_rate: 0.0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0.0,
    max_grad_norm: 0.0,
};

/// A recommender, codebooks and one batch of questions with noise.
struct Case {
    catalogue: Catalogue,
    quantizer: ResidualQuantizer,
    tokens: Tokens,
    model: ModelConfig,
    params: Vec<f32>,
    batch: Batch,
    content: Vec<f32>,
    kept: Vec<u32>,
    suffix: Vec<u32>,
    noise: Vec<f32>,
}

impl Case {
    fn new(codes: usize, dim: usize) -> Self {
        let catalogue = Catalogue::synthetic(&CatalogueConfig { dim, ..small_catalogue() }).unwrap();
        let config = SemanticConfig { codes, ..small("dril") };
        let quantizer =
            ResidualQuantizer::fit(&catalogue.content, dim, &config.quantizer(), Key::from_seed(1)).unwrap();
        let ids = quantizer.balanced_ids(&catalogue.content, &config.quantizer());
        let tokens = Tokens { levels: config.levels, codes, suffixes: config.suffixes };
        let model = recommender(&config, tokens).unwrap();
        let params = params::init(&model, 1);
        let questions = (0..21).map(|user| {
            let (known, target) = catalogue.question(user, Fold::Test, 0).unwrap();
            (&known[known.len().saturating_sub(1 + user % 4)..], target)
        });
        let batch = Batch::new(questions);
        let content = batch.items.iter().flat_map(|item| catalogue.vector(*item)).copied().collect();
        let kept: Vec<u32> = batch.items.iter().flat_map(|item| ids.of(*item)).copied().collect();
        let suffix = batch.items.iter().map(|item| ids.suffix[*item as usize]).collect();
        let mut draws = Stream::new(Key::from_seed(2));
        let noise = (0..kept.len() * codes).map(|_| gumbel(draws.uniform()) as f32).collect();
        Self { quantizer, tokens, model, params, batch, content, kept, suffix, noise, catalogue }
    }

    fn shape(&self) -> CodeShape {
        CodeShape {
            levels: self.tokens.levels,
            codes: self.tokens.codes,
            suffixes: self.tokens.suffixes,
            dim: self.catalogue.dim,
            most_items: 60,
            most_questions: 21,
            most_time: 1 + 4 + self.tokens.levels,
        }
    }

    fn state(&self) -> CodeState {
        let (model, books) = (self.params.clone(), self.quantizer.codebooks.clone());
        CodeState { time: 0, model: [model, vec![], vec![]], books: [books, vec![], vec![]] }
    }

    /// Compares a step by some routes on both engines: relative distances of both gradients.
    fn compare(&self, trainer: &mut CodeTrainer, routes: Routes, forward: Forward, noisy: bool, shares: Shares) {
        let silence = vec![0.0; self.noise.len()];
        let noise = if noisy { &self.noise } else { &silence };
        let (content, cached) = (&self.content[..], &self.kept[..]);
        let draw = Draw { content, cached, noise, temperature: 2.0, forward };
        let Self { model: config, params, quantizer, tokens, suffix, .. } = self;
        let parts = Parts { config, params, quantizer, tokens: *tokens, suffix };
        let wanted = block_on(joint(&parts, &self.batch, &draw, routes, shares)).unwrap();
        let rows = CodeBatch { rows: &self.batch.rows, content, kept: cached, suffix, noise };
        let step = CodeStep {
            temperature: 2.0,
            sampled: forward == Forward::Sampled,
            history: routes.history,
            target: routes.target,
            labels: routes.labels,
            generation: shares.generation,
            quantization: shares.quantization,
            reconstruction: shares.reconstruction,
            commitment: shares.commitment,
            model: STILL,
            books: Some(STILL),
            read_books: true,
        };
        let found = block_on(trainer.step(&rows, &step)).unwrap();
        let what = format!("{routes:?} {forward:?} noise {noisy} {shares:?}");
        assert!(found.applied, "{what}");
        assert_eq!((&found.codes, &found.nearest), (&wanted.codes, &wanted.deterministic), "{what}");
        assert_eq!(found.drawn, wanted.sampled, "{what}");
        assert_eq!(found.books.as_ref(), Some(&quantizer.codebooks), "{what}");
        for (name, found, wanted) in [
            ("L_gen", found.generation, wanted.generation),
            ("L_vq", found.quantization, wanted.quantization),
            ("L_recon", found.reconstruction, wanted.reconstruction),
            ("entropy", found.entropy, wanted.assignment_entropy),
        ] {
            // f32 in another order; the promise is 1e-3.
            assert!((found - wanted).abs() <= 1e-4 * wanted.abs(), "{what}: {name} {found}, on the CPU {wanted}");
        }
        let [of_model, of_books] = block_on(trainer.gradients()).unwrap();
        let model = distance(&of_model, &wanted.model_gradient);
        let silent = wanted.codebook_gradient.iter().all(|g| *g == 0.0);
        let books = match silent {
            true => of_books.iter().fold(0.0, |most, g| f64::from(g.abs()).max(most)),
            false => distance(&of_books, &wanted.codebook_gradient),
        };
        println!("{what}: model {model:.1e}, codebooks {books:.1e}{}", if silent { " (none)" } else { "" });
        assert!(model <= 1e-4 && books <= if silent { 0.0 } else { 1e-4 }, "{what}: {model:.1e}, {books:.1e}");
    }
}

#[test]
fn losses_and_gradients_are_those_of_burns_autodiff_by_every_route() {
    let all = |generation, quantization, reconstruction| Shares {
        generation,
        quantization,
        reconstruction,
        commitment: 0.25,
    };
    // Sizes that are, and are not, multiples of 4.
    for (variant, codes, dim) in [(Variant::Plain, 6, 7), (Variant::Shared, 6, 7), (Variant::Plain, 8, 12)] {
        let case = Case::new(codes, dim);
        let mut trainer =
            block_on(CodeTrainer::with_variant(&case.model, &case.state(), case.shape(), variant)).unwrap();
        for mask in 0..8 {
            let routes = Routes { history: mask & 1 > 0, target: mask & 2 > 0, labels: mask & 4 > 0 };
            case.compare(&mut trainer, routes, Forward::Cached, true, all(1.0, 0.0, 0.0));
        }
        for forward in [Forward::Cached, Forward::Sampled] {
            for noisy in [false, true] {
                case.compare(&mut trainer, Routes::default(), forward, noisy, all(1.0, 1.0, 1.0));
                case.compare(&mut trainer, Routes::DETACHED, forward, noisy, all(0.5, 0.7, 1.4));
            }
        }
    }
}

fn started(config: &SemanticConfig, engine: EngineChoice) -> SemanticRun {
    let config = SemanticConfig { engine, ..config.clone() };
    SemanticRun::start(Catalogue::synthetic(&small_catalogue()).unwrap(), config).unwrap()
}

fn epochs(run: &mut SemanticRun) -> Vec<Epoch> {
    let mut all = Vec::new();
    while !run.finished() {
        all.push(block_on(run.epoch(&Pulse::default(), &mut |_, _| ())).unwrap());
    }
    all
}

/// How far parameters moved: how far apart the engines' moves are, against the move itself.
fn moves(found: &[f32], wanted: &[f32], before: &[f32]) -> f64 {
    let by = |after: &[f32]| after.iter().zip(before).map(|(a, b)| a - b).collect::<Vec<f32>>();
    distance(&by(found), &by(wanted))
}

#[test]
fn every_arm_updates_its_parameters_as_the_cpu_does() {
    for (arm, _) in ARMS {
        // One update, of all users at once.
        let config = SemanticConfig { epochs: 1, batch_size: 40, evaluation_epochs: 0, warm_up: 0, ..small(arm) };
        let (mut cpu, mut gpu) = (started(&config, EngineChoice::Cpu), started(&config, EngineChoice::Gpu));
        assert_eq!(block_on(cpu.open()).unwrap(), "CPU (Burn)");
        assert!(block_on(gpu.open()).unwrap().starts_with("GPU (WGSL) on "));
        let (params, books) = (cpu.searcher().params.to_vec(), cpu.quantizer().codebooks.clone());
        let (wanted, found) = (epochs(&mut cpu).remove(0), epochs(&mut gpu).remove(0));
        for (name, found, wanted) in [
            ("L_gen", found.generation, wanted.generation),
            ("L_vq", found.quantization, wanted.quantization),
            ("L_recon", found.reconstruction, wanted.reconstruction),
            ("σ", found.sigma, wanted.sigma),
        ] {
            assert!((found - wanted).abs() <= 1e-4 * wanted, "{arm}: {name} {found}, on the CPU {wanted}");
        }
        let model = moves(gpu.searcher().params, cpu.searcher().params, &params);
        let apart = distance(gpu.searcher().params, cpu.searcher().params);
        let codes = match arm {
            "frozen" => distance(&gpu.quantizer().codebooks, &books),
            _ => moves(&gpu.quantizer().codebooks, &cpu.quantizer().codebooks, &books),
        };
        println!("{arm}: parameters {apart:.1e}, their move {model:.1e}, that of codebooks {codes:.1e}");
        // The first step of AdamW is a sign, which tells apart what gradients of 1e-6 of the norm say; the promise is 1e-3.
        assert!(apart <= 1e-5 && model <= 1e-3 && codes <= 1e-3, "{arm}: {apart:.1e}, {model:.1e}, {codes:.1e}");
        assert_eq!((found.noisy, found.agreement), (wanted.noisy, wanted.agreement), "{arm}");
    }
}

#[test]
fn a_few_epochs_of_every_arm_come_to_the_same() {
    for (arm, _) in ARMS {
        let config = SemanticConfig { evaluation_epochs: 1, evaluation_users: 0, ..small(arm) };
        let (mut cpu, mut gpu) = (started(&config, EngineChoice::Cpu), started(&config, EngineChoice::Gpu));
        let (wanted, found) = (epochs(&mut cpu), epochs(&mut gpu));
        for (found, wanted) in found.iter().zip(&wanted) {
            let apart = (found.generation - wanted.generation).abs() / wanted.generation;
            let recalls = [&found, &wanted].map(|epoch| epoch.validation.as_ref().unwrap().recall[1]);
            println!("{arm} {}: L_gen {apart:.1e} apart, recall@10 {recalls:?}", found.epoch);
            // Nine updates of AdamW spread rounding; the promise is 1e-3 an update.
            assert!(apart <= 5e-3, "{arm}: {} and {}", found.generation, wanted.generation);
            // One user in forty.
            assert!((recalls[0] - recalls[1]).abs() <= 0.05 + 1e-9, "{arm}: {recalls:?}");
            assert!((found.drift - wanted.drift).abs() <= 0.05 && found.noisy == wanted.noisy, "{arm}");
        }
        // The same recommender is worth the same, whoever trained it: evaluation is the CPU's on both.
        let test = block_on(gpu.evaluate(Fold::Test, 0, &Pulse::default())).unwrap();
        assert_eq!(test.users, 40);
    }
}

#[test]
fn a_step_is_one_submit_and_one_read_back_and_makes_nothing() {
    let mut run = started(&SemanticConfig { evaluation_epochs: 0, ..small("dril-both") }, EngineChoice::Gpu);
    let mut seen = Vec::new();
    epochs_counted(&mut run, &mut seen);
    let [before, after] = [&seen[0], &seen[1]];
    println!("three updates an epoch: {before:?}, {after:?}");
    assert_eq!(after[0], before[0], "something was made after the first epoch");
    // Three updates of 40 users, 16 at a time; six buffers come back at the end of the epoch, one submit each.
    assert_eq!((after[2] - before[2], after[3] - before[3]), (3 + 6, 3 + 6));
    println!("{} dispatches an update", (after[1] - before[1]) / 3);
}

fn epochs_counted(run: &mut SemanticRun, seen: &mut Vec<[u64; 4]>) {
    while !run.finished() {
        block_on(run.epoch(&Pulse::default(), &mut |_, _| ())).unwrap();
        seen.push(run.device_counts().unwrap());
    }
}

#[test]
fn a_cancelled_epoch_goes_on_where_it_was_left() {
    let config = small("dril-both");
    let (mut whole, mut torn) = (started(&config, EngineChoice::Gpu), started(&config, EngineChoice::Gpu));
    let wanted = epochs(&mut whole);
    let pulse = Pulse::default();
    let flag = pulse.flag();
    let mut stop = |done: usize, _: usize| flag.store(done == 1, Ordering::Relaxed);
    assert_eq!(block_on(torn.epoch(&pulse, &mut stop)).unwrap_err().code(), "cancelled");
    assert_eq!(epochs(&mut torn), wanted);
}

#[test]
fn a_lost_device_says_so_and_the_epoch_begins_anew() {
    let config = small("dril-both");
    let (mut whole, mut torn) = (started(&config, EngineChoice::Gpu), started(&config, EngineChoice::Gpu));
    let wanted = epochs(&mut whole);
    let first = block_on(torn.epoch(&Pulse::default(), &mut |_, _| ())).unwrap();
    assert_eq!(first, wanted[0]);
    // In the middle of the second epoch: one update is done and taken back.
    let pulse = Pulse::default();
    let flag = pulse.flag();
    let mut stop = |done: usize, _: usize| flag.store(done == 1, Ordering::Relaxed);
    assert_eq!(block_on(torn.epoch(&pulse, &mut stop)).unwrap_err().code(), "cancelled");
    torn.lose_device();
    let lost = block_on(torn.epoch(&Pulse::default(), &mut |_, _| ())).unwrap_err();
    assert_eq!(lost.code(), "device-lost");
    assert!(lost.to_string().contains("the work goes on from its last saved state"), "{lost}");
    // A device opened anew, from the parameters and the memory of the first epoch.
    assert_eq!(epochs(&mut torn), wanted[1..]);
}

#[test]
fn what_the_gpu_cannot_take_is_said_with_a_way_out() {
    let refused =
        |config: SemanticConfig| block_on(started(&config, EngineChoice::Gpu).open()).unwrap_err().to_string();
    let wide = refused(SemanticConfig { suffixes: 2000, ..small("dril") });
    assert!(wide.contains("vocab_size") && wide.contains("1024"), "{wide}");
    let case = Case::new(6, 7);
    let shape = CodeShape { most_questions: 20_000, ..case.shape() };
    let long = block_on(CodeTrainer::open(&case.model, &case.state(), shape)).err().unwrap().to_string();
    assert!(long.contains("batch_size") && long.contains("or the CPU engine"), "{long}");
}

#[test]
fn auto_takes_the_cpu_where_the_gpu_is_a_processor() {
    let mut run = started(&small("dril"), EngineChoice::Auto);
    let name = block_on(run.open()).unwrap();
    let software = block_on(soft_thinking_lab::engine::choose::adapter()).unwrap().software;
    assert_eq!(name == "CPU (Burn)", software, "{name}");
}
