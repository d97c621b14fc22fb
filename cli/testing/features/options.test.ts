import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFeatureOptions } from './options.ts';

const given = { files: [], parallel: undefined, infra: 'embedded', mode: 'monolith' };

test('a run has a deadline, whether asked for or not', () => {
  assert.equal(readFeatureOptions({}, given).deadlineMs, 600_000);
  assert.equal(readFeatureOptions({ deadline: '90s' }, given).deadlineMs, 90_000);
});

test('feature files can be named by flag and by argument', () => {
  const { features } = readFeatureOptions({ features: ['./my'] }, { ...given, files: ['a.feature:3'] });
  assert.deepEqual(features, ['./my', 'a.feature:3']);
});

for (const { flags, says } of [
  { flags: { name: 'a', against: 'http://b' }, says: /name two malls/ },
  { flags: { against: 'nowhere' }, says: /--against cannot be "nowhere"/ },
  { flags: { retry: '-1' }, says: /--retry cannot be "-1"/ },
  { flags: { deadline: 'soon' }, says: /--deadline cannot be "soon"/ },
]) {
  test(`${JSON.stringify(flags)} is refused`, () => {
    assert.throws(() => readFeatureOptions(flags, given), says);
  });
}
