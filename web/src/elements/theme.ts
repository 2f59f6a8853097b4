// How all figures look: the custom properties a page may set, and the forms they share.
//
// | property | what it colours or sets |
// |---|---|
// | `--stl-soft` | blends, and SofT-GRPO |
// | `--stl-discrete` | single tokens, and GRPO |
// | `--stl-base` | the model before training, guessing |
// | `--stl-good`, `--stl-attention` | right and wrong, credit and blame; always with a mark too |
// | `--stl-ink`, `--stl-ink-quiet` | text, and text of less weight |
// | `--stl-paper`, `--stl-line` | ground, and lines on it |
// | `--stl-font`, `--stl-mono` | text, and tokens |
//
// Without them a figure follows the page's `color-scheme`.

import { css, unsafeCSS } from "lit";

import { PALETTE } from "./palette.js";

/** As the page around it is, light or dark. */
function shade(name: keyof typeof PALETTE) {
  const [light, dark] = PALETTE[name];
  return unsafeCSS(`light-dark(${light}, ${dark})`);
}

export const theme = css`
  :host {
    --soft: var(--stl-soft, ${shade("soft")});
    --soft-1: color-mix(in oklab, var(--soft) 60%, var(--paper));
    --soft-2: color-mix(in oklab, var(--soft) 38%, var(--paper));
    --soft-3: color-mix(in oklab, var(--soft) 22%, var(--paper));
    --discrete: var(--stl-discrete, ${shade("discrete")});
    --discrete-ink: color-mix(in oklab, var(--discrete) 72%, var(--ink));
    --base: var(--stl-base, ${shade("base")});
    --good: var(--stl-good, ${shade("good")});
    --good-ink: color-mix(in oklab, var(--good) 65%, var(--ink));
    --attention: var(--stl-attention, ${shade("attention")});
    --attention-ink: color-mix(in oklab, var(--attention) 55%, var(--ink));
    --ink: var(--stl-ink, ${shade("ink")});
    --ink-quiet: var(--stl-ink-quiet, ${shade("ink-quiet")});
    --paper: var(--stl-paper, ${shade("panel")});
    --line: var(--stl-line, ${shade("line")});
    --line-strong: color-mix(in oklab, var(--ink-quiet) 65%, var(--paper));
    --on-soft: ${shade("on-soft")};
    --mono: var(
      --stl-mono,
      ui-monospace,
      "SFMono-Regular",
      "Cascadia Mono",
      "DejaVu Sans Mono",
      Menlo,
      Consolas,
      monospace
    );
    display: block;
    position: relative;
    background: var(--paper);
    color: var(--ink);
    font: 16px/1.5 var(--stl-font, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  figure,
  p,
  h3,
  h4,
  ol {
    margin: 0;
  }
  figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    min-height: var(--least-height, 0);
    align-content: start;
  }
  h3,
  h4 {
    font-size: 16px;
  }
  p {
    max-width: 72ch;
  }
  .quiet {
    color: var(--ink-quiet);
    font-size: 14px;
  }
  .token {
    font-family: var(--mono);
  }
  .good {
    color: var(--good-ink);
  }
  .off {
    color: var(--attention-ink);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 3px solid var(--attention);
    outline-offset: 2px;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button,
  select {
    min-height: 40px;
    padding: 4px 16px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: transparent;
    cursor: pointer;
    white-space: nowrap;
  }
  select {
    padding: 4px 8px;
    background: var(--paper);
    max-width: 100%;
  }
  button:hover:not(:disabled) {
    border-color: var(--ink-quiet);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.main {
    background: var(--soft);
    border-color: var(--soft);
    color: var(--on-soft);
    font-weight: 600;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
  }
  .row > p {
    flex: 1 1 240px;
    max-width: none;
  }
  .state {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    color: var(--ink-quiet);
    font-size: 14px;
  }
  .state.source {
    min-height: 32px;
    align-content: center;
  }
  .state .loading {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    align-items: center;
  }
  .state .chip {
    padding: 2px 8px;
    border-left: 4px solid var(--attention);
  }
  @media (max-width: 720px) {
    .state.source {
      min-height: 80px;
    }
    th,
    td {
      padding-right: 8px;
    }
  }
  .state.problem {
    padding: 8px 16px;
    border-left: 4px solid var(--attention);
    color: var(--ink);
    overflow-wrap: anywhere;
  }
  progress {
    accent-color: var(--soft);
    width: 160px;
    height: 8px;
  }
  .sign {
    display: inline-block;
    width: 12px;
    height: 12px;
    margin-right: 8px;
    background: var(--soft);
    border-radius: 50%;
  }
  .discrete .sign {
    background: var(--discrete);
    border-radius: 0;
  }
  .scroll {
    overflow-x: auto;
    max-width: 100%;
  }
  table {
    border-collapse: collapse;
    font-size: 14px;
  }
  th,
  td {
    padding: 4px 16px 4px 0;
    border-bottom: 1px solid var(--line);
    font-weight: normal;
    text-align: left;
    white-space: nowrap;
  }
  th.number,
  td.number {
    text-align: right;
  }
  thead th {
    color: var(--ink-quiet);
  }
  summary {
    cursor: pointer;
    padding: 4px 0;
    color: var(--ink-quiet);
    font-size: 14px;
  }
`;
