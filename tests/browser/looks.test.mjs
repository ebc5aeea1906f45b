// Nothing sticks out of a small screen, and people get pictures to judge the rest by (in out/).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, screenshot, serve } from './harness.mjs';
import { vase } from './pictures.mjs';

const SCREENS = [
  { name: 'phone-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, deviceScaleFactor: 2 },
  { name: 'phone-light', viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, deviceScaleFactor: 2 },
  { name: 'wide-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
];

for (const { name, ...options } of SCREENS) {
  test(`pages fit a ${name} screen`, async (t) => {
    const server = await serve(t);
    const { page, complaints } = await openPage(t, options);
    const look = async (part) => {
      await screenshot(page, `${name}-${part}`);
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overhang <= 0, `${part} sticks out by ${overhang} px`);
    };
    await page.goto(server.url);
    await look('home');
    const drop = await page.locator('.drop').boundingBox();
    assert.ok(drop.y + drop.height <= options.viewport.height, 'the drop zone is above the fold');
    await page.goto(`${server.url}/status`);
    await look('status');
    await page.goto(server.url);
    await page.getByLabel('Shape network').selectOption('triposr');
    await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(256) });
    await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: 60_000 });
    await look('failed');
    await page.goto(server.url);
    await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: vase(640) });
    await page.waitForURL(/\/jobs\//);
    await look('working');
    await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(2000);
    await look('done');
    await page.getByText('Other formats').click();
    await look('formats');
    await page.getByText('Can it be printed?').click();
    await page.locator('report-panel img').evaluate((image) => image.decode());
    await look('report');
    await page.getByText('Delete now').click();
    await page.getByRole('heading', { name: 'It is gone' }).waitFor();
    await look('gone');
    assert.deepEqual(complaints, []);
  });
}
