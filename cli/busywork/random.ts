import { createHash } from 'node:crypto';

/** A source of reproducible random decisions. Not for secrets: whoever knows the seed knows them all. */
export interface Random {
  /** A fraction in [0, 1) with 53 random bits. */
  next(): number;
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** A whole number from `lowest` to `highest`, both possible. */
  between(lowest: number, highest: number): number;
  /** One of `choices`, each as likely as the next. Throws RangeError when there is none. */
  pick<T>(choices: readonly T[]): T;
}

/**
 * Makes the generator that belongs to a path of numbers, such as `[seed, client, activity]`.
 *
 * Every path has its own independent sequence. Activities get one each, so that an activity that ended early
 * (and drew less) does not change what its client decides to do next.
 */
export function randomOf(path: readonly number[]): Random {
  const word = sfc32(createHash('sha256').update(path.join('/')).digest());
  const next = () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (lowest, highest) => lowest + below(highest - lowest + 1),
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new RangeError('there is nothing to pick from');
      return choice;
    },
  };
}

/** Chris Doty-Humphrey's small fast counter: 32 bits a call, passes PractRand, state of 128 bits. */
function sfc32(state: Buffer): () => number {
  let a = state.readInt32LE(0);
  let b = state.readInt32LE(4);
  let c = state.readInt32LE(8);
  let counter = state.readInt32LE(12);
  return () => {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word >>> 0;
  };
}
