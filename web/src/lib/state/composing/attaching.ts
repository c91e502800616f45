// Files join a message: judged before a byte leaves, sent a few at a time, and in the draft once they are there.

import { AttachedFile, tooMuch } from './attached.svelte';
import type { Composition } from './composition.svelte';

/** Below what the server allows at once, so that a second tab can send one too. */
const UPLOADS_AT_ONCE = 3;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (running >= UPLOADS_AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

export function attach(one: Composition, files: readonly File[]): void {
  if (!files.length || one.leaving) return;
  const refusal = tooMuch(one.files, files);
  if (refusal) {
    one.problem = refusal;
    return;
  }
  const fresh = files.map((file) => AttachedFile.fresh(file));
  one.files = [...one.files, ...fresh];
  one.problem = null;
  for (const file of fresh) sendFile(one, file);
}

export function sendFile(one: Composition, file: AttachedFile): void {
  void inTurn(async () => {
    if (!one.files.includes(file)) return;
    if (await file.send()) one.saving.touch();
  });
}

export function detach(one: Composition, file: AttachedFile): void {
  file.stop();
  one.change({ files: one.files.filter((other) => other !== file) });
}
