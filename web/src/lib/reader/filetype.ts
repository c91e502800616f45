// What a file is by its first bytes, against what it says that it is. A browser that is handed a playlist as music, or
// a drawing with scripts as a photograph, may guess for itself: nothing is shown whose beginning is another format's.

export type PreviewKind = 'image' | 'audio' | 'text' | 'pdf';

type Signature = (bytes: Uint8Array) => boolean;

const ascii = (bytes: Uint8Array, from: number, word: string): boolean =>
  [...word].every((char, index) => bytes[from + index] === char.charCodeAt(0));
const starts = (...words: string[]): Signature => (bytes) => words.some((word) => ascii(bytes, 0, word));
const riff = (form: string): Signature => (bytes) => ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, form);
/** ISO base media files name their brand in the first box (ISO/IEC 14496-12 §4.3). */
const brand = (...names: string[]): Signature => (bytes) => ascii(bytes, 4, 'ftyp') && names.some((name) => ascii(bytes, 8, name));
/** Eleven bits that are set begin each frame of MPEG audio (ISO/IEC 11172-3 §2.4.1.3) and of AAC in ADTS. */
const framed: Signature = (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;

/** Programs that write PDFs may put something before it; those that read them look at the first kilobyte. */
const early = (word: string): Signature => (bytes) => {
  const first = bytes.subarray(0, 1024 + word.length);
  return first.some((_, from) => ascii(first, from, word));
};

const SIGNATURES: Record<string, { kind: PreviewKind; is: Signature }> = {
  'image/png': { kind: 'image', is: starts('\u0089PNG\r\n') },
  'image/jpeg': { kind: 'image', is: starts('\u00ff\u00d8\u00ff') },
  'image/gif': { kind: 'image', is: starts('GIF87a', 'GIF89a') },
  'image/webp': { kind: 'image', is: riff('WEBP') },
  'image/avif': { kind: 'image', is: brand('avif', 'avis', 'mif1') },
  'image/bmp': { kind: 'image', is: starts('BM') },
  'audio/mpeg': { kind: 'audio', is: (bytes) => ascii(bytes, 0, 'ID3') || framed(bytes) },
  'audio/aac': { kind: 'audio', is: framed },
  'audio/ogg': { kind: 'audio', is: starts('OggS') },
  'audio/flac': { kind: 'audio', is: starts('fLaC') },
  'audio/wav': { kind: 'audio', is: riff('WAVE') },
  'audio/mp4': { kind: 'audio', is: brand('M4A', 'M4B', 'mp4', 'isom', 'iso2') },
  'audio/webm': { kind: 'audio', is: starts('\u001aE\u00df\u00a3') },
  'text/plain': { kind: 'text', is: () => true },
  'application/pdf': { kind: 'pdf', is: early('%PDF-') },
};

/** How a type is shown, if it is one of those that can be. */
export const previewKind = (type: string): PreviewKind | null => SIGNATURES[type.toLowerCase()]?.kind ?? null;

/** Whether bytes begin as their type does. */
export const beginsAs = (type: string, bytes: Uint8Array): boolean => SIGNATURES[type]?.is(bytes) ?? false;

/**
 * Text in the encoding that it is most likely in: UTF-16 with its mark, UTF-8, or what Windows wrote before it.
 * `whole` is false where the bytes were cut, maybe inside a character.
 */
export function decodeText(bytes: Uint8Array, whole: boolean): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  if (wide) return new TextDecoder(wide).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
