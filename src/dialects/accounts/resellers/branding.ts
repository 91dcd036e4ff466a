import * as v from 'valibot';
import { getBranding, setBranding } from '../../../domain/resellers/branding.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { displayable, Email, HttpsUrl } from '../../../model/fields.ts';
import { ACCOUNT_NAME_MAX_CHARS } from '../../../model/limits/index.ts';
import type { BrandingChoice } from '../../../model/resellers/branding.ts';
import { envelopeOf, inEnvelope } from '../envelope.ts';
import { AccountPath, trimmed } from '../schemas.ts';

const Name = v.pipe(trimmed(ACCOUNT_NAME_MAX_CHARS), displayable);
const Color = v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/, 'Must be a colour as #rrggbb.'), v.toLowerCase());
const open = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null);

export const NewBranding = v.object({
  productName: open(Name),
  logoUrl: open(HttpsUrl),
  primaryColor: open(Color),
  supportEmail: open(Email),
  senderName: open(Name),
});
const shown = v.nullable(v.string());
export const Branding = v.object({
  productName: shown,
  logoUrl: shown,
  primaryColor: shown,
  supportEmail: shown,
  senderName: shown,
});

const facts = { tag: 'Branding', path: '/:accountId/branding', scope: 'branding:write', params: AccountPath } as const;
const toBranding = (choice: BrandingChoice): v.InferInput<typeof Branding> => choice;

export const branding = [
  route(
    {
      ...facts,
      method: 'GET',
      id: 'getBranding',
      summary: 'Get what an account has chosen of its looks',
      returns: [200, envelopeOf(Branding)],
      present: inEnvelope(toBranding),
      fails: [absent('reseller')],
    },
    (caller, { params }) => getBranding(caller, params.accountId),
  ),
  route(
    {
      ...facts,
      method: 'PUT',
      id: 'setBranding',
      summary: 'Set the looks of every mail and page of an account; what is left out is plain',
      body: NewBranding,
      returns: [200, envelopeOf(Branding)],
      present: inEnvelope(toBranding),
      fails: [absent('reseller')],
    },
    (caller, { params, body }) => setBranding(caller, params.accountId, body),
  ),
];
