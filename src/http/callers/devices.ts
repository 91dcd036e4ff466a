import { openValues, sealValues } from '../../auth/secrets/sealed-values.ts';
import { DEVICE_LIFE_MS, DEVICE_TOKEN_MAX_CHARS, DEVICE_USERS_MAX } from '../../model/limits/index.ts';
import type { Device } from '../../model/sessions/device.ts';
import { readCookie, setCookie } from '../cookies.ts';
import type { RequestContext } from '../request-context.ts';

/** OWASP, Slow Down Online Guessing Attacks with Device Cookies. */
const PURPOSE = 'devices';
const VALUES_PER_DEVICE = 3;

type IssuedDevice = Device & { readonly issuedAt: number };

/** The users who recently signed in with the browser, latest first. */
export async function readDevices({ env, request, now }: RequestContext): Promise<readonly IssuedDevice[]> {
  const token = readCookie(env, request, 'device');
  if (token === null || token.length > DEVICE_TOKEN_MAX_CHARS) return [];
  const values = (await openValues(env, PURPOSE, token)) ?? [];
  const issued = Array.from({ length: values.length / VALUES_PER_DEVICE }, (_, n) => {
    const [userId = '', nonce = '', issuedAt] = values.slice(n * VALUES_PER_DEVICE);
    return { userId, nonce, issuedAt: Number(issuedAt) };
  });
  return issued.filter(({ issuedAt }) => now - issuedAt < DEVICE_LIFE_MS);
}

export async function deviceCookie(context: RequestContext, userId: string): Promise<string> {
  const { env, now, newId } = context;
  const others = (await readDevices(context)).filter((device) => device.userId !== userId);
  const devices = [{ userId, nonce: newId(), issuedAt: now }, ...others].slice(0, DEVICE_USERS_MAX);
  const values = devices.flatMap((device) => [device.userId, device.nonce, String(device.issuedAt)]);
  return setCookie(env, 'device', await sealValues(env, PURPOSE, values), DEVICE_LIFE_MS / 1000);
}
