// Coaching, as docs/api has it: things to do once, what is done, and what the host gives for it.

export type QuestName = 'recovery-code' | 'passkey' | 'second-factor' | 'home-network' | 'second-device' | 'invite';

export interface Quest {
  name: QuestName;
  state: 'open' | 'aside' | 'done';
  /** What the user controls then; null where nothing is counted for it. */
  projected: number | null;
  doneAt: string | null;
}

/** Colours of the application beside its own. */
export type Colours = 'harbour' | 'dusk' | 'clay';

/** What the host gives for so many quests: one of three. */
export interface Unlock {
  theme: Colours | null;
  bytes: number | null;
  addresses: number | null;
  quests: number;
  isUnlocked: boolean;
}

export interface Coaching {
  isMuted: boolean;
  yours: number | null;
  quests: Quest[];
  aside: QuestName[];
  /** The contact to whom most was written on postcards. */
  invite: string | null;
  unlocks: Unlock[];
  /** Addresses that they may choose themself, and how many they chose. */
  addressesAllowed: number;
  addressesChosen: number;
}
