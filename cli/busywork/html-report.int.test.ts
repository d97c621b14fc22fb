import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchBrowser, noBrowser } from '../../services/kernel/testing/browser.ts';
import { compareReports } from './compare.ts';
import { htmlReport } from './html-report.ts';
import { exampleReport } from './testing/example-report.ts';

const looks = [
  { name: 'a phone, light', width: 390, colorScheme: 'light' },
  { name: 'a phone, dark', width: 390, colorScheme: 'dark' },
  { name: 'a desk, light', width: 1_280, colorScheme: 'light' },
  { name: 'a desk, dark', width: 1_280, colorScheme: 'dark' },
] as const;

/** What cannot be read as it stands: text of charts or tables that leaves its card, or is smaller than it should be. */
const unreadable = `(() => {
  const found = [];
  for (const card of document.querySelectorAll('section, .figure')) {
    const frame = card.getBoundingClientRect();
    if (card.scrollWidth > card.clientWidth) found.push('scrolls: ' + card.innerText.slice(0, 30));
    for (const text of card.querySelectorAll('text, th, td, b, span')) {
      const box = text.getBoundingClientRect();
      if (box.left < frame.left || box.right > frame.right) found.push('cut off: ' + text.textContent);
      if (text.tagName === 'text' && box.height < 10) found.push('too small: ' + text.textContent);
    }
  }
  return found;
})()`;

const charts = `[...document.querySelectorAll('svg')].map((chart) => {
  const { width, height } = chart.getBoundingClientRect();
  const color = getComputedStyle(chart.querySelector('.line')).stroke;
  return { width, height, color };
})`;

const ground = 'getComputedStyle(document.body).backgroundColor';

describe('the report in a browser', { skip: noBrowser }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mall-report-'));
  const file = join(folder, 'report.html');
  let browser: Browser;
  before(async () => {
    const threshold = { threshold: 'order_approved.p99<500ms', kept: false, value: 612, measured: '612 ms' };
    const report = exampleReport({ thresholds: [threshold] });
    const slow = { p50: 1_250, p95: 1_800, p99: 1_990, max: 2_000 };
    const series = report.series.map((moment) => ({ ...moment, callMs: slow }));
    const earlier = exampleReport({ seed: 8 });
    writeFileSync(file, htmlReport({ ...report, series }, compareReports({ earlier, now: report })));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  for (const { name, width, colorScheme } of looks) {
    test(name, async () => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, 'nothing sticks out');
      assert.deepEqual(await page.evaluate(unreadable), []);
      const drawn = await page.evaluate<{ width: number; height: number; color: string }[]>(charts);
      assert.equal(drawn.length, 6);
      for (const chart of drawn) {
        assert.ok(chart.width > 250 && chart.height > 80, JSON.stringify(chart));
        assert.notEqual(chart.color, 'none');
      }
      const dark = colorScheme === 'dark';
      assert.equal(await page.evaluate(ground), dark ? 'rgb(18, 22, 29)' : 'rgb(246, 248, 251)');
      assert.deepEqual(asked, [pathToFileURL(file).href], 'it needs nothing else');
      await page.close();
    });
  }
});
