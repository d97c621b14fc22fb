import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPactFiles } from '../cli/pacts/pact-files.ts';
import { pactFilesFolder } from '../cli/pacts/places.ts';
import { owedMessages } from './contracts.ts';
import { missingContracts } from './owed.ts';

const pacts = readPactFiles(pactFilesFolder);

describe('contracts owed', () => {
  test('none is missing', () => {
    assert.deepEqual(missingContracts(pacts), []);
  });

  test('every message of every pair is missed when its contract is gone', () => {
    for (const { group, message, publisher } of owedMessages()) {
      const without = pacts.map((pact) => ({
        ...pact,
        interactions: pact.interactions.filter(({ metadata }) => {
          const from = pact.provider === `${publisher}-pub` && pact.consumer === `${group.context}-sub`;
          return !(from && metadata?.name === message.name);
        }),
      }));
      const subject = `intellimall.${group.channel}`;
      assert.deepEqual(missingContracts(without), [
        `${group.context}-sub takes ${message.name} on ${subject} from ${publisher}-pub`,
      ]);
    }
  });

  test('every call of the simulator is missed when its contract is gone', () => {
    const without = pacts.filter(({ consumer }) => consumer !== 'busywork');
    assert.equal(missingContracts(without).length, 23);
  });
});
