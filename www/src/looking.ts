// What this browser can do and what of the page is in it already, found out before anything is fetched. No lab.

import { isKept, probe } from "soft-thinking-lab";

import { modelFor } from "./own-tasks.ts";
import { shippedModelNamed } from "./shipped-models.ts";
import type { Store } from "./state.ts";

export function look(store: Store): void {
  void probe().then((capabilities) => {
    store.change({ capabilities });
  });
  const integrity = shippedModelNamed(modelFor(store.state))?.integrity;
  void (integrity === undefined ? Promise.resolve(false) : isKept(integrity)).then((modelKept) => {
    store.change({ site: { ...store.state.site, modelKept } });
  });
}

/** For a browser that asks to save data: what would be fetched is shown, nothing is, until `go` is called. */
export class Hold {
  readonly #store: Store;
  #go: () => void = () => undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves when the visitor said so. */
  async wait(): Promise<void> {
    look(this.#store);
    const held = (now: boolean) => {
      this.#store.change({ site: { ...this.#store.state.site, held: now } });
    };
    held(true);
    await new Promise<void>((resolve) => {
      this.#go = resolve;
    });
    held(false);
  }

  readonly go = (): void => {
    this.#go();
  };
}
