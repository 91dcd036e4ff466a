import { readUnsubscribeToken } from '../auth/unsubscribe-token.ts';
import { isSubscribed, readSubscription, type Subscription, unsubscribe } from '../domain/unsubscribing.ts';
import type { Exchange } from '../http/exchange.ts';
import { UNSUBSCRIBE } from '../http/rate-policies.ts';
import { limitNetwork, limitRate, secondsToWait } from '../http/ratelimit.ts';
import type { Subscriber } from '../model/status-update.ts';
import { acceptedLanguage } from './accept-language.ts';
import { unsubscribePage } from './unsubscribe-page.ts';

/** `GET /unsubscribe/<token>`: asks whether to unsubscribe. It changes nothing, since whoever scans mails follows links. */
export function askToUnsubscribe(exchange: Exchange): Promise<Response> {
  return answer(exchange, async (of) => {
    const subscription = await readSubscription(exchange, of);
    return subscription && shown(isSubscribed(subscription) ? 'ask' : 'done', subscription);
  });
}

/**
 * `POST /unsubscribe/<token>`: unsubscribes, for the page's button and for mail programs (RFC 8058 §3.2), who come from
 * anywhere without cookies. What they send says no more than the address does. Never a redirect.
 */
export function endSubscription(exchange: Exchange): Promise<Response> {
  return answer(exchange, async (of) => {
    const ended = await unsubscribe(exchange, of);
    if (ended?.eventId) exchange.committed({ raised: [ended.eventId], wakes: [] });
    return ended && shown('done', ended.subscription);
  });
}

async function answer(exchange: Exchange, work: (of: Subscriber) => Promise<Response | null>): Promise<Response> {
  const { env, request, url } = exchange;
  const language = acceptedLanguage(request.headers.get('Accept-Language'));
  const of = await readUnsubscribeToken(env, url.pathname.split('/')[2] ?? '');
  // Mail services unsubscribe many people from one address, and must not be kept from it by one another.
  const retryAfterSeconds = await secondsToWait(
    of === null
      ? limitNetwork(exchange, UNSUBSCRIBE)
      : limitRate(exchange, UNSUBSCRIBE, `${of.userId} ${of.resellerId}`),
  );
  if (retryAfterSeconds !== null) return unsubscribePage({ view: 'busy', language, retryAfterSeconds });
  return (of && (await work(of))) ?? unsubscribePage({ view: 'unknown', language });
}

function shown(view: 'ask' | 'done', { member: { language }, branding }: Subscription): Promise<Response> {
  return unsubscribePage({ view, language, branding });
}
