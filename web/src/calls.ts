// The page's end of the wire: requests out, events and the one answer back, tied by id. Knows no request by name.

import { LabError, asLabError, cancelledError } from "./error.js";
import type { FromWorker, Kind, ToWorker, Wire } from "./protocol.js";

/** What a Worker is, as far as this package needs: tests hand in their own. */
export interface WorkerPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

interface Pending {
  onEvent: ((body: never) => void) | undefined;
  resolve: (body: never) => void;
  reject: (error: LabError) => void;
}

export interface CallOptions<K extends Kind> {
  signal?: AbortSignal | undefined;
  onEvent?: ((body: Wire[K]["event"]) => void) | undefined;
  transfer?: Transferable[];
}

export interface Call<K extends Kind> {
  id: number;
  done: Promise<Wire[K]["done"]>;
}

export class Calls {
  readonly #port: WorkerPort;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #closed: LabError | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.onmessage = (event) => {
      this.#receive(event.data);
    };
    port.onerror = (event) => {
      this.close(
        new LabError("crashed", `the worker stopped (${event.message || "it could not be loaded"}): make a new lab`),
      );
    };
  }

  start<K extends Kind>(kind: K, body: Wire[K]["send"], options: CallOptions<K> = {}): Call<K> {
    const { signal, onEvent, transfer = [] } = options;
    const id = this.#nextId++;
    if (this.#closed !== undefined) return { id, done: Promise.reject(this.#closed) };
    if (signal?.aborted) return { id, done: Promise.reject(cancelledError()) };
    const onAbort = () => {
      this.send({ type: "cancel", id });
    };
    const done = new Promise<Wire[K]["done"]>((resolve, reject) => {
      this.#pending.set(id, { onEvent, resolve, reject });
    }).finally(() => signal?.removeEventListener("abort", onAbort));
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#port.postMessage({ type: "request", id, kind, body }, transfer);
    return { id, done };
  }

  /** Says something about a running call; nothing where the worker is gone. */
  send(message: Exclude<ToWorker, { type: "request" }>): void {
    if (this.#closed === undefined) this.#port.postMessage(message, []);
  }

  /** Ends the worker and every call with `reason`. */
  close(reason: LabError): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#port.terminate();
    for (const call of this.#pending.values()) call.reject(reason);
    this.#pending.clear();
  }

  #receive(message: FromWorker): void {
    const call = this.#pending.get(message.id);
    if (call === undefined) return;
    if (message.type === "event") {
      // The table in protocol.ts ties the body's type to the request's kind; a Map cannot say so.
      call.onEvent?.(message.body as never);
      return;
    }
    this.#pending.delete(message.id);
    switch (message.type) {
      case "done":
        call.resolve(message.body as never);
        break;
      case "failed":
        call.reject(new LabError(message.failure.code, message.failure.message));
        break;
      case "cancelled":
        call.reject(asLabError(cancelledError()));
        break;
    }
  }
}
