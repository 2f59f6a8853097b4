// The page's end of the service worker: registers it, says when the site is there without a network and when a newer version waits.

import type { Store } from "../state.ts";
import { strings } from "../strings/lab.ts";
import type { SiteState } from "./site-state.ts";

export class Site {
  readonly #store: Store;
  #registration: ServiceWorkerRegistration | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  #change(part: Partial<SiteState>): void {
    this.#store.change({ site: { ...this.#store.state.site, ...part } });
  }

  /** Called when the page has what it needs: fetching all files for later must not be in its way. */
  async keep(): Promise<void> {
    if (import.meta.env.DEV) return;
    // The types promise it everywhere; pages over plain http do not have it.
    const workers = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker;
    if (workers === undefined) {
      this.#change({ whyNot: isSecureContext ? strings.offline.noWorkers : strings.offline.notSecure });
      return;
    }
    workers.addEventListener("message", ({ data }) => {
      if (data === "other-tabs") this.#change({ update: "others" });
    });
    try {
      const registration = await workers.register(new URL("service-worker.js", document.baseURI));
      this.#registration = registration;
      this.#watch(registration);
      await workers.ready;
      this.#change({ offline: true, whyNot: undefined });
    } catch (thrown) {
      this.#change({ whyNot: strings.offline.refused(thrown instanceof Error ? thrown.message : String(thrown)) });
    }
  }

  #watch(registration: ServiceWorkerRegistration): void {
    const look = () => {
      // The first version has nothing to wait for.
      if (registration.waiting !== null && registration.active !== null) this.#change({ update: "ready" });
    };
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", look);
    });
    look();
  }

  /** Loads the page anew in its newer version, where no other tab still runs the older one. */
  takeUpdate(): void {
    navigator.serviceWorker.addEventListener(
      "controllerchange",
      () => {
        location.reload();
      },
      { once: true },
    );
    this.#registration?.waiting?.postMessage("take-over");
  }
}
