import * as v from 'valibot';
import { text } from '../../model/fields.ts';

export const Id = v.pipe(
  v.string(),
  v.uuid(({ input }) => `The value '${input}' is not valid.`),
  v.toLowerCase(),
);
export const AccountPath = v.object({ accountId: Id });
export const trimmed = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max), v.trim(), text(1, max));

export const id = v.pipe(v.string(), v.uuid());

export const ErrorBody = v.object({
  error: v.number(),
  message: v.string(),
  errorCode: v.optional(v.string()),
  status: v.literal('error'),
  timestamp: v.string(),
});
