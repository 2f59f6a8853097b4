//! The contract of the second lab's joint training: a hard forward, gradients by each route alone, noise only in training, and the
//! assignment's hand-written backward in f64 against finite differences and Burn's autodiff.
//!
//! Not here: the parts that need no model (`semantic_id.rs`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use burn::tensor::{Device, Tensor, TensorData};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::{Blends, Engine, Pulse};
use soft_thinking_lab::math::gumbel::gumbel;
use soft_thinking_lab::math::softmax::log_softmax;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::params;
use soft_thinking_lab::semantic_id::assignment::{Draw, Forward, assign, books};
use soft_thinking_lab::semantic_id::config::IndexNoise;
use soft_thinking_lab::semantic_id::exact::{Assignment, Upstream};
use soft_thinking_lab::semantic_id::experiment::{Plan, run_job};
use soft_thinking_lab::semantic_id::joint::{Batch, Joint, Parts, Routes, Shares, joint};
use soft_thinking_lab::semantic_id::quantizer::{QuantizerConfig, ResidualQuantizer};
use soft_thinking_lab::semantic_id::summary::summarise;
use soft_thinking_lab::semantic_id::tokens::Tokens;
use soft_thinking_lab::semantic_id::trainer::recommender;
use soft_thinking_lab::semantic_id::{ARMS, Catalogue, CatalogueConfig, Epoch, Fold, SemanticConfig, SemanticRun};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

const LEVELS: usize = 3;
const CODES: usize = 5;
const DIM: usize = 4;

/// A small assignment in f64: codebooks, vectors, kept codes, noise, a gradient from outside.
struct Case {
    books: Vec<f64>,
    content: Vec<f64>,
    kept: Vec<u32>,
    noise: Vec<f64>,
    upstream: Vec<f64>,
}

impl Case {
    fn new(items: usize, seed: u64) -> Self {
        let mut draws = Stream::new(Key::from_seed(seed));
        let mut normal = |count: usize, scale: f64| -> Vec<f64> {
            // Numbers that f32 has too, so that both sides see the same.
            (0..count).map(|_| f64::from((scale * draws.normal()) as f32)).collect()
        };
        let (books, content) = (normal(LEVELS * CODES * DIM, 0.7), normal(items * DIM, 1.0));
        let upstream = normal(items * LEVELS * CODES, 0.3);
        let noise = (0..items * LEVELS * CODES).map(|_| f64::from(gumbel(draws.uniform()) as f32)).collect();
        let kept = (0..items * LEVELS).map(|_| draws.below(CODES as u32)).collect();
        Self { books, content, kept, noise, upstream }
    }

    fn exact(&self, kept: bool) -> Assignment<'_> {
        Assignment {
            books: &self.books,
            codes: CODES,
            dim: DIM,
            content: &self.content,
            kept: kept.then_some(&self.kept),
            noise: &self.noise,
            temperature: 1.3,
            commitment: 0.25,
        }
    }
}

