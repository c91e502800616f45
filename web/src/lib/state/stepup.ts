// Asks the person of this session to show that it is still them. What is hidden from a weak device opens for a while then.

import { mount, unmount } from 'svelte';

/** True when they did. The session has stepped up then: what was refused may be asked for again. */
export async function stepUp(): Promise<boolean> {
  const { default: StepUp } = await import('../../routes/stepup/StepUp.svelte');
  return new Promise((resolve) => {
    const dialog = mount(StepUp, {
      target: document.body,
      props: {
        ondone: (shown: boolean) => {
          void unmount(dialog);
          resolve(shown);
        },
      },
    });
  });
}
