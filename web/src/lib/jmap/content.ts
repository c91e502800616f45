// What stands in a message, as docs/api has it: asked for when it is shown.

import type { Body } from './types';

/** What opens the blob: fetched only for a message that is shown. */
export interface MessageContent {
  id: string;
  bodies: Body[];
  headers: [string, string][];
  /** A tag (BCP 47); null when nobody can tell. */
  language?: string | null;
  encryptionReport?: EncryptionReport | null;
}

/** What another host says of how encryption with a domain went. */
export interface EncryptionReport {
  organisation: string | null;
  from: string;
  until: string;
  policies: { kind: 'dane' | 'mta-sts' | 'none' | 'other'; domain: string; met: number; failed: number; failures: { kind: string; host: string | null; sessions: number }[] }[];
}
