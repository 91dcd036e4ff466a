/** reseller.md: how long a link in a mail works. */
export const LINK_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Random bytes of the token in a link. */
export const LINK_TOKEN_BYTES = 32;
/** Longest token looked at: ours have 43 characters. */
export const LINK_TOKEN_MAX_CHARS = 100;
/**
 * accounts.md: mails with a new link that one user is sent in so much time at the request of administrators, and likewise at
 * that of anyone who knows the address.
 */
export const LINK_MAILS_MAX = 3;
export const LINK_MAILS_WINDOW_MS = 60 * 60 * 1000;
/**
 * Links, and likewise notices, that leave for one mailbox in the same time, whatever the cause: a new user's and those asked
 * for, three times over. One more waits for its turn.
 */
export const RECIPIENT_MAILS_MAX = 10;
/** The same of one tenant: half, so that none uses up what another may send. */
export const TENANT_RECIPIENT_MAILS_MAX = 5;
/** Of each kind, how many mails of one tenant wait for their turn at one mailbox: four hours' worth. The older ones are dropped. */
export const WAITING_MAILS_MAX = 20;
/**
 * Links of one tenant to a mailbox that has proved nothing, in so much time: the first, three repetitions, and a question
 * about status updates. Links that are asked for on a page have as much room of their own, so that neither takes the other's.
 */
export const UNPROVED_LINKS_MAX = 5;
/** Notices to such a mailbox: people who set up two-factor sign-in without having proved their address cause about six. */
export const UNPROVED_NOTICES_MAX = 20;
export const UNPROVED_WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
/** Wait before each further attempt to send a mail, after the first at once: 1 min to 24 h, about two days in all. */
export const MAIL_RETRY_SECONDS = [60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400] as const;
/** Spread of each wait to both sides, so that a provider that comes back is not hit by all mails at once. */
export const MAIL_RETRY_JITTER = 0.2;
/** A mail whose consumer died is free again after this: longer than any attempt. */
export const MAIL_LEASE_MS = 90_000;
/** How late a mail must be before the sweep sends its message again, and how many in one run. */
export const MAIL_OVERDUE_MS = 60_000;
export const MAIL_SWEEP = 1000;
/** Mails that one statement makes due when their account is enabled: 2 to 4 ms. */
export const MAILS_RELEASED = 200;
/** A mail has left within this time or the attempt has failed: with its record, within `waitUntil`'s 30 s. */
export const MAIL_TIMEOUT_MS = 20_000;
/** How long a mail server may take to say goodbye: the mail is in its hands by then. */
export const MAIL_QUIT_MS = 1_000;
/** Longest reply of a mail server that is read; RFC 5321 §4.5.3.1.5 has lines of 512 octets, and a greeting has about twenty. */
export const SMTP_REPLY_MAX_CHARS = 16 * 1024;
/** RFC 2047 §2: longest line of a header with encoded words. */
export const HEADER_LINE_CHARS = 76;
/** Text of a header that needs no encoding and no fold: the line less the longest name, `Subject: `. */
export const HEADER_PLAIN_CHARS = HEADER_LINE_CHARS - 'Subject: '.length;
/** Bytes of one encoded word: 52 of base64 and 12 around them (RFC 2047 §2: at most 75) fit behind `Subject: `. */
export const ENCODED_WORD_BYTES = 39;
/** Longest first name that a mail greets by: a longer one is a message of whoever signs somebody up. */
export const GREETED_NAME_MAX_CHARS = 40;
/** Longest name of the operator: it stands in the sender and at the end of every mail. */
export const OPERATOR_NAME_MAX_CHARS = 100;
/** Mails that the development server keeps to show. */
export const DEV_MAILS_MAX = 200;
