import { newInvitationToken } from '../auth/secrets/invitation-token.ts';
import { newSubscriptionToken } from '../auth/secrets/subscription-token.ts';
import type { ClaimedEmail } from '../db/emails/claim.ts';
import { webhookPath } from '../dialects/index.ts';
import type { Env } from '../env.ts';
import type { EmailContent } from '../model/emails/email.ts';
import type { Subscriber } from '../model/emails/status-update.ts';
import { INVITATION_LIFE_MS } from '../model/limits/index.ts';

/** Null: the mail is no longer wanted. `token` is for its link. */
export async function contentOf(env: Env, mail: ClaimedEmail, token: string): Promise<EmailContent | null> {
  const { template, recipient, link, webhook, statusUpdate, confirmation: subscriber, invitation, notice } = mail;
  const { publicUrl } = env;
  switch (template) {
    case 'activation':
    case 'password-reset': {
      if (link === null) return null;
      const { firstName, expiresAt } = link;
      return { template, firstName, email: recipient, link: `${publicUrl}/activate#${token}`, expiresAt };
    }
    case 'webhook-suspended': {
      if (webhook === null) return null;
      const { id, name, url, suspendedAt } = webhook;
      return { template, webhookName: name, webhookUrl: url, webhookAddress: publicUrl + webhookPath(id), suspendedAt };
    }
    case 'status-update': {
      if (statusUpdate === null) return null;
      const { userId, resellerId, addressHash, ...content } = statusUpdate;
      const { unsubscribeLink } = await linksFor(env, { userId, resellerId, addressHash });
      return { template, ...content, unsubscribeLink };
    }
    case 'subscription-confirmation':
      return subscriber && { template, email: recipient, ...(await linksFor(env, subscriber)) };
    case 'membership-invitation': {
      if (invitation === null) return null;
      const { firstName, roles, invitedAt } = invitation;
      return {
        template,
        firstName,
        email: recipient,
        tenantName: mail.branding.tenantName,
        roles,
        expiresAt: invitedAt + INVITATION_LIFE_MS,
        invitationLink: `${publicUrl}/invitation/${await newInvitationToken(env, invitation)}`,
      };
    }
    case 'security-notice':
      return notice && { template, ...notice, email: recipient, resetLink: `${publicUrl}/sign-in/forgotten` };
  }
}

async function linksFor(env: Env, subscriber: Subscriber) {
  const token = await newSubscriptionToken(env, subscriber);
  return {
    subscribeLink: `${env.publicUrl}/subscribe/${token}`,
    unsubscribeLink: `${env.publicUrl}/unsubscribe/${token}`,
  };
}
