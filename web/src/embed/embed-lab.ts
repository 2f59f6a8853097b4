// For a page that shows the lab in an iframe: sets the iframe's height, hands on what the lab says and takes what it is to do. It
// listens to that iframe and to the origin of its address only. Not here: what the messages mean (messages.ts).

import { isOurs } from "./messages.js";
import type {
  ErrorMessage,
  HostMessage,
  LabMessage,
  LabState,
  MetricsMessage,
  ReadyMessage,
  RunMessage,
  ThoughtMessage,
} from "./messages.js";

export interface EmbedHandlers {
  onReady?: ((message: ReadyMessage) => void) | undefined;
  onMetrics?: ((message: MetricsMessage) => void) | undefined;
  onRun?: ((message: RunMessage) => void) | undefined;
  onThought?: ((message: ThoughtMessage) => void) | undefined;
  onError?: ((message: ErrorMessage) => void) | undefined;
  onHeight?: ((height: number) => void) | undefined;
  /** Default true: the iframe becomes as high as its page, so that it never scrolls by itself. */
  autoHeight?: boolean;
}

export interface EmbeddedLab {
  /** Changes what the lab shows; takes the keys of its address, such as `{ task: "reach", seed: 3 }`. */
  set(state: LabState): void;
  think(question?: string): void;
  train(steps?: number): void;
  pause(): void;
  stop(): void;
  /** Stops listening. The iframe stays. */
  disconnect(): void;
}

/** Connects an iframe whose `src` is the `embed.html` of a lab. What is asked for before the lab is ready is done once it is. */
export function embedLab(iframe: HTMLIFrameElement, handlers: EmbedHandlers = {}): EmbeddedLab {
  const { autoHeight = true } = handlers;
  const originNow = () => new URL(iframe.src, iframe.ownerDocument.baseURI).origin;
  const waiting: HostMessage[] = [];
  let heard = false;

  const post = (message: HostMessage) => {
    // Before the lab was heard there may be another document in the iframe, whose origin would refuse the message.
    if (heard) iframe.contentWindow?.postMessage(message, originNow());
    else waiting.push(message);
  };
  const hello = () => {
    iframe.contentWindow?.postMessage({ type: "soft-thinking-lab:hello" } satisfies HostMessage, originNow());
  };
  const receive = (event: MessageEvent<unknown>) => {
    if (event.source === null || event.source !== iframe.contentWindow || event.origin !== originNow()) return;
    if (!isOurs(event.data)) return;
    heard = true;
    for (const message of waiting.splice(0)) post(message);
    tell(event.data as unknown as LabMessage);
  };
  const tell = (message: LabMessage) => {
    switch (message.type) {
      case "soft-thinking-lab:height":
        if (autoHeight) iframe.style.height = `${message.height}px`;
        handlers.onHeight?.(message.height);
        break;
      case "soft-thinking-lab:ready":
        handlers.onReady?.(message);
        break;
      case "soft-thinking-lab:metrics":
        handlers.onMetrics?.(message);
        break;
      case "soft-thinking-lab:run":
        handlers.onRun?.(message);
        break;
      case "soft-thinking-lab:thought":
        handlers.onThought?.(message);
        break;
      case "soft-thinking-lab:error":
        handlers.onError?.(message);
        break;
    }
  };

  const { defaultView: host } = iframe.ownerDocument;
  host?.addEventListener("message", receive);
  // A lab that was there before this listened says again where it stands. Before it, the iframe has a blank page of the host's origin.
  iframe.addEventListener("load", hello);
  if (iframe.contentDocument?.URL !== "about:blank") hello();

  return {
    set: (state) => {
      post({ type: "soft-thinking-lab:set", state });
    },
    think: (question) => {
      post({ type: "soft-thinking-lab:think", ...(question === undefined ? {} : { question }) });
    },
    train: (steps) => {
      post({ type: "soft-thinking-lab:train", ...(steps === undefined ? {} : { steps }) });
    },
    pause: () => {
      post({ type: "soft-thinking-lab:pause" });
    },
    stop: () => {
      post({ type: "soft-thinking-lab:stop" });
    },
    disconnect: () => {
      host?.removeEventListener("message", receive);
      iframe.removeEventListener("load", hello);
    },
  };
}
