//! Experiments: arms × tasks × seeds, each run on its own, evaluated alike, summarised with intervals.
//!
//! Not here: what a training step does (`train/`), where runs are kept (`bin/lab/experiment.rs`, the page).

pub mod arm;
mod arm_run;
pub mod plan;
pub mod record;
pub mod summary;
pub mod tables;

pub use arm::run_arm;
pub use arm_run::{ArmProgress, ArmRun, Due};
pub use plan::{Arm, EvaluatePlan, Job, Plan, TaskPlan};
pub use record::{EvaluationRecord, OWN, RunRecord};
pub use summary::summarise;
pub use tables::Summary;
