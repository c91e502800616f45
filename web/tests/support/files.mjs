// Files to attach, made here: a picture, a sound, texts, and some that are not what they say.

import { crc32, deflateSync } from 'node:zlib';
import { locked, programme, torn } from './pdf.mjs';

/** A PNG (RFC 2083) of a hill under a sky. */
export function picture(width, height) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const hill = y > height * (0.62 + 0.16 * Math.sin((x / width) * 5));
      const [r, g, b] = hill ? [60, 110 + (40 * x) / width, 80] : [150 + (90 * y) / height, 190, 225 - (60 * y) / height];
      rows.set([r, g, b], y * (1 + width * 3) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** Half a second of 440 Hz as WAVE. */
function tone() {
  const samples = 4_000;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write('WAVEfmt ', 8);
  header.set([16, 0, 0, 0, 1, 0, 1, 0], 16);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.set([1, 0, 8, 0], 32);
  header.write('data', 36);
  header.writeUInt32LE(samples, 40);
  return Buffer.concat([header, Buffer.from(Array.from({ length: samples }, (_, at) => 128 + 90 * Math.sin((at * 440 * 2 * Math.PI) / 8_000)))]);
}

const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.ran=1"><image href="http://127.0.0.2:9/x.png"/><script>parent.ran=1</script></svg>';

export const FILES = [
  { type: 'image/png', name: 'the hill above the village, seen from the station on the first day.png', bytes: picture(900, 600) },
  { type: 'text/plain', name: 'notes.txt', bytes: Buffer.from('Caffè, 2 €\n<b>not bold</b> <script>parent.ran=1</script>\n') },
  { type: 'text/plain', name: 'old.txt', bytes: Buffer.from('Chère Élise, à bientôt', 'latin1') },
  { type: 'audio/wav', name: 'bell.wav', bytes: tone() },
  { type: 'application/pdf', name: 'programme.pdf', bytes: Buffer.from('%PDF-1.7\n') },
  { type: 'image/svg+xml', name: 'drawing.svg', bytes: Buffer.from(DRAWING) },
  { type: 'image/png', name: 'holiday.png', bytes: Buffer.from(DRAWING) },
  { type: 'audio/mpeg', name: 'song.mp3', bytes: Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.2:9/segment.ts\n') },
  { type: 'image/png', name: 'poster.png', size: 48_000_000, bytes: picture(30, 20) },
  { type: 'image/png', name: 'torn.png', bytes: picture(30, 20).subarray(0, 40) },
  { type: 'text/html', name: 'page.html', bytes: Buffer.from('<script>parent.ran=1</script>') },
  { type: 'application/pdf', name: 'concert.pdf', bytes: programme(12) },
  { type: 'application/pdf', name: 'locked.pdf', bytes: locked() },
  { type: 'application/pdf', name: 'torn.pdf', bytes: Buffer.concat([Buffer.from('\r\n'), torn()]) },
  { type: 'application/pdf', name: 'encyclopaedia.pdf', size: 180_000_000, bytes: Buffer.from('%PDF-1.7\n') },
];
