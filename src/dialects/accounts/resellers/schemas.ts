import * as v from 'valibot';
import { Country } from '../../../domain/resellers/country.ts';
import { isTimezone } from '../../../domain/resellers/timezone.ts';
import { displayable, text } from '../../../model/fields.ts';
import {
  ACCOUNT_NAME_MAX_CHARS,
  ACCOUNT_TEXT_MAX_CHARS,
  COUNTRY_CODE_MAX_CHARS,
  TIMEZONE_MAX_CHARS,
} from '../../../model/limits/index.ts';
import { ROLES } from '../../../model/users/role.ts';
import { Id, id, trimmed } from '../schemas.ts';

const name = v.pipe(trimmed(ACCOUNT_NAME_MAX_CHARS), displayable);
const AnyText = v.nullable(text(0, ACCOUNT_TEXT_MAX_CHARS), '');
const Timezone = v.nullable(
  v.pipe(
    v.string(),
    v.maxLength(TIMEZONE_MAX_CHARS),
    v.check((zone) => zone.length > TIMEZONE_MAX_CHARS || isTimezone(zone), 'Must be an IANA time zone.'),
  ),
);
// ASCII only: upper case turns some other letters into two.
const CountryCode = v.nullable(v.pipe(v.string(), v.maxLength(COUNTRY_CODE_MAX_CHARS), v.transform(raised), Country));
function raised(code: string): string {
  return code.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}
const Enabled = v.nullable(v.boolean(), false);

const fields = { description: AnyText, reference: AnyText, timezone: Timezone, countryCode: CountryCode };
export const NewAccount = v.object({
  name,
  ...v.partial(v.object(fields)).entries,
  enabled: v.optional(Enabled, false),
  parentTenantId: v.optional(v.nullable(Id), null),
});
export const AccountChanges = v.partial(v.object({ name, ...fields, enabled: Enabled }));

const time = v.string();

export const Account = v.object({
  id,
  name: v.string(),
  description: v.string(),
  reference: v.string(),
  dateCreated: time,
  parentTenantId: v.nullable(id),
  enabled: v.boolean(),
  timezone: v.nullable(v.string()),
  countryCode: v.nullable(v.string()),
  dateDeleted: v.nullable(time),
});

export const Metrics = v.object({
  users: v.number(),
  usersByRole: v.record(v.picklist(ROLES), v.number()),
  customers: v.number(),
  dateCreated: time,
  dateUpdated: time,
  dateLastUserCreated: v.nullable(time),
  dateLastCustomerCreated: v.nullable(time),
});
