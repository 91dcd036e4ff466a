import { rows } from '../../support/world.ts';
import { ask, look, post, wasDone } from '../caller.ts';
import { setRoles } from '../memberships.ts';
import { hear, membershipKey } from '../model.ts';
import { elsewhere, holding, type Operation, oneOf } from '../simulation.ts';
import { setChoice, subscribersOf } from '../subscribers.ts';
import { callerAt } from './places.ts';

type Sent = { readonly userId: string; readonly email: string };

/** Says yes or no by the link of a mail that asked for confirmation, or told of an update. */
const answerMail: Operation = async (simulation, resellerId) => {
  const { model, world, trace, problems } = simulation;
  const offered = world.mails.taken.filter(({ text }) => text.includes('/unsubscribe/'));
  const mail = oneOf(simulation, offered);
  const [sent] = await simulation.world.aside(() =>
    rows<Sent>(
      'select user_id as userId, recipient as email from emails where provider_id = ? and reseller_id = ?',
      mail?.messageId ?? '',
      resellerId,
    ),
  );
  if (mail === undefined || sent === undefined) return;
  const { userId, email } = sent;
  const token = /\/unsubscribe\/(\S+)/.exec(mail.text)?.[1];
  await holding(simulation, elsewhere(simulation, userId, resellerId), async () => {
    const path = world.random.chance(0.6) ? 'subscribe' : 'unsubscribe';
    const { answer, doubts } = await post(simulation, `/${path}/${token}`, new URLSearchParams());
    trace.push(`${email} chooses to ${path}: ${answer?.status}, ${doubts} lost`);
    if (answer?.status !== 200) {
      problems.push(`${trace.at(-1)}: ${answer?.text}`);
      return;
    }
    setChoice(model, { resellerId, email }, path === 'subscribe' ? 'confirmed' : 'suppressed');
    const roles = model.memberships.get(membershipKey(userId, resellerId)) ?? [];
    if (path === 'subscribe' || !roles.includes('account.service.status')) return;
    setRoles(
      model,
      userId,
      resellerId,
      roles.filter((role) => role !== 'account.service.status'),
    );
    hear(model, resellerId, 'reseller.user.updated', userId);
  });
};

const publish: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const caller = callerAt(simulation, resellerId);
  const path = `/v1.0/accounts/${resellerId}/statusUpdates`;
  const title = simulation.unique('News');
  const subscribers = subscribersOf(model, resellerId);
  const body = { title, body: 'All is well.', severity: 'info' };
  const asked = await ask(simulation, caller, { method: 'POST', path, body });
  if (wasDone(simulation, asked) === false) return;
  const listed = (await look(simulation, caller, path)).body.data;
  const id: string | undefined = listed.find((update: { title: string }) => update.title === title)?.id;
  if (id === undefined) {
    if (asked.answer !== null) simulation.problems.push(`${title} was made and is not there`);
    return;
  }
  const row = { id, reseller_id: resellerId, title, severity: 'info' };
  model.statusUpdates.set(id, { row, must: new Set(subscribers), may: new Set(subscribers), lost: new Set() });
};

export const subscriptionOperations = { answerMail, publish };
