// Somebody who begins: the first start, in their language, up to the inbox.

export const ALICE = 'alice@example.org';
export const PASSWORD = 'four unrelated words here';
/** How long something may take that a busy machine does. */
export const PATIENCE_MS = 60_000;

/** Makes the account that the link of a server is for. Messages leave at once from here. */
export async function begin({ page, context }, url) {
  await context.addInitScript(() => {
    if (location.protocol === 'http:') localStorage.setItem('caliopen.preferences', JSON.stringify({ undoMs: 0 }));
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await arrive(page, url);
}

/** Opens the link that the server prints, makes the account, keeps the recovery code. */
export async function arrive(page, url) {
  await page.goto(url);
  await page.locator('input[name=username]').fill(ALICE);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button.primary').click();
  await page.locator('main button.quiet').first().click();
  const code = (await page.locator('.code').innerText()).replace(/\s/g, '');
  await page.locator('#tail').fill(code.split('-').at(-1));
  await page.locator('#tail').press('Enter');
  await page.locator('section.list').waitFor();
}
