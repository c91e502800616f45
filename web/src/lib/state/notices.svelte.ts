// What is said in passing: toasts, with undo or retry, and words for screen readers alone.

export interface Notice {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action: { label: string; run: () => void } | null;
}

const TOAST_MS = 10_000;
const TOASTS_MOST = 3;

class Notices {
  toasts = $state.raw<Notice[]>([]);
  /** Read out politely. */
  spoken = $state('');
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #spans = new Map<number, number>();

  /** Shows a toast for a while; returns its number. */
  show(text: string, action: Notice['action'] = null, tone: Notice['tone'] = 'plain', forMs = TOAST_MS): number {
    const id = this.#next++;
    for (const old of this.toasts.slice(0, Math.max(0, this.toasts.length - TOASTS_MOST + 1))) this.dismiss(old.id);
    this.toasts = [...this.toasts, { id, text, tone, action }];
    this.#spans.set(id, forMs);
    this.resume(id);
    return id;
  }

  error(text: string, action: Notice['action'] = null): void {
    this.show(text, action, 'error');
  }

  say(text: string): void {
    this.spoken = text;
  }

  /** Runs the newest undo that is still offered. */
  undo(): boolean {
    const newest = this.toasts.findLast((toast) => toast.action && toast.tone === 'plain');
    if (!newest?.action) return false;
    this.dismiss(newest.id);
    newest.action.run();
    return true;
  }

  /** A toast stays while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  resume(id: number): void {
    this.hold(id);
    this.#timers.set(id, setTimeout(() => this.dismiss(id), this.#spans.get(id)));
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#spans.delete(id);
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }
}

export const notices = new Notices();
