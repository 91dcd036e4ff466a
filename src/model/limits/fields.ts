// Published by the v3 API.
export const TEXT_MAX_CHARS = 256;
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 256;
export const COMMON_PASSWORDS = 10_000; // Small enough to load in each isolate.
export const STRONG_PASSWORD_MIN_CHARS = 12; // Published by the reseller API.
// int32; -1: unlimited.
export const QUOTA_MAX = 2_147_483_647;
export const UNLIMITED = -1;
export const URL_MAX_CHARS = 2048; // Published by the v3 API.
export const HOST_NAME_MAX_CHARS = 253; // RFC 1123 §2.1.
export const EMPLOYEES_MAX = 2_147_483_647; // int32.

// Published by the accounts API.
export const ACCOUNT_NAME_MAX_CHARS = 100;
export const ACCOUNT_TEXT_MAX_CHARS = 200;
export const DISPLAY_NAME_MAX_CHARS = 100;
export const MEMBER_EMAIL_MAX_CHARS = 200;
export const TIMEZONE_MAX_CHARS = 40;
export const COUNTRY_CODE_MAX_CHARS = 5;
export const ROLES_MAX = 50; // Room for repetitions, which count once.
