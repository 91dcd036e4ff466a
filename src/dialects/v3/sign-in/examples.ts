import { PASSWORD } from '../examples.ts';
import { examples as tenants } from '../resellers/examples.ts';

export const examples = {
  Login: { accountAlias: tenants.NewReseller.name, email: 'jane.doe@example.com', password: PASSWORD },
  LoginTokens: { accessToken: 'eyJhbGciOi…', refreshToken: 'q8Xr…', expiresIn: 900 },
};
