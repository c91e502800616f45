// Where the pages of a PDF stand under each other, and which are in sight: numbers in, numbers out.

import type { Size } from '$lib/reader/pdf/document';

/** Pixels between two pages, and around them all. */
export const GAP = 12;
/** Pixels of the style for a point (1/72 inch) at 100 %. */
const FULL = 96 / 72;
export const SCALE_LEAST = 0.25 * FULL;
export const SCALE_MOST = 4 * FULL;
/** A page that is narrow is not blown up beyond this to fill the width. */
const FIT_MOST = 2 * FULL;
const STEP = 1.25;
/** Pages whose pictures are kept at a time. */
const DRAWN_MOST = 6;

export const percent = (scale: number): number => Math.round((scale / FULL) * 100);
export const zoomed = (scale: number, by: number): number => Math.min(Math.max(scale * STEP ** by, SCALE_LEAST), SCALE_MOST);

/** The scale at which a page is as wide as there is room. */
export const fitting = ({ width }: Size, room: number): number => Math.min(Math.max((room - 2 * GAP) / width, SCALE_LEAST / 4), FIT_MOST);

/** The upper edge of each page, and of what comes after the last. */
export function edges(sizes: readonly Size[], scaleOf: (size: Size) => number): number[] {
  const tops = [GAP];
  let top = GAP;
  for (const size of sizes) tops.push((top += size.height * scaleOf(size) + GAP));
  return tops;
}

/** The page (from 0) in which this height lies. */
export function pageAt(tops: readonly number[], height: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The pages (from 0) that are in sight, then their neighbours, as many as are drawn at a time. */
export function inSight(tops: readonly number[], from: number, height: number): number[] {
  const first = pageAt(tops, from);
  const last = Math.min(pageAt(tops, from + height), first + DRAWN_MOST - 1);
  const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  if (last + 1 < tops.length - 1 && pages.length < DRAWN_MOST) pages.push(last + 1);
  if (first > 0 && pages.length < DRAWN_MOST) pages.unshift(first - 1);
  return pages;
}

/** How far one reads on with a press of Page Down: a screenful, but never past the beginning of the next page. */
export function readOn(tops: readonly number[], from: number, height: number, forward: boolean): number {
  // Browsers scroll to whole pixels.
  const page = pageAt(tops, from + GAP + 1);
  const screen = Math.max(height - 4 * GAP, GAP);
  if (forward) return Math.min(from + screen, (tops[page + 1] ?? Infinity) - GAP);
  const top = (tops[page] ?? 0) - GAP;
  // From its beginning, to the foot of the one before; from its middle, at most to its beginning.
  if (from > top + 1) return Math.max(from - screen, top);
  return Math.max((tops[page - 1] ?? 0) - GAP, from - height + GAP, 0);
}
