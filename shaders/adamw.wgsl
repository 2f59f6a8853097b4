// m = β₁ m + (1 - β₁) g, v = β₂ v + (1 - β₂) g², p = (1 - rate · decay) p - rate · (m / c₁) / (sqrt(v / c₂) + ε), g = scale · gradient.
// One workgroup: 64 × 4 elements of the flat parameters, a thread each four. With a scale of 0 nothing changes.
// Mirrors Burn's AdamW as CpuEngine::update calls it. Launcher: engine::gpu::calls. Source: Loshchilov and Hutter 2019.

struct Params {
    count: u32,    // fours of elements
    stride: u32,   // threads along x
    rate: f32,     // learning rate
    keep: f32,     // 1 - rate · decay
    beta1: f32,
    beta2: f32,
    epsilon: f32,
    correct1: f32, // c₁ = 1 - β₁^time
    correct2: f32, // c₂ = 1 - β₂^time
}

@group(0) @binding(0) var<storage, read>       gradient: array<vec4<f32>>; // in     flat
@group(0) @binding(1) var<storage, read>       report: array<f32>;         // in     (2): norm, scale
@group(0) @binding(2) var<storage, read_write> weights: array<vec4<f32>>;  // in/out flat parameters
@group(0) @binding(3) var<storage, read_write> moment1: array<vec4<f32>>;  // in/out flat: m
@group(0) @binding(4) var<storage, read_write> moment2: array<vec4<f32>>;  // in/out flat: v
@group(0) @binding(5) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.y * params.stride + id.x;
    let scale = report[1];
    if i >= params.count || scale == 0.0 {
        return;
    }
    let g = gradient[i] * scale;
    let m = params.beta1 * moment1[i] + (1.0 - params.beta1) * g;
    let v = params.beta2 * moment2[i] + (1.0 - params.beta2) * g * g;
    moment1[i] = m;
    moment2[i] = v;
    let step = m / params.correct1 / (sqrt(v / params.correct2) + params.epsilon);
    weights[i] = params.keep * weights[i] - params.rate * step;
}
