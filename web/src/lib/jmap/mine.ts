// The user's own index, as docs/api has it.

import type { Point, Privacy, Raise } from './types';

export interface HistoryDay {
  /** Of the calendar, in UTC. */
  day: string;
  /** Null where nothing was known. */
  score: number | null;
  approximate: boolean;
}

/** An account or a device, with its index. */
export interface Part {
  id: string;
  privacy: Privacy;
}

export interface UserPrivacy {
  privacy: Privacy;
  levelWord: string;
  sentence: string;
  /** What the user controls, and what depends on others too; null while nothing is known. */
  yours: number | null;
  others: number | null;
  points: Point[];
  raises: (Raise & { subjectId: string | null })[];
  accounts: Part[];
  devices: Part[];
  history: HistoryDay[];
}
