// scores[n] = the log densities of action n, then the entropy of its row: ln softmax(z)[id] of each token drawn; of a soft step Σ or
// mean over its counted candidates, by their noise (Gumbel: -g - exp(-g) with g = perturbed - ln(q + epsilon)), q the softmax over
// the candidates; z = logits / temperature. Vectors get theirs from vector_density.wgsl.
// Letters: N actions, V vocabulary, W ids of an action, S log densities. In front: shared/soft_density.wgsl.
// One workgroup of 64 threads: one action.
// Mirrors math::softmax::log_prob, math::softmax::entropy, math::gumbel::log_density and math::noises. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;    // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;   // in  (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>; // in  (N, W)
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;    // out (N, S + 1), nats
@group(0) @binding(4) var<uniform>             params: Params;

const THREADS: u32 = 64u;

var<workgroup> tops: array<f32, 64>;
var<workgroup> partial: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let n = group.x;
    let base = n * params.vocabulary;
    var top = logits[base];
    for (var i = thread; i < params.vocabulary; i += THREADS) {
        top = max(top, logits[base + i]);
    }
    tops[thread] = top;
    workgroupBarrier();
    for (var t = 0u; t < THREADS; t += 1u) {
        top = max(top, tops[t]);
    }
    var part = vec2<f32>();
    for (var i = thread; i < params.vocabulary; i += THREADS) {
        let below = (logits[base + i] - top) / params.temperature;
        part += vec2<f32>(1.0, below) * exp(below);
    }
    partial[thread] = part;
    workgroupBarrier();
    if thread == 0u {
        var sums = vec2<f32>();
        for (var t = 0u; t < THREADS; t += 1u) {
            sums += partial[t];
        }
        let at = n * (params.scores + 1u);
        scores[at + params.scores] = log(sums.x) - sums.y / sums.x;
        if kind(n) == SOFT {
            scores[at] = soft_density(n);
        } else if kind(n) != VECTOR {
            for (var k = 0u; k < count(n); k += 1u) {
                scores[at + k] = candidate(n, k) - top / params.temperature - log(sums.x);
            }
        }
    }
}
