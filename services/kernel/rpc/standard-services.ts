import { HealthImplementation } from 'grpc-health-check';
import { addLazyReflection } from './lazy-reflection.ts';
import type { RpcServer } from './server.ts';

/** gRPC's own services beside ours: health (`grpc.health.v1`) and reflection, which tools such as grpcurl ask. */
export class StandardServices {
  readonly #health = new HealthImplementation({ '': 'NOT_SERVING' });

  addTo(server: RpcServer): void {
    server.extend((grpc) => {
      this.#health.addToServer(grpc);
      addLazyReflection(grpc, server.serviceNames());
    });
  }

  serving(yes: boolean): void {
    this.#health.setStatus('', yes ? 'SERVING' : 'NOT_SERVING');
  }
}
