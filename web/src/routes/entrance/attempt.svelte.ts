// One form being sent: busy, failed with a sentence, or waiting for the server's patience to come back.

import { t } from '$lib/i18n/index.svelte';
import { ApiError } from '$lib/jmap/http';
import { explain } from '$lib/state/explain';

export class Attempt {
  busy = $state(false);
  waitSeconds = $state(0);
  #cause = $state.raw<unknown>(null);
  #timer: ReturnType<typeof setInterval> | undefined;

  get error(): string {
    if (this.waitSeconds > 0) return t('error_rate_wait', { count: this.waitSeconds });
    return this.#cause === null ? '' : explain(this.#cause);
  }

  get blocked(): boolean {
    return this.busy || this.waitSeconds > 0;
  }

  /** Runs once at a time; true when it went well. */
  async run(deed: () => Promise<unknown>): Promise<boolean> {
    if (this.blocked) return false;
    this.busy = true;
    this.#cause = null;
    try {
      await deed();
      return true;
    } catch (cause) {
      this.#cause = cause;
      if (cause instanceof ApiError && cause.kind === 'rate') this.#wait(cause.retryAfterSeconds);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #wait(seconds: number): void {
    clearInterval(this.#timer);
    this.waitSeconds = Math.ceil(seconds);
    this.#timer = setInterval(() => {
      this.waitSeconds -= 1;
      if (this.waitSeconds > 0) return;
      clearInterval(this.#timer);
      this.#cause = null;
    }, 1_000);
  }
}
