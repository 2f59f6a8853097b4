// Runs inside the page: a rollout by today's chain of dispatches against rollout_whole.wgsl, checked, then timed.
// Not here: which presets, rows and kernels (run.mjs).

const ALIGNMENT = 256; // of a uniform's place
const PROMPT = 16; // positions the caches hold when the rollout begins
const VOCABULARY = 64;
const CANDIDATES = 5;
const RECORD_WIDTH = 4 + 2 * CANDIDATES;
const END_THINK = 3;
const END_ANSWER = 4;
const NEVER = 0xffffffff;
const WORK_PER_SUBMIT = 4e8; // engine::gpu's for software adapters
const TURNS = 60_000; // engine::gpu's MAX_TURNS, for the same reason

// model::config's presets; C columns hold the prompt and the steps.
export const PRESETS = {
  nano: { layers: 2, width: 64, heads: 4, kvHeads: 2, headDim: 16, inner: 192, positions: 128 },
  micro: { layers: 4, width: 128, heads: 4, kvHeads: 2, headDim: 32, inner: 512, positions: 256 },
};

// The kernels `step_calls` takes, and what one workgroup of them does.
const SETS = {
  plain: {
    softStep: { name: "soft_step_plain", rows: 16 },
    norm: { name: "rms_norm_plain", rows: 16 },
    matmul: { name: "matmul", rows: 32, columns: 64 },
    attention: { name: "attention_decode_plain", grid: (rows, m) => [Math.ceil((rows * m.heads) / 16), 1] },
  },
  // Not what the engine takes: `plain` with a product that wastes nothing on few rows.
  few: {
    softStep: { name: "soft_step_plain", rows: 16 },
    norm: { name: "rms_norm_plain", rows: 16 },
    matmul: { name: "matmul_few", rows: 1, columns: 64 },
    attention: { name: "attention_decode_plain", grid: (rows, m) => [Math.ceil((rows * m.heads) / 16), 1] },
  },
  shared: {
    softStep: { name: "soft_step", rows: 1 },
    norm: { name: "rms_norm", rows: 1 },
    matmul: { name: "matmul_tiled", rows: 64, columns: 64 },
    attention: { name: "attention_decode", grid: (rows, m) => [m.kvHeads, rows] },
  },
};

const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
const ANY = STORAGE | COPY_SRC | COPY_DST;

// Uniform numbers in [-1, 1).
function numbers(count, seed, scale = 1) {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
}

// model::params::layout and init (uniform of the same spread): offsets in elements, and the flat parameters.
function model(preset) {
  const m = PRESETS[preset];
  const [query, kv] = [m.heads * m.headDim, m.kvHeads * m.headDim];
  const parts = [];
  let end = 0;
  const push = (name, rows, columns, scale) => {
    const at = end;
    const spread = Math.sqrt(3 / columns) / (scale ?? 1);
    end += rows * columns;
    parts.push(rows === 1 ? new Float32Array(columns).fill(1) : numbers(rows * columns, 17 + parts.length, spread));
    return at;
  };
  const depth = Math.sqrt(2 * m.layers);
  push("embedding", VOCABULARY, m.width);
  const layers = Array.from({ length: m.layers }, () => ({
    inputNorm: push("norm", 1, m.width),
    qkv: push("qkv", query + 2 * kv, m.width),
    output: push("output", m.width, query, depth),
    mlpNorm: push("norm", 1, m.width),
    gate: push("gate", m.inner, m.width),
    up: push("up", m.inner, m.width),
    down: push("down", m.width, m.inner, depth),
  }));
  const norm = push("norm", 1, m.width);
  const flat = new Float32Array(end);
  parts.reduce((at, part) => (flat.set(part, at), at + part.length), 0);
  return { ...m, query, kv, at: { layers, norm }, flat };
}

function rope({ positions, headDim }) {
  const half = headDim / 2;
  const table = new Float32Array(positions * headDim);
  for (let t = 0; t < positions; t += 1) {
    for (let i = 0; i < half; i += 1) {
      const angle = t * 10000 ** (-i / half);
      table.set([Math.cos(angle), Math.sin(angle)], 2 * (t * half + i));
    }
  }
  return table;
}

