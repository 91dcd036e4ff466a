import { refusal } from '../outside/provider.ts';
import type { Clock } from './clock.ts';
import type { Fault } from './fate.ts';
import type { Invocation, Step } from './invocation.ts';

/** A mail that the service took, and the run of the Worker that sent it. */
export type Taken = {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly invocation: Invocation;
};

/** A service for mails like Cloudflare's: each mail that it takes has left. Sending is a step of the invocation. */
export function mailService(clock: Clock) {
  const taken: Taken[] = [];
  /** Recipients of mails that were refused for good. */
  const refused: string[] = [];
  return { taken, refused, binding };

  function binding(step: Step, current: () => Invocation): SendEmail {
    const send = ({ to, subject, text = '' }: { to: string; subject: string; text?: string }) => {
      const invocation = current();
      return step('mail', async (fault: Fault | null) => {
        if (fault === 'mail refused') {
          refused.push(to);
          throw refusal('E_RECIPIENT_NOT_ALLOWED');
        }
        const messageId = clock.newId();
        taken.push({ messageId, to, subject, text, invocation });
        return { messageId };
      });
    };
    return { send } as unknown as SendEmail;
  }
}
