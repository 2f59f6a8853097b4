//! How completions are drawn, under verl's names and those of the published rollout.
//!
//! Not here: everything else of the command (`launch.rs`).

use super::launch::{Launch, ROLLOUT, python};
use crate::decode::policy::{Policy, SoftSettings};
use crate::math::gumbel::DensityForm;
use crate::math::noises::Noise;
use crate::train::config::TrainConfig;

impl Launch {
    pub(super) fn rollout(&mut self, config: &TrainConfig) {
        match config.policy() {
            Policy::Soft(settings) => self.soft_rollout(config, &settings),
            policy => {
                let cut = policy.truncation();
                self.sampling("", cut.temperature, cut.top_p, cut.top_k);
                self.unless(cut.min_p == 0.0, "min_p: verl's discrete rollout is given none here.");
                let own = policy.answer();
                let alike = (own.temperature, own.top_p, own.top_k) == (cut.temperature, cut.top_p, cut.top_k);
                self.unless(alike, "answer_*: discrete answers are sampled like thoughts.");
            }
        }
    }

    /// `phase`: empty for training, `val_kwargs.` for validation.
    pub(super) fn sampling(&mut self, phase: &str, temperature: f64, top_p: f64, top_k: usize) {
        self.set(format!("{ROLLOUT}.{phase}temperature"), temperature);
        self.set(format!("{ROLLOUT}.{phase}top_p"), top_p);
        let every = if top_k == 0 { "-1".to_owned() } else { top_k.to_string() };
        self.set(format!("{ROLLOUT}.{phase}top_k"), every);
    }

    fn soft_rollout(&mut self, config: &TrainConfig, soft: &SoftSettings) {
        // The published rollout has one number for both: `max_topk=self.config.get("top_k")`.
        let top_k = if soft.top_k == 0 { soft.soft_top_k } else { soft.top_k };
        self.unless(
            top_k == soft.soft_top_k,
            "soft_top_k: the published rollout blends as many tokens as top_k keeps; here top_k is taken.",
        );
        self.unless(
            top_k >= 3,
            "top_k below 3: the published code tells discrete steps by the ids after the first, and needs 3.",
        );
        self.sampling("", soft.temperature, soft.top_p, top_k);
        let answer = config.policy().answer();
        self.set(format!("{ROLLOUT}.after_thinking_temperature"), answer.temperature);
        self.set(format!("{ROLLOUT}.after_thinking_top_p"), answer.top_p);
        self.set(format!("{ROLLOUT}.after_thinking_top_k"), if answer.top_k == 0 { top_k } else { answer.top_k });
        if soft.min_p > 0.0 {
            self.set(format!("+{ROLLOUT}.min_p"), soft.min_p);
        }
        let tau = match soft.noise {
            Noise::Gumbel => soft.gumbel_temperature,
            Noise::Dirichlet | Noise::Gaussian => 1.0, // as in the scripts of these ablations
        };
        self.set(format!("{ROLLOUT}.gumbel_softmax_temperature"), tau);
        self.set(format!("{ROLLOUT}.enable_soft_thinking"), "True");
        self.set(format!("{ROLLOUT}.add_noise_gumbel_softmax"), python(soft.noise == Noise::Gumbel));
        self.set(format!("{ROLLOUT}.add_noise_dirichlet"), python(soft.noise == Noise::Dirichlet));
        self.set(format!("{ROLLOUT}.noise_gumbel"), "True");
        self.set(format!("{ROLLOUT}.noise_on_logits"), "True");
        self.set(format!("{ROLLOUT}.noise_factor"), 1);
        let gumbel = soft.noise == Noise::Gumbel;
        self.unless(!gumbel || config.density() == DensityForm::code(), "noise_clamp, log_epsilon, density_reduction, density_mask: the \
             published code has its own form built in (clamped noise, 1e-6, the mean over candidates above 4.98 %), whatever these say.");
        self.unless(
            gumbel || config.published_rebuild,
            "published_rebuild: the published code always rebuilds the inputs of this \
             noise as softmax(action / τ), though its rollouts fed action / Σ action.",
        );
        self.unless(!config.input_gradient, "input_gradient: the published code detaches the inputs.");
        self.notes.push(
            "answer_*: the flags after_thinking_* exist, but the published sampler does not read them and keeps drawing clamped Gumbel \
             noise after `</think>`; the lab draws answers discretely."
                .into(),
        );
    }
}