// The fields soft_step.wgsl and rollout_whole.wgsl share, up to max_steps; SofT-GRPO's sampling.
function sampling(rows, steps, endAnswer) {
  const epsilon = 1.1920929e-7; // only that both forms get the same matters here
  return [
    ["u", rows], ["u", VOCABULARY], ["u", CANDIDATES], ["u", CANDIDATES], ["u", 1], ["u", CANDIDATES],
    ["f", 1], ["f", 0.95], ["f", 0], ["f", 0.1], ["f", 1], ["f", 1], ["f", epsilon], ["f", -5], ["f", 20],
    ["u", END_THINK], ["u", endAnswer], ["u", steps],
  ]; // prettier-ignore
}

function packed(fields) {
  const bytes = new DataView(new ArrayBuffer(Math.max(16, 16 * Math.ceil(fields.length / 4))));
  fields.forEach(([kind, value], i) =>
    kind === "u" ? bytes.setUint32(4 * i, value, true) : bytes.setFloat32(4 * i, value, true),
  );
  return new Uint8Array(bytes.buffer);
}

const whole = (numbers) => numbers.map((n) => ["u", n]);

function buffer(device, data, usage = ANY) {
  const made = device.createBuffer({ size: Math.max(16, 4 * Math.ceil(data.byteLength / 4)), usage });
  device.queue.writeBuffer(made, 0, data);
  return made;
}

async function download(device, source) {
  const staging = device.createBuffer({ size: source.size, usage: MAP_READ | COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const data = new Uint32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return data;
}

async function pipeline(device, code, constants) {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter(({ type }) => type === "error");
  if (errors.length) throw new Error(errors.map((m) => `${m.lineNum}: ${m.message}`).join("\n"));
  const began = performance.now();
  const compute = { module, entryPoint: "main", constants };
  const made = await device.createComputePipelineAsync({ layout: "auto", compute });
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  return { made, compiled: performance.now() - began };
}

// Buffers of `rows` rollouts; `reset` puts back what a rollout begins with.
function room(device, m, rows, steps) {
  const columns = m.positions;
  const cache = m.layers * rows * m.kv * columns;
  const state = Uint32Array.from({ length: 4 * rows }, (_, i) => (i % 4 ? 0 : PROMPT));
  const empty = (elements) => device.createBuffer({ size: 4 * elements, usage: ANY });
  const slots = {
    weights: buffer(device, m.flat),
    table: buffer(device, rope(m)),
    rowKeys: buffer(
      device,
      Uint32Array.from({ length: 2 * rows }, (_, i) => Math.imul(i + 1, 2654435761) >>> 0),
    ),
    rows: empty(rows),
    state: empty(4 * rows),
    ids: empty(rows * CANDIDATES),
    shares: empty(rows * CANDIDATES),
    x: empty(rows * m.width),
    hidden: empty(rows * m.width),
    qkv: empty(rows * (m.query + 2 * m.kv)),
    mixed: empty(rows * m.query),
    inner: empty(rows * m.inner),
    logits: empty(rows * VOCABULARY),
    record: empty(steps * rows * RECORD_WIDTH),
    keys: buffer(device, numbers(cache, 5)),
    values: buffer(device, numbers(cache, 6)),
  };
  const begin = { state: buffer(device, state), logits: buffer(device, numbers(rows * VOCABULARY, 7, 2)) };
  const reset = (encoder) => {
    for (const [name, from] of Object.entries(begin)) encoder.copyBufferToBuffer(from, 0, slots[name], 0, from.size);
    encoder.clearBuffer(slots.record);
  };
  const destroy = () => [...Object.values(slots), ...Object.values(begin)].forEach((b) => b.destroy());
  return { slots, reset, destroy, columns };
}

// Today's calls of one step, as engine::gpu::calls::forward::step_calls lists them.
function chainCalls(m, set, rows, steps, columns, endAnswer) {
  const { softStep, norm, matmul, attention } = SETS[set];
  const ceil = (a, b) => Math.ceil(a / b);
  const groups = m.heads / m.kvHeads;
  const rmsNorm = (gain) => ({
    kernel: norm.name,
    slots: ["x", "weights", "rows", "hidden"],
    params: [...whole([m.width, rows, 0, 0, gain]), ["f", 1e-5]],
    grid: [ceil(rows, norm.rows), 1],
    work: 4 * rows * m.width,
  });
  const product = (from, to, columns, inner, weight, add) => ({
    kernel: matmul.name,
    slots: [from, "weights", to],
    params: whole([rows, columns, inner, weight, 0, 0, add]),
    grid: [ceil(columns, matmul.columns), ceil(rows, matmul.rows)],
    work: 2 * rows * columns * inner,
  });
  const calls = [
    {
      kernel: softStep.name,
      slots: ["logits", "rowKeys", "state", "ids", "shares", "record"],
      params: [...sampling(rows, steps, endAnswer), ...whole([steps, CANDIDATES, RECORD_WIDTH])],
      grid: [ceil(rows, softStep.rows), 1],
      work: 20 * rows * VOCABULARY,
    },
    {
      kernel: "embed_mix",
      slots: ["ids", "shares", "weights", "x"],
      params: whole([m.width, CANDIDATES, rows]),
      grid: [ceil(m.width, 64), rows],
      work: 2 * rows * m.width * CANDIDATES,
    },
  ];
  m.at.layers.forEach((layer, index) => {
    const cache = 4 * index * rows * m.kv * columns; // bytes
    calls.push(
      rmsNorm(layer.inputNorm),
      product("hidden", "qkv", m.query + 2 * m.kv, m.width, layer.qkv, 0),
      {
        kernel: attention.name,
        slots: ["qkv", "table", "state", ["keys", cache], ["values", cache], "mixed"],
        size: 4 * rows * m.kv * columns,
        params: [...whole([rows, groups, m.kvHeads, m.headDim, columns]), ["f", m.headDim ** -0.5]],
        grid: attention.grid(rows, m),
        work: 4 * rows * m.query * columns,
      },
      product("mixed", "x", m.width, m.query, layer.output, 1),
      rmsNorm(layer.mlpNorm),
      {
        kernel: "swiglu",
        slots: ["hidden", "weights", "inner"],
        params: whole([rows, m.inner, m.width, layer.gate, layer.up]),
        grid: [ceil(m.inner, 16), ceil(rows, 32)],
        work: 4 * rows * m.inner * m.width,
      },
      product("inner", "x", m.width, m.inner, layer.down, 1),
    );
  });
  calls.push(rmsNorm(m.at.norm), product("hidden", "logits", VOCABULARY, m.width, 0, 0));
  return calls;
}

// A form of the rollout: run(encoder, count) records `count` steps and may submit in between; the next encoder comes back.
function form(device, room, list, perTurn) {
  const uniform = device.createBuffer({ size: ALIGNMENT * list.length, usage: UNIFORM | COPY_DST });
  const dispatches = list.map(({ pipeline, slots, size, params, grid, work }, index) => {
    const bytes = packed(params);
    device.queue.writeBuffer(uniform, ALIGNMENT * index, bytes);
    const resources = slots.map((slot) => {
      const [name, offset] = Array.isArray(slot) ? slot : [slot, 0];
      return Array.isArray(slot) ? { buffer: room.slots[name], offset, size } : { buffer: room.slots[name] };
    });
    resources.push({ buffer: uniform, offset: ALIGNMENT * index, size: bytes.length });
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return { pipeline, grid, work, group: device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }) };
  });
  return (start, turns) => {
    let encoder = start;
    let pass = encoder.beginComputePass();
    let work = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      for (const next of dispatches) {
        if (work > 0 && work + next.work > WORK_PER_SUBMIT) {
          pass.end();
          device.queue.submit([encoder.finish()]);
          encoder = device.createCommandEncoder();
          pass = encoder.beginComputePass();
          work = 0;
        }
        pass.setPipeline(next.pipeline);
        pass.setBindGroup(0, next.group);
        pass.dispatchWorkgroups(...next.grid);
        work += next.work;
      }
    }
    pass.end();
    return encoder;
  };
}

