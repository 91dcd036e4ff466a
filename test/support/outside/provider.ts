import { vi } from 'vitest';

/** Cloudflare's binding with this in the place of its service. */
export const bindingOf = (send: () => Promise<unknown>) => ({ send }) as unknown as SendEmail;

/** How the binding refuses a mail: the code is what counts. */
export const refusal = (code: string) =>
  Object.assign(new Error('a sentence with somebody@example.com in it'), { code });

/** A provider that answers with these, one after the other: null where it takes the mail, as it does all further ones. */
export function provider(...answers: (string | null)[]) {
  const send = vi.fn(async () => {
    const code = answers.shift();
    if (code === null || code === undefined) return { messageId: 'm1' };
    throw refusal(code);
  });
  return { send, email: bindingOf(send) };
}
