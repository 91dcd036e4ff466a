import * as v from 'valibot';
import { stamps } from '../examples.ts';
import * as schemas from './schemas.ts';

const NewReseller = {
  name: 'Example Resale',
  email: 'office@example.com',
  description: 'Sells in the north.',
  allowedUsers: 100,
  allowedOrganizations: -1,
};
const NewOrganization = {
  name: 'Example Customer',
  email: 'it@example.com',
  description: '',
  allowedUsers: 25,
  address: {
    addressLine1: '1 Main Street',
    addressLine2: '',
    city: 'Springfield',
    state: 'OR',
    country: 'US',
    postalCode: '97477',
  },
};
const SignInSettings = { googleHostedDomain: 'example.com', googleSignIn: 'automatic', requireTwoFactor: false };

export const examples = {
  NewSignInSettings: SignInSettings,
  SignInSettings,
  NewReseller,
  ResellerChanges: { allowedUsers: 200 },
  Reseller: { id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b33', ...stamps, ...NewReseller },
  NewOrganization,
  OrganizationChanges: { address: { city: 'Eugene' } },
  Organization: {
    id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34',
    ...stamps,
    ...v.getDefaults(schemas.NewOrganization),
    ...NewOrganization,
  },
};
