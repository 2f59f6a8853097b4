// Softmax attention of one key head's queries over `length` positions, in tiles of 64 with a running maximum.
// One workgroup of 64 threads: `queries` (G, head_dim) in, `mixed` (G, head_dim) out. The kernel in whose front this stands
// defines key_at(position, d) and value_at(position, d). Source: Milakov and Gimelshein 2018, "Online normalizer calculation".

const TILE: u32 = 64u;
const HIDDEN: f32 = -1e30; // as engine::cpu: exp gives 0, and it is not infinite

var<workgroup> queries: array<f32, 1024>; // (G, head_dim)
var<workgroup> mixed: array<f32, 1024>;   // (G, head_dim)
var<workgroup> shares: array<f32, 1024>;  // (G, TILE)
var<workgroup> largest: array<f32, 16>;   // (G)
var<workgroup> total: array<f32, 16>;     // (G)
var<workgroup> fading: array<f32, 16>;    // (G): what the earlier tiles weigh under the new maximum

fn attend(thread: u32, groups: u32, head_dim: u32, length: u32, scale: f32) {
    let width = groups * head_dim;
    if thread < groups {
        largest[thread] = HIDDEN;
        total[thread] = 0.0;
    }
    for (var i = thread; i < width; i += TILE) {
        mixed[i] = 0.0;
    }
    for (var start = 0u; start < length; start += TILE) {
        let count = min(TILE, length - start);
        if thread < count {
            for (var group = 0u; group < groups; group += 1u) {
                var score = 0.0;
                for (var d = 0u; d < head_dim; d += 1u) {
                    score = fma(queries[group * head_dim + d], key_at(start + thread, d), score);
                }
                shares[group * TILE + thread] = score * scale;
            }
        }
        workgroupBarrier();
        if thread < groups {
            var top = largest[thread];
            for (var t = 0u; t < count; t += 1u) {
                top = max(top, shares[thread * TILE + t]);
            }
            let fade = exp(largest[thread] - top);
            var sum = total[thread] * fade;
            for (var t = 0u; t < count; t += 1u) {
                let share = exp(shares[thread * TILE + t] - top);
                shares[thread * TILE + t] = share;
                sum += share;
            }
            largest[thread] = top;
            total[thread] = sum;
            fading[thread] = fade;
        }
        workgroupBarrier();
        for (var i = thread; i < width; i += TILE) {
            let group = i / head_dim;
            let d = i % head_dim;
            var sum = mixed[i] * fading[group];
            for (var t = 0u; t < count; t += 1u) {
                sum = fma(shares[group * TILE + t], value_at(start + t, d), sum);
            }
            mixed[i] = sum;
        }
        workgroupBarrier();
    }
    for (var i = thread; i < width; i += TILE) {
        mixed[i] = mixed[i] / total[i / head_dim];
    }
}
