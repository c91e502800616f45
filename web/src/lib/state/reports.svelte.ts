// Why a message has its index: the server's report, in the language that is shown.

import type { Locale, PrivacyReport } from '$lib/jmap/types';
import { ApiError } from '$lib/jmap/http';
import { session } from './session.svelte';

const KEPT_MOST = 50;

class Reports {
  #kept = new Map<string, PrivacyReport>();

  async of(messageId: string, language: Locale): Promise<PrivacyReport> {
    const key = `${language} ${messageId}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    if (!session.client) throw new ApiError('signed-out');
    const answer = await session.client.get<PrivacyReport>('PrivacyReport', [messageId], { language });
    const [report] = answer.list;
    if (!report) throw new ApiError('not-found');
    // The oldest goes first: a Map keeps the order of insertion.
    for (const old of this.#kept.keys()) if (this.#kept.size >= KEPT_MOST) this.#kept.delete(old);
    this.#kept.set(key, report);
    return report;
  }

  clear(): void {
    this.#kept.clear();
  }
}

export const reports = new Reports();
