//! The second lab's parts that need no model: catalogues, their import, residual quantisation, balance, decay, health, ranking.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::semantic_id::catalogue::Fold;
use soft_thinking_lab::semantic_id::decay::{Usage, noise_scale, sigma_loss};
use soft_thinking_lab::semantic_id::health::{conflicts, drift, level_health};
use soft_thinking_lab::semantic_id::quantizer::distance;
use soft_thinking_lab::semantic_id::ranking::{ndcg_at_k, recall_at_k};
use soft_thinking_lab::semantic_id::sinkhorn::{balanced, centred};
use soft_thinking_lab::semantic_id::{Catalogue, CatalogueConfig, Ids, QuantizerConfig, ResidualQuantizer};

fn catalogue() -> Catalogue {
    Catalogue::synthetic(&CatalogueConfig::default()).unwrap()
}

fn fitted(catalogue: &Catalogue) -> (ResidualQuantizer, QuantizerConfig) {
    let config = QuantizerConfig::default();
    (ResidualQuantizer::fit(&catalogue.content, catalogue.dim, &config, Key::from_seed(3)).unwrap(), config)
}

#[test]
fn a_catalogue_is_its_seed() {
    let (a, b) = (catalogue(), catalogue());
    assert_eq!(a, b);
    assert_ne!(a, Catalogue::synthetic(&CatalogueConfig { seed: 1, ..CatalogueConfig::default() }).unwrap());
    assert_eq!((a.items(), a.content.len(), a.histories.len()), (400, 400 * 16, 600));
    assert!(a.histories.iter().all(|history| (6..=14).contains(&history.len())));
}

/// Content does not tell the next item: behaviour does. The best guess from pairs of items seen in training histories must beat the
/// nearest vector by far.
#[test]
fn behaviour_says_what_content_does_not() {
    let catalogue = catalogue();
    let mut followers = vec![std::collections::HashMap::<u32, usize>::new(); catalogue.items()];
    for history in &catalogue.histories {
        for pair in history[..history.len() - 2].windows(2) {
            *followers[pair[0] as usize].entry(pair[1]).or_default() += 1;
        }
    }
    let (mut by_behaviour, mut by_content, mut asked) = (0, 0, 0);
    for user in 0..catalogue.histories.len() {
        let (history, target) = catalogue.question(user, Fold::Test, 0).unwrap();
        let last = *history.last().unwrap();
        let mut seen: Vec<(usize, u32)> =
            followers[last as usize].iter().map(|(&item, &count)| (count, item)).collect();
        seen.sort_unstable_by(|a, b| b.cmp(a));
        let away = |item: u32| distance(catalogue.vector(last), catalogue.vector(item));
        let mut near: Vec<u32> = (0..catalogue.items() as u32).filter(|&item| item != last).collect();
        near.sort_by(|&a, &b| away(a).total_cmp(&away(b)));
        by_behaviour += usize::from(seen.iter().take(10).any(|&(_, item)| item == target));
        by_content += usize::from(near[..10].contains(&target));
        asked += 1;
    }
    let (behaviour, content) = (by_behaviour as f64 / f64::from(asked), by_content as f64 / f64::from(asked));
    println!("recall@10: behaviour {behaviour:.3}, content {content:.3}");
    assert!(behaviour > 2.0 * content && behaviour > 0.4, "behaviour {behaviour}, content {content}");
}

#[test]
fn leave_one_out_never_shows_what_it_asks() {
    let catalogue = catalogue();
    for (user, history) in catalogue.histories.iter().enumerate() {
        let (known, test) = catalogue.question(user, Fold::Test, 0).unwrap();
        let (before, validation) = catalogue.question(user, Fold::Validation, 0).unwrap();
        assert_eq!((known.len(), test), (history.len() - 1, *history.last().unwrap()));
        assert_eq!((before.len(), validation), (history.len() - 2, history[history.len() - 2]));
        let training = (0..).map_while(|back| catalogue.question(user, Fold::Train, back));
        assert_eq!(training.count(), history.len() - 3);
    }
}

