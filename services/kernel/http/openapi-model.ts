/** The part of OpenAPI 3.1 that our documents use. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  /** Each one alone is enough; an empty one asks for nothing. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
}

export interface SecurityScheme {
  readonly type: 'http';
  readonly scheme: 'bearer';
  readonly bearerFormat: string;
  readonly description: string;
}

export type Verb = 'get' | 'put' | 'post' | 'delete' | 'patch';

export type PathItem = Readonly<Partial<Record<Verb, Operation>>>;

export interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface RequestBody {
  readonly required: boolean;
  readonly content: Content;
}

export interface Response {
  readonly description: string;
  readonly content: Content;
}

export interface Content {
  readonly 'application/json': {
    readonly schema: Schema;
    readonly examples?: Readonly<Record<string, Example>>;
  };
}

export interface Example {
  readonly summary: string;
  readonly value: object;
}

export interface Reference {
  readonly $ref: string;
}

export type Schema = ValueSchema | ObjectSchema | ArraySchema | (Reference & Described);

interface Described {
  readonly description?: string;
}

type ValueType = 'string' | 'number' | 'integer' | 'boolean' | 'null';

export interface ValueSchema extends Described {
  readonly type: ValueType | readonly ValueType[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly examples?: readonly string[];
}

export interface ObjectSchema extends Described {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Schema of the values of a map, whose keys are any strings. */
  readonly additionalProperties?: Schema;
}

export interface ArraySchema extends Described {
  readonly type: 'array';
  readonly items: Schema;
}
