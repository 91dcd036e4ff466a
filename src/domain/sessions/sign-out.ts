export { signOut } from '../../db/sessions/sign-out.ts';
