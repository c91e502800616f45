// The gate (docs/api, "Gate"): what is held back from this device and why, and until when an unlock lasts. It goes by
// the server's clock, hides what it must before it asks anybody, and is the same in every tab of a session.

import type { Device } from '$lib/jmap/devices';
import type { Gate as GateRecord, Thresholds } from '$lib/jmap/gate';
import { serverNow } from '$lib/jmap/http';
import type { LevelNumber } from '$lib/jmap/types';
import type { GetAnswer } from '$lib/jmap/client';
import { evict } from './evicting';
import { held, LEVELS } from './held.svelte';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

/** How often the clock is looked at while everything is shown: a machine that slept counts no timers. */
const LOOK_MS = 5_000;
/** From a record that says otherwise to the question; longer each time, until the answer is another one. */
const DOUBT_MS_FIRST = 300;
const DOUBT_MS_MOST = 60_000;

/** What is asked of a device for each level, from the lowest on. */
export const asked = ({ sealed, sealedAndKnown, private: most }: Thresholds): number[] => [sealed, sealedAndKnown, most];

/** The levels that a device does not see without an unlock. */
const lockedIn = ({ device, thresholds }: GateRecord): LevelNumber[] => LEVELS.filter((_, at) => device.score < (asked(thresholds)[at] ?? 0));

class Gate implements Follower {
  readonly type = 'Gate';
  now = $state.raw<GateRecord | null>(null);
  /** This browser among the user's devices; null for one that cannot keep a key. */
  device = $state.raw<Device | null>(null);
  error = $state.raw<unknown>(null);
  state: string | null = null;
  /** What the server said last to be held back. */
  #told: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #doubt: ReturnType<typeof setTimeout> | undefined;
  #doubtMs = DOUBT_MS_FIRST;
  #tabs = new BroadcastChannel('caliopen gate');

  constructor() {
    held.doubted = () => this.#doubted();
    this.#tabs.addEventListener('message', () => void this.load());
    for (const [target, name] of [[document, 'visibilitychange'], [window, 'focus'], [window, 'pageshow']] as const) target.addEventListener(name, () => this.#look());
  }

  /** Why something is not shown here, of all reasons the one that decides. */
  get because(): 'wished' | 'keyless' | 'shared' | 'open' | 'stranger' {
    const least = Math.min(...LEVELS.flatMap((level, at) => (this.now?.hides.includes(level) ? (asked(this.now.thresholds)[at] ?? 0) : [])));
    if (least >= 100) return 'wished';
    if (!this.device) return 'keyless';
    if (this.device.isShared) return 'shared';
    return this.device.network === 'open' ? 'open' : 'stranger';
  }

  async load(): Promise<void> {
    const { client } = session;
    if (!client) return;
    try {
      const answers = await client.call([
        ['Gate/get', { ids: null }, 'g'],
        ['Device/get', { ids: null }, 'd'],
      ]);
      if (session.client?.accountId !== client.accountId) return;
      const said = answers.read<GetAnswer<GateRecord>>('g');
      this.state = said.state;
      this.error = null;
      this.device = answers.read<GetAnswer<Device>>('d').list.find((one) => one.isCurrent) ?? null;
      const [now] = said.list;
      if (now) this.#heard(now);
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  async changed(): Promise<void> {
    await this.load();
  }

  /** Whether there is anything that would unlock it. */
  get canUnlock(): boolean {
    return this.now?.ways.length !== 0;
  }

  /** The user shows that it is them; then everything is shown for a while. False: they did not. */
  async unlock(): Promise<boolean> {
    const { stepUp } = await import('./stepup');
    if (!(await stepUp())) return false;
    await this.#moved();
    return true;
  }

  /** Ends an unlock before its time. It hides at once: the server is told, and what it says counts. */
  async hide(): Promise<void> {
    const { endStepUp } = await import('$lib/jmap/passkeys');
    this.#close();
    await endStepUp();
    await this.#moved();
  }

  /** Asks more of a device, or less. The server says whether it may be. */
  async demand(thresholds: Thresholds): Promise<void> {
    await session.client?.update('Gate', { singleton: { thresholds } });
    await this.#moved();
  }

  async #moved(): Promise<void> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel stays within its origin
    this.#tabs.postMessage(null);
    await this.load();
  }

  #heard(now: GateRecord): void {
    const hides = String(now.hides);
    const how = this.#told === null || this.#told === hides ? 'same' : 'changed';
    if (how === 'changed') this.#doubtMs = DOUBT_MS_FIRST;
    this.#told = hides;
    this.#take(now, how);
  }

  #take(now: GateRecord, how: 'same' | 'changed'): void {
    this.now = now;
    const locked = lockedIn(now);
    held.take(now.hides, locked, how);
    void evict(locked);
    this.#look();
  }

  /** Looks whether an unlock is over. */
  #look(): void {
    clearTimeout(this.#timer);
    const until = this.now?.openUntil;
    if (!until) return;
    const left = Date.parse(until) - serverNow();
    if (left > 0) this.#timer = setTimeout(() => this.#look(), Math.min(left, LOOK_MS));
    else {
      this.#close();
      void this.load();
    }
  }

  /** Hides before the server does: what it has to be asked about waits until it did. */
  #close(): void {
    if (this.now) this.#take({ ...this.now, openUntil: null, hides: lockedIn(this.now) }, 'same');
  }

  /** Another tab unlocked, or the network is another one. */
  #doubted(): void {
    this.#doubt ??= setTimeout(() => {
      this.#doubt = undefined;
      void this.load();
    }, this.#doubtMs);
    this.#doubtMs = Math.min(this.#doubtMs * 2, DOUBT_MS_MOST);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
    this.#doubtMs = DOUBT_MS_FIRST;
    this.now = this.device = this.state = this.error = this.#told = null;
    held.clear();
  }
}

export const gate = new Gate();
sync.follow(gate);
