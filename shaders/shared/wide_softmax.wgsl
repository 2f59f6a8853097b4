// The softmax of a row of many logits by 256 threads. The kernel in whose front this stands binds logits (N, V), and calls softmax_of
// once. In front: shared/soft_density.wgsl. Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax".

const THREADS: u32 = 256u;

var<workgroup> shares: array<vec3<f32>, 256>; // of each thread: its largest logit, and relative to it Σ exp(z) and Σ z exp(z)
var<workgroup> sixteen: array<vec3<f32>, 16>;

// The sums of two parts, relative to the larger of their tops. z = logit / temperature.
fn joined(one: vec3<f32>, other: vec3<f32>) -> vec3<f32> {
    let top = max(one.x, other.x);
    let fall = (vec2<f32>(one.x, other.x) - top) / params.temperature;
    let fade = exp(fall);
    let sum = fade.x * one.y + fade.y * other.y;
    return vec3<f32>(top, sum, fade.x * (one.z + fall.x * one.y) + fade.y * (other.z + fall.y * other.y));
}

// Of row n: its largest logit, Σ exp(z - top), Σ (z - top) exp(z - top). V is at least 256.
fn softmax_of(n: u32, thread: u32) -> vec3<f32> {
    let base = n * params.vocabulary;
    var top = logits[base + thread];
    for (var i = thread + THREADS; i < params.vocabulary; i += THREADS) {
        top = max(top, logits[base + i]);
    }
    var sums = vec2<f32>();
    for (var i = thread; i < params.vocabulary; i += THREADS) {
        let below = (logits[base + i] - top) / params.temperature;
        sums += vec2<f32>(1.0, below) * exp(below);
    }
    shares[thread] = vec3<f32>(top, sums);
    workgroupBarrier();
    if thread < 16u {
        var all = shares[16u * thread];
        for (var t = 1u; t < 16u; t += 1u) {
            all = joined(all, shares[16u * thread + t]);
        }
        sixteen[thread] = all;
    }
    workgroupBarrier();
    var all = sixteen[0];
    for (var t = 1u; t < 16u; t += 1u) {
        all = joined(all, sixteen[t]);
    }
    return all;
}
