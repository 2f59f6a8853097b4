// What both variants of soft_step.wgsl bind. In front: shared/step_params.wgsl.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;         // in     (B, V)
@group(0) @binding(1) var<storage, read>       row_keys: array<vec2<u32>>; // in     (B), Threefry keys; then the tokens of an ending in pairs
@group(0) @binding(2) var<storage, read_write> state: array<vec4<u32>>;    // in/out (B): prompt length, steps, flags, certain steps
@group(0) @binding(3) var<storage, read_write> blend_ids: array<u32>;      // out    (B, blend_width)
@group(0) @binding(4) var<storage, read_write> blend_shares: array<f32>;   // out    (B, blend_width), all 0 for a vector
@group(0) @binding(5) var<storage, read_write> record: array<u32>;         // out    (S, B, record_width), see engine::gpu::record
@group(0) @binding(6) var<uniform>             params: Params;
