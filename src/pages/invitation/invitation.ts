import { readInvitationToken } from '../../auth/secrets/invitation-token.ts';
import {
  acceptByLink,
  type InvitationResult,
  type InvitedMember,
  readInvitation,
  refuseByLink,
} from '../../domain/users/answer-invitation.ts';
import { INVITATION } from '../../http/rate-limits/policies.ts';
import { limitNetwork, limitRate, secondsToWait } from '../../http/rate-limits/rate-limit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Refusal } from '../../model/failure.ts';
import { CONFLICT_RETRY_SECONDS, INVITATION_LIFE_MS } from '../../model/limits/index.ts';
import { plainBranding } from '../../model/resellers/branding.ts';
import type { Invitation } from '../../model/users/invitation.ts';
import { acceptedLanguage } from '../accept-language.ts';
import { readForm } from '../visit.ts';
import { invitationPage } from './page.ts';

/** A GET changes nothing, because mail scanners follow links. */
export function showInvitation(context: RequestContext): Promise<Response> {
  return answer(context, async (invitation) => {
    const invited = await readInvitation(context, invitation);
    return invited && question(invited, invitation);
  });
}

/** The token alone authenticates the user. */
export function answerInvitation(context: RequestContext): Promise<Response> {
  return answer(context, async (invitation) => {
    const { answer } = await readForm(context.request);
    if (answer === 'accept') return done(context, invitation, await acceptByLink(context, invitation));
    if (answer === 'refuse') return done(context, invitation, await refuseByLink(context, invitation), 'refused');
    const invited = await readInvitation(context, invitation);
    return invited && question(invited, invitation);
  });
}

async function answer(
  context: RequestContext,
  work: (invitation: Invitation) => Promise<Response | null>,
): Promise<Response> {
  const { env, request, url } = context;
  const language = acceptedLanguage(request.headers.get('Accept-Language'));
  const invitation = await readInvitationToken(env, url.pathname.split('/')[2] ?? '');
  const wait = await secondsToWait(
    invitation === null
      ? limitNetwork(context, INVITATION)
      : limitRate(context, INVITATION, `${invitation.userId} ${invitation.resellerId}`),
  );
  if (wait !== null) return invitationPage({ view: 'busy', language, retryAfterSeconds: wait });
  try {
    return (invitation && (await work(invitation))) ?? invitationPage({ view: 'unknown', language });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return invitationPage({ view: 'busy', language, retryAfterSeconds: CONFLICT_RETRY_SECONDS });
  }
}

/** Before acceptance a user sees no text of the tenant but names. */
function question({ member, branding, prepared }: InvitedMember, { invitedAt }: Invitation): Promise<Response> {
  const { language, roles } = member;
  const expiresAt = invitedAt + INVITATION_LIFE_MS;
  return invitationPage({ view: 'question', language, branding: plainBranding(branding), roles, expiresAt, prepared });
}

async function done(
  context: RequestContext,
  { resellerId }: Invitation,
  answered: InvitationResult | null,
  refused?: 'refused',
): Promise<Response | null> {
  if (answered === null) return null;
  const { invited, eventIds, mailId } = answered;
  context.runAfterCommit({ eventIds: [...eventIds], emailIds: mailId === null ? [] : [mailId], tasks: [] });
  const { branding, member } = invited;
  const { language } = member;
  if (refused) return invitationPage({ view: refused, language, branding: plainBranding(branding) });
  return invitationPage({ view: mailId === null ? 'accepted' : 'mailed', language, branding, resellerId });
}
