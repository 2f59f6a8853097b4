//! The table of all shaders: name, text, bindings, workgroup. A kernel that is not here does not exist.
//!
//! Not here: their parameters (`params.rs`), when they run (`forward.rs`, `rollout.rs`, `score.rs`).

/// How a kernel uses a storage buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `var<storage, read>`
    Read,
    /// `var<storage, read_write>`
    Write,
}

/// One shader of the table.
#[derive(Clone, Copy, Debug)]
pub struct KernelSpec {
    /// Which one.
    pub kernel: Kernel,
    /// The file's name below `shaders/`, without `.wgsl`.
    pub name: &'static str,
    /// The WGSL, in parts: shared text in front, then the file.
    pub parts: &'static [&'static str],
    /// Its storage buffers in the order of their bindings; the uniform `params` follows them.
    pub bindings: &'static [Access],
    /// Invocations of a workgroup along x, y and z.
    pub workgroup: [u32; 3],
}

impl KernelSpec {
    /// The whole WGSL text.
    #[must_use]
    pub fn source(&self) -> String {
        self.parts.concat()
    }
}

/// The most storage buffers a kernel may bind: what every WebGPU device has.
pub const MAX_STORAGE_BUFFERS: u32 = 8;

const THREEFRY: &str = include_str!("../../../shaders/shared/threefry.wgsl");
const NOISES: &str = include_str!("../../../shaders/shared/noises.wgsl");
const STEP_PARAMS: &str = include_str!("../../../shaders/shared/step_params.wgsl");
const STEP_BUFFERS: &str = include_str!("../../../shaders/shared/step_buffers.wgsl");
const STEP: &str = include_str!("../../../shaders/shared/step.wgsl");
const ORDER: &str = include_str!("../../../shaders/shared/order.wgsl");
const BLOCKS: &str = include_str!("../../../shaders/shared/blocks.wgsl");
const BLOCK_PRODUCT: &str = include_str!("../../../shaders/shared/block_product.wgsl");
const BACK_PRODUCT: &str = include_str!("../../../shaders/shared/back_product.wgsl");
const BACK_TILE: &str = include_str!("../../../shaders/shared/back_tile.wgsl");
const BLOCK_TILE: &str = include_str!("../../../shaders/shared/block_tile.wgsl");
const SOFT_DENSITY: &str = include_str!("../../../shaders/shared/soft_density.wgsl");
const SOFT_GRADIENT: &str = include_str!("../../../shaders/shared/soft_gradient.wgsl");
const WIDE_SOFTMAX: &str = include_str!("../../../shaders/shared/wide_softmax.wgsl");
const ATTEND: &str = include_str!("../../../shaders/shared/attend.wgsl");
const ATTEND_ALONE: &str = include_str!("../../../shaders/shared/attend_alone.wgsl");

macro_rules! kernels {
    ($($kernel:ident $name:literal [$($shared:ident),*] [$($access:ident),+] $workgroup:expr;)+) => {
        /// The name of a shader in Rust.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is described at the head of its shader")]
        pub enum Kernel { $($kernel),+ }

        /// All shaders, in the order of [`Kernel`].
        pub const KERNELS: &[KernelSpec] = &[$(KernelSpec {
            kernel: Kernel::$kernel,
            name: $name,
            parts: &[$($shared,)* include_str!(concat!("../../../shaders/", $name, ".wgsl"))],
            bindings: &[$(Access::$access),+],
            workgroup: $workgroup,
        }),+];
    };
}

