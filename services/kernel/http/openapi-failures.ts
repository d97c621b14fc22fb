import type { DescMessage } from '@bufbuild/protobuf';
import { BadRequest, Conflict, type MallError, NotFound, Unavailable } from '../domain/index.ts';
import { RpcFailure } from '../rpc/index.ts';
import { type FailureBody, failureBody, httpStatus } from './failures.ts';
import type { Example, ObjectSchema, Response } from './openapi-model.ts';
import { objectSchema, reference } from './openapi-schemas.ts';

const DETAIL_TYPE: FailureBody['details'][number]['@type'] = 'type.googleapis.com/errors.ErrorType';

/** The schema of every error body; Google's definition says nothing of what its details are here. */
export function failureSchema(detail: DescMessage): ObjectSchema {
  return {
    type: 'object',
    description: 'What every error answer holds.',
    properties: {
      code: {
        type: 'integer',
        format: 'int32',
        description: 'The gRPC code; the HTTP status follows from it.',
      },
      message: { type: 'string', description: 'What is wrong, in a sentence for people.' },
      details: {
        type: 'array',
        items: reference(detail),
        description:
          'One for an error of the mall; none for errors of the transport or of unknown addresses.',
      },
    },
    required: ['code', 'message', 'details'],
  };
}

export function failureDetailSchema(detail: DescMessage): ObjectSchema {
  const { properties, required = [], ...schema } = objectSchema(detail, { alwaysPresent: true });
  return {
    ...schema,
    properties: { '@type': { type: 'string', const: DETAIL_TYPE }, ...properties },
    required: ['@type', ...required],
  };
}

/** The answer of every operation that fails, with the errors clients meet most, as the gateway tells them. */
export function failureResponse(status: DescMessage): Response {
  return {
    description:
      'The request failed; an example for each usual reason. 409 and 503 are worth another try. After 504 a change may ' +
      'still take effect: look before it is sent again, or send it with an Idempotency-Key from the first.',
    content: {
      'application/json': {
        schema: reference(status),
        examples: {
          BadRequest: exampleOf(new BadRequest('the name must not be blank')),
          NotFound: exampleOf(new NotFound('there is nothing by this id')),
          Conflict: exampleOf(new Conflict('somebody else changed the same thing at the same time')),
          Unavailable: exampleOf(new Unavailable('a part of the mall does not answer')),
        },
      },
    },
  };
}

function exampleOf(error: MallError): Example {
  const failure = RpcFailure.from(error, '');
  const body = failureBody(failure);
  const names = body.details.map(({ TypeCode }) => TypeCode);
  return { summary: [httpStatus(failure.code), ...names].join(' '), value: body };
}
