import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import type jsQR from 'jsqr';
import { HOTP, Secret } from 'otpauth/bare';
import type { Page } from 'playwright-core';
import { until } from './until.ts';

// CommonJS, whose types say otherwise.
const read: typeof jsQR = createRequire(import.meta.url)('jsqr');
const STEP_MS = 30_000;

/** An authenticator app: it reads the secret from the picture on the page, and never gives one code twice. */
export async function scanApp(page: Page) {
  const secret = new URL(await readPicture(page)).searchParams.get('secret') ?? '';
  let last = Math.floor(Date.now() / STEP_MS) - 2;
  return {
    secret,
    /** A code that counts now: of the present step or one beside it, as soon as there is another. */
    code: async () => {
      const fresh = () => (last < Math.floor(Date.now() / STEP_MS) + 1 ? true : undefined);
      await until('the next code', fresh, STEP_MS + 5000);
      last = Math.max(last + 1, Math.floor(Date.now() / STEP_MS) - 1);
      return codeOf(secret, last);
    },
  };
}

function codeOf(secret: string, counter: number): string {
  const hmac = (name: string, key: Uint8Array, message: Uint8Array) =>
    new Uint8Array(createHmac(name, key).update(message).digest());
  return HOTP.generate({ secret: Secret.fromBase32(secret), counter, algorithm: 'SHA1', digits: 6, hmac });
}

/** What the QR code says, as a camera before the screen reads it. */
async function readPicture(page: Page): Promise<string> {
  const png = await page.locator('.picture svg').screenshot();
  const tab = await page.context().newPage();
  const pixels = await tab.evaluate<{ data: number[]; width: number; height: number }>(`(async () => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
    return { data: [...data], width, height };
  })()`);
  await tab.close();
  const { data, width, height } = pixels;
  const found = read(Uint8ClampedArray.from(data), width, height);
  if (found === null) throw new Error('no camera can read the picture');
  return found.data;
}
