import assert from 'node:assert/strict';
import { originalMessages } from '../../proto/original-wire.ts';

/*
 * Protobuf by the rules of its encoding alone, without any generated code. Messages are put together field by field
 * from the documented numbers and types, and read by the original's definitions: a test that encodes and decodes
 * with the code it tests would agree with itself about anything.
 */

/** Bytes of fields; the fields of a message follow each other. */
export type Fields = readonly number[];

/** A message as a program of the original sees it: all fields it knows, unset ones at their defaults. */
export interface Decoded {
  readonly [field: string]: DecodedValue;
}
export type DecodedValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | undefined
  | Decoded
  | readonly DecodedValue[];

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

export function int(number: number, value: number | bigint): Fields {
  return [...tag(number, VARINT), ...varint(BigInt.asUintN(64, BigInt(value)))];
}

export function double(number: number, value: number): Fields {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return [...tag(number, FIXED64), ...content];
}

export function bytes(number: number, value: Iterable<number>): Fields {
  const content = [...value];
  return [...tag(number, DELIMITED), ...varint(BigInt(content.length)), ...content];
}

export function text(number: number, value: string): Fields {
  return bytes(number, Buffer.from(value));
}

/** google.protobuf.Timestamp */
export function timestamp(number: number, at: Date): Fields {
  const seconds = Math.floor(at.getTime() / 1000);
  return bytes(number, [...int(1, seconds), ...int(2, (at.getTime() - seconds * 1000) * 1_000_000)]);
}

/** google.protobuf.Struct of strings. */
export function struct(number: number, entries: Readonly<Record<string, string>>): Fields {
  const pairs = Object.entries(entries).flatMap(([key, value]) =>
    bytes(1, [...text(1, key), ...bytes(2, text(3, value))]),
  );
  return bytes(number, pairs);
}

/**
 * Reads a message by the original's definition of it; fields that it does not define are skipped.
 * @param type with its package, as in `basketspb.Basket`
 * @throws AssertionError for a field of another wire type than the definition's
 */
export function decodeOriginal(type: string, content: Uint8Array): Decoded {
  const at = type.indexOf('.');
  return decode(type.slice(0, Math.max(at, 0)), type.slice(at + 1), content);
}

/** The well-known types that the original's messages use, in the notation of its own. */
const wellKnown: Readonly<Record<string, string>> = {
  Timestamp: '1 seconds int64; 2 nanos int32',
  Struct: '1 fields []Entry',
  Entry: '1 key string; 2 value Value',
  Value: '3 string_value string',
  Status: '1 code int32; 2 message string; 3 details []Any',
  Any: '1 type_url string; 2 value bytes',
};

const scalars: Readonly<Record<string, { wire: number; initial: DecodedValue }>> = {
  string: { wire: DELIMITED, initial: '' },
  bytes: { wire: DELIMITED, initial: new Uint8Array() },
  double: { wire: FIXED64, initial: 0 },
  bool: { wire: VARINT, initial: false },
  int32: { wire: VARINT, initial: 0 },
  int64: { wire: VARINT, initial: 0n },
};

interface Field {
  readonly name: string;
  /** A scalar's name, or a message's relative to the package. */
  readonly type: string;
  readonly repeated: boolean;
}

function decode(packageName: string, name: string, content: Uint8Array): Decoded {
  const fields = fieldsOf(packageName, name);
  const decoded: Record<string, DecodedValue> = {};
  for (const field of fields.values()) {
    decoded[field.name] = field.repeated ? [] : scalars[field.type]?.initial;
  }
  const reader = new Reader(content);
  while (!reader.done) {
    const { number, wire } = reader.tag();
    const raw = reader.value(wire);
    const field = fields.get(number);
    if (!field) continue;
    assert.equal(
      wire,
      scalars[field.type]?.wire ?? DELIMITED,
      `wire type of ${packageName}.${name} ${number}`,
    );
    const value = interpret(packageName, field.type, raw);
    const before = decoded[field.name];
    decoded[field.name] = field.repeated && Array.isArray(before) ? [...before, value] : value;
  }
  return decoded;
}

function fieldsOf(packageName: string, name: string): ReadonlyMap<number, Field> {
  const definition = originalMessages[packageName]?.[name] ?? wellKnown[name];
  assert.ok(definition !== undefined, `${packageName}.${name} is a message of the original`);
  const columns = definition.split('; ').filter(Boolean);
  return new Map(
    columns.map((column) => {
      const [number = '', fieldName = '', type = ''] = column.split(' ');
      const repeated = type.startsWith('[]');
      return [Number(number), { name: fieldName, type: repeated ? type.slice(2) : type, repeated }];
    }),
  );
}

function interpret(packageName: string, type: string, raw: bigint | Buffer): DecodedValue {
  if (typeof raw === 'bigint') {
    if (type === 'bool') return raw !== 0n;
    const signed = BigInt.asIntN(64, raw);
    return type === 'int64' ? signed : Number(signed);
  }
  if (type === 'string') return raw.toString();
  if (type === 'double') return raw.readDoubleLE();
  return type === 'bytes' ? raw : decode(packageName, type, raw);
}

class Reader {
  readonly #content: Buffer;
  #at = 0;

  constructor(content: Uint8Array) {
    this.#content = Buffer.from(content);
  }

  get done(): boolean {
    return this.#at >= this.#content.length;
  }

  tag(): { number: number; wire: number } {
    const key = Number(this.#varint());
    return { number: key >> 3, wire: key & 7 };
  }

  value(wire: number): bigint | Buffer {
    switch (wire) {
      case VARINT:
        return this.#varint();
      case FIXED64:
        return this.#take(8);
      case FIXED32:
        return this.#take(4);
      case DELIMITED:
        return this.#take(Number(this.#varint()));
      default:
        return assert.fail(`the wire has no type ${wire}`);
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#take(1).readUInt8();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    assert.ok(end <= this.#content.length, 'the message is complete');
    const taken = this.#content.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function tag(number: number, wire: number): Fields {
  return varint(BigInt(number * 8 + wire));
}

function varint(value: bigint): Fields {
  const encoded: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) encoded.push(Number(rest & 127n) | 128);
  return [...encoded, Number(rest)];
}