#[test]
fn residual_quantisation_comes_nearer_with_each_level() {
    let catalogue = catalogue();
    let (quantizer, _) = fitted(&catalogue);
    let ids = quantizer.nearest_ids(&catalogue.content);
    let error = |levels: usize| -> f64 {
        let items = 0..catalogue.items() as u32;
        items.map(|item| distance(catalogue.vector(item), &quantizer.reconstruct(&ids.of(item)[..levels]))).sum()
    };
    let errors: Vec<f64> = (0..=3).map(error).collect();
    assert!(errors.windows(2).all(|pair| pair[1] < 0.9 * pair[0]), "{errors:?}");
    // Each code is the nearest word of what was left over, by a second look.
    for item in 0..20 {
        let mut left = catalogue.vector(item).to_vec();
        for (level, &code) in ids.of(item).iter().enumerate() {
            let away: Vec<f64> = quantizer.book(level).chunks_exact(16).map(|word| distance(&left, word)).collect();
            assert!(away.iter().all(|&other| other >= away[code as usize]));
            let word = &quantizer.book(level)[code as usize * 16..][..16];
            left.iter_mut().zip(word).for_each(|(value, part)| *value -= part);
        }
    }
}

#[test]
fn sinkhorn_balances_what_nearest_codes_do_not() {
    let catalogue = catalogue();
    let (quantizer, config) = fitted(&catalogue);
    let nearest = quantizer.nearest_ids(&catalogue.content);
    let published = quantizer.balanced_ids(&catalogue.content, &config);
    // Fifty rounds at ε .003, the published settings, need not converge.
    let mild = QuantizerConfig { sinkhorn_epsilon: 0.05, sinkhorn_iterations: 300, ..config };
    let converged = quantizer.balanced_ids(&catalogue.content, &mild);
    for level in 0..3 {
        let [nearest, published, converged] =
            [&nearest, &published, &converged].map(|ids| level_health(&ids.level(level), 16).balance);
        println!("level {level}: balance {nearest:.3} nearest, {published:.3} published, {converged:.3} converged");
        assert!(nearest < published && nearest < converged && converged > 0.9);
    }
    // A plan known by hand: two items want the same code, and only one may have it.
    assert_eq!(balanced(&centred(&[0.0, 1.0, 0.1, 0.2]), 2, 0.01, 50), [0, 1]);
    assert_eq!(centred(&[2.0, 4.0, 3.0]), [-1.0, 1.0, 0.0]);
    assert_eq!(centred(&[5.0, 5.0]), [0.0, 0.0]);
}

#[test]
fn suffixes_tell_apart_what_shares_all_codes() {
    let ids = Ids::new(2, vec![1, 2, 1, 2, 0, 2, 1, 2]);
    assert_eq!(ids.suffix, [0, 1, 0, 2]);
    assert_eq!(ids.level(0), [1, 1, 0, 1]);
    let found = conflicts(&ids.codes, 2);
    assert_eq!((found.unique, found.most), (0.5, 3));
    assert_eq!(drift(&[1, 2, 3, 4], &[1, 2, 3, 5], 2), 0.5);
}

#[test]
fn health_has_its_ends() {
    let (all, one) = (level_health(&[0, 1, 2, 3], 4), level_health(&[2, 2, 2, 2], 4));
    assert!((all.usage_entropy - 4_f64.ln()).abs() < 1e-12 && (all.effective_codes - 4.0).abs() < 1e-12);
    assert_eq!((all.used, all.dead, all.balance), (4, 0, 1.0));
    assert_eq!((one.used, one.dead, one.balance, one.usage_entropy), (1, 3, 0.25, 0.0));
}

#[test]
fn uncertainty_decay_has_the_minimum_the_paper_says() {
    for (loss, lambda) in [(6.0_f64, 1.7), (4.0, 1.0), (2.0, 1.7)] {
        let best = (loss.sqrt() - lambda).max(0.0);
        let (at_best, slope) = sigma_loss(loss, best, lambda);
        assert!(best == 0.0 || slope.abs() < 1e-12, "slope {slope} at {best}");
        for sigma in [0.0, 0.3, 1.0, 2.5] {
            assert!(sigma_loss(loss, sigma, lambda).0 >= at_best - 1e-12);
            let (h, (_, slope)) = (1e-6, sigma_loss(loss, sigma, lambda));
            let difference =
                (sigma_loss(loss, sigma + h, lambda).0 - sigma_loss(loss, sigma - h, lambda).0) / (2.0 * h);
            assert!((difference - slope).abs() < 1e-6);
        }
    }
    assert_eq!(noise_scale(5e-5), 0.0);
    assert_eq!((noise_scale(-2.0), noise_scale(1e9)), (2.0, 100.0));
}

