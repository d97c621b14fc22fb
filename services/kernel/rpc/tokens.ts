import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Unauthorized } from '../domain/index.ts';
import { type Caller, roles } from './access.ts';
import { edgeLimits } from './validation.ts';

export const tokenLimits = {
  /** HS256 is as strong as its secret; RFC 7518 wants at least the 256 bits of its hash. */
  minSecretChars: 32,
  /** For the calls of the mall's own programs, which make a token for each: time to arrive, not to be reused. */
  ownCallMs: 60_000,
} as const;

/** Signature and algorithm: the only one, so that no token can choose a weaker (`none`). */
const ALGORITHM = 'HS256';

const claimsShape = z.object({ sub: z.string().min(1).max(edgeLimits.idChars), role: z.enum(roles) });

const HOW = 'send one as `authorization: Bearer <token>`; `mall token` makes them';

/** Makes and checks the tokens of one mall: JWTs that tell who calls (`sub`, `role`) and until when (`exp`). */
export class Tokens {
  readonly #key: Uint8Array;

  /** @throws TypeError for a secret too short to be one */
  constructor(secret: string) {
    if (secret.length < tokenLimits.minSecretChars)
      throw new TypeError(`the secret of tokens needs at least ${tokenLimits.minSecretChars} characters`);
    this.#key = new TextEncoder().encode(secret);
  }

  /** The token ends at a whole second, at the latest after `ttlMs` rounded up. */
  async mint({ id, role }: Caller, { ttlMs }: { readonly ttlMs: number }): Promise<string> {
    return new SignJWT({ role })
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(id)
      .setIssuedAt()
      .setExpirationTime(Math.ceil((Date.now() + ttlMs) / 1000))
      .sign(this.#key);
  }

  /** What the mall's own programs send with a call: a token of the role `service` that soon ends. */
  async ownAuthorization(name: string): Promise<string> {
    return `Bearer ${await this.mint({ id: name, role: 'service' }, { ttlMs: tokenLimits.ownCallMs })}`;
  }

  /** Reads an `authorization` header. @throws Unauthorized saying what is wrong and what to do */
  async callerOf(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) throw new Unauthorized(`this needs a token; ${HOW}`);
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw new Unauthorized(`the authorization holds no bearer token; ${HOW}`);
    const claims = claimsShape.safeParse(await this.#claimsOf(token));
    if (claims.success) return { id: claims.data.sub, role: claims.data.role };
    throw new Unauthorized(`the token must name who calls (sub) and a role of ${roles.join(', ')}`);
  }

  async #claimsOf(token: string): Promise<unknown> {
    try {
      const rules = { algorithms: [ALGORITHM], requiredClaims: ['sub', 'exp'] };
      return (await jwtVerify(token, this.#key, rules)).payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new Unauthorized('the token has expired; get a new one', { cause: error });
      if (error instanceof errors.JOSEError)
        throw new Unauthorized(`the token is not valid (${error.code}); ${HOW}`, { cause: error });
      throw error;
    }
  }
}
