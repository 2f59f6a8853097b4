// range[2 · level] = the middle of all distances of a level, range[2 · level + 1] = 1 / half of their range (at least 1e-12).
// One workgroup of 256 threads: every 256th distance each, then one thread takes what they found.
// Mirrors semantic_id::sinkhorn::centred's bounds. Launcher: engine::gpu::codes. Source: DIGER's code, as `assignment.rs`.

struct Params {
    count: u32, // distances
    level: u32,
}

@group(0) @binding(0) var<storage, read>       distances: array<f32>; // in  (count)
@group(0) @binding(1) var<storage, read_write> range: array<f32>;     // out (L, 2)
@group(0) @binding(2) var<uniform>             params: Params;

var<workgroup> low: array<f32, 256>;
var<workgroup> high: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
    var least = distances[0];
    var most = distances[0];
    for (var i = thread; i < params.count; i += 256u) {
        least = min(least, distances[i]);
        most = max(most, distances[i]);
    }
    low[thread] = least;
    high[thread] = most;
    workgroupBarrier();
    if thread == 0u {
        for (var other = 1u; other < 256u; other += 1u) {
            least = min(least, low[other]);
            most = max(most, high[other]);
        }
        range[2u * params.level] = 0.5 * (least + most);
        range[2u * params.level + 1u] = 1.0 / max(0.5 * (most - least), 1e-12);
    }
}
