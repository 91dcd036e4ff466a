import { readSubscriptionToken } from '../../auth/secrets/subscription-token.ts';
import { readSubscription, type Subscription, subscribe, unsubscribe } from '../../domain/emails/subscriptions.ts';
import { SUBSCRIPTION } from '../../http/rate-limits/policies.ts';
import { limitNetwork, limitRate, secondsToWait } from '../../http/rate-limits/rate-limit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Subscriber } from '../../model/emails/status-update.ts';
import type { Language } from '../../model/language.ts';
import { plainBranding } from '../../model/resellers/branding.ts';
import { acceptedLanguage } from '../accept-language.ts';
import { subscriptionPage } from './page.ts';

type SubscriptionVisit = { readonly of: Subscriber; readonly token: string; readonly language: Language };

/** A GET changes nothing, because mail scanners follow links. */
export function askToSubscribe(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const subscription = await readSubscription(context, visit.of);
    return subscription && shown(subscription.choice ?? 'subscribe', subscription, visit);
  });
}

/** Also subscribes again after unsubscribing. */
export function confirmSubscription(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const chosen = await subscribe(context, visit.of);
    return chosen && shown(chosen.choice ?? 'subscribe', chosen.subscription, visit);
  });
}

export function askToUnsubscribe(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const subscription = await readSubscription(context, visit.of);
    const view = subscription?.choice === 'suppressed' ? 'suppressed' : 'unsubscribe';
    return subscription && shown(view, subscription, visit);
  });
}

/** Also for mail programs (RFC 8058 §3.2), which send no cookies. Ignores the body and never redirects. */
export function endSubscription(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const chosen = await unsubscribe(context, visit.of);
    if (chosen?.eventId) context.runAfterCommit({ eventIds: [chosen.eventId], tasks: [] });
    return chosen && shown('suppressed', chosen.subscription, visit);
  });
}

async function answer(
  context: RequestContext,
  work: (visit: SubscriptionVisit) => Promise<Response | null>,
): Promise<Response> {
  const { env, request, url } = context;
  const language = acceptedLanguage(request.headers.get('Accept-Language'));
  const token = url.pathname.split('/')[2] ?? '';
  const of = await readSubscriptionToken(env, token);
  // Mail services unsubscribe many users from one address, so the limit is per subscription.
  const retryAfterSeconds = await secondsToWait(
    of === null
      ? limitNetwork(context, SUBSCRIPTION)
      : limitRate(context, SUBSCRIPTION, `${of.userId} ${of.resellerId}`),
  );
  if (retryAfterSeconds !== null) return subscriptionPage({ view: 'busy', language, retryAfterSeconds });
  return (of && (await work({ of, token, language }))) ?? subscriptionPage({ view: 'unknown', language });
}

/** Shows no text of the tenant but names. */
function shown(
  view: 'subscribe' | 'unsubscribe' | 'confirmed' | 'suppressed',
  { member, branding }: Subscription,
  { token, language }: SubscriptionVisit,
): Promise<Response> {
  return subscriptionPage({
    view,
    token,
    language: member?.language ?? language,
    branding: view === 'subscribe' ? plainBranding(branding) : branding,
  });
}
