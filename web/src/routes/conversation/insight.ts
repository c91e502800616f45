// Keeps a message where it was scrolled to while those around it are still loading and growing, until the person moves.

const HOLD_MS = 3_000;
const MOVES = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

/** Shows the beginning of an element of the stream; the function that it returns lets go of it. */
export function holdInSight(element: Element, stream: Element): () => void {
  const show = () => element.scrollIntoView({ block: 'start' });
  const observer = new ResizeObserver(show);
  const release = () => {
    observer.disconnect();
    clearTimeout(timer);
    for (const move of MOVES) window.removeEventListener(move, release);
  };
  const timer = setTimeout(release, HOLD_MS);
  for (const move of MOVES) window.addEventListener(move, release, { passive: true });
  observer.observe(stream);
  show();
  return release;
}
