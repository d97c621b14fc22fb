import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { addedFields, addedRpcs } from './additions.ts';
import { descriptors } from './descriptors.ts';
import { originalMessages, originalServices } from './original-wire.ts';

/** Files of the original's packages; contexts that it does not have bring packages of their own. */
const ownFiles = [...descriptors().files].filter(({ proto }) => proto.package in originalMessages);

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

/** `basketspb.Item` -> `Item`, as seen from its package; well-known types without theirs. */
function relativeName(message: DescMessage): string {
  const prefix = `${message.file.proto.package}.`;
  return message.typeName.startsWith(prefix) ? message.typeName.slice(prefix.length) : message.typeName;
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

function elementType(field: DescField): string {
  if (field.message !== undefined) return relativeName(field.message);
  if (field.scalar !== undefined) return scalarName(field.scalar);
  throw new Error(`${field.toString()}: the wire has no enums`);
}

function fieldType(field: DescField): string {
  if (field.fieldKind === 'list') return `[]${elementType(field)}`;
  if (field.fieldKind === 'map') return `map<${scalarName(field.mapKey)},${elementType(field)}>`;
  return elementType(field);
}

function describe(message: DescMessage): string {
  return message.fields.map((field) => `${field.number} ${field.name} ${fieldType(field)}`).join('; ');
}

function messagesByPackage(): Record<string, Record<string, string>> {
  const packages: Record<string, Record<string, string>> = {};
  for (const file of ownFiles) {
    const messages: Record<string, string> = packages[file.proto.package] ?? {};
    packages[file.proto.package] = messages;
    for (const message of file.messages.flatMap(withNested))
      messages[relativeName(message)] = describe(message);
  }
  return packages;
}

/** The original's table with the additions behind it. */
function expectedMessages(): Record<string, Record<string, string>> {
  const expected: Record<string, Record<string, string>> = {};
  for (const [name, messages] of Object.entries(originalMessages)) expected[name] = { ...messages };
  for (const [name, messages] of Object.entries(addedFields)) {
    const known: Record<string, string> = expected[name] ?? {};
    expected[name] = known;
    for (const [message, fields] of Object.entries(messages)) {
      known[message] = [known[message], fields].filter(Boolean).join('; ');
    }
  }
  return expected;
}

test('every message has the original fields, then the additions, and nothing else', () => {
  assert.deepEqual(messagesByPackage(), expectedMessages());
});

test('an addition never takes a number or a name of the original', () => {
  for (const [packageName, messages] of Object.entries(expectedMessages())) {
    for (const [message, fields] of Object.entries(messages)) {
      const columns = fields.split('; ').map((field) => field.split(' '));
      const where = `${packageName}.${message}`;
      assert.equal(new Set(columns.map(([number]) => number)).size, columns.length, where);
      assert.equal(new Set(columns.map(([, name]) => name)).size, columns.length, where);
    }
  }
});

test('number 2 of AddItemRequest and RemoveItemRequest stays reserved', () => {
  for (const name of ['basketspb.AddItemRequest', 'basketspb.RemoveItemRequest']) {
    const ranges = descriptors().getMessage(name)?.proto.reservedRange;
    assert.deepEqual(
      ranges?.map(({ start, end }) => [start, end]),
      [[2, 3]],
    );
  }
});

test('every service has the original RPCs, then the additions, all unary', () => {
  const services = ownFiles.flatMap((file) => file.services);
  assert.deepEqual(services.map(({ typeName }) => typeName).sort(), Object.keys(originalServices).sort());
  for (const service of services) {
    const expected = [...(originalServices[service.typeName] ?? []), ...(addedRpcs[service.typeName] ?? [])];
    assert.deepEqual(service.methods.map(({ name }) => name).sort(), expected.sort(), service.typeName);
    for (const { name, input, output, methodKind } of service.methods) {
      assert.equal(methodKind, 'unary');
      assert.equal(relativeName(input), `${name}Request`);
      assert.equal(relativeName(output), `${name}Response`);
    }
  }
});
