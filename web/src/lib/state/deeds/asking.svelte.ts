// A deed that needs one more answer: until when, or which label. The shell shows the dialog.

import type { Target } from '$lib/jmap/deeds';
import { selection } from './selection.svelte';

export type Question = 'snooze' | 'label' | 'folder' | 'labels';

class Asking {
  what = $state.raw<{ question: Question; target: Target } | null>(null);

  ask(question: Question, target: Target = selection.target()): void {
    this.what = { question, target };
  }

  close(): void {
    this.what = null;
  }
}

export const asking = new Asking();
