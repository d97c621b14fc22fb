import { readFileSync } from 'node:fs';
import { createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

let registry: FileRegistry | undefined;

/**
 * The serialised google.protobuf.FileDescriptorSet of the whole wire, as gRPC reflection wants it.
 * Comments are in it for our own files only.
 */
export function descriptorSet(): Buffer {
  return readFileSync(new URL('./gen/descriptors.binpb', import.meta.url));
}

/**
 * Every message, service and extension by its full name, read from the descriptor set on first use
 * and kept: for JSON, routes and documents, which work on any type. Code that knows its types uses `gen`.
 */
export function descriptors(): FileRegistry {
  registry ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  return registry;
}
