// The gate of docs/api: what is held back from this device, and until when an unlock lasts.

import type { LevelNumber, Privacy } from './types';

/** The least index of a device for each level that can be held back. */
export interface Thresholds {
  sealed: number;
  sealedAndKnown: number;
  private: number;
}

/** How the user can show that it is them. */
export type UnlockWay = 'passkey' | 'code' | 'recoveryCode';

export interface Gate {
  /** The index of this device, on the network that it is on. */
  device: Privacy;
  thresholds: Thresholds;
  /** Everything is shown on this session until then. */
  openUntil: string | null;
  /** The levels that are held back here and now. */
  hides: LevelNumber[];
  ways: UnlockWay[];
}
