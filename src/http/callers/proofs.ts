import { sha256 } from '../../auth/secrets/digest.ts';
import { checkPassword } from '../../auth/secrets/password.ts';
import { randomText } from '../../auth/secrets/random.ts';
import { newRecoveryCodes, recoveryCodeHash } from '../../auth/secrets/recovery-codes.ts';
import { seal, unseal } from '../../auth/secrets/seal.ts';
import { matchingStep, newTotpSecret, otpauthUri } from '../../auth/secrets/totp.ts';
import type { Env } from '../../env.ts';
import { OPAQUE_TOKEN_BYTES } from '../../model/limits/index.ts';
import type { RefreshHashes, SignInCrypto } from '../../model/sign-in/crypto.ts';

const familyOf = (token: string) => token.split('.', 1).join('');
const refreshHashes = async (token: string): Promise<RefreshHashes> => ({
  familyHash: await sha256(familyOf(token)),
  tokenHash: await sha256(token),
});

export function signInCryptoOf(env: Env): SignInCrypto {
  return {
    checkPassword: (password, hash) => checkPassword(env, password, hash),
    seal: (text, purpose) => seal(env, text, purpose),
    unseal: (text, purpose) => unseal(env, text, purpose),
    newTotpSecret,
    otpauthUri,
    matchingStep,
    newRecoveryCodes,
    recoveryCodeHash,
    newOpaqueToken: async () => {
      const token = randomText(OPAQUE_TOKEN_BYTES);
      return { token, tokenHash: await sha256(token) };
    },
    opaqueTokenHash: sha256,
    newRefreshToken: async (before = randomText(OPAQUE_TOKEN_BYTES)) => {
      const token = `${familyOf(before)}.${randomText(OPAQUE_TOKEN_BYTES)}`;
      return { token, hashes: await refreshHashes(token) };
    },
    refreshHashes,
  };
}
