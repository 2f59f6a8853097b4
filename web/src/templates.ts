// Chat templates, rendered as Hugging Face's own code for browsers does. A file of its own, which the worker fetches with the first
// language model: nobody else needs an interpreter. Not here: whether what comes out is a usable prompt (the engine's `text/speech.rs`).

import { Template } from "@huggingface/jinja";

/** The prompt of one question, up to where the assistant begins. Throws where the template is at fault. */
export function renderTemplate(template: string, question: string, begin: string, end: string): string {
  return new Template(template).render({
    messages: [{ role: "user", content: question }],
    add_generation_prompt: true,
    bos_token: begin,
    eos_token: end,
  });
}
