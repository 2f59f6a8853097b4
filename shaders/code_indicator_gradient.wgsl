// d_indicator[n, k]: what the losses give the straight-through indicator of an item at a level. Of the inputs, where their routes are
// open, sums · E[level · K + k], E the recommender's words; of the labels their summed surprise; of the quantiser's own losses
// −(word_share · next[n] + whole_share · last[n]) · book[k], as the indicator weighs codewords too.
// Letters: N items, L levels, K codes, D width of an item's vector, W width of the recommender.
// One workgroup: 16 × 4 codes and items, a thread each, no barrier. Mirrors semantic_id::exact's backward and the autodiff of
// semantic_id::joint. Launcher: engine::gpu::codes. Source: DIGER, branch `gradient-fix`: routes (a), (b) and (c).

struct Params {
    items: u32,         // N
    codes: u32,         // K
    dim: u32,           // D
    book_offset: u32,   // of the level's first codeword, elements
    level: u32,
    width: u32,         // W
    label_stride: u32,  // of a row of labels
    history: f32,       // 1: through what was met before, else 0
    target_codes: f32,  // 1: through the target's codes so far, else 0
    label_share: f32,   // of a question in the loss, or 0
    word_share: f32,    // 2 · L_vq's weight / (N · D · L)
    whole_share: f32,   // 2 · L_recon's weight / (N · D)
}

@group(0) @binding(0) var<storage, read>       sums: array<f32>;        // in  (N + L · N, W), see code_token_gradient.wgsl
@group(0) @binding(1) var<storage, read>       words: array<f32>;       // in  flat parameters, the embedding first
@group(0) @binding(2) var<storage, read>       labels: array<f32>;      // in  (L · N, label_stride): summed surprise
@group(0) @binding(3) var<storage, read>       next: array<f32>;        // in  (N, D): what the level leaves
@group(0) @binding(4) var<storage, read>       last: array<f32>;        // in  (N, D): what all levels leave
@group(0) @binding(5) var<storage, read>       books: array<f32>;       // in  (L, K, D)
@group(0) @binding(6) var<storage, read_write> d_indicator: array<f32>; // out (N, K)
@group(0) @binding(7) var<uniform>             params: Params;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.codes || id.y >= params.items {
        return;
    }
    let place = params.level * params.items + id.y;
    let met = id.y * params.width;
    let said = (params.items + place) * params.width;
    let word = (params.level * params.codes + id.x) * params.width;
    var sum = params.label_share * labels[place * params.label_stride + id.x];
    for (var w = 0u; w < params.width; w += 1u) {
        let given = params.history * sums[met + w] + params.target_codes * sums[said + w];
        sum = fma(given, words[word + w], sum);
    }
    let row = id.y * params.dim;
    let codeword = params.book_offset + id.x * params.dim;
    for (var d = 0u; d < params.dim; d += 1u) {
        let d_word = params.word_share * next[row + d] + params.whole_share * last[row + d];
        sum = fma(-d_word, books[codeword + d], sum);
    }
    d_indicator[id.y * params.codes + id.x] = sum;
}
