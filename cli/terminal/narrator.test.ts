import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Narrator } from './narrator.ts';
import { Output } from './output.ts';

/** A terminal of twenty characters, and what is drawn there. */
class NarrowOutput extends Output {
  override readonly lively = true;
  readonly drawn: string[] = [];

  override get width(): number {
    return 20;
  }

  override redraw(text: string): void {
    this.drawn.push(text);
  }
}

test('a step that is longer than the terminal is wide is cut while it is drawn, and whole once it is done', () => {
  const output = new NarrowOutput({ color: false });
  const narrator = new Narrator(output);
  narrator.step('checking: orders agree with their sagas');
  assert.deepEqual(output.drawn, ['⠙ checking: orders ']);
  narrator.done();
  assert.match(output.drawn[1] ?? '', /^✔ checking: orders agree with their sagas .* s\n$/);
});
