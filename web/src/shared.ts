// The worker that the labs of a page share, seen from the page: each lab has a port of its own to a desk of its own in there.

import type { WorkerPort } from "./calls.js";
import type { FromWorker } from "./protocol.js";

/** What a Worker is, as far as sharing one needs. */
export interface HouseWorker {
  /** Each message brings the port of one more lab. */
  postMessage(message: null, transfer: [MessagePort]): void;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** Said over a lab's port instead of a request: the lab is no longer needed. */
export const LEAVE = "leave";

interface House {
  worker: HouseWorker;
  members: Set<Member>;
}

export class SharedWorkers {
  readonly #make: () => HouseWorker;
  #house: House | undefined;

  /** `make` is called for the first lab, and for the first after all have gone or the worker stopped. */
  constructor(make: () => HouseWorker) {
    this.#make = make;
  }

  /** A port for one more lab. */
  join(): WorkerPort {
    const house = (this.#house ??= this.#open());
    const { port1, port2 } = new MessageChannel();
    const member = new Member(port1, {
      stopped: () => {
        this.#retire(house);
      },
      leave: () => {
        house.members.delete(member);
        if (house.members.size > 0) return;
        house.worker.terminate();
        this.#retire(house);
      },
    });
    house.members.add(member);
    house.worker.postMessage(null, [port2]);
    return member;
  }

  #open(): House {
    const house: House = { worker: this.#make(), members: new Set() };
    house.worker.onerror = (event) => {
      this.#retire(house);
      // A copy, since each leaves as it hears of it.
      for (const member of [...house.members]) member.onerror?.(event);
    };
    return house;
  }

  /** The next lab gets another worker. */
  #retire(house: House): void {
    if (this.#house === house) this.#house = undefined;
  }
}

interface Door {
  /** The engine in there stopped for good. */
  stopped: () => void;
  leave: () => void;
}

class Member implements WorkerPort {
  onmessage: WorkerPort["onmessage"] = null;
  onerror: WorkerPort["onerror"] = null;
  readonly #port: MessagePort;
  readonly #door: Door;

  constructor(port: MessagePort, door: Door) {
    this.#port = port;
    this.#door = door;
    port.onmessage = (event: MessageEvent<FromWorker>) => {
      if (event.data.type === "failed" && event.data.failure.code === "crashed") door.stopped();
      this.onmessage?.(event);
    };
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#port.postMessage(message, transfer);
  }

  terminate(): void {
    this.#port.postMessage(LEAVE);
    this.#door.leave();
  }
}
