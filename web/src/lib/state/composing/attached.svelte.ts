// The files of what is being written: on their way, there, or refused.

import { t } from '$lib/i18n/index.svelte';
import { fileSize } from '$lib/i18n/format';
import { upload } from '$lib/jmap/upload';
import type { DraftFile } from '$lib/jmap/sending';
import { explain } from '../explain';
import { session } from '../session.svelte';

export const BYTES_MOST = 50_000_000;
export const FILES_MOST = 200;
let serial = 0;

export class AttachedFile {
  readonly key = `file ${(serial += 1)}`;
  blobId = $state<string | null>(null);
  /** The share that left already. */
  share = $state(0);
  problem = $state<string | null>(null);
  #stop = new AbortController();
  #source: Blob | null = null;

  private constructor(
    readonly name: string,
    readonly type: string,
    readonly size: number,
    readonly cid: string | null,
  ) {}

  static there(file: DraftFile): AttachedFile {
    const one = new AttachedFile(file.name ?? '', file.type, file.size, file.cid);
    one.blobId = file.blobId;
    return one;
  }

  static fresh(source: File): AttachedFile {
    const one = new AttachedFile(source.name, source.type || 'application/octet-stream', source.size, null);
    one.#source = source;
    return one;
  }

  /** Sends the bytes; true once they are there. */
  async send(): Promise<boolean> {
    const { client } = session;
    if (!client || !this.#source) return false;
    this.problem = null;
    this.share = 0;
    try {
      const there = await upload(client, this.#source, (share) => (this.share = share), this.#stop.signal);
      this.blobId = there.blobId;
      this.#source = null;
      return true;
    } catch (cause) {
      const stopped = cause instanceof DOMException && cause.name === 'AbortError';
      if (!stopped && !session.noticeEnd(cause)) this.problem = explain(cause);
      return false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  get waiting(): boolean {
    return this.blobId === null && this.problem === null;
  }

  asDraft(): DraftFile | null {
    return this.blobId ? { blobId: this.blobId, name: this.name || null, type: this.type, size: this.size, cid: this.cid } : null;
  }
}

/** Why these cannot be attached to what is there already; null when they can. */
export function tooMuch(there: readonly AttachedFile[], more: readonly File[]): string | null {
  if (there.length + more.length > FILES_MOST) return t('files_too_many', { count: FILES_MOST });
  const sum = [...there, ...more].reduce((bytes, file) => bytes + file.size, 0);
  return sum > BYTES_MOST ? t('files_too_large', { size: fileSize(sum), most: fileSize(BYTES_MOST) }) : null;
}
