import * as v from 'valibot';
import { SEVERITIES, STATUS_STATES } from '../../../model/emails/status-update.ts';
import { STATUS_BODY_MAX_CHARS, STATUS_TITLE_MAX_CHARS } from '../../../model/limits/index.ts';
import { Id, id, trimmed } from '../schemas.ts';

export const StatusUpdatePath = v.object({ accountId: Id, statusUpdateId: Id });

const severity = v.picklist(SEVERITIES);
const described = <S extends v.GenericSchema>(schema: S, description: string) =>
  v.pipe(schema, v.description(description));

export const NewStatusUpdate = v.object({
  title: trimmed(STATUS_TITLE_MAX_CHARS),
  body: described(trimmed(STATUS_BODY_MAX_CHARS), 'Plain text, whose line breaks are kept.'),
  severity,
});

export const StatusUpdate = v.object({
  id,
  title: v.string(),
  body: v.string(),
  severity,
  dateCreated: v.string(),
  state: described(
    v.picklist(STATUS_STATES),
    'While it is `preparing` there are recipients yet to come; while `sending`, mails to be sent.',
  ),
  recipients: described(
    v.number(),
    '`sent`, `failed` and `pending` together. Who unsubscribed or left before the mail could be sent is in none of them.',
  ),
  sent: v.number(),
  failed: described(v.number(), 'Given up: the address does not take mail, or did not for two days.'),
  pending: described(v.number(), 'Yet to be sent, also for the account to be enabled.'),
});
