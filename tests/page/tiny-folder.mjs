// A language model's Hugging Face folder with random weights: a Llama of two layers over single letters, its tensors in two files. Not here:
// what it is used for.

const [WIDTH, INNER, LAYERS, HEADS, POSITIONS] = [32, 64, 2, 2, 1024];
const END = "<|im_end|>";

/** @returns {Map<string, Buffer>} the files by their names */
export function tinyFolder() {
  const letters = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));
  const vocab = Object.fromEntries([...letters, "Ġ", "Ċ", "th"].map((token, id) => [token, id]));
  const words = Object.keys(vocab).length + 1;
  const config = {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_act: "silu",
    hidden_size: WIDTH,
    intermediate_size: INNER,
    num_hidden_layers: LAYERS,
    num_attention_heads: HEADS,
    num_key_value_heads: HEADS,
    max_position_embeddings: POSITIONS,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: true,
    torch_dtype: "float32",
    vocab_size: words,
    eos_token_id: words - 1,
  };
  const tokenizer = {
    model: { type: "BPE", vocab, merges: [["t", "h"]] },
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    added_tokens: [{ id: words - 1, content: END, special: true }],
  };
  const settings = { bos_token: null, eos_token: END, chat_template: `{{ messages[0].content }}${END}` };
  const tensors = shapes(words);
  return new Map([
    ["config.json", Buffer.from(JSON.stringify(config))],
    ["tokenizer.json", Buffer.from(JSON.stringify(tokenizer))],
    ["tokenizer_config.json", Buffer.from(JSON.stringify(settings))],
    ["model-00001-of-00002.safetensors", safetensors(tensors.slice(0, 8), 1)],
    ["model-00002-of-00002.safetensors", safetensors(tensors.slice(8), 2)],
  ]);
}

/** @param {number} words @returns {[string, number[]][]} */
function shapes(words) {
  /** @type {[string, number[]][]} */
  const found = [["model.embed_tokens.weight", [words, WIDTH]]];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const at = `model.layers.${layer}`;
    found.push([`${at}.input_layernorm.weight`, [WIDTH]], [`${at}.post_attention_layernorm.weight`, [WIDTH]]);
    for (const one of ["q", "k", "v", "o"]) found.push([`${at}.self_attn.${one}_proj.weight`, [WIDTH, WIDTH]]);
    found.push([`${at}.mlp.gate_proj.weight`, [INNER, WIDTH]], [`${at}.mlp.up_proj.weight`, [INNER, WIDTH]]);
    found.push([`${at}.mlp.down_proj.weight`, [WIDTH, INNER]]);
  }
  found.push(["model.norm.weight", [WIDTH]]);
  return found;
}

/** @param {[string, number[]][]} tensors @param {number} seed */
function safetensors(tensors, seed) {
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  /** @type {Record<string, object>} */
  const header = {};
  const data = [];
  let offset = 0;
  for (const [name, shape] of tensors) {
    const count = shape.reduce((product, length) => product * length, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * count] };
    data.push(Buffer.from(Float32Array.from({ length: count }, () => (shape.length === 1 ? 1 : random())).buffer));
    offset += 4 * count;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...data]);
}
