import { CONFIRMATION_MAILS_MAX } from '../../../src/model/limits/index.ts';
import { rows } from '../../support/world.ts';
import { choiceKey, isPending, type Model, membershipKey } from '../model.ts';
import type { Simulation } from '../simulation.ts';
import { needsConfirmation } from '../subscribers.ts';

type Mail = {
  id: string;
  template: string;
  recipient: string;
  user_id: string | null;
  reseller_id: string;
  status_update_id: string | null;
  state: string;
  provider_id: string | null;
  next_attempt_at: number | null;
  reason: string;
};

const REQUEST = 'subscription-confirmation';
const INVITATION = 'membership-invitation';

/**
 * Each mail that is due is one row, and has left once, unless it was refused or nobody wants it any more. A mail may leave
 * again only where the run that sent it met a fault, so that nobody could write down that it had left.
 */
export async function checkMails({ model, world }: Simulation): Promise<string[]> {
  const mails = await rows<Mail>('select * from emails order by id');
  const findings = [...checkCounts(model, mails), ...checkUpdates(model, mails), ...checkRequests(model, mails)];
  const taken = new Map(world.mails.taken.map((mail) => [mail.messageId, mail]));
  for (const mail of mails) {
    const said = `mail ${mail.template} to ${mail.recipient}`;
    const left = taken.get(mail.provider_id ?? '');
    if (mail.state === 'sent' && left?.to !== mail.recipient) findings.push(`${said} never left`);
    if (mail.state === 'sent') taken.delete(mail.provider_id ?? '');
    if (mail.state === 'failed' && !world.mails.refused.includes(mail.recipient))
      findings.push(`${said} was given up: ${mail.reason}`);
    if (mail.state === 'dropped' && !isUnwanted(model, mail)) findings.push(`${said} was dropped: ${mail.reason}`);
    if (mail.state === 'pending' && !(isGone(model, mail.reseller_id) && mail.next_attempt_at === null))
      findings.push(`${said} is pending`);
  }
  const excused = [...taken.values()].filter(({ invocation }) => !invocation.touched);
  return [...findings, ...excused.map(({ to, subject }) => `"${subject}" to ${to} left and nobody wrote it down`)];
}

function checkCounts({ mails: due }: Model, mails: readonly Mail[]): string[] {
  const personal = mails.filter((mail) => mail.status_update_id === null && mail.template !== REQUEST);
  const counted = Map.groupBy(personal, ({ template, recipient }) => `${template} ${recipient}`);
  return [...new Set([...due.keys(), ...counted.keys()])].flatMap((key) => {
    const { least, most } = due.get(key) ?? { least: 0, most: 0 };
    const count = counted.get(key)?.length ?? 0;
    return least <= count && count <= most ? [] : [`mails ${key}: ${count} and not ${least} to ${most}`];
  });
}

/** Whoever has yet to confirm was asked, and no address too often. */
function checkRequests(model: Model, mails: readonly Mail[]): string[] {
  const asked = mails.filter(({ template, state }) => template === REQUEST && state !== 'dropped');
  const counted = Map.groupBy(asked, (mail) => choiceKey(mail.reseller_id, mail.recipient));
  const often = [...counted].flatMap(([key, list]) =>
    list.length > CONFIRMATION_MAILS_MAX ? [`asked ${list.length} times: ${key}`] : [],
  );
  const missing = [...model.memberships.keys()].flatMap((key) => {
    const [userId = '', resellerId = ''] = key.split(' ');
    const { email, reseller_id: home } = model.users.get(userId)?.row ?? {};
    if (!needsConfirmation(model, userId, resellerId) || isGone(model, resellerId) || isGone(model, String(home)))
      return [];
    return counted.has(choiceKey(resellerId, email)) ? [] : [`never asked: ${email} by ${resellerId}`];
  });
  return [...often, ...missing];
}

function checkUpdates({ statusUpdates }: Model, mails: readonly Mail[]): string[] {
  const told = new Set(
    mails.filter((mail) => mail.status_update_id !== null).map((mail) => `${mail.status_update_id} ${mail.user_id}`),
  );
  return [...statusUpdates].flatMap(([id, { must, may }]) => {
    const own = [...told].filter((key) => key.startsWith(`${id} `)).map((key) => key.split(' ')[1]!);
    const beyond = own.filter((userId) => !may.has(userId)).map((userId) => `status update ${id} went to ${userId}`);
    const without = [...must].filter((userId) => !own.includes(userId));
    return [...beyond, ...without.map((userId) => `status update ${id} did not go to ${userId}`)];
  });
}

const isGone = ({ resellers }: Model, resellerId: string) => resellers.get(resellerId)?.row['gone'] === 1;

/** An older invitation by the same reseller may be over before its mail leaves. */
const invitedTwice = ({ mails }: Model, recipient: string) => (mails.get(`${INVITATION} ${recipient}`)?.most ?? 0) > 1;

/** Whether its recipient is gone, has another address, or has come meanwhile; or a younger one says the same. */
function isUnwanted(model: Model, mail: Mail): boolean {
  const { template, recipient, user_id, reseller_id, status_update_id, reason } = mail;
  const user = model.users.get(user_id ?? '');
  if (user === undefined || isGone(model, reseller_id) || reason === 'replaced by a newer one') return true;
  if (isGone(model, String(user.row['reseller_id']))) return true;
  if (template === 'security-notice') return false;
  // The reseller may have disabled the user until the mail was to leave.
  if (model.disabled.has(membershipKey(user_id ?? '', reseller_id))) return true;
  if (user.row['email'] !== recipient) return true;
  if (template === INVITATION) return !isPending(model, user_id ?? '', reseller_id) || invitedTwice(model, recipient);
  if (template === 'activation') return user.row['verified'] === 1;
  // Who needs to be asked in the end was asked by another.
  if (template === REQUEST) return true;
  return model.statusUpdates.get(status_update_id ?? '')?.lost.has(user_id ?? '') ?? false;
}
