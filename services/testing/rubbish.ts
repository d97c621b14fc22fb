import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';

/* What comes in at doors when somebody sends anything at all: drawn from a seed, so that it comes again. */

/** Texts that have hurt others: quotes for SQL, what Postgres cannot store, paths, markup, half characters, lengths. */
const hostile = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  "'; DROP TABLE ordering.events; --",
  '" OR 1=1 --',
  '$1',
  '%s%n',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '\ud800',
  '\u202e\u200b',
  '__proto__',
  'constructor',
  '{"a":',
  '1e999',
  '-0',
  'NaN',
  '9'.repeat(400),
  'x'.repeat(5_000),
  'é'.repeat(129),
  '👩‍👩‍👧'.repeat(40),
  '00000000-0000-0000-0000-000000000000',
];

export const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 40 }));

const value = fc.oneof(
  text,
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(null, true, false, [], {}, 1e308, -1, 0, 2 ** 53, '1e400'),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Bodies about these fields: objects with values of any kind, other JSON, and JSON that is cut off. */
export function bodies(fields: readonly string[]): fc.Arbitrary<string> {
  const object = fc.dictionary(fc.constantFrom(...fields, '__proto__', 'unknown'), value, { maxKeys: 8 });
  const whole = fc
    .oneof({ weight: 4, arbitrary: object }, fc.jsonValue())
    .map((json) => JSON.stringify(json));
  const cut = fc.tuple(whole, fc.nat(40)).map(([json, length]) => json.slice(0, length));
  const deep = fc.constantFrom('['.repeat(20_000), '{"a":'.repeat(5_000), 'null', '""', '1e99999');
  return fc.oneof({ weight: 6, arbitrary: whole }, cut, deep, text);
}

const field = fc.tuple(
  fc.integer({ min: 1, max: 8 }),
  fc.oneof(text, fc.double(), fc.nat(), fc.uint8Array()),
);

/** Fields as they go over the wire, of kinds that fit or do not. */
export const wire: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.array(field, { maxLength: 8 }).map(written) },
  fc.uint8Array({ maxLength: 200 }),
);

function written(fields: readonly (readonly [number, string | number | Uint8Array])[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [no, content] of fields) {
    if (typeof content === 'string') writer.tag(no, 2).string(content);
    else if (typeof content !== 'number') writer.tag(no, 2).bytes(content);
    else if (Number.isInteger(content) && content >= 0 && content < 2 ** 31)
      writer.tag(no, 0).uint32(content);
    else writer.tag(no, 1).double(content);
  }
  return writer.finish();
}

/** What nobody outside should read: SQL, the driver's words, stacks, files. */
export const leak =
  /\bSELECT\b.*\bFROM\b|INSERT INTO|\bUPDATE\b.*\bSET\b|SQLSTATE|syntax error at|violates|relation "|invalid byte sequence|unsupported Unicode|\n\s+at |node_modules|\.ts:\d|\bpg\b|TypeError|RangeError/;
