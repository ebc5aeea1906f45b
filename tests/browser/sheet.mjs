// Draws docs/site.png: the pages on a phone and on a wide screen, in six languages, by day and by night.
// npm --prefix web run sheet, with AI3DGEN_BIN and CHROMIUM as for the tests.
import { fileURLToPath } from 'node:url';
import { openPage, serve } from './harness.mjs';
import { LANGUAGES, at } from './pages.mjs';
import { vase } from './pictures.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true };
const WIDE = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' };
/** What each language shows on either screen. */
const SHOWN = { en: ['/', 'job'], es: ['/pro', '/'], fr: ['job', '/status'], ja: ['/', 'job'], pt: ['/cookies', '/faq'], ru: ['job', '/edit'] };
const OUT = fileURLToPath(new URL('../../docs/site.png', import.meta.url));

// The harness cleans up after tests; here that is when all is drawn.
const cleanups = [];
const t = { after: (cleanup) => cleanups.unshift(cleanup) };

/** Goes to the page, or makes a model and goes to its page. */
async function show(page, server, tag, what) {
  await page.goto(server.url + at(tag, what === 'job' ? '/' : what));
  if (what !== 'job') return;
  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(512) });
  await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1500);
}

const server = await serve(t);
const rows = [];
for (const [tag, [small, large]] of Object.entries(SHOWN)) {
  const pictures = [];
  for (const [options, what] of [[PHONE, small], [WIDE, large]]) {
    const { page, browser } = await openPage(t, options);
    await show(page, server, tag, what);
    const picture = await page.screenshot({ type: 'jpeg', quality: 90 });
    pictures.push(`<img src="data:image/jpeg;base64,${picture.toString('base64')}">`);
    await browser.close();
  }
  rows.push(`<figure>${pictures.join('')}<figcaption>${LANGUAGES[tag]}</figcaption></figure>`);
}
const { page } = await openPage(t, { viewport: { width: 1450, height: 800 } });
await page.setContent(`<style>
  body { margin: 0; padding: 24px; background: #bbb; display: grid; grid-template-columns: 1fr 1fr; gap: 24px; font: 600 18px sans-serif }
  figure { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 8px; align-items: start }
  img { height: 330px; border-radius: 6px } figcaption { grid-column: 1 / -1 }
</style>${rows.join('')}`);
await page.screenshot({ path: OUT, fullPage: true });
for (const cleanup of cleanups) await cleanup();
