import { status } from '@grpc/grpc-js';
import type { RpcFailure } from '../rpc/index.ts';

/** grpc-gateway's table from gRPC codes to HTTP statuses. */
const statuses: Readonly<Record<status, number>> = {
  [status.OK]: 200,
  [status.CANCELLED]: 499,
  [status.UNKNOWN]: 500,
  [status.INVALID_ARGUMENT]: 400,
  [status.DEADLINE_EXCEEDED]: 504,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.PERMISSION_DENIED]: 403,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.FAILED_PRECONDITION]: 400,
  [status.ABORTED]: 409,
  [status.OUT_OF_RANGE]: 400,
  [status.UNIMPLEMENTED]: 501,
  [status.INTERNAL]: 500,
  [status.UNAVAILABLE]: 503,
  [status.DATA_LOSS]: 500,
  [status.UNAUTHENTICATED]: 401,
};

export function httpStatus(code: status): number {
  return statuses[code];
}

/** The error body of every REST answer; the original's clients read `message`. */
export interface FailureBody {
  readonly code: number;
  readonly message: string;
  readonly details: readonly {
    readonly '@type': 'type.googleapis.com/errors.ErrorType';
    readonly TypeCode: string;
    readonly HTTPCode: string;
    readonly GRPCCode: string;
  }[];
}

export function failureBody(failure: Pick<RpcFailure, 'code' | 'message' | 'detail'>): FailureBody {
  const { code, message, detail } = failure;
  if (!detail) return { code, message, details: [] };
  const { TypeCode, HTTPCode, GRPCCode } = detail;
  return {
    code,
    message,
    details: [
      {
        '@type': 'type.googleapis.com/errors.ErrorType',
        TypeCode,
        HTTPCode: String(HTTPCode),
        GRPCCode: String(GRPCCode),
      },
    ],
  };
}
