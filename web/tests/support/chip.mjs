// The chip of a letter that is written: what it would be, and over what.

export const chipSays = (page, text) => page.locator('.bar .route').filter({ hasText: text }).waitFor();

/** Milliseconds from the removal of the last recipient until the chip says something else. */
export const removing = (page, text) => page.evaluate((wanted) => new Promise((done) => {
  const began = performance.now();
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.bar .route').textContent.includes(wanted)) return;
    observer.disconnect();
    done(performance.now() - began);
  }).observe(document.querySelector('.bar'), { childList: true, subtree: true, characterData: true });
  document.querySelector('.recipients .chip:last-of-type button').click();
}), text);
