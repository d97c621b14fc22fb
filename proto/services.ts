import type { DescService } from '@bufbuild/protobuf';
import type { ContextName } from './contexts.ts';
import { descriptors } from './descriptors.ts';

/** The gRPC services of a context; none where it is reached by messages only. */
export function servicesOf(context: ContextName): readonly DescService[] {
  return [...descriptors()]
    .filter((desc) => desc.kind === 'service')
    .filter(({ file }) => file.name.startsWith(`${context}/`));
}
