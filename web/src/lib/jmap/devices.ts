// The devices of an account, as docs/api has them.

import type { Privacy } from './types';

/** A browser that signs what it asks for. */
export interface Device {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string;
  daysUsed: number;
  isShared: boolean;
  isSignedIn: boolean;
  isCurrent: boolean;
  /** The one that it is on, of this device alone. */
  network: Network | null;
  privacy: Privacy;
}

export type Network = 'known' | 'unknown' | 'open' | 'tunnel';
