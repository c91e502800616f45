// What else sends for the user, and the power to end it.

import { ApiError } from '$lib/jmap/http';
import type { AppPassword, NewAppPassword, SubmissionServer } from '$lib/jmap/programs';
import { session } from './session.svelte';

class AppPasswords {
  all = $state.raw<AppPassword[] | null>(null);
  error = $state.raw<unknown>(null);

  /** Where other programs send from; null where they cannot. */
  get server(): SubmissionServer | null {
    return (session.client?.capability['submission'] as SubmissionServer | null | undefined) ?? null;
  }

  async load(): Promise<void> {
    this.error = null;
    try {
      const answer = await session.client?.get<AppPassword>('AppPassword', null);
      this.all = (answer?.list ?? []).toReversed();
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  /** Makes one; its letters are in the answer and nowhere else. */
  async make(name: string): Promise<NewAppPassword> {
    const answer = await session.client?.set('AppPassword', { create: { new: { name } } });
    const created = answer?.created?.['new'] as unknown as NewAppPassword | undefined;
    if (!created) throw new ApiError('server');
    const { secret, ...made } = created;
    this.all = [made, ...(this.all ?? [])];
    return { ...made, secret };
  }

  async revoke(ids: string[]): Promise<void> {
    await session.client?.destroy('AppPassword', ids);
    this.all = this.all?.filter((one) => !ids.includes(one.id)) ?? null;
  }
}

export const appPasswords = new AppPasswords();
session.onChange(() => {
  appPasswords.all = null;
});
