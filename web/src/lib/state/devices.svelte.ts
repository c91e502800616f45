// The browsers where the user signed in, and the power to sign them out.

import { ApiError } from '$lib/jmap/http';
import type { Device, Network } from '$lib/jmap/devices';
import type { Locale, PrivacyReport, SignedInSession } from '$lib/jmap/types';
import { gate } from './gate.svelte';
import { session } from './session.svelte';

class Devices {
  all = $state.raw<Device[] | null>(null);
  /** Sessions that belong to no device. */
  programs = $state.raw<SignedInSession[]>([]);
  error = $state.raw<unknown>(null);

  async load(): Promise<void> {
    this.error = null;
    try {
      const answers = await session.client?.call([
        ['Device/get', { ids: null }, 'd'],
        ['Session/get', { ids: null }, 's'],
      ]);
      const devices = answers?.read<{ list: Device[] }>('d').list ?? [];
      const sessions = answers?.read<{ list: SignedInSession[] }>('s').list ?? [];
      this.all = devices.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || Number(b.isSignedIn) - Number(a.isSignedIn));
      this.programs = sessions.filter((one) => !one.deviceId).toSorted((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1));
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  async change(id: string, patch: { name?: string; isShared?: boolean; network?: Network }): Promise<void> {
    await session.client?.update('Device', { [id]: patch });
    // What is held back here follows from the device and its network.
    await Promise.all([this.load(), gate.load()]);
  }

  /** Why a device has its index, as it is now. */
  async report(id: string, language: Locale): Promise<PrivacyReport> {
    if (!session.client) throw new ApiError('signed-out');
    try {
      const [report] = (await session.client.get<PrivacyReport>('PrivacyReport', [id], { language })).list;
      if (!report) throw new ApiError('not-found');
      return report;
    } catch (cause) {
      session.noticeEnd(cause);
      throw cause;
    }
  }

  async remove(id: string): Promise<void> {
    await session.client?.destroy('Device', [id]);
    this.all = this.all?.filter((one) => one.id !== id) ?? null;
  }

  async end(id: string): Promise<void> {
    await session.client?.destroy('Session', [id]);
    this.programs = this.programs.filter((one) => one.id !== id);
  }
}

export const devices = new Devices();
session.onChange(() => {
  devices.all = null;
});
