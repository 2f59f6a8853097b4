// Runs inside the page: checks each kernel against a plain JS product, then times it. Not here: which kernels and sizes (run.mjs).

// What a form is: the shapes of its two inputs and of its output, and the plain product (float64 sums).
const FORMS = {
  // y[m, n] = Σ_k a[m, k] · w[n, k]
  nt: {
    left: ({ M, K }) => M * K,
    flat: "right",
    right: ({ N, K }) => N * K,
    out: ({ M, N }) => [M, N],
    inner: ({ K }) => K,
    at: ({ K }, a, w, m, n, k) => a[m * K + k] * w[n * K + k],
  },
  // dx[m, k] = Σ_n dy[m, n] · w[n, k]
  nn: {
    left: ({ M, N }) => M * N,
    flat: "right",
    right: ({ N, K }) => N * K,
    out: ({ M, K }) => [M, K],
    inner: ({ N }) => N,
    at: ({ N, K }, dy, w, m, k, n) => dy[m * N + n] * w[n * K + k],
  },
  // gradient[n, k] += Σ_m dy[m, n] · x[m, k]
  tn: {
    left: ({ M, N }) => M * N,
    flat: "out",
    right: ({ M, K }) => M * K,
    out: ({ N, K }) => [N, K],
    inner: ({ M }) => M,
    at: ({ N, K }, dy, x, n, k, m) => dy[m * N + n] * x[m * K + k],
  },
};