// Loop turns of one thread of rollout_whole.wgsl for one step at `position`; llvmpipe gives it 65,535 in one dispatch.
export function turns(m, threads, position) {
  const own = (count) => Math.ceil(count / threads);
  const [v, k, d, inner, q, kv, head] = [
    VOCABULARY,
    CANDIDATES,
    m.width / 4,
    m.inner / 4,
    m.query / 4,
    m.kv / 4,
    m.headDim / 4,
  ];
  const quads = Math.floor(position / 4) + 1;
  // Top, masses, ranks, pool, kept; entropy; the noise; the winner; then a draw, which is the longer branch of the two.
  const step = v + own(v) * (3 + v) + v + threads + own(k) * (1 + k) + k + 2 * v + threads + own(v) + own(k);
  const attend = own(m.heads * quads) * (1 + head) + own(m.heads) * (1 + 2 * quads) + own(q) * (1 + quads);
  const place = own(((m.heads + m.kvHeads) * head) / 2) + own(kv);
  const products = own(q + 2 * kv) * (1 + d) + own(d) * (1 + q) + own(inner) * (1 + 2 * d) + own(d) * (1 + inner);
  const layer = 1 + 2 * (d + own(d)) + products + place + attend;
  return 1 + step + own(d) * (1 + k) + m.layers * layer + d + own(d) + own(v / 4) * (1 + d);
}

