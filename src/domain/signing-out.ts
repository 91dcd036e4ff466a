export { signOut } from '../db/signing-out.ts';