function numbers(count, seed) {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function upload(device, data, usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST) {
  const buffer = device.createBuffer({ size: Math.max(16, data.byteLength), usage });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

async function download(device, buffer) {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: buffer.size, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const data = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return data;
}

async function pipeline(device, code) {
  device.pushErrorScope("validation");
  const began = await globalThis.cpuSeconds();
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter((message) => message.type === "error");
  if (errors.length) throw new Error(errors.map((m) => `${m.lineNum}: ${m.message}`).join("\n"));
  const made = await device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  return { made, milliseconds: 1000 * ((await globalThis.cpuSeconds()) - began) };
}

// One problem on the device: its buffers and what a plain product gives.
function problem(device, form, size, { add, bias, offset }) {
  const { left, right, out, flat } = FORMS[form];
  const [rows, columns] = out(size);
  const before = offset; // elements in front of the matrix in the flat buffer
  const data = { left: numbers(left(size), 1), right: numbers(right(size), 2), out: numbers(rows * columns, 3) };
  const biases = numbers(size.N, 4);
  const padded = (values, tail) => {
    const all = new Float32Array(4 * Math.ceil((before + values.length + tail.length) / 4)).fill(7);
    all.set(values, before);
    all.set(tail, before + values.length);
    return all;
  };
  const onDevice = { ...data };
  onDevice[flat] = padded(data[flat], flat === "right" ? biases : numbers(4, 5));
  const buffers = ["left", "right", "out"].map((name) => upload(device, onDevice[name]));
  const params =
    form === "nt"
      ? [size.M, size.N, size.K, before, before + size.N * size.K, bias ? 1 : 0, add ? 1 : 0, 0]
      : [size.M, size.N, size.K, before, add ? 1 : 0, 0, 0, 0];
  buffers.push(upload(device, new Uint32Array(params), GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST));
  return { data, biases, before, onDevice, buffers, rows, columns };
}

function bind(device, made, buffers) {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  return device.createBindGroup({ layout: made.getBindGroupLayout(0), entries });
}

function dispatch(device, made, group, [x, y], times) {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(made);
  pass.setBindGroup(0, group);
  for (let index = 0; index < times; index += 1) pass.dispatchWorkgroups(x, y);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

function grid({ tile }, rows, columns) {
  return [Math.ceil(columns / tile[1]), Math.ceil(rows / tile[0])];
}

// The largest |difference| over all checks in units of what float32 may lose, or a text on what is wrong.
async function check(device, kernel, made, sizes) {
  const { out, inner, at } = FORMS[kernel.form];
  let worst = 0;
  for (const [M, N, K] of sizes) {
    for (const options of [
      { add: false, bias: true, offset: 0 },
      { add: true, bias: false, offset: 20 },
    ]) {
      const size = { M, N, K };
      const task = problem(device, kernel.form, size, options);
      dispatch(device, made, bind(device, made, task.buffers), grid(kernel, task.rows, task.columns), 1);
      const found = await download(device, task.buffers[2]);
      task.buffers.forEach((buffer) => buffer.destroy());
      const [rows, columns] = out(size);
      const expected = Float64Array.from(task.onDevice.out);
      const limits = new Float64Array(expected.length);
      const first = kernel.form === "tn" ? task.before : 0;
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const index = first + row * columns + column;
          let sum = kernel.form === "tn" || options.add ? expected[index] : 0;
          let magnitude = Math.abs(sum);
          if (kernel.form === "nt" && options.bias) sum += task.biases[column];
          for (let step = 0; step < inner(size); step += 1) {
            const term = at(size, task.data.left, task.data.right, row, column, step);
            sum += term;
            magnitude += Math.abs(term);
          }
          expected[index] = sum;
          // Float32 sums of `magnitude` in any order: a unit in the last place a square root of the terms, with room.
          limits[index] = (1 + magnitude) * 2 ** -24 * (4 + Math.sqrt(inner(size)));
        }
      }
      for (let index = 0; index < expected.length; index += 1) {
        const difference = Math.abs(found[index] - expected[index]);
        if (!(difference <= limits[index])) {
          return `wrong at ${M},${N},${K} ${JSON.stringify(options)} [${index}]: ${found[index]}, expected ${expected[index]}`;
        }
        if (limits[index] > 0) worst = Math.max(worst, difference / limits[index]);
      }
    }
  }
  return worst;
}

// Milliseconds a dispatch: each round times every kernel once, so that a busy moment hits all of them.
async function times(device, kernels, size, { rounds, budget }) {
  const tasks = [];
  for (const kernel of kernels) {
    const task = problem(device, kernel.form, size, { add: false, bias: false, offset: 0 });
    const group = bind(device, kernel.made, task.buffers);
    const shape = grid(kernel, task.rows, task.columns);
    tasks.push({ kernel, task, group, shape, repeats: 1, found: [] });
  }
  const once = async ({ kernel, group, shape, repeats }) => {
    await device.queue.onSubmittedWorkDone();
    const cpu = await globalThis.cpuSeconds();
    const began = performance.now();
    dispatch(device, kernel.made, group, shape, repeats);
    await device.queue.onSubmittedWorkDone();
    const wall = (performance.now() - began) / repeats;
    return { wall, cpu: (1000 * ((await globalThis.cpuSeconds()) - cpu)) / repeats };
  };
  for (const entry of tasks) {
    await once(entry);
    // Firefox looks only every 0.1 s whether the work is done: let the budget be several times that there.
    while ((await once(entry)).wall * entry.repeats < budget) entry.repeats *= 2;
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of tasks) entry.found.push(await once(entry));
  }
  for (const { task } of tasks) task.buffers.forEach((buffer) => buffer.destroy());
  return tasks.map(({ kernel, found }) => {
    const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    const walls = found.map(({ wall }) => wall);
    const median = middle(walls); // sorts
    return { name: kernel.name, least: walls[0], median, cpu: middle(found.map(({ cpu }) => cpu)) };
  });
}

// kernels: [{ name, form, tile: [rows, columns] of a workgroup, code, checks }]; checks and sizes: [[M, N, K]].
export async function measure({ kernels, sizes, rounds, budget }) {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no adapter");
  const device = await adapter.requestDevice();
  const report = { adapter: adapter.info?.description || adapter.info?.architecture, kernels: [], times: [] };
  const ready = [];
  for (const kernel of kernels) {
    try {
      const { made, milliseconds } = await pipeline(device, kernel.code);
      const checked = await check(device, kernel, made, kernel.checks);
      report.kernels.push({ name: kernel.name, compiled: milliseconds, checked });
      if (typeof checked === "number") ready.push({ ...kernel, made });
    } catch (error) {
      report.kernels.push({ name: kernel.name, checked: String(error.message ?? error) });
    }
  }
  for (const form of Object.keys(FORMS)) {
    const same = ready.filter((kernel) => kernel.form === form);
    if (!same.length) continue;
    for (const [M, N, K] of sizes) {
      const rows = await times(device, same, { M, N, K }, { rounds, budget });
      for (const row of rows) report.times.push({ form, size: [M, N, K], flop: 2 * M * N * K, ...row });
    }
  }
  return report;
}