/// What autodiff differentiates, written down in f64: codes, residuals, scales and the soft choices' values are those at the start and
/// stay; indicators move as hard + soft(books) − soft(books at the start).
fn surrogate(case: &Case, start: &Assignment<'_>, books: &[f64], weights: [f64; 2]) -> f64 {
    let at = start.forward();
    let items = start.items();
    let (mut sum, mut quantization, mut reconstruction) = (0.0, 0.0, 0.0);
    for item in 0..items {
        let content = &case.content[item * DIM..][..DIM];
        let (mut residual, mut whole) = (content.to_vec(), vec![0.0; DIM]);
        for level in 0..LEVELS {
            let place = item * LEVELS + level;
            let word = |books: &[f64], code: usize| books[(level * CODES + code) * DIM..][..DIM].to_vec();
            let away = |books: &[f64], residual: &[f64], code: usize| -> f64 {
                word(books, code).iter().zip(residual).map(|(e, r)| (e - r) * (e - r)).sum()
            };
            // The scale of the scores is that of all items of the batch at the start.
            let mut bounds = (f64::MAX, f64::MIN);
            for other in 0..items {
                let mut left = case.content[other * DIM..][..DIM].to_vec();
                for above in 0..level {
                    let code = at.codes[other * LEVELS + above] as usize;
                    let word = &case.books[(above * CODES + code) * DIM..][..DIM];
                    left.iter_mut().zip(word).for_each(|(l, e)| *l -= e);
                }
                for code in 0..CODES {
                    let d = away(&case.books, &left, code);
                    bounds = (bounds.0.min(d), bounds.1.max(d));
                }
            }
            let (middle, half) = (0.5 * (bounds.0 + bounds.1), 0.5 * (bounds.1 - bounds.0));
            let perturbed = |books: &[f64]| -> Vec<f64> {
                (0..CODES)
                    .map(|code| (middle - away(books, &residual, code)) / half + case.noise[place * CODES + code])
                    .collect()
            };
            let soft = soft_thinking_lab::math::gumbel::mixture(&perturbed(books), 1.3);
            let before = &at.soft[place * CODES..][..CODES];
            let hard = at.codes[place] as usize;
            let indicator: Vec<f64> =
                (0..CODES).map(|code| f64::from(u8::from(code == hard)) + soft[code] - before[code]).collect();
            sum += indicator.iter().zip(&case.upstream[place * CODES..]).map(|(p, w)| p * w).sum::<f64>();
            let mut mixed = vec![0.0; DIM];
            for (code, weight) in indicator.iter().enumerate() {
                mixed.iter_mut().zip(word(books, code)).for_each(|(m, e)| *m += weight * e);
            }
            let elements = (items * DIM * LEVELS) as f64;
            quantization += mixed.iter().zip(&residual).map(|(m, r)| (m - r) * (m - r)).sum::<f64>() / elements;
            residual.iter_mut().zip(word(&case.books, hard)).for_each(|(r, e)| *r -= e);
            whole.iter_mut().zip(mixed).for_each(|(w, m)| *w += m);
        }
        let missed = whole.iter().zip(content).map(|(w, x)| (w - x) * (w - x)).sum::<f64>();
        reconstruction += missed / (items * DIM) as f64;
    }
    sum + weights[0] * quantization + weights[1] * reconstruction
}

#[test]
fn the_backward_in_f64_meets_finite_differences() {
    for (kept, weights) in [(true, [0.0, 0.0]), (false, [1.0, 0.0]), (true, [0.0, 1.0]), (false, [0.7, 1.4])] {
        let case = Case::new(6, 5);
        let exact = case.exact(kept);
        let upstream = Upstream { indicator: &case.upstream, quantization: weights[0], reconstruction: weights[1] };
        let gradient = exact.backward(&exact.forward(), &upstream);
        assert!(gradient.iter().filter(|g| g.abs() > 1e-4).count() > gradient.len() / 2, "hardly any gradient");
        for place in 0..gradient.len() {
            let moved = |by: f64| {
                let mut books = case.books.clone();
                books[place] += by;
                surrogate(&case, &exact, &books, weights)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            // Central differences of step 1e-5 err by about 1e-10 of curvature and 1e-11 of rounding; the promise is 1e-6.
            assert!(
                (slope - gradient[place]).abs() <= 1e-7,
                "{kept} {weights:?} {place}: {slope}, {}",
                gradient[place]
            );
        }
    }
}

fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|v| *v as f32).collect()
}

