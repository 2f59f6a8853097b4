// The lab in a frame, in talk with the page around it by postMessage: says what happens, does what it is told. The messages are those of
// the package's src/embed/messages.ts. Only the page right around is listened to, and it alone is told; nothing secret is said.

import { LabError } from "soft-thinking-lab";
import type { HostMessage, LabMessage } from "soft-thinking-lab/embed";

import { writeAddress } from "../address.ts";
import { isRunning } from "../state.ts";
import type { State, Store } from "../state.ts";
import type { Session } from "../session.ts";
import { embedWords as words } from "../strings/en/embed.ts";
import type { Trainer } from "../training.ts";
import { applyState } from "./apply.ts";
import { currentTheme } from "../theme.ts";
import { PARTS, shape, withShape } from "./shape.ts";
import { Teller } from "./teller.ts";

const PREFIX = "soft-thinking-lab:";
const COMMANDS = ["hello", "set", "think", "train", "pause", "stop"].map((name) => PREFIX + name);
const STEPS_MOST = 1_000_000;

export interface Talking {
  store: Store;
  session: Session;
  trainer: Trainer;
}

/** Begins the talk with `host`, the window around this one. */
export function talk(host: Window, parts: Talking, height: () => number): { tellHeight: () => void } {
  const { store } = parts;
  let origin = hostOrigin();
  const post = (message: LabMessage) => {
    host.postMessage(message, origin);
  };
  let told = 0;
  const tellHeight = () => {
    const now = height();
    // A frame that is not laid out, as in a closed tab panel, has no height to tell.
    if (now === told || now === 0) return;
    told = now;
    post({ type: "soft-thinking-lab:height", height: now });
  };

  /** What came before the lab was ready is done once it is, one after the other. */
  let turn = new Promise<void>((ready) => {
    const look = () => {
      if (isReady(store.state)) ready();
    };
    store.listen(look);
    look();
  });
  void turn.then(() => {
    post(readyMessage(store.state));
  });
  const teller = new Teller(post);
  store.listen(() => {
    teller.look(store.state);
  });

  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.source !== host || !isOurs(event.data)) return;
    // Better known now than by what the browser told at the start.
    if (event.origin !== "null") ({ origin } = event);
    const message = event.data as unknown as HostMessage;
    if (message.type === "soft-thinking-lab:hello") {
      told = 0;
      tellHeight();
      if (isReady(store.state)) post(readyMessage(store.state));
      return;
    }
    turn = turn
      .then(() => obey(message, parts))
      .catch((thrown: unknown) => {
        const { code, message } = thrown instanceof LabError ? thrown : new LabError("internal", String(thrown));
        post({ type: "soft-thinking-lab:error", code, message });
      });
  });
  return { tellHeight };
}

async function obey(message: HostMessage, { store, session, trainer }: Talking): Promise<void> {
  const { run, thinking } = store.state;
  switch (message.type) {
    case "soft-thinking-lab:set":
      await applyState(message.state, store, session);
      return;
    case "soft-thinking-lab:think": {
      const { question } = message as { question?: unknown };
      if (question !== undefined && typeof question !== "string") throw bad(words.question(JSON.stringify(question)));
      if (thinking) throw new LabError("busy", words.thinking);
      if (question !== undefined) session.questions.type(question);
      void session.thoughts.think();
      return;
    }
    case "soft-thinking-lab:train": {
      const { steps } = message as { steps?: unknown };
      if (steps !== undefined && !isSteps(steps)) throw bad(words.steps(JSON.stringify(steps)));
      if (run.phase === "paused") trainer.resume();
      else if (isRunning(run)) throw new LabError("busy", words.training);
      else {
        if (steps !== undefined) store.change({ stepsWanted: steps });
        void trainer.start();
      }
      return;
    }
    case "soft-thinking-lab:pause":
      if (run.phase === "running" || run.phase === "starting") trainer.pause();
      return;
    case "soft-thinking-lab:stop":
      session.thoughts.stop();
      if (isRunning(run)) trainer.stop();
      return;
    default:
      throw bad(words.message(COMMANDS.join(", "), (message as { type: string }).type));
  }
}

function isSteps(steps: unknown): steps is number {
  return typeof steps === "number" && Number.isInteger(steps) && steps >= 1 && steps <= STEPS_MOST;
}

function bad(message: string): LabError {
  return new LabError("bad-input", message);
}

function isOurs(data: unknown): data is { type: string } {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    typeof data.type === "string" &&
    data.type.startsWith(PREFIX)
  );
}

function isReady({ model, question, progress }: State): boolean {
  return model !== undefined && question !== undefined && progress === undefined;
}

function readyMessage(state: State): LabMessage {
  const address = withShape(writeAddress({ ...state, theme: currentTheme() }), shape);
  return {
    type: "soft-thinking-lab:ready",
    protocol: 1,
    version: state.version,
    tasks: state.tasks.map(({ name }) => name),
    policies: state.presets.policies.map(({ name }) => name),
    parts: [...PARTS],
    state: Object.fromEntries(new URLSearchParams(address.slice(1))),
  };
}

/** The origin of the page around, as far as the browser tells: some tell no ancestors, and a page may keep its address to itself. */
function hostOrigin(): string {
  const { ancestorOrigins } = location as { ancestorOrigins?: DOMStringList };
  const told = ancestorOrigins?.[0] ?? (document.referrer === "" ? undefined : new URL(document.referrer).origin);
  return told === undefined || told === "null" ? "*" : told;
}
