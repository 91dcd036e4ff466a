import { INVITATION_LIFE_MS } from '../../../src/model/limits/index.ts';
import { rows } from '../../support/world.ts';
import { type Asked, look, post } from '../caller.ts';
import { accept, endMembership } from '../memberships.ts';
import { eventKey, isPending, membershipKey, resellersOf } from '../model.ts';
import { holding, linksOf, type Operation, oneOf, type Simulation } from '../simulation.ts';
import { enter } from './people.ts';
import { accountUsers, callerAt } from './places.ts';

const MARGIN_MS = 3_600_000;

type Sent = { readonly userId: string; readonly resellerId: string; readonly messageId: string };

/** Accepts or refuses an invitation by the link of a mail, which may be an old one; by whichever reseller. */
const answerInvitation: Operation = async (simulation, heldId) => {
  const { model, world, trace } = simulation;
  const mail = await pick(simulation);
  const user = model.users.get(mail?.userId ?? '');
  if (mail === undefined || user === undefined) return;
  const { userId, resellerId, messageId } = mail;
  const text = world.mails.taken.find((taken) => taken.messageId === messageId)?.text ?? '';
  const token = /\/invitation\/(\S+)/.exec(text)?.[1];
  const others = new Set([resellerId, ...resellersOf(model, userId)]);
  others.delete(heldId);
  await holding(simulation, [...others], async () => {
    const links = linksOf(simulation, user);
    const answer = world.random.chance(0.8) ? 'accept' : 'refuse';
    const asked = await post(simulation, `/invitation/${token}`, new URLSearchParams({ answer }));
    trace.push(`${user.row['email']} answers to ${answer}: ${asked.answer?.status}, ${asked.doubts} lost`);
    if (!(await wasAnswered(simulation, userId, resellerId, asked))) return;
    if (answer === 'accept') {
      accept(model, userId, resellerId, links);
      return enter(simulation, resellerId, userId);
    }
    endMembership(model, userId, resellerId);
    model.refused.add(membershipKey(userId, resellerId));
  });
};

/** One that is open, as a rule. */
async function pick(simulation: Simulation): Promise<Sent | undefined> {
  const sent = await simulation.world.aside(() =>
    rows<Sent>(
      `select user_id as userId, reseller_id as resellerId, provider_id as messageId from emails
     where template = 'membership-invitation' and provider_id is not null order by id`,
    ),
  );
  const open = sent.filter(({ userId, resellerId }) => isPending(simulation.model, userId, resellerId));
  return oneOf(simulation, simulation.world.random.chance(0.9) ? open : sent);
}

/** Whether the answer counted. A link that is not open changes nothing; one whose answer was lost may have been used. */
async function wasAnswered(simulation: Simulation, userId: string, resellerId: string, { answer, doubts }: Asked) {
  const { model, problems, trace } = simulation;
  const isOpen = isPending(model, userId, resellerId);
  const status = answer?.status;
  if (status === 200 && isOpen) return true;
  if (status === 404 && !isOpen) return false;
  if (status === 404 && doubts > 0) return (await membershipOf(simulation, userId, resellerId)) !== 'pending';
  const invited = model.events.get(eventKey(resellerId, 'reseller.user.created', userId))?.most ?? 0;
  if (status !== 404 || invited === 1) problems.push(`${trace.at(-1)}, ${isOpen ? 'though open' : 'though closed'}`);
  return false;
}

/** How the reseller sees it: null where there is none. */
async function membershipOf(simulation: Simulation, userId: string, resellerId: string) {
  const path = `${accountUsers(resellerId)}/${userId}`;
  const { status, body } = await look(simulation, callerAt(simulation, resellerId), path);
  return status === 404 ? null : (body.data.membership ?? 'accepted');
}

/** Invitations that waited too long may be over. */
export async function expireInvitations(simulation: Simulation): Promise<void> {
  const { model, world } = simulation;
  for (const [key, since] of model.pending) {
    const [userId = '', resellerId = ''] = key.split(' ');
    // A membership is older than the answer that told of it.
    if (world.clock.nowMs - since < INVITATION_LIFE_MS - MARGIN_MS) continue;
    if ((await membershipOf(simulation, userId, resellerId)) === null) endMembership(model, userId, resellerId);
  }
}

export const invitationOperations = { answerInvitation };
