import { sha256 } from '../auth/secrets/digest.ts';
import { newLinkToken } from '../auth/secrets/link-token.ts';
import { type ClaimedEmail, claimEmail, type EmailOutcome, recordEmail } from '../db/emails/claim.ts';
import { brandingFor } from '../emails/branding.ts';
import { renderEmail } from '../emails/render.ts';
import { senderNameFor } from '../emails/sender.ts';
import { storeDevEmail } from '../emails/transports/dev-mailbox.ts';
import { openTransport } from '../emails/transports/transport.ts';
import type { EmailContent, OutgoingEmail, SendResult } from '../model/emails/email.ts';
import { MAIL_RETRY_JITTER, MAIL_RETRY_SECONDS } from '../model/limits/index.ts';
import { log, logFault } from '../model/log.ts';
import { contentOf } from './email-content.ts';
import { queueEmails } from './relay.ts';
import { secondsUntil, withJitter } from './schedule.ts';
import type { WorkerContext } from './worker-context.ts';

/** The sweep resumes unrecorded mails. */
export async function sendEmails(worker: WorkerContext, emailIds: readonly string[]): Promise<void> {
  const sending = [...new Set(emailIds)].map((id) => sendMail(worker, id));
  for (const result of await Promise.allSettled(sending)) {
    if (result.status === 'rejected') logFault('mail', result.reason);
  }
}

/** Each attempt makes a new link token. */
async function sendMail(worker: WorkerContext, id: string): Promise<void> {
  const { env, db, now, newId } = worker;
  const [lease, token] = [newId(), newLinkToken()];
  const tokenHash = await sha256(token);
  const claim = await claimEmail(db, id, { lease, tokenHash, now: now() });
  if (claim === null) return;
  if ('dropped' in claim) return log(env.logLevel, 'warn', 'mail', { mailId: id, ...claim.dropped, state: 'dropped' });
  const { claimed: mail } = claim;
  const content = await contentOf(env, mail, token);
  const outcome = content === null ? DROPPED : outcomeOf(worker, mail, await attempt(worker, mail, content));
  await recordEmail(db, { id, lease, tokenHash }, outcome, now());
  logOutcome(worker, mail, outcome);
  if (outcome.nextAttemptAt === null) return;
  const delaySeconds = secondsUntil(outcome.nextAttemptAt, now());
  await queueEmails(env, [id], delaySeconds).catch((error) => logFault('mail timer', error));
}

async function attempt({ env }: WorkerContext, claimed: ClaimedEmail, content: EmailContent): Promise<SendResult> {
  const { id, language, recipient, attempts } = claimed;
  const branding = brandingFor(content.template, claimed);
  // Counted at the claim, so that a mail that crashes its sender is given up, too.
  if (attempts > MAIL_RETRY_SECONDS.length + 1) return { kind: 'permanent', reason: 'tried too often' };
  try {
    const mail: OutgoingEmail = {
      id,
      from: { name: senderNameFor(branding, env.operatorName), email: env.mailFrom },
      to: recipient,
      replyTo: branding.supportEmail,
      unsubscribe: 'unsubscribeLink' in content ? content.unsubscribeLink : null,
      ...renderEmail(content, language, branding, env.operatorName),
    };
    const result = await openTransport(env)(mail);
    if (result.kind === 'sent') storeDevEmail(env, mail);
    return result;
  } catch (error) {
    logFault('mail', error, claimed.requestId ?? undefined);
    return { kind: 'transient', reason: 'a fault of ours' };
  }
}

function logOutcome(
  { env }: WorkerContext,
  { id, requestId, template, attempts }: ClaimedEmail,
  outcome: EmailOutcome,
): void {
  const { state, reason } = outcome;
  const level = state === 'failed' ? 'error' : state === 'pending' ? 'warn' : 'info';
  log(env.logLevel, level, 'mail', { requestId, mailId: id, template, attempts, state, reason });
}

const DROPPED: EmailOutcome = {
  state: 'dropped',
  providerId: null,
  reason: 'not wanted any more',
  nextAttemptAt: null,
};

function outcomeOf({ now, random }: WorkerContext, { attempts }: ClaimedEmail, result: SendResult): EmailOutcome {
  if (result.kind === 'sent') {
    return { state: 'sent', providerId: result.providerId, reason: '', nextAttemptAt: null };
  }
  const seconds = result.kind === 'transient' ? MAIL_RETRY_SECONDS[attempts - 1] : undefined;
  const failure = { providerId: null, reason: result.reason };
  if (seconds === undefined) return { ...failure, state: 'failed', nextAttemptAt: null };
  return {
    ...failure,
    state: 'pending',
    nextAttemptAt: now() + withJitter(seconds * 1000, MAIL_RETRY_JITTER, random()),
  };
}