function wholeCall(m, pipeline, rows, steps, atOnce, columns, endAnswer) {
  return {
    pipeline,
    slots: ["weights", "table", "rowKeys", "state", "keys", "values", "logits", "record"],
    params: [
      ...sampling(rows, steps, endAnswer),
      ...whole([steps, RECORD_WIDTH, atOnce, columns]),
      ["f", m.headDim ** -0.5],
      ["f", 1e-5],
      ...whole([m.at.norm / 4, 0]),
    ],
    grid: [rows, 1],
    // The same arithmetic as a chain's step, roughly.
    work: 2 * rows * atOnce * m.flat.length,
  };
}

const constants = (m, threads) => ({
  THREADS: threads,
  LAYERS: m.layers,
  WIDTH: m.width / 4,
  INNER: m.inner / 4,
  HEADS: m.heads,
  KV_HEADS: m.kvHeads,
  HEAD: m.headDim / 4,
});

// One rollout from its beginning; what its record and logits hold.
async function outcome(device, room, run, turnsOfForm) {
  let encoder = device.createCommandEncoder();
  room.reset(encoder);
  encoder = run(encoder, turnsOfForm);
  device.queue.submit([encoder.finish()]);
  return { record: await download(device, room.slots.record), logits: await download(device, room.slots.logits) };
}

// How two outcomes differ: steps with other words where both forms still agree on the row's past, and of all.
function compare(one, other, rows, steps) {
  const [a, b] = [one.record, other.record];
  const floats = (words) => new Float32Array(words.buffer);
  const [fa, fb] = [floats(a), floats(b)];
  const parted = new Array(rows).fill(false);
  const report = { steps: 0, same: 0, firstParted: 0, perturbed: 0, fields: 0, finished: 0 };
  for (let step = 0; step < steps; step += 1) {
    for (let row = 0; row < rows; row += 1) {
      const at = (step * rows + row) * RECORD_WIDTH;
      if (a[at] === 0 && b[at] === 0) {
        report.finished += 1;
        continue;
      }
      report.steps += 1;
      const same = a[at] === b[at] && a[at + 1] === b[at + 1];
      report.same += same ? 1 : 0;
      if (!same && !parted[row]) {
        parted[row] = true;
        report.firstParted += 1;
      }
      if (parted[row]) continue;
      report.fields += a[at + 2] === b[at + 2] ? 0 : 1;
      for (let i = 0; i < a[at + 2] >> 8; i += 1) {
        if (a[at + 4 + 2 * i] === b[at + 4 + 2 * i]) {
          report.perturbed = Math.max(report.perturbed, Math.abs(fa[at + 5 + 2 * i] - fb[at + 5 + 2 * i]));
        } else report.fields += 1;
      }
    }
  }
  const [la, lb] = [floats(one.logits), floats(other.logits)];
  report.logits = la.reduce(
    (most, z, i) => (parted[Math.floor(i / VOCABULARY)] ? most : Math.max(most, Math.abs(z - lb[i]))),
    0,
  );
  report.finite = la.every(Number.isFinite) && lb.every(Number.isFinite);
  return report;
}

