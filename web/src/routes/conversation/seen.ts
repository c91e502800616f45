// A message counts as read once its beginning stood on a visible screen for a second.

const SEEN_MS = 1_000;

export function createSeen(mark: (ids: string[]) => void) {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const idOf = (element: Element) => (element as HTMLElement).dataset['message'] ?? '';
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const id = idOf(target);
        clearTimeout(waiting.get(id));
        if (!isIntersecting || document.visibilityState !== 'visible') continue;
        waiting.set(id, setTimeout(() => mark([id]), SEEN_MS));
      }
    },
    { rootMargin: '0px 0px -15% 0px' },
  );
  return {
    attach: (element: HTMLElement) => {
      observer.observe(element);
      return () => {
        observer.unobserve(element);
        clearTimeout(waiting.get(idOf(element)));
      };
    },
    stop: () => {
      observer.disconnect();
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
