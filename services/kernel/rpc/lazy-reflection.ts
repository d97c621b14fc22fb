import type {
  handleBidiStreamingCall,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { descriptorSet } from '../../../proto/descriptors.ts';

/** The protocol's two versions, which differ in name only. */
const versions = ['v1', 'v1alpha'] as const;

const METHOD = 'ServerReflectionInfo';

interface Bound {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/**
 * Adds reflection, made at its first call: the library reads the whole wire for it, a fifth of a second and some
 * 25 MB that most processes never need.
 */
export function addLazyReflection(server: Server, services: readonly string[]): void {
  let made: readonly Bound[] | undefined;
  const bound = (index: number): Bound => {
    made ??= reflection(services);
    const one = made[index];
    if (one === undefined) throw new TypeError(`reflection has no version ${versions[index]}`);
    return one;
  };
  for (const [index, version] of versions.entries()) {
    const method = () => bound(index).definition[METHOD];
    const answer: handleBidiStreamingCall<object, object> = (stream) => {
      const handler = bound(index).implementation[METHOD];
      if (handler) Reflect.apply(handler, undefined, [stream]);
    };
    server.addService(
      {
        [METHOD]: {
          path: `/grpc.reflection.${version}.ServerReflection/${METHOD}`,
          requestStream: true,
          responseStream: true,
          requestSerialize: (request: object) => method()?.requestSerialize(request) ?? Buffer.of(),
          requestDeserialize: (bytes: Buffer) => method()?.requestDeserialize(bytes) ?? {},
          responseSerialize: (response: object) => method()?.responseSerialize(response) ?? Buffer.of(),
          responseDeserialize: (bytes: Buffer) => method()?.responseDeserialize(bytes) ?? {},
        },
      },
      { [METHOD]: answer },
    );
  }
}

/** The library's services, caught where it would add them to a server. */
function reflection(services: readonly string[]): readonly Bound[] {
  const caught: Bound[] = [];
  const descriptors = loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSet()));
  new ReflectionService(descriptors, { services: [...services] }).addToServer({
    addService: (definition, implementation) => caught.push({ definition, implementation }),
  });
  return caught;
}
