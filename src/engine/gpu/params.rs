//! What each kernel is told besides its buffers: the `Params` of the shaders, field for field.
//!
//! Not here: the kernels themselves (`kernels.rs`). `tests/shaders.rs` compares every name, type and offset with the WGSL.

use super::kernels::Kernel;

/// One field of a `Params`: its name in WGSL, its type there and its offset in bytes.
pub type Field = (&'static str, &'static str, usize);

/// A `Params` struct: 4-byte scalars, passed as a uniform.
pub trait Params: bytemuck::Pod {
    /// The kernels that take it.
    const KERNELS: &'static [Kernel];
    /// Its fields in order.
    const FIELDS: &'static [Field];
}

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident for [$($kernel:ident),+] { $($field:ident: $type:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            #[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
            #[allow(missing_docs, reason = "each field is described in the shader")]
            pub struct $name { $(pub $field: $type),+ }

            impl Params for $name {
                const KERNELS: &'static [Kernel] = &[$(Kernel::$kernel),+];
                const FIELDS: &'static [Field] =
                    &[$((stringify!($field), stringify!($type), std::mem::offset_of!($name, $field))),+];
            }
        )+

        /// The fields of the `Params` that a kernel takes.
        #[must_use]
        pub fn fields(kernel: Kernel) -> &'static [Field] {
            $(if <$name as Params>::KERNELS.contains(&kernel) { return <$name as Params>::FIELDS; })+
            &[]
        }
    };
}

