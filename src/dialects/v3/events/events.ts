import * as v from 'valibot';
import { type EventFeed, listEvents } from '../../../domain/events/events.ts';
import { nextLinkAfterId } from '../../../http/paging.ts';
import { decode } from '../../../http/routes/decode.ts';
import { type QueryDeclaration, route } from '../../../http/routes/route.ts';
import { EVENT_TYPES, type EventRecord } from '../../../model/events/event.ts';
import { Id } from '../../../model/fields.ts';
import { FEED_DEFAULT_ROWS, FEED_MAX_ROWS } from '../../../model/limits/index.ts';
import { integerUpTo } from '../listing.ts';
import { Organization, Reseller } from '../resellers/schemas.ts';
import { User } from '../users/schemas.ts';
import { Webhook } from '../webhooks/schemas.ts';
import { events as shapes } from './event-shapes.ts';

const FeedQuery = v.strictObject(
  {
    after: v.optional(Id),
    limit: v.optional(integerUpTo(FEED_MAX_ROWS), String(FEED_DEFAULT_ROWS)),
  },
  'Unknown parameter.',
);
const query: QueryDeclaration<v.InferOutput<typeof FeedQuery>> = {
  entries: FeedQuery.entries,
  read: (raw) => decode(FeedQuery, raw, 'query'),
};

const FeedEvent = v.object({
  id: v.string(),
  event: v.picklist(EVENT_TYPES),
  data: v.union([Reseller, Organization, User, Webhook]),
  triggeredAt: v.string(),
  resellerId: v.nullable(v.string()),
  actor: v.string(),
  subject: v.string(),
  requestId: v.string(),
});

function toFeedEvent(event: EventRecord) {
  const { id, resellerId, actor, subject, requestId } = event;
  return { id, ...(shapes.body(event) as object), resellerId, actor, subject, requestId } as v.InferInput<
    typeof FeedEvent
  >;
}

export const eventsFeed = [
  route(
    {
      method: 'GET',
      path: '/events',
      scope: 'event:read',
      id: 'listEvents',
      tag: 'Events',
      summary: 'Read what happened, in order, 30 days back',
      query,
      returns: [200, v.array(FeedEvent)],
      present: (feed: EventFeed) => feed.rows.map(toFeedEvent),
      headers: nextLinkAfterId,
    },
    (caller, { query }) => listEvents(caller, query.after ?? null, query.limit),
  ),
];
