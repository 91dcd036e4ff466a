import { scryptSync } from 'node:crypto';
import Argon2, { Argon2Type } from '@phi-ag/argon2';
import argon2Module from '@phi-ag/argon2/argon2.wasm';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';

type Alg = 'ES256' | 'RS256';
type Env = { DB: D1Database };
type Signer = { privateKey: CryptoKey; publicKey: CryptoKey; token: string };

const password = 'correct horse battery staple';
const resellerId = '01900000-0000-7000-8000-000000000000';
const readUser = 'SELECT * FROM users WHERE id = ?';
const readReseller = 'SELECT id, name FROM resellers WHERE id = ?';
const signers = new Map<Alg, Promise<Signer>>();
let argon2: Argon2 | undefined;

/** What one unit of each measured operation does; `id` is a user's. */
const operations: Record<string, (env: Env, id: string) => unknown> = {
  nothing: () => 0,
  argon2id: () => {
    argon2 ??= new Argon2(new WebAssembly.Instance(argon2Module));
    const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, hashLength: 32, type: Argon2Type.Argon2id };
    return argon2.hash(password, options).encoded;
  },
  'argon2id-fresh': () => {
    const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, hashLength: 32, type: Argon2Type.Argon2id };
    return new Argon2(new WebAssembly.Instance(argon2Module)).hash(password, options).encoded;
  },
  scrypt: () => {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    return scryptSync(password, salt, 32, { N: 2 ** 14, r: 8, p: 5, maxmem: 64 * 2 ** 20 }).length;
  },
  'sign-ES256': async () => sign(await signer('ES256'), 'ES256'),
  'sign-RS256': async () => sign(await signer('RS256'), 'RS256'),
  'verify-ES256': async () => verify(await signer('ES256'), 'ES256'),
  'verify-RS256': async () => verify(await signer('RS256'), 'RS256'),
  'token-ES256': async () => (await signer('ES256')).token,
  'token-RS256': async () => (await signer('RS256')).token,
  first: ({ DB }, id) => DB.prepare(readUser).bind(id).first(),
  all: ({ DB }, id) => DB.prepare(readUser).bind(id).all(),
  raw: ({ DB }, id) => DB.prepare(readUser).bind(id).raw(),
  session: ({ DB }, id) => DB.withSession('first-primary').prepare(readUser).bind(id).first(),
  'session-bookmark': async ({ DB }, id) => {
    const session = DB.withSession('first-primary');
    await session.prepare(readUser).bind(id).first();
    return session.getBookmark();
  },
  'session-batch-1': ({ DB }, id) => {
    const session = DB.withSession('first-primary');
    return session.batch([session.prepare(readUser).bind(id)]);
  },
  'batch-1': ({ DB }, id) => DB.batch([DB.prepare(readUser).bind(id)]),
  'batch-2': ({ DB }, id) => DB.batch([DB.prepare(readUser).bind(id), DB.prepare(readReseller).bind(resellerId)]),
};

/** `/<operation>?id=&times=` repeats an operation within one request and shows its last result. */
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const operation = operations[pathname.slice(1)];
    if (!operation) return new Response('no such operation', { status: 404 });
    const id = searchParams.get('id') ?? '';
    let result: unknown;
    for (let times = Number(searchParams.get('times') ?? 1); times > 0; times--) result = await operation(env, id);
    return Response.json(result ?? null);
  },
} satisfies ExportedHandler<Env>;

function signer(alg: Alg): Promise<Signer> {
  const known = signers.get(alg) ?? createSigner(alg);
  signers.set(alg, known);
  return known;
}

/** Imports the keys from JWKs, as the product gets them from a secret. */
async function createSigner(alg: Alg): Promise<Signer> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const privateKey = await importJWK(await exportJWK(pair.privateKey), alg);
  const publicKey = await importJWK(await exportJWK(pair.publicKey), alg);
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array) throw new Error('asymmetric keys expected');
  return { privateKey, publicKey, token: await sign({ privateKey }, alg) };
}

/** A token of the product's shape (RFC 9068). */
function sign({ privateKey }: { privateKey: CryptoKey }, alg: Alg): Promise<string> {
  const scope = 'reseller:read reseller:user:create reseller:user:read reseller:user:update reseller:user:delete';
  return new SignJWT({ scope, client_id: crypto.randomUUID(), reseller_id: crypto.randomUUID() })
    .setProtectedHeader({ alg, typ: 'at+jwt', kid: '2026-11' })
    .setIssuer('http://localhost:8787')
    .setAudience('http://localhost:8787')
    .setSubject(crypto.randomUUID())
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(privateKey);
}

async function verify({ publicKey, token }: Signer, alg: Alg): Promise<string | undefined> {
  const issuer = 'http://localhost:8787';
  const { payload } = await jwtVerify(token, publicKey, { issuer, audience: issuer, typ: 'at+jwt', algorithms: [alg] });
  return payload.sub;
}
