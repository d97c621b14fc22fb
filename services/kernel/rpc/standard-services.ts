import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { descriptorSet } from '../../../proto/descriptors.ts';
import type { RpcServer } from './server.ts';

/** gRPC's own services beside ours: health (`grpc.health.v1`) and reflection, which tools such as grpcurl ask. */
export class StandardServices {
  readonly #health = new HealthImplementation({ '': 'NOT_SERVING' });

  addTo(server: RpcServer): void {
    server.extend((grpc) => {
      this.#health.addToServer(grpc);
      const descriptors = loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSet()));
      new ReflectionService(descriptors, { services: server.serviceNames() }).addToServer(grpc);
    });
  }

  serving(yes: boolean): void {
    this.#health.setStatus('', yes ? 'SERVING' : 'NOT_SERVING');
  }
}