#[test]
fn burn_assigns_and_differentiates_as_f64_does() {
    let device = Device::flex().autodiff();
    for forward in [Forward::Cached, Forward::Sampled] {
        let case = Case::new(40, 6);
        let exact = case.exact(forward == Forward::Cached);
        let wanted = exact.forward();
        let quantizer = ResidualQuantizer { levels: LEVELS, codes: CODES, dim: DIM, codebooks: single(&case.books) };
        let (content, noise) = (single(&case.content), single(&case.noise));
        let draw = Draw { content: &content, cached: &case.kept, noise: &noise, temperature: 1.3, forward };
        let tables = books(&quantizer, &device);
        let found = assign(&tables, &draw, 0.25, &device);
        assert_eq!(found.codes, wanted.codes);
        let near = |found: Tensor<1>, wanted: f64| {
            let found = f64::from(found.into_data().as_slice::<f32>().unwrap()[0]);
            assert!((found - wanted).abs() <= 1e-5 * wanted.abs().max(1.0), "{found} against {wanted}");
        };
        near(found.quantization.clone(), wanted.quantization);
        near(found.reconstruction.clone(), wanted.reconstruction);
        // Whatever the noise: one 1 and else 0, to the bit.
        for (level, indicator) in found.straight_through.iter().enumerate() {
            let values = indicator.clone().into_data();
            for (item, row) in values.as_slice::<f32>().unwrap().chunks(CODES).enumerate() {
                let code = wanted.codes[item * LEVELS + level];
                assert!(
                    row.iter().enumerate().all(|(c, v)| v.to_bits() == f32::from(u8::from(c as u32 == code)).to_bits())
                );
            }
        }
        let mut loss = found.quantization.mul_scalar(0.7) + found.reconstruction.mul_scalar(1.4);
        for (level, indicator) in found.straight_through.into_iter().enumerate() {
            let weights: Vec<f32> =
                (0..40).flat_map(|item| single(&case.upstream[(item * LEVELS + level) * CODES..][..CODES])).collect();
            loss = loss + (indicator * Tensor::<2>::from_data(TensorData::new(weights, [40, CODES]), &device)).sum();
        }
        let gradients = loss.backward();
        let upstream = Upstream { indicator: &case.upstream, quantization: 0.7, reconstruction: 1.4 };
        let wanted = exact.backward(&wanted, &upstream);
        let found = tables
            .iter()
            .flat_map(|table| table.grad(&gradients).unwrap().into_data().as_slice::<f32>().unwrap().to_vec());
        let largest = wanted.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        for (found, wanted) in found.zip(&wanted) {
            // Sums of 40 terms in f32.
            assert!((f64::from(found) - wanted).abs() <= 2e-5 * largest, "{forward:?}: {found} against {wanted}");
        }
    }
}

fn small_catalogue() -> CatalogueConfig {
    CatalogueConfig { items: 60, users: 40, clusters: 4, dim: 8, history: [4, 8], ..CatalogueConfig::default() }
}

fn small(arm: &str) -> SemanticConfig {
    let usual = SemanticConfig::arm(arm).unwrap();
    SemanticConfig { codes: 6, epochs: 3, batch_size: 16, hidden_size: 16, max_history: 4, ..usual }
}

/// The gradients of one batch by some routes, L_gen alone.
fn gradients(routes: Routes, forward: Forward) -> Joint {
    let catalogue = Catalogue::synthetic(&small_catalogue()).unwrap();
    let config = small("dril");
    let quantizer =
        ResidualQuantizer::fit(&catalogue.content, catalogue.dim, &config.quantizer(), Key::from_seed(1)).unwrap();
    let ids = quantizer.balanced_ids(&catalogue.content, &config.quantizer());
    let tokens = Tokens { levels: config.levels, codes: config.codes, suffixes: config.suffixes };
    let model = recommender(&config, tokens).unwrap();
    let parameters = params::init(&model, 1);
    let questions = (0..20).map(|user| {
        let (known, target) = catalogue.question(user, Fold::Test, 0).unwrap();
        (&known[known.len().saturating_sub(4)..], target)
    });
    let batch = Batch::new(questions);
    let content: Vec<f32> = batch.items.iter().flat_map(|item| catalogue.vector(*item)).copied().collect();
    let cached: Vec<u32> = batch.items.iter().flat_map(|item| ids.of(*item)).copied().collect();
    let suffix: Vec<u32> = batch.items.iter().map(|item| ids.suffix[*item as usize]).collect();
    let mut draws = Stream::new(Key::from_seed(2));
    let noise: Vec<f32> = (0..cached.len() * config.codes).map(|_| gumbel(draws.uniform()) as f32).collect();
    let draw = Draw { content: &content, cached: &cached, noise: &noise, temperature: 2.0, forward };
    let parts = Parts { config: &model, params: &parameters, quantizer: &quantizer, tokens, suffix: &suffix };
    let shares = Shares { generation: 1.0, quantization: 0.0, reconstruction: 0.0, commitment: 0.25 };
    block_on(joint(&parts, &batch, &draw, routes, shares)).unwrap()
}

