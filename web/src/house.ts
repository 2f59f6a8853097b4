// The inside of a worker, whoever serves it: one desk for the lab whose worker this is, or one for each port that a page brings.

import { Bench } from "./bench.js";
import { Desk } from "./desk.js";
import type { OpenDoor } from "./desk.js";
import { once } from "./once.js";
import type { FromWorker, ToWorker } from "./protocol.js";
import type { Stores } from "./run-store.js";
import { LEAVE } from "./shared.js";

/** One end of a wire: a worker's own globals, or a MessagePort. */
export interface Wired {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

export class House {
  readonly #openDoor: OpenDoor;
  readonly #stores: Stores;
  readonly #bench = new Bench();

  constructor(openDoor: OpenDoor, stores: Stores) {
    this.#openDoor = once(openDoor);
    this.#stores = stores;
  }

  /** A desk that answers over `wire`. */
  desk(wire: Wired): Desk {
    const post = (message: FromWorker, transfer: Transferable[] = []) => {
      wire.postMessage(message, transfer);
    };
    return new Desk(this.#openDoor, this.#stores, post, this.#bench);
  }

  /** A lab of those that share this worker, until it leaves. */
  admit(port: MessagePort): void {
    const desk = this.desk(port);
    port.onmessage = ({ data }: MessageEvent<ToWorker | typeof LEAVE>) => {
      if (data !== LEAVE) {
        desk.receive(data);
        return;
      }
      port.close();
      void desk.close();
    };
  }
}
