// The panel of brought language models in the page's hands: it is fetched when it is opened, and handed files that are dropped on the page.

import type { Panel } from "./bring/panel.ts";
import { dropped, isSeveral } from "./bring/picking.ts";
import type { Placed } from "./bring/picking.ts";
import type { BringFrame, Store } from "./state.ts";

/** A file of the lab's own is smaller: larger ones are language models. */
const OWN_LARGEST = 32 << 20;

export class Bring {
  readonly #store: Store;
  #panel: Promise<Panel> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  #change(part: Partial<BringFrame>): void {
    this.#store.change({ bring: { ...this.#store.state.bring, ...part } });
  }

  show(shown: boolean): void {
    if (this.#store.state.bring.shown !== shown) this.#change({ shown });
    if (shown) void this.open();
  }

  async open(): Promise<Panel | undefined> {
    this.#panel ??= this.#fetch();
    try {
      return await this.#panel;
    } catch (thrown) {
      this.#panel = undefined;
      this.#change({ opening: false, problem: thrown instanceof Error ? thrown.message : String(thrown) });
      return undefined;
    }
  }

  async #fetch(): Promise<Panel> {
    this.#change({ opening: true, problem: undefined });
    const { mount } = await import("./bring/panel.ts");
    const place = await placeOnPage();
    const store = this.#store;
    const panel = mount(place, store.state.modelAddress ?? "", {
      engineChoice: () => store.state.engineChoice,
      toldAddress: (modelAddress) => {
        store.change({ modelAddress });
      },
      toldLoaded: (loaded) => {
        this.#change({ loaded });
      },
    });
    this.#change({ opening: false });
    return panel;
  }

  /** Whether what was dropped on the page is this panel's: a large model, a folder, several files. It shows it then. */
  takes(drop: DataTransfer): boolean {
    const [file] = drop.files;
    const large = file !== undefined && /\.gguf$/i.test(file.name) && file.size > OWN_LARGEST;
    if (!large && !isSeveral(drop)) return false;
    void this.take(dropped(drop));
    return true;
  }

  async take(placed: Promise<readonly Placed[]>): Promise<void> {
    this.#change({ shown: true });
    const panel = await this.open();
    panel?.take(await placed);
    document.querySelector(".panel.bring")?.scrollIntoView({ block: "start" });
  }
}

/** Where a link opens the panel at once, the page may not have drawn its place yet. */
async function placeOnPage(): Promise<HTMLElement> {
  for (;;) {
    const place = document.querySelector<HTMLElement>(".bring-body");
    if (place !== null) return place;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
