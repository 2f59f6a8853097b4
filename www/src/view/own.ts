// Your own questions: a form that makes a task of them, and the tasks made so far.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { OwnTasks } from "../own-tasks.ts";
import type { GraderChoice, OwnForm } from "../own-state.ts";
import { isRunning } from "../state.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";

const words = strings.own;
const GRADERS: readonly GraderChoice[] = ["exact", "numeric", "javascript"];

export function ownView(state: State, own: OwnTasks): TemplateResult {
  const { form, adding, problem, said } = state.own;
  return html`<section class="panel own" aria-labelledby="own-title">
    <header>
      <h2 id="own-title">${words.title}</h2>
      <p>${words.lead}</p>
    </header>
    ${kept(state, own)}
    <details class="own-fold">
      <summary>${words.open}</summary>
      <form
        class="own-form"
        @submit=${(event: Event) => {
          event.preventDefault();
          void own.add();
        }}
      >
        <p>${words.how} <code>{"question": "2+2=", "answer": "4"}</code>. ${words.splits}</p>
        <div class="buttons">
          <button
            type="button"
            class="quiet-button"
            @click=${() => {
              own.fillExample();
            }}
          >
            ${words.example}
          </button>
          <label class="file quiet-button">
            ${words.file}
            <input
              type="file"
              accept=".jsonl,.json,.txt"
              @change=${(event: Event) => {
                const input = event.target as HTMLInputElement;
                const file = input.files?.[0];
                if (file !== undefined) void own.openFile(file);
                input.value = "";
              }}
            />
          </label>
        </div>
        <label>
          ${words.name}
          <input
            name="own-name"
            autocomplete="off"
            spellcheck="false"
            maxlength="40"
            placeholder="my_sums"
            .value=${form.name}
            @input=${(event: Event) => {
              own.edit({ name: (event.target as HTMLInputElement).value });
            }}
          />
        </label>
        ${questions(form, own)} ${grader(form, own)}
        <p class="buttons">
          <button type="submit" class="main" ?disabled=${adding || form.name === "" || form.jsonl === ""}>
            ${words.add}
          </button>
        </p>
        ${problem === undefined ? nothing : html`<p class="problem-line" role="alert">${problem}</p>`}
      </form>
    </details>
    ${said === undefined ? nothing : html`<p class="said">${said}</p>`}
  </section>`;
}

function kept(state: State, own: OwnTasks): TemplateResult | typeof nothing {
  if (state.own.kept.length === 0) return nothing;
  const running = isRunning(state.run);
  return html`<ul class="own-tasks">
    ${state.own.kept.map(({ name, grader }) => {
      const info = state.tasks.find((one) => one.name === name);
      return html`<li>
        <strong class="token">${name}</strong>
        <span class="quiet"
          >${info?.description ?? ""} ${words.graded(typeof grader === "string" ? grader : "javascript")}</span
        >
        <button
          type="button"
          class="quiet-button"
          ?disabled=${running || state.task === name}
          @click=${() => own.play(name)}
        >
          ${state.task === name ? words.inUse : words.use}<span class="unseen">: ${name}</span>
        </button>
        <button type="button" class="quiet-button" ?disabled=${running} @click=${() => own.forget(name)}>
          ${words.forget}<span class="unseen">: ${name}</span>
        </button>
      </li>`;
    })}
  </ul>`;
}

function questions(form: OwnForm, own: OwnTasks): TemplateResult {
  if (form.file !== undefined) {
    return html`<p>
      ${words.fromFile(form.file, form.jsonl.split("\n").length)}
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          own.edit({ file: undefined, jsonl: "" });
        }}
      >
        ${words.write}
      </button>
    </p>`;
  }
  return html`<label>
    ${words.questions}
    <textarea
      name="own-questions"
      rows="8"
      spellcheck="false"
      .value=${form.jsonl}
      @input=${(event: Event) => {
        own.edit({ jsonl: (event.target as HTMLTextAreaElement).value });
      }}
    ></textarea>
  </label>`;
}

function grader(form: OwnForm, own: OwnTasks): TemplateResult {
  return html`<fieldset>
      <legend>${words.grader}</legend>
      ${GRADERS.map(
        (one) =>
          html`<label class="choice">
            <input
              type="radio"
              name="own-grader"
              value=${one}
              .checked=${form.grader === one}
              @change=${() => {
                own.edit({ grader: one });
              }}
            />
            <span><strong>${words.graders[one].name}</strong> ${words.graders[one].text}</span>
          </label>`,
      )}
    </fieldset>
    ${
      form.grader === "javascript"
        ? html`<label>
            ${words.source}
            <textarea
              name="own-source"
              rows="5"
              spellcheck="false"
              .value=${form.source}
              @input=${(event: Event) => {
                own.edit({ source: (event.target as HTMLTextAreaElement).value });
              }}
            ></textarea>
          </label>`
        : nothing
    }`;
}
