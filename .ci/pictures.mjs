/**
 * Makes the README's pictures anew, of a mall of its own: busywork's table as a terminal shows it, and the first page
 * while orders move, on light and on dark. `node .ci/pictures.mjs [folder]`; needs Chromium and util-linux' `script`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { laterFrame, terminalSvg } from './terminal-picture.mjs';

const folder = process.argv[2] ?? 'reports/sample';
const name = 'pictures';
const launcher = 'cli/launcher/mall.mjs';

/** @param {readonly string[]} args */
function mall(...args) {
  const run = spawnSync(process.execPath, [launcher, ...args, '--name', name], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`mall ${args.join(' ')}: ${run.stderr}${run.stdout}`);
  return run.stdout;
}

/** @param {string} url */
async function photograph(url) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'].concat([
      '--disable-background-networking',
      '--disable-component-update',
    ]),
  });
  try {
    for (const [colorScheme, width, height, suffix] of /** @type {const} */ ([
      ['light', 1180, 800, ''],
      ['dark', 1180, 800, ''],
      ['light', 390, 844, '-phone'],
      ['dark', 390, 844, '-phone'],
    ])) {
      if (suffix !== '' && process.argv[2] === undefined) continue;
      const page = await browser.newPage({ colorScheme, viewport: { width, height } });
      await page.goto(url);
      // Enough for all states to be seen at once.
      await page.locator('#orders li').nth(9).waitFor();
      await page.locator('#orders .pill.completed').first().waitFor();
      await page.screenshot({ path: join(folder, `first-page-${colorScheme}${suffix}.png`) });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

/** Runs busywork where it thinks itself on a terminal, and draws what stands there. */
function pictureTerminal() {
  const flags = '--rate 5 --mix buy=2,browse=1 --pace none --duration 20s';
  const command = `stty cols 100 rows 30; node ${launcher} busywork --name ${name} ${flags}`;
  const { CI: _, ...env } = process.env;
  const run = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: { ...env, TERM: 'xterm' },
  });
  if (run.status !== 0) throw new Error(`busywork in a terminal: ${run.stdout}`);
  const lines = laterFrame(run.stdout);
  if (lines.length === 0) throw new Error(`busywork drew no table: ${run.stdout}`);
  writeFileSync(join(folder, 'busywork.svg'), terminalSvg({ prompt: `mall busywork ${flags}`, lines }));
}

mkdirSync(folder, { recursive: true });
try {
  const { addresses } = JSON.parse(mall('up', '--detach', '--infra', 'embedded', '--json'));
  mall('busywork', '--mix', 'set-up-a-store', '--duration', '3s', '--pace', 'none', '--quiet');
  pictureTerminal();
  const mix = 'buy=6,browse=1,collect-an-order=3,pay-an-invoice=3,buy-and-cancel=1';
  const args = [
    launcher,
    'busywork',
    '--name',
    name,
    '--rate',
    '6',
    '--mix',
    mix,
    '--pace',
    'none',
    '--quiet',
  ];
  const shoppers = spawn(process.execPath, [...args, '--duration', '60s'], { stdio: 'ignore' });
  try {
    await photograph(addresses.rest);
  } finally {
    shoppers.kill('SIGKILL');
  }
} finally {
  mall('down', '--purge');
}
