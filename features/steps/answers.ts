import assert from 'node:assert/strict';
import { Then } from '@cucumber/cucumber';
import { refusalView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

/** The mall's sentence begins with the expected one, as the original's steps have it. */
function refusedWith(world: MallWorld, expected: string): void {
  const { what, answer } = world.memory.last;
  const sentence = world.names.within(expected);
  assert.notEqual(answer.status, 200, `"${what}" was to be refused with "${sentence}", and was done`);
  assert.ok(
    answer.message.startsWith(sentence),
    `"${what}" was to be refused with "${sentence}"; it was refused with "${answer.message}" (${answer.status})`,
  );
}

Then('I receive a/an {string} error', function (this: MallWorld, expected: string) {
  refusedWith(this, expected);
});

Then('the returned error message is {string}', function (this: MallWorld, expected: string) {
  refusedWith(this, expected);
});

Then(
  'I am refused with status {int}: {string}',
  function (this: MallWorld, status: number, expected: string) {
    refusedWith(this, expected);
    assert.equal(this.memory.last.answer.status, status);
  },
);

Then('it is done', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], [what, 200, '']);
});

Then(
  'the refusal is of the kind {word} with the code {int}',
  function (this: MallWorld, kind: string, code: number) {
    const refusal = refusalView.parse(this.memory.last.answer.body);
    assert.deepEqual(
      [refusal.code, refusal.details.map(({ TypeCode }) => TypeCode)],
      [code, kind === 'none' ? [] : [kind]],
    );
  },
);
