import type * as v from 'valibot';
import type { StatusUpdateWithProgress } from '../../../domain/emails/status-updates.ts';
import { statusUpdateState } from '../../../model/emails/status-update.ts';
import { stamp } from '../envelope.ts';
import type { StatusUpdate } from './schemas.ts';

export function toStatusUpdate(update: StatusUpdateWithProgress): v.InferInput<typeof StatusUpdate> {
  const { id, title, body, severity, createdAt, sent, failed, pending } = update;
  const recipients = sent + failed + pending;
  const state = statusUpdateState(update);
  return { id, title, body, severity, dateCreated: stamp(createdAt), state, recipients, sent, failed, pending };
}
