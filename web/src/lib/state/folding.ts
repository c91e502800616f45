// Words compared as people do: whatever their case and accents. Pure.

/** `Éléonore` and `eleonore` are the same. */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
