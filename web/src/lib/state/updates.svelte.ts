// The service worker of this build, and the news of another one. The application is served from what was kept, so a new
// version is taken over by a reload, and only when the person says so.

import { trustedWorker } from '$lib/trusted';

const CHECK_MS = 3_600_000;
/** After the first screen: it competes with nothing that the person waits for. */
const AFTER_MS = 3_000;

class Updates {
  /** A newer version waits, or another tab took it over. */
  ready = $state(false);
  #registration: ServiceWorkerRegistration | null = null;
  #asked = false;

  /** Installs what makes the application open without a network. A browser that will not is as before. */
  start(): void {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (!workers) return;
    const first = workers.controller === null;
    let changes = 0;
    workers.addEventListener('controllerchange', () => {
      changes += 1;
      if (this.#asked) location.reload();
      else if (!first || changes > 1) this.ready = true;
    });
    setTimeout(() => void this.#register(workers), AFTER_MS);
  }

  async #register(workers: ServiceWorkerContainer): Promise<void> {
    try {
      const registration = (await workers.register(trustedWorker(), { scope: '/', updateViaCache: 'none' })) as ServiceWorkerRegistration | undefined;
      if (!registration) return;
      this.#registration = registration;
      this.#look(registration);
      registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', () => this.#look(registration)));
      setInterval(() => void registration.update().catch(() => null), CHECK_MS);
    } catch {
      // A private window, or a build that was replaced while it was fetched: the next start tries again.
    }
  }

  #look({ waiting, active }: ServiceWorkerRegistration): void {
    if (waiting && active) this.ready = true;
  }

  /** Goes to the new version. */
  take(): void {
    this.#asked = true;
    const waiting = this.#registration?.waiting;
    if (waiting) waiting.postMessage('take over', {});
    else location.reload();
  }
}

export const updates = new Updates();
