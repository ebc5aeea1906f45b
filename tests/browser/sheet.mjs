// Draws docs/site.png: what a visitor sees, in all six languages, on a phone and on a wide screen, by night and by day.
// npm --prefix web run sheet, with AI3DGEN_BIN and CHROMIUM as for the tests.
import { fileURLToPath } from 'node:url';
import { openPage, serve } from './harness.mjs';
import { LANGUAGES, at } from './pages.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true };
const WIDE = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' };
/** What each language shows on either screen. */
const SHOWN = ['/', 'job', '/remove-background', '/batch', '/pro'];
const TEAPOT = fileURLToPath(new URL('../../examples/teapot.jpg', import.meta.url));
const OUT = fileURLToPath(new URL('../../docs/site.png', import.meta.url));

// The harness cleans up after tests; here that is when all is drawn.
const cleanups = [];
const t = { after: (cleanup) => cleanups.unshift(cleanup) };

/** Goes to the page and does what is done there first. */
async function show(page, server, tag, what) {
  await page.goto(server.url + at(tag, what === 'job' ? '/' : what));
  if (what === 'job') {
    await page.setInputFiles('#picture', TEAPOT);
    await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 120_000 });
    await page.waitForTimeout(1500);
  } else if (what === '/remove-background') {
    await page.locator('image-editor[ready]').waitFor();
    await page.locator('[name=picture]').setInputFiles(TEAPOT);
    await page.locator('image-editor[editing]').waitFor();
    await page.locator('form.tool button').click();
    await page.locator('[data-part=made]').waitFor({ timeout: 120_000 });
    await page.locator('[data-part=split]').fill('50');
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(500);
  }
}

const server = await serve(t);
const rows = [];
for (const [tag, name] of Object.entries(LANGUAGES)) {
  const pictures = [];
  for (const options of [PHONE, WIDE]) {
    const { page, browser } = await openPage(t, options);
    for (const what of SHOWN) {
      await show(page, server, tag, what);
      const picture = await page.screenshot({ type: 'jpeg', quality: 90 });
      pictures.push(`<img src="data:image/jpeg;base64,${picture.toString('base64')}">`);
    }
    await browser.close();
  }
  rows.push(`<figure>${pictures.join('')}<figcaption>${name}</figcaption></figure>`);
}
const { page } = await openPage(t, { viewport: { width: 2180, height: 800 } });
await page.setContent(`<style>
  body { margin: 0; padding: 16px; background: #bbb; display: grid; gap: 16px; font: 600 18px sans-serif }
  figure { margin: 0; display: flex; flex-wrap: wrap; gap: 8px }
  img { height: 200px; border-radius: 6px } figcaption { flex-basis: 100% }
</style>${rows.join('')}`);
await page.screenshot({ path: OUT, fullPage: true });
for (const cleanup of cleanups) await cleanup();
