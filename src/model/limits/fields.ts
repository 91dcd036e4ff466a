/** v3.md: longest name, e-mail address, description and other one-line text. */
export const TEXT_MAX_CHARS = 256;
/** v3.md: shortest and longest password. */
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 256;
/** Of the most used passwords, how many nobody may choose. */
export const COMMON_PASSWORDS = 10_000;
/** reseller.md: shortest password of a customer's user. */
export const STRONG_PASSWORD_MIN_CHARS = 12;
/** v3.md: `allowedUsers` and `allowedOrganizations` are int32; −1 means no limit. */
export const QUOTA_MAX = 2_147_483_647;
export const UNLIMITED = -1;
/** v3.md: longest webhook address. */
export const URL_MAX_CHARS = 2048;
/** RFC 1123 §2.1: longest host name. */
export const HOST_NAME_MAX_CHARS = 253;
/** Most employees of a customer: int32, as other counts. */
export const EMPLOYEES_MAX = 2_147_483_647;

/** accounts.md: longest text of each field. */
export const ACCOUNT_NAME_MAX_CHARS = 100;
export const ACCOUNT_TEXT_MAX_CHARS = 200;
export const DISPLAY_NAME_MAX_CHARS = 100;
export const MEMBER_EMAIL_MAX_CHARS = 200;
export const TIMEZONE_MAX_CHARS = 40;
export const COUNTRY_CODE_MAX_CHARS = 5;
/** Entries of a list of roles that is sent: room for repetitions, which count once. */
export const ROLES_MAX = 50;