// job: { preset, rows, steps, sets: [..], threads: [..], rounds, budget, sources }; the first set is what others are compared with.
export async function measure(job) {
  const { preset, rows, steps, sets, rounds, budget, sources } = job;
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const m = model(preset);
  const report = {
    adapter: adapter.info?.description || adapter.info?.architecture,
    compiled: {},
    checks: {},
    atOnce: {},
    times: [],
  };

  const pipelines = {};
  const place = room(device, m, rows, steps);
  const chainForm = (set, end) => {
    const calls = chainCalls(m, set, rows, steps, m.positions, end);
    return form(
      device,
      place,
      calls.map((call) => ({ ...call, pipeline: pipelines[call.kernel] })),
    );
  };
  const forms = [];
  for (const set of sets) {
    const name = `chain ${set}`;
    report.compiled[name] = 0;
    for (const { kernel } of chainCalls(m, set, rows, steps, m.positions, NEVER)) {
      if (pipelines[kernel]) continue;
      const { made, compiled } = await pipeline(device, sources[kernel]);
      pipelines[kernel] = made;
      report.compiled[name] += compiled;
    }
    forms.push({ name, run: chainForm(set, NEVER), repeat: steps });
  }
  const oneStep = await outcome(device, place, chainForm(sets[0], NEVER), 1);
  const chained = await outcome(device, place, chainForm(sets[0], END_ANSWER), steps);
  // As many dispatches as the chain's that return at once: what it pays besides the work itself.
  const slots = ["ids", "shares", "weights", "x"];
  const nothing = { pipeline: pipelines.embed_mix, slots, params: whole([0, 0, 0]), grid: [1, 1], work: 1 };
  const idle = form(device, place, new Array(7 * m.layers + 4).fill(nothing));
  forms.push({ name: "idle", run: idle, repeat: steps });

  for (const threads of job.threads) {
    const name = `whole ${threads}`;
    const { made, compiled } = await pipeline(device, sources.rollout_whole, constants(m, threads));
    report.compiled[name] = compiled;
    let atOnce = steps;
    const most = turns(m, threads, PROMPT + steps);
    const work = 2 * rows * m.flat.length;
    while (atOnce > 1 && (atOnce * most > TURNS || atOnce * work > WORK_PER_SUBMIT)) atOnce = Math.ceil(atOnce / 2);
    report.atOnce[name] = { atOnce, turns: most };
    const wholeForm = (end, count = atOnce) =>
      form(device, place, [wholeCall(m, made, rows, steps, count, place.columns, end)]);
    const one = await outcome(device, place, wholeForm(NEVER, 1), 1);
    const all = await outcome(device, place, wholeForm(END_ANSWER), steps / atOnce);
    report.checks[name] = { one: compare(oneStep, one, rows, 1), all: compare(chained, all, rows, steps) };
    forms.push({ name, run: wholeForm(NEVER), repeat: steps / atOnce });
  }

  // Each round times every form once, so that a busy moment hits all of them. The engine reads the record after each chunk.
  const staging = device.createBuffer({ size: place.slots.record.size, usage: MAP_READ | COPY_DST });
  const time = async ({ run, repeat }, rollouts) => {
    await device.queue.onSubmittedWorkDone();
    const cpu = await globalThis.cpuSeconds();
    const began = performance.now();
    for (let index = 0; index < rollouts; index += 1) {
      let encoder = device.createCommandEncoder();
      place.reset(encoder);
      encoder = run(encoder, repeat);
      if (index === rollouts - 1) encoder.copyBufferToBuffer(place.slots.record, 0, staging, 0, staging.size);
      device.queue.submit([encoder.finish()]);
    }
    await staging.mapAsync(GPUMapMode.READ);
    staging.unmap();
    const wall = (performance.now() - began) / rollouts;
    return { wall, cpu: (1000 * ((await globalThis.cpuSeconds()) - cpu)) / rollouts };
  };
  for (const entry of forms) {
    const first = await time(entry, 1);
    entry.rollouts = Math.max(1, Math.ceil(budget / first.wall));
    entry.found = [];
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of forms) entry.found.push(await time(entry, entry.rollouts));
  }
  const sorted = (values) => values.sort((a, b) => a - b);
  for (const { name, found, rollouts } of forms) {
    const walls = sorted(found.map(({ wall }) => wall));
    const cpus = sorted(found.map(({ cpu }) => cpu));
    report.times.push({
      name,
      rollouts,
      least: walls[0],
      median: walls[walls.length >> 1],
      cpu: cpus[cpus.length >> 1],
    });
  }
  place.destroy();
  device.destroy();
  return report;
}

// The longest dispatch that still gives what single steps give: where llvmpipe's limit of loop turns really lies.
export async function longest({ preset, threads, sources }) {
  const device = await (await navigator.gpu.requestAdapter()).requestDevice();
  const m = model(preset);
  const rows = 4;
  const steps = m.positions - PROMPT;
  const { made } = await pipeline(device, sources.rollout_whole, constants(m, threads));
  const place = room(device, m, rows, steps);
  const by = (count) => form(device, place, [wholeCall(m, made, rows, steps, count, place.columns, NEVER)]);
  const single = await outcome(device, place, by(1), steps);
  const all = await outcome(device, place, by(steps), 1);
  let right = 0;
  const same = (step) => {
    const from = step * rows * RECORD_WIDTH;
    return single.record.slice(from, from + rows * RECORD_WIDTH).every((word, i) => word === all.record[from + i]);
  };
  while (right < steps && same(right)) right += 1;
  let counted = 0;
  for (let step = 0; step < right; step += 1) counted += turns(m, threads, PROMPT + step);
  place.destroy();
  device.destroy();
  return { preset, threads, steps, right, counted };
}