params! {
    /// See `shaders/embed_mix.wgsl`.
    EmbedMix for [EmbedMix] { width: u32, candidates: u32, rows: u32 }
    /// See `shaders/embed_mix_blocks.wgsl`.
    EmbedMixBlocks for [EmbedMixBlocks] {
        width: u32, candidates: u32, rows: u32, bits: u32, brain: u32, first_word: u32, first_pair: u32, pairs: u32,
        first_id: u32, tokens: u32, add: u32,
    }
    /// See `shaders/shared/block_product.wgsl`.
    BlockProduct for [MatmulNibbles, MatmulBytes, MatmulFloats, MatmulFew] {
        rows: u32, columns: u32, inner: u32, bits: u32, brain: u32, first_word: u32, first_pair: u32, pairs: u32,
        stride: u32, first_column: u32, bias_offset: u32, has_bias: u32, add: u32,
    }
    /// See `shaders/rms_norm.wgsl`.
    RmsNorm for [RmsNorm, RmsNormPlain] { width: u32, count: u32, gather: u32, first: u32, gain_offset: u32, epsilon: f32 }
    /// See `shaders/matmul.wgsl`.
    Matmul for [Matmul, MatmulTiled, MatmulPlain] {
        rows: u32, columns: u32, inner: u32, weight_offset: u32, bias_offset: u32, has_bias: u32, add: u32,
    }
    /// See `shaders/swiglu.wgsl`.
    Swiglu for [Swiglu, SwigluPlain] { rows: u32, columns: u32, inner: u32, gate_offset: u32, up_offset: u32 }
    /// See `shaders/rope.wgsl`.
    Rope for [Rope] { rows: u32, time: u32, heads: u32, head_dim: u32, stride: u32, back: u32 }
    /// See `shaders/cache_fill.wgsl`.
    CacheFill for [CacheFill] {
        first: u32, repeats: u32, time: u32, columns: u32, heads: u32, head_dim: u32, stride: u32, key_offset: u32,
    }
    /// See `shaders/attention_causal.wgsl`.
    AttentionCausal for [AttentionCausal, AttentionCausalPlain] {
        rows: u32, time: u32, groups: u32, kv_heads: u32, head_dim: u32, scale: f32,
    }
    /// See `shaders/attention_decode.wgsl`.
    AttentionDecode for [AttentionDecode, AttentionDecodePlain] {
        rows: u32, groups: u32, kv_heads: u32, head_dim: u32, columns: u32, scale: f32,
    }
    /// See `shaders/shared/step_params.wgsl`.
    SoftStep for [SoftStep, SoftStepPlain, VocabularyTiles, SoftStepLarge] {
        rows: u32, vocabulary: u32, candidates: u32, shown: u32, thinking: u32, noise: u32, before_cut: u32, weighted: u32,
        pool: u32, temperature: f32, top_p: f32, min_p: f32, discrete_noise: f32, answer_pool: u32, answer_temperature: f32,
        answer_top_p: f32, answer_min_p: f32, answer_noise: f32, gumbel_temperature: f32, noise_scale: f32,
        log_epsilon: f32, noise_min: f32, noise_max: f32, absent: f32, concentration: f32, sample_min: f32,
        deviation: f32, cold_temperature: f32, cold_entropy: f32, cold_steps: u32, max_thought: u32, end_think: u32,
        end_answer: u32, max_steps: u32, slots: u32, blend_width: u32, record_width: u32,
        tiles: u32, reach: u32, search: u32, fed: u32,
    }
    /// See `shaders/vector_noise.wgsl`.
    VectorNoise for [VectorNoise] {
        rows: u32, dim: u32, deviation: f32, slots: u32, record_width: u32, record_offset: u32,
    }
    /// See `shaders/add_vectors.wgsl`.
    AddVectors for [AddVectors] { width: u32, rows: u32 }
    /// See `shaders/shared/soft_density.wgsl`.
    LogDensity for [LogDensity, LogDensityPlain, LogDensityWide, LogDensityBackward, LogDensityBackwardWide] {
        actions: u32, vocabulary: u32, stride: u32, width: u32, scores: u32, temperature: f32, noise: u32, clamp_noise: u32,
        noise_min: f32, noise_max: f32, clamp_margin: f32, mask: f32, mean: u32, log_epsilon: f32, absent: f32,
        mask_prob: f32, density_min: f32, density_max: f32, deviation: f32, reach: f32,
    }
    /// See `shaders/vector_shares.wgsl`.
    VectorShares for [VectorShares] {
        rows: u32, vocabulary: u32, stride: u32, mark_stride: u32, mark: u32, temperature: f32,
    }
    /// See `shaders/vector_density.wgsl`.
    VectorDensity for [VectorDensity] {
        actions: u32, dim: u32, width: u32, scores: u32, vector: u32, scale: f32,
    }
    /// See `shaders/vector_density_backward.wgsl`.
    VectorDensityBackward for [VectorDensityBackward] {
        actions: u32, vocabulary: u32, stride: u32, width: u32, scores: u32, vector: u32, temperature: f32, scale: f32,
    }
    /// See `shaders/rms_norm_train.wgsl`.
    RmsNormTrain for [RmsNormTrain] { width: u32, count: u32, gather: u32, gain_offset: u32, epsilon: f32 }
    /// See `shaders/rms_norm_backward.wgsl`.
    RmsNormBackward for [RmsNormBackward] { width: u32, count: u32, gather: u32, gain_offset: u32 }
    /// See `shaders/column_sums.wgsl`.
    ColumnSums for [ColumnSums, ColumnSumsPlain] { rows: u32, columns: u32, factor: u32, offset: u32 }
    /// See `shaders/swiglu_train.wgsl`.
    SwigluElements for [SwigluTrain, SwigluBackward] { rows: u32, columns: u32 }
    /// See `shaders/input_gradient.wgsl`.
    InputGradient for [InputGradient, InputGradientTiled] { rows: u32, columns: u32, inner: u32, weight_offset: u32, add: u32 }
    /// See `shaders/shared/back_product.wgsl`.
    BackProduct for [InputGradientNibbles, InputGradientBytes, InputGradientFloats, InputGradientBlocks] {
        rows: u32, columns: u32, inner: u32, bits: u32, brain: u32, first_word: u32, first_pair: u32, pairs: u32,
        stride: u32, first_column: u32, add: u32,
    }
    /// See `shaders/low_rank.wgsl`.
    LowRank for [LowRank] {
        rows: u32, columns: u32, inner: u32, a_offset: u32, a_row: u32, a_step: u32, b_offset: u32, b_row: u32, b_step: u32,
        c_offset: u32, c_row: u32, scale: f32, add: u32,
    }
    /// See `shaders/weight_gradient.wgsl`.
    WeightGradient for [WeightGradient, WeightGradientTiled] { rows: u32, columns: u32, inner: u32, weight_offset: u32 }
    /// See `shaders/attention_query_gradient.wgsl`.
    AttentionGradient for [AttentionQueryGradient, AttentionKeyGradient] {
        rows: u32, time: u32, groups: u32, kv_heads: u32, head_dim: u32, scale: f32,
    }
    /// See `shaders/attention_scores.wgsl`.
    AttentionProduct for [AttentionScores, AttentionMix, AttentionBack] {
        time: u32, heads: u32, groups: u32, parts: u32, width: u32, own_stride: u32, own_offset: u32, other_stride: u32,
        other_offset: u32, scale: f32,
    }
    /// See `shaders/attention_softmax.wgsl`.
    AttentionRows for [AttentionSoftmax, AttentionSoftmaxBackward] { rows: u32, time: u32, width: u32, scale: f32 }
    /// See `shaders/embedding_gradient.wgsl`.
    EmbeddingGradient for [EmbeddingGradient] { vocabulary: u32, width: u32 }
    /// See `shaders/square_sums.wgsl`.
    SquareSums for [SquareSums] { count: u32, partials: u32 }
    /// See `shaders/clip_norm.wgsl`.
    ClipNorm for [ClipNorm] { partials: u32, max_norm: f32 }
    /// See `shaders/straight_through.wgsl`.
    StraightThrough for [StraightThrough, StraightThroughBackward] { rows: u32, codes: u32, temperature: f32 }
    /// See `shaders/code_distances.wgsl`.
    CodeDistances for [CodeDistances] { items: u32, codes: u32, dim: u32, book_offset: u32 }
    /// See `shaders/code_range.wgsl`.
    CodeRange for [CodeRange] { count: u32, level: u32 }
    /// See `shaders/code_scores.wgsl`.
    CodeScores for [CodeScores] { count: u32, stride: u32, level: u32 }
    /// See `shaders/code_choose.wgsl`.
    CodeChoose for [CodeChoose] {
        items: u32, codes: u32, dim: u32, book_offset: u32, level: u32, take_drawn: u32,
    }
    /// See `shaders/code_tokens.wgsl`.
    CodeTokens for [CodeTokens] { entries: u32, stride: u32, items: u32, codes: u32 }
    /// See `shaders/code_loss.wgsl`.
    CodeLoss for [CodeLoss] {
        rows: u32, vocabulary: u32, stride: u32, width: u32, levels: u32, codes: u32, suffixes: u32, items: u32,
        share: f32,
    }
    /// See `shaders/code_token_gradient.wgsl`.
    CodeTokenGradient for [CodeTokenGradient] { items: u32, codes: u32, tokens: u32, width: u32 }
    /// See `shaders/code_indicator_gradient.wgsl`.
    CodeIndicatorGradient for [CodeIndicatorGradient] {
        items: u32, codes: u32, dim: u32, book_offset: u32, level: u32, width: u32, label_stride: u32, history: f32,
        target_codes: f32, label_share: f32, word_share: f32, whole_share: f32,
    }
    /// See `shaders/codebook_gradient.wgsl`.
    CodebookGradient for [CodebookGradient] {
        items: u32, codes: u32, dim: u32, book_offset: u32, level: u32, word_share: f32, whole_share: f32,
    }
    /// See `shaders/adamw.wgsl`.
    AdamW for [AdamW] {
        count: u32, stride: u32, rate: f32, keep: f32, beta1: f32, beta2: f32, epsilon: f32, correct1: f32, correct2: f32,
    }
}