#[test]
fn the_recommendation_loss_reaches_every_codebook_by_each_route_alone_and_none_when_all_are_cut() {
    let of = |history, target, labels| gradients(Routes { history, target, labels }, Forward::Cached);
    let cut = of(false, false, false);
    assert!(cut.codebook_gradient.iter().all(|g| *g == 0.0), "a cut route leaks");
    assert!(cut.model_gradient.iter().any(|g| g.abs() > 1e-4));
    let size = 6 * 8;
    let mut sum = vec![0.0_f32; 3 * size];
    for (name, route) in
        [("history", of(true, false, false)), ("target", of(false, true, false)), ("labels", of(false, false, true))]
    {
        // The forward is the same whichever way the gradient goes.
        assert_eq!(route.generation, cut.generation, "{name}");
        for level in 0..3 {
            let book = &route.codebook_gradient[level * size..][..size];
            let reached = book.chunks(8).filter(|word| word.iter().any(|g| g.abs() > 1e-7)).count();
            // The soft choice spreads over all codes, so every codeword of the level is reached.
            assert_eq!(reached, 6, "{name} reaches {reached} codewords of level {level}");
        }
        sum.iter_mut().zip(&route.codebook_gradient).for_each(|(sum, g)| *sum += g);
    }
    let all = of(true, true, true);
    let largest = sum.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    for (together, parts) in all.codebook_gradient.iter().zip(&sum) {
        assert!((together - parts).abs() <= 1e-5 * largest, "the routes do not add up: {together}, {parts}");
    }
}

#[test]
fn a_sampled_forward_draws_what_a_kept_one_does_not() {
    let (kept, drawn) = (gradients(Routes::default(), Forward::Cached), gradients(Routes::default(), Forward::Sampled));
    assert_eq!(drawn.codes, drawn.sampled);
    assert_ne!(kept.codes, drawn.codes);
    // The first level's scores do not hang on the forward.
    let first = |codes: &[u32]| codes.iter().step_by(3).copied().collect::<Vec<_>>();
    assert_eq!(first(&kept.sampled), first(&drawn.sampled));
    assert!(kept.assignment_entropy > 0.5 * 6_f64.ln());
}

fn started(config: SemanticConfig) -> SemanticRun {
    SemanticRun::start(Catalogue::synthetic(&small_catalogue()).unwrap(), config).unwrap()
}

fn epochs(run: &mut SemanticRun) -> Vec<Epoch> {
    let mut all = Vec::new();
    while !run.finished() {
        all.push(block_on(run.epoch(&Pulse::default(), &mut |_, _| ())).unwrap());
    }
    all
}

#[test]
fn no_noise_is_a_plain_straight_through_estimator() {
    let silent = SemanticConfig { sigma: 0.0, forward: Forward::Sampled, ..small("dril") };
    let plain = SemanticConfig { arm: "dril".into(), ..small("straight-through") };
    let (mut silent, mut plain) = (started(silent), started(plain));
    let wanted = Epoch { sigma: 0.0, ..epochs(&mut plain).pop().unwrap() };
    assert_eq!(epochs(&mut silent).pop().unwrap(), wanted);
    let noisy = epochs(&mut started(small("dril"))).pop().unwrap();
    assert_ne!(noisy.generation, wanted.generation);
    assert!(wanted.noisy == 0.0 && noisy.noisy == 1.0);
}

#[test]
fn evaluation_ignores_noise() {
    // Nothing learns, so the runs differ in their noise alone.
    let still = |noise, seed_of_noise| SemanticConfig {
        noise,
        sigma: seed_of_noise,
        learning_rate: 0.0,
        weight_decay: 0.0,
        codebook_learning_rate: 0.0,
        ..small("dril")
    };
    let ranked = |config| {
        let mut run = started(config);
        epochs(&mut run);
        block_on(run.evaluate(Fold::Test, 0, &Pulse::default())).unwrap()
    };
    let wanted = ranked(still(IndexNoise::None, 1.0));
    for (noise, sigma) in [(IndexNoise::Gumbel, 1.0), (IndexNoise::Gumbel, 50.0), (IndexNoise::Gaussian, 1.0)] {
        assert_eq!(ranked(still(noise, sigma)), wanted);
    }
}

#[test]
fn one_batch_is_learned_by_heart() {
    // Four interactions a user: one question each, the same in every epoch; all users in one batch.
    let catalogue = CatalogueConfig { users: 12, history: [4, 4], ..small_catalogue() };
    let config =
        SemanticConfig { epochs: 200, batch_size: 12, learning_rate: 1e-2, weight_decay: 0.0, ..small("dril") };
    let config = SemanticConfig { evaluation_epochs: 0, ..config };
    let mut catalogue = Catalogue::synthetic(&catalogue).unwrap();
    // Two users who met the same item and went different ways cannot both be right.
    catalogue.histories.iter_mut().zip(0..).for_each(|(history, user)| history[0] = user);
    let mut run = SemanticRun::start(catalogue, config).unwrap();
    let all = epochs(&mut run);
    let (first, last) = (all[0].generation, all[all.len() - 1].generation);
    assert!(first > 5.0 && last < 0.1, "L_gen {first} to {last}");
}

