// A language model's GGUF file with random weights: a Llama of two layers over single letters, some 100 KB, as llama.cpp's converter
// would lay it out. Not here: what it is used for.

/** @param {string} text */
const string = (text) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([u64(bytes.length), bytes]);
};
/** @param {number} value */
const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
/** @param {number} value */
const u64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
/** @param {number} value */
const f32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
/** @type {Record<string, (value: any) => Buffer>} */
const VALUE = {
  number: (value) =>
    Number.isInteger(value) ? Buffer.concat([u32(4), u32(value)]) : Buffer.concat([u32(6), f32(value)]),
  string: (value) => Buffer.concat([u32(8), string(value)]),
  object: (/** @type {any[]} */ list) =>
    typeof list[0] === "number"
      ? Buffer.concat([u32(9), u32(5), u64(list.length), ...list.map(u32)])
      : Buffer.concat([u32(9), u32(8), u64(list.length), ...list.map(string)]),
};

const [WIDTH, INNER, LAYERS, HEADS] = [32, 64, 2, 2];
/** GPT-2's spelling of a space, and what is printable. */
const LETTERS = ["Ġ", "Ċ", ...Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))];
const MARKS = ["<|user|>", "<|end|>"];

/** @param {number} [positions] of a prompt and what follows it */
export function tinyGguf(positions = 1024) {
  const tokens = [...LETTERS, ...MARKS];
  /** @type {Record<string, any>} */
  const metadata = {
    "general.architecture": "llama",
    "general.name": "tiny",
    "llama.context_length": positions,
    "llama.embedding_length": WIDTH,
    "llama.block_count": LAYERS,
    "llama.feed_forward_length": INNER,
    "llama.attention.head_count": HEADS,
    "llama.attention.head_count_kv": HEADS,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "llama.rope.freq_base": 10000.5,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "gpt-2",
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.token_type": tokens.map((token) => (MARKS.includes(token) ? 3 : 1)),
    "tokenizer.ggml.merges": ["a b"].slice(1).concat("t h"),
    "tokenizer.ggml.eos_token_id": tokens.length - 1,
    "tokenizer.chat_template": "<|user|>{{ messages[0].content }}<|end|>",
  };
  // A rule of merging needs its result among the words.
  metadata["tokenizer.ggml.tokens"][tokens.indexOf("~")] = "th";
  /** @type {[string, number[]][]} */
  const tensors = [["token_embd.weight", [WIDTH, tokens.length]]];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    /** @type {[string, number[]][]} */
    const shapes = [
      ["attn_norm", [WIDTH]],
      ["attn_q", [WIDTH, WIDTH]],
      ["attn_k", [WIDTH, WIDTH]],
      ["attn_v", [WIDTH, WIDTH]],
      ["attn_output", [WIDTH, WIDTH]],
      ["ffn_norm", [WIDTH]],
      ["ffn_gate", [WIDTH, INNER]],
      ["ffn_up", [WIDTH, INNER]],
      ["ffn_down", [INNER, WIDTH]],
    ];
    for (const [name, shape] of shapes) tensors.push([`blk.${layer}.${name}.weight`, shape]);
  }
  tensors.push(["output_norm.weight", [WIDTH]]);
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  let offset = 0;
  const infos = [];
  const data = [];
  for (const [name, shape] of tensors) {
    const count = shape.reduce((product, length) => product * length, 1);
    infos.push(string(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    data.push(Buffer.from(Float32Array.from({ length: count }, () => (shape.length === 1 ? 1 : random())).buffer));
    offset += 4 * count;
  }
  const keys = Object.entries(metadata).flatMap(([key, value]) => [string(key), VALUE[typeof value](value)]);
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(3),
    u64(tensors.length),
    u64(Object.keys(metadata).length),
    ...keys,
    ...infos,
  ]);
  return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), ...data]);
}
