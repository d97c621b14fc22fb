import { status } from '@grpc/grpc-js';
import { ErrorType } from '../../../proto/gen/errors/error_type.ts';
import { Status } from '../../../proto/gen/google/rpc/status.ts';
import { type ErrorCategory, MallError } from '../domain/index.ts';

interface CategoryCodes {
  readonly typeCode: string;
  readonly http: number;
  readonly grpc: status;
}

/**
 * The one table from error categories to what the doors answer (the original's, platform contract section 11).
 * CONFLICT is a lost race: ABORTED tells gRPC clients that a retry is safe.
 */
const codes: Readonly<Record<ErrorCategory, CategoryCodes>> = {
  BAD_REQUEST: { typeCode: 'BAD_REQUEST', http: 400, grpc: status.INVALID_ARGUMENT },
  UNAUTHORIZED: { typeCode: 'UNAUTHORIZED', http: 401, grpc: status.UNAUTHENTICATED },
  FORBIDDEN: { typeCode: 'FORBIDDEN', http: 403, grpc: status.PERMISSION_DENIED },
  NOT_FOUND: { typeCode: 'NOT_FOUND', http: 404, grpc: status.NOT_FOUND },
  ALREADY_EXISTS: { typeCode: 'ALREADY_EXISTS', http: 409, grpc: status.ALREADY_EXISTS },
  CONFLICT: { typeCode: 'ABORTED', http: 409, grpc: status.ABORTED },
  FAILED_PRECONDITION: { typeCode: 'FAILED_PRECONDITION', http: 400, grpc: status.FAILED_PRECONDITION },
  RESOURCE_EXHAUSTED: { typeCode: 'RESOURCE_EXHAUSTED', http: 429, grpc: status.RESOURCE_EXHAUSTED },
  UNIMPLEMENTED: { typeCode: 'UNIMPLEMENTED', http: 501, grpc: status.UNIMPLEMENTED },
  UNAVAILABLE: { typeCode: 'UNAVAILABLE', http: 503, grpc: status.UNAVAILABLE },
  DEADLINE_EXCEEDED: { typeCode: 'DEADLINE_EXCEEDED', http: 504, grpc: status.DEADLINE_EXCEEDED },
  INTERNAL: { typeCode: 'INTERNAL', http: 500, grpc: status.INTERNAL },
};

const categories: readonly ErrorCategory[] = [
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'CONFLICT',
  'FAILED_PRECONDITION',
  'RESOURCE_EXHAUSTED',
  'UNIMPLEMENTED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
];

/** The category a remote status stands for; what has none of its own is INTERNAL. */
function categoryOf(code: status): ErrorCategory {
  return categories.find((category) => codes[category].grpc === code) ?? 'INTERNAL';
}

const DETAIL_TYPE = 'type.googleapis.com/errors.ErrorType';

/** A failed call as both doors tell it: gRPC code, text, and the detail that names the category. */
export class RpcFailure extends Error {
  readonly code: status;
  readonly detail: ErrorType | undefined;

  constructor(code: status, message: string, detail: ErrorType | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RpcFailure';
    this.code = code;
    this.detail = detail;
  }

  /** Tells an expected error as it is, anything else as an internal one that only the log explains. */
  static from(error: unknown, correlationId: string): RpcFailure {
    if (error instanceof RpcFailure) return error;
    const known =
      error instanceof MallError
        ? error
        : new MallError('INTERNAL', `internal error; the log tells more under ${correlationId}`, {
            cause: error,
          });
    const { typeCode, http, grpc } = codes[known.category];
    const detail = { TypeCode: typeCode, HTTPCode: BigInt(http), GRPCCode: BigInt(grpc) };
    return new RpcFailure(grpc, known.message, detail, { cause: error });
  }

  /** The bytes of the `grpc-status-details-bin` trailer, where clients of the original look for the category. */
  toTrailer(): Buffer {
    const value = this.detail && Buffer.from(ErrorType.encode(this.detail).finish());
    const details = value ? [{ typeUrl: DETAIL_TYPE, value }] : [];
    return Buffer.from(Status.encode({ code: this.code, message: this.message, details }).finish());
  }

  /** Reads a remote failure back. */
  static fromTrailer(code: status, message: string, trailer: Buffer | undefined): RpcFailure {
    return new RpcFailure(code, message, trailer && readDetail(trailer));
  }

  /** The failure in the domain's words, for a caller inside the mall. */
  toMallError(): MallError {
    return new MallError(categoryOf(this.code), this.message, { cause: this });
  }
}

/** What a foreign server sends there instead is no reason to fail in another way than the call did. */
function readDetail(trailer: Buffer): ErrorType | undefined {
  try {
    const any = Status.decode(trailer).details.find(({ typeUrl }) => typeUrl === DETAIL_TYPE);
    return any && ErrorType.decode(any.value);
  } catch {
    return undefined;
  }
}
