// The passkeys of the account, and what its password is asked for beside it: as they are now, on every device.

import type { Passkey, SecondFactor } from '$lib/jmap/passkeys';
import { session } from './session.svelte';
import { Single } from './single.svelte';
import { sync, type Follower } from './sync.svelte';

class Passkeys implements Follower {
  readonly type = 'Passkey';
  all = $state.raw<Passkey[] | null>(null);
  error = $state.raw<unknown>(null);
  state: string | null = null;

  async load(): Promise<void> {
    this.error = null;
    try {
      const answer = await session.client?.get<Passkey>(this.type, null);
      this.all = answer?.list ?? [];
      this.state = answer?.state ?? null;
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  changed = (): Promise<void> => this.load();

  async rename(id: string, name: string): Promise<void> {
    await session.client?.update(this.type, { [id]: { name } });
    this.all = this.all?.map((one) => (one.id === id ? { ...one, name } : one)) ?? null;
  }

  async remove(id: string): Promise<void> {
    await session.client?.destroy(this.type, [id]);
    this.all = this.all?.filter((one) => one.id !== id) ?? null;
  }

  clear(): void {
    this.all = null;
    this.state = null;
  }
}

export const passkeys = new Passkeys();
export const secondFactor = new Single<SecondFactor>('SecondFactor');
sync.follow(passkeys);
sync.follow(secondFactor);
session.onChange(() => {
  passkeys.clear();
  secondFactor.clear();
});
