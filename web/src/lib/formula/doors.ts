// The privacy index, computed here: the very formula of the server, compiled to WebAssembly (crates/web-core). Nothing
// here knows a weight or a text. A question is written into the program's memory, and the answer is read from it.

import type { Explanation, Locale } from '$lib/jmap/types';

/** A piece of evidence as the server gives it. Only the formula looks inside. */
export type Fact = string | Readonly<Record<string, unknown>>;

/** One message to all of them, and one to each. */
export interface Scored {
  message: Explanation;
  list: Explanation[];
}

interface Doors {
  memory: WebAssembly.Memory;
  formula_version(): number;
  formula_room(bytes: number): number;
  formula_answer(): number;
  formula_words(): number;
}

export class Formula {
  readonly version: number;
  readonly #doors: Doors;

  constructor(doors: WebAssembly.Exports) {
    this.#doors = doors as unknown as Doors;
    this.version = this.#doors.formula_version();
  }

  /** What the evidence for each recipient gives; null when this version of the formula cannot say. */
  score(recipients: readonly (readonly Fact[])[], language: Locale): Scored | null {
    const answer = JSON.parse(this.ask(JSON.stringify({ language, recipients }))) as Scored | { refused: string };
    return 'refused' in answer ? null : answer;
  }

  /** A question in JSON, and the answer as it was written. */
  ask(question: string): string {
    const bytes = new TextEncoder().encode(question);
    const room = this.#doors.formula_room(bytes.length);
    if (!room) return '{"refused":"tooMany"}';
    new Uint8Array(this.#doors.memory.buffer, room, bytes.length).set(bytes);
    // Answering may move the memory: it is looked up anew.
    const length = this.#doors.formula_answer();
    return new TextDecoder().decode(new Uint8Array(this.#doors.memory.buffer, this.#doors.formula_words(), length));
  }
}

/** Fetches and compiles it. The policy of the page allows WebAssembly from here, and no script made of text. */
export async function open(url: string): Promise<Formula> {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url), {});
  return new Formula(instance.exports);
}