#[test]
fn a_cancelled_epoch_goes_on_where_it_was_left() {
    let (mut whole, mut torn) = (started(small("dril-both")), started(small("dril-both")));
    let wanted = epochs(&mut whole);
    let pulse = Pulse::default();
    let flag = pulse.flag();
    let mut stop = |done: usize, _: usize| flag.store(done == 1, std::sync::atomic::Ordering::Relaxed);
    let cancelled = block_on(torn.epoch(&pulse, &mut stop)).unwrap_err();
    assert_eq!(cancelled.code(), "cancelled");
    assert_eq!(epochs(&mut torn), wanted);
    let over = block_on(torn.epoch(&Pulse::default(), &mut |_, _| ())).unwrap_err();
    assert!(over.to_string().contains("over after its 3 epochs"), "{over}");
}

/// The beam against every item's log-probability, one forward a place through the engine of the first lab.
#[test]
fn with_enough_beams_the_search_is_a_full_ranking() {
    let mut run = started(SemanticConfig { beams: 60, ..small("dril") });
    epochs(&mut run);
    let searcher = run.searcher();
    let history: &[u32] = &[3, 17, 41];
    let found = block_on(searcher.rankings(&[history, &[5]], &Pulse::default())).unwrap();
    assert!(found.iter().all(|ranked| ranked.len() == 60));
    let mut engine = CpuEngine::new(searcher.config, searcher.params.to_vec()).unwrap();
    let tokens = searcher.tokens;
    let places = |item: u32| tokens.places(run.ids().of(item), run.ids().suffix[item as usize]);
    let mut prompt = Blends::new(4);
    prompt.push(&[tokens.begin()], &[1.0]);
    history.iter().for_each(|item| prompt.push(&tokens.of(&places(*item)).collect::<Vec<_>>(), &[1.0; 4]));
    for (item, log_prob) in &found[0] {
        let own = places(*item);
        let mut inputs = prompt.clone();
        tokens.of(&own).take(3).for_each(|token| inputs.push(&[token], &[1.0]));
        let logits = block_on(engine.logits(&inputs)).unwrap();
        let sum: f64 = (own.iter().enumerate())
            .map(|(place, code)| {
                let (from, count) = tokens.at(place);
                let row = &logits[(history.len() + place) * tokens.vocabulary() + from..][..count];
                log_softmax(&row.iter().map(|x| f64::from(*x)).collect::<Vec<_>>())[*code as usize]
            })
            .sum();
        // Two ways through the same layers in f32.
        assert!((sum - log_prob).abs() <= 1e-4, "item {item}: {log_prob} against {sum}");
    }
    assert!(found[0].windows(2).all(|pair| pair[0].1 >= pair[1].1));
    let narrow = soft_thinking_lab::semantic_id::beam::Searcher { beams: 30, ..searcher };
    let narrow = block_on(narrow.rankings(&[history], &Pulse::default())).unwrap();
    assert_eq!(narrow[0][0].0, found[0][0].0);
}

#[test]
fn every_arm_runs_and_does_what_its_name_says() {
    for (arm, _) in ARMS {
        let mut run = started(small(arm));
        let before = run.quantizer().clone();
        let all = epochs(&mut run);
        let last = &all[2];
        assert!(last.generation.is_finite() && all[2].generation < all[0].generation, "{arm}");
        assert_eq!(run.quantizer() == &before, arm == "frozen", "{arm}");
        match arm {
            "frozen" | "straight-through" => assert_eq!(last.noisy, 0.0),
            "dril" | "gaussian" | "detached" | "annealed" | "dril-uncertainty" => assert_eq!(last.noisy, 1.0),
            _ => assert!(last.noisy < 1.0, "{arm}"),
        }
        assert_eq!(all[0].sigma != 1.0, ["dril-uncertainty", "dril-both"].contains(&arm), "{arm}");
        let cooled = arm == "annealed";
        assert!(all[0].temperature == 2.0 && (last.temperature - if cooled { 0.1 } else { 2.0 }).abs() <= 1e-12);
    }
}

