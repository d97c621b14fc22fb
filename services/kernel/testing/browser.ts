import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const candidates = [
  process.env.MALL_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** A Chromium on this machine; undefined where there is none. */
export const chromiumPath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));

/** Why tests in a browser are skipped; false where they are not. */
export const noBrowser =
  chromiumPath === undefined && 'no Chromium here; install Debian\'s "chromium" or set MALL_CHROMIUM to one';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