kernels! {
    EmbedMix "embed_mix" [] [Read, Read, Read, Write] [64, 1, 1];
    EmbedMixBlocks "embed_mix_blocks" [BLOCKS] [Read, Read, Read, Read, Write] [64, 1, 1];
    RmsNorm "rms_norm" [] [Read, Read, Read, Write] [64, 1, 1];
    RmsNormPlain "rms_norm_plain" [] [Read, Read, Read, Write] [16, 1, 1];
    Matmul "matmul" [] [Read, Read, Write] [4, 2, 1];
    MatmulTiled "matmul_tiled" [] [Read, Read, Write] [16, 16, 1];
    MatmulPlain "matmul_plain" [] [Read, Read, Write] [8, 8, 1];
    MatmulNibbles "matmul_nibbles" [BLOCK_PRODUCT, BLOCKS, BLOCK_TILE] [Read, Read, Read, Read, Write] [8, 1, 1];
    MatmulBytes "matmul_bytes" [BLOCK_PRODUCT, BLOCKS, BLOCK_TILE] [Read, Read, Read, Read, Write] [8, 1, 1];
    MatmulFloats "matmul_floats" [BLOCK_PRODUCT, BLOCKS, BLOCK_TILE] [Read, Read, Read, Read, Write] [8, 1, 1];
    MatmulFew "matmul_few" [BLOCK_PRODUCT, BLOCKS] [Read, Read, Read, Read, Write] [64, 1, 1];
    Swiglu "swiglu" [] [Read, Read, Write] [8, 8, 1];
    SwigluPlain "swiglu_plain" [] [Read, Read, Write] [8, 8, 1];
    Rope "rope" [] [Read, Write] [64, 1, 1];
    CacheFill "cache_fill" [] [Read, Write, Write] [64, 1, 1];
    AttentionCausal "attention_causal" [ATTEND] [Read, Write] [64, 1, 1];
    AttentionCausalPlain "attention_causal_plain" [ATTEND_ALONE] [Read, Write] [16, 1, 1];
    AttentionDecode "attention_decode" [ATTEND] [Read, Read, Read, Write, Write, Write] [64, 1, 1];
    AttentionDecodePlain "attention_decode_plain" [ATTEND_ALONE] [Read, Read, Read, Write, Write, Write] [16, 1, 1];
    SoftStep "soft_step" [THREEFRY, NOISES, STEP_PARAMS, STEP_BUFFERS, STEP] [Read, Read, Write, Write, Write, Write] [64, 1, 1];
    SoftStepPlain "soft_step_plain" [THREEFRY, NOISES, STEP_PARAMS, STEP_BUFFERS, STEP] [Read, Read, Write, Write, Write, Write] [16, 1, 1];
    VocabularyTiles "vocabulary_tiles" [STEP_PARAMS] [Read, Read, Write] [64, 1, 1];
    SoftStepLarge "soft_step_large" [THREEFRY, NOISES, STEP_PARAMS, STEP, ORDER] [Read, Read, Read, Write, Write, Write, Write] [256, 1, 1];
    VectorShares "vector_shares" [] [Read, Read, Write] [32, 1, 1];
    VectorNoise "vector_noise" [THREEFRY, NOISES] [Read, Read, Read, Write, Write] [64, 1, 1];
    AddVectors "add_vectors" [] [Read, Write] [64, 1, 1];
    LogDensity "log_density" [SOFT_DENSITY] [Read, Read, Read, Write] [64, 1, 1];
    LogDensityPlain "log_density_plain" [SOFT_DENSITY] [Read, Read, Read, Write] [16, 1, 1];
    LogDensityWide "log_density_wide" [SOFT_DENSITY, WIDE_SOFTMAX] [Read, Read, Read, Write] [256, 1, 1];
    LogDensityBackward "log_density_backward" [SOFT_DENSITY, SOFT_GRADIENT] [Read, Read, Read, Read, Write] [32, 1, 1];
    LogDensityBackwardWide "log_density_backward_wide" [SOFT_DENSITY, SOFT_GRADIENT, WIDE_SOFTMAX] [Read, Read, Read, Read, Write] [256, 1, 1];
    VectorDensity "vector_density" [] [Read, Read, Write, Write] [32, 1, 1];
    VectorDensityBackward "vector_density_backward" [] [Read, Read, Read, Write, Write] [32, 1, 1];
    RmsNormTrain "rms_norm_train" [] [Read, Read, Read, Write, Write, Write] [32, 1, 1];
    RmsNormBackward "rms_norm_backward" [] [Read, Read, Read, Read, Read, Write] [32, 1, 1];
    ColumnSums "column_sums" [] [Read, Read, Write] [64, 1, 1];
    ColumnSumsPlain "column_sums_plain" [] [Read, Read, Write] [16, 1, 1];
    SwigluTrain "swiglu_train" [] [Read, Write] [64, 1, 1];
    SwigluBackward "swiglu_backward" [] [Read, Write] [64, 1, 1];
    InputGradient "input_gradient" [] [Read, Read, Write] [4, 2, 1];
    InputGradientTiled "input_gradient_tiled" [] [Read, Read, Write] [16, 16, 1];
    InputGradientNibbles "input_gradient_nibbles" [BACK_PRODUCT, BACK_TILE] [Read, Read, Read, Write] [8, 1, 1];
    InputGradientBytes "input_gradient_bytes" [BACK_PRODUCT, BACK_TILE] [Read, Read, Read, Write] [8, 1, 1];
    InputGradientFloats "input_gradient_floats" [BACK_PRODUCT, BLOCKS, BACK_TILE] [Read, Read, Read, Write] [8, 1, 1];
    InputGradientBlocks "input_gradient_blocks" [BACK_PRODUCT, BLOCKS] [Read, Read, Read, Write] [16, 16, 1];
    LowRank "low_rank" [] [Read, Read, Write] [8, 1, 1];
    WeightGradient "weight_gradient" [] [Read, Read, Write] [4, 2, 1];
    WeightGradientTiled "weight_gradient_tiled" [] [Read, Read, Write] [8, 8, 4];
    AttentionQueryGradient "attention_query_gradient" [] [Read, Read, Read, Read, Write, Write] [32, 1, 1];
    AttentionKeyGradient "attention_key_gradient" [] [Read, Read, Read, Read, Write] [32, 1, 1];
    AttentionScores "attention_scores" [] [Read, Read, Write] [4, 4, 1];
    AttentionSoftmax "attention_softmax" [] [Write] [16, 1, 1];
    AttentionSoftmaxBackward "attention_softmax_backward" [] [Read, Write] [16, 1, 1];
    AttentionMix "attention_mix" [] [Read, Read, Write] [2, 8, 1];
    AttentionBack "attention_back" [] [Read, Read, Write] [2, 8, 1];
    EmbeddingGradient "embedding_gradient" [] [Read, Read, Read, Write] [16, 4, 1];
    SquareSums "square_sums" [] [Read, Write] [64, 1, 1];
    ClipNorm "clip_norm" [] [Read, Write] [1, 1, 1];
    StraightThrough "straight_through" [] [Read, Read, Write, Write] [64, 1, 1];
    StraightThroughBackward "straight_through_backward" [] [Read, Read, Write] [64, 1, 1];
    CodeDistances "code_distances" [] [Read, Read, Write] [16, 4, 1];
    CodeRange "code_range" [] [Read, Write] [256, 1, 1];
    CodeScores "code_scores" [] [Read, Write] [64, 1, 1];
    CodeChoose "code_choose" [] [Read, Read, Read, Read, Read, Write, Write] [64, 1, 1];
    CodeTokens "code_tokens" [] [Read, Read, Write] [64, 1, 1];
    CodeLoss "code_loss" [] [Read, Read, Read, Write, Write, Write] [32, 1, 1];
    CodeTokenGradient "code_token_gradient" [] [Read, Read, Write] [16, 4, 1];
    CodeIndicatorGradient "code_indicator_gradient" [] [Read, Read, Read, Read, Read, Read, Write] [16, 4, 1];
    CodebookGradient "codebook_gradient" [] [Read, Read, Read, Read, Read, Read, Read, Write] [16, 4, 1];
    AdamW "adamw" [] [Read, Read, Write, Write, Write] [64, 1, 1];
}

impl Kernel {
    /// Its line in the table.
    #[must_use]
    pub fn spec(self) -> &'static KernelSpec {
        &KERNELS[self as usize]
    }
}