#[test]
fn bad_input_names_the_value_and_the_fix() {
    let catalogue = || Catalogue::synthetic(&small_catalogue()).unwrap();
    let refused = |catalogue: Catalogue, config: SemanticConfig| {
        SemanticRun::start(catalogue, config).err().map(|e| (e.code(), e.to_string())).unwrap()
    };
    let says = |(code, text): (&str, String), wanted: &str| {
        assert!(code == "bad-input" && text.contains(wanted), "expected …{wanted}…, got {code}: {text}");
    };
    says(
        refused(catalogue(), SemanticConfig { codes: 1, ..small("dril") }),
        "codes: expected 2 to 1024 a level, got 1",
    );
    says(refused(catalogue(), SemanticConfig { levels: 9, ..small("dril") }), "levels: expected 1 to 6 for 60 items");
    says(
        refused(catalogue(), SemanticConfig { levels: 1, codes: 2, suffixes: 4, ..small("dril") }),
        "4 suffixes tell apart no more; take more levels or codes",
    );
    says(
        refused(catalogue(), SemanticConfig { temperature: f64::NAN, ..small("dril") }),
        "temperature: expected 0.01 to 100",
    );
    let mut holed = catalogue();
    holed.content[8 * 5 + 2] = f32::NAN;
    says(refused(holed, small("dril")), "item \"5\": element 2 of its vector is NaN; expected a finite number: repair");
    let mut lonely = catalogue();
    lonely.histories[7].truncate(1);
    says(refused(lonely, small("dril")), "user 7 has 1 interactions; expected at least 3");
    let mut short = catalogue();
    short.histories.iter_mut().for_each(|history| history.truncate(3));
    says(refused(short, small("dril")), "nothing is left to train on");
    let typo = SemanticConfig::arm("drill").unwrap_err().to_string();
    assert!(typo.contains("expected one of frozen, straight-through, dril,") && typo.contains("\"drill\""), "{typo}");
    let own = serde_json::Map::from_iter([("cods".to_owned(), 8.into())]);
    let key = SemanticConfig::read("dril", &own).unwrap_err().to_string();
    assert!(key.contains("unknown field `cods`") && key.contains("`codes`"), "{key}");
    let usual = QuantizerConfig { sinkhorn_epsilon: 1e-9, ..QuantizerConfig::default() };
    assert!(usual.validate(400).unwrap_err().to_string().contains("sinkhorn_epsilon: expected 0 (nearest code)"));
}

#[test]
fn an_experiment_is_summarised_with_intervals_and_contrasts() {
    let plan: Plan = serde_json::from_value(serde_json::json!({
        "name": "small", "title": "Small", "seeds": [1, 2], "against": ["frozen"],
        "catalogue": small_catalogue(),
        "settings": { "codes": 6, "epochs": 2, "hidden_size": 16, "max_history": 4, "evaluation_epochs": 1 },
        "arms": [{ "arm": "frozen" }, { "arm": "dril", "set": { "sigma": 0.5 } }],
    }))
    .unwrap();
    plan.validate().unwrap();
    let records: Vec<_> =
        plan.jobs().map(|job| block_on(run_job(&job, &Pulse::default(), &mut |_, _| ())).unwrap()).collect();
    assert!(plan.jobs().zip(&records).all(|(job, record)| record.is_of(&job).unwrap()));
    let other = plan.jobs().nth(1).unwrap();
    assert!(!records[0].is_of(&other).unwrap());
    assert_eq!(records[1].config.sigma, 0.5);
    let again = block_on(run_job(&other, &Pulse::default(), &mut |_, _| ())).unwrap();
    assert_eq!(again, records[1], "a run is its settings");
    let summary = summarise(&plan, &records);
    assert_eq!((summary.runs, summary.runs_planned, summary.arms.len(), summary.contrasts.len()), (4, 4, 2, 4));
    let frozen = &summary.arms[0];
    let recall = frozen.numbers["recall@10"];
    let mean = 0.5 * (records[0].test.recall[1] + records[2].test.recall[1]);
    assert!((recall.mean - mean).abs() <= 1e-12 && recall.low <= mean && mean <= recall.high);
    assert_eq!((frozen.curve.len(), frozen.numbers["drift_total"].mean), (3, 0.0));
    let mut twice = plan.clone();
    twice.arms.push(plan.arms[0].clone());
    assert!(twice.validate().unwrap_err().to_string().contains("two arms are called \"frozen\""));
}
