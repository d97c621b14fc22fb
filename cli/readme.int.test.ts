import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exitCodeName, exitCodes } from './exit-codes.ts';
import { verbs } from './program.ts';
import { settingNames, settingsTable } from './settings/index.ts';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

test('the README has every verb', () => {
  for (const { name } of verbs) assert.match(readme, new RegExp(`^\\| \`${name}[\` ]`, 'm'), name);
});

test('the README has every setting with its flag and variable', () => {
  for (const name of settingNames) {
    const { environment, flag } = settingsTable[name];
    for (const word of [name, environment, ...(flag?.match(/--[a-z-]+/g) ?? [])]) {
      assert.ok(readme.includes(`\`${word}\``), word);
    }
  }
});

test('the README has every exit code', () => {
  for (const code of Object.values(exitCodes))
    assert.match(readme, new RegExp(`\\| ${code} +\\|`), String(code));
  for (const code of Object.values(exitCodes).filter((each) => each !== exitCodes.ok))
    assert.ok(readme.includes(`\`${exitCodeName(code)}\``), exitCodeName(code));
});