#[test]
fn frequency_decay_leaves_noise_to_the_hot() {
    let mut usage = Usage::new(4, 0.5);
    assert!((0..4).all(|code| !usage.is_hot(code, 1.5)));
    usage.observe(&[0, 0, 0, 1]);
    // .5 · .25 + .5 · .75 = .5 against 1.5 / 4.
    assert!(usage.is_hot(0, 1.5) && !usage.is_hot(1, 1.5) && !usage.is_hot(2, 1.5));
    usage.observe(&[]);
    assert!(usage.is_hot(0, 1.5));
}

#[test]
fn ranks_count_from_the_first() {
    assert_eq!((recall_at_k(Some(0), 1), recall_at_k(Some(5), 5), recall_at_k(None, 5)), (1.0, 0.0, 0.0));
    assert_eq!((ndcg_at_k(Some(0), 5), ndcg_at_k(Some(2), 5), ndcg_at_k(Some(5), 5)), (1.0, 0.5, 0.0));
}

const ITEMS: &str = "item,x,y\nred,1,2\nblue,0.5,-1\n\"green\",3,4\n";

#[test]
fn a_catalogue_is_read_from_csv_in_the_order_of_time() {
    let read = Catalogue::from_csv(ITEMS, "user,item,time\nann,blue,3\nann,red,1\nann,green,2\n").unwrap();
    assert_eq!((read.dim, read.items(), read.names[2].as_str()), (2, 3, "green"));
    assert_eq!(read.vector(1), [0.5, -1.0]);
    assert_eq!(read.histories, [[0, 2, 1]]);
}

#[test]
fn bad_input_is_named_with_its_line_and_its_fix() {
    let said = |items: &str, interactions: &str| Catalogue::from_csv(items, interactions).unwrap_err().to_string();
    let fine = "user,item,time\nann,blue,3\nann,red,1\nann,green,2\n";
    for (items, interactions, wanted) in [
        ("item,x,y\nred,1,NaN\n", fine, "items, line 2: item \"red\": expected a finite number, got \"NaN\""),
        ("item,x,y\nred,1,2\nblue,1\n", fine, "line 3: expected 2 numbers as in the first line, got 1"),
        ("item,x,y\nred,1,2\nred,1,2\n", fine, "line 3: the item \"red\" stands in line 2 already"),
        ("item,x,y\nred,1,2\n", fine, "expected 2 to 20000 items, got 1"),
        ("", fine, "expected 2 to 20000 items, got 0"),
        (ITEMS, "user,item,time\nann,pink,3\n", "line 2: the item \"pink\" has no vector"),
        (ITEMS, "user,item,time\nann,red,soon\n", "line 2: time: expected a number, got \"soon\""),
        (ITEMS, "user,item\nann,red\n", "line 2: expected user,item,time; got 2 cells"),
        (ITEMS, "user,item,time\nann,red,1\n", "user \"ann\" has one interaction; expected at least 3"),
        (ITEMS, "user,item,time\n", "got no interaction"),
    ] {
        let got = said(items, interactions);
        assert!(got.contains(wanted), "expected …{wanted}…, got {got}");
    }
    let refused = |config: QuantizerConfig, items: usize| config.validate(items).unwrap_err().to_string();
    let usual = QuantizerConfig::default();
    let text = refused(QuantizerConfig { codes: 1, ..usual.clone() }, 400);
    assert!(
        text.contains("codes: expected 2 to 1024 a level, got 1: with one code all items are written alike"),
        "{text}"
    );
    let text = refused(QuantizerConfig { levels: 7, codes: 4, ..usual.clone() }, 40);
    assert!(text.contains("levels: expected 1 to 6 for 40 items (6 bits tell them apart), got 7"), "{text}");
    let text = refused(QuantizerConfig { codes: 64, ..usual }, 40);
    assert!(text.contains("codes: expected at most one an item (40), got 64"), "{text}");
    let text =
        Catalogue::synthetic(&CatalogueConfig { items: 3, ..CatalogueConfig::default() }).unwrap_err().to_string();
    assert!(text.contains("items: expected 8 to 20000, got 3"), "{text}");
}
