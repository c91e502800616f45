// A finger on a row: held, it selects; moved aside, it archives or snoozes. The row's buttons and menu do the same.

/** Before the browser takes it for a wish to drag the link. */
const HELD_MS = 400;
/** How long after a gesture its click can come. */
const CLICK_MS = 400;
const MOVED_PX = 10;
/** Share of the row's width from which on letting go is a deed. */
const FAR = 0.3;

export interface Touched {
  held: () => void;
  toStart: () => void;
  toEnd: () => void;
}

/** Attached to a row; only touch is listened to, so that a mouse selects text and drags links as ever. */
export const touch = (deeds: () => Touched) => (row: HTMLElement) => {
  let from: { x: number; y: number; id: number } | null = null;
  let swiping = false;
  let handled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const start = (event: PointerEvent) => {
    handled = false;
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    from = { x: event.clientX, y: event.clientY, id: event.pointerId };
    timer = setTimeout(() => {
      handled = true;
      from = null;
      deeds().held();
    }, HELD_MS);
  };
  const move = (event: PointerEvent) => {
    if (!from || event.pointerId !== from.id) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!swiping && Math.max(Math.abs(x), Math.abs(y)) < MOVED_PX) return;
    clearTimeout(timer);
    if (!swiping && Math.abs(y) > Math.abs(x)) return stop();
    swiping = true;
    handled = true;
    row.style.setProperty('--swipe', `${x}px`);
    row.dataset['swipe'] = x < 0 ? 'start' : 'end';
    row.toggleAttribute('data-far', Math.abs(x) > row.clientWidth * FAR);
  };
  const end = () => {
    swallow();
    const { swipe } = row.dataset;
    const far = row.hasAttribute('data-far');
    stop();
    if (far && swipe === 'start') deeds().toStart();
    if (far && swipe === 'end') deeds().toEnd();
  };
  function stop(): void {
    clearTimeout(timer);
    from = null;
    swiping = false;
    row.style.removeProperty('--swipe');
    delete row.dataset['swipe'];
    row.removeAttribute('data-far');
  }
  /** The click that ends a gesture opens nothing, also when the rows moved under the finger. */
  const click = (event: MouseEvent) => {
    // What the gesture called up is meant by the next finger.
    if (!(event.target instanceof Element && event.target.closest('.row'))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const swallow = () => {
    if (!handled) return;
    window.addEventListener('click', click, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', click, { capture: true }), CLICK_MS);
  };
  row.addEventListener('pointerdown', start);
  row.addEventListener('pointermove', move);
  row.addEventListener('pointerup', end);
  row.addEventListener('pointercancel', stop);
  const menu = (event: Event) => (handled || from) && event.preventDefault();
  row.addEventListener('contextmenu', menu);
  return stop;
};
