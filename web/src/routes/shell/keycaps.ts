// Keys as they are printed on a keyboard.

/** Whether this is a machine on which programs say ⌘ where others say Ctrl. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export const PALETTE_KEYS = [isMac ? '⌘' : 'Ctrl', 'k'];

/** `g i` is two keys, `U` is Shift and u. */
export const keycaps = (keys: string): string[] => keys.split(' ').flatMap((key) => (/^\p{Lu}$/u.test(key) ? ['Shift', key.toLowerCase()] : [key]));
