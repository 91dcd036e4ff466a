import type { Language } from '../model/language.ts';
import type { Role } from '../model/users/role.ts';

type RoleLabels = Readonly<Record<Role, string>>;

export const ROLE_LABELS: Readonly<Record<Language, RoleLabels>> = {
  en: {
    'account.user': 'Sign in',
    'user.admin': 'Manage people',
    'account.service.status': 'Receive status updates',
    'account.storage.admin': 'Manage storage',
    'branding.admin': 'Manage branding',
    'customer.admin': 'Manage customers',
    'onboarding.admin': 'Manage API clients',
    'webhooks.admin': 'Manage webhooks',
  },
  de: {
    'account.user': 'Anmelden',
    'user.admin': 'Personen verwalten',
    'account.service.status': 'Statusmeldungen erhalten',
    'account.storage.admin': 'Speicher verwalten',
    'branding.admin': 'Branding verwalten',
    'customer.admin': 'Kunden verwalten',
    'onboarding.admin': 'API-Clients verwalten',
    'webhooks.admin': 'Webhooks verwalten',
  },
  fr: {
    'account.user': 'Se connecter',
    'user.admin': 'Gérer les personnes',
    'account.service.status': 'Recevoir les informations d’état',
    'account.storage.admin': 'Gérer le stockage',
    'branding.admin': 'Gérer l’identité visuelle',
    'customer.admin': 'Gérer la clientèle',
    'onboarding.admin': 'Gérer les clients API',
    'webhooks.admin': 'Gérer les webhooks',
  },
  es: {
    'account.user': 'Iniciar sesión',
    'user.admin': 'Gestionar personas',
    'account.service.status': 'Recibir los avisos de estado',
    'account.storage.admin': 'Gestionar el almacenamiento',
    'branding.admin': 'Gestionar la marca',
    'customer.admin': 'Gestionar clientes',
    'onboarding.admin': 'Gestionar clientes de API',
    'webhooks.admin': 'Gestionar webhooks',
  },
  ja: {
    'account.user': 'ログイン',
    'user.admin': 'ユーザーの管理',
    'account.service.status': 'ステータス更新の受信',
    'account.storage.admin': 'ストレージの管理',
    'branding.admin': 'ブランド設定の管理',
    'customer.admin': '顧客の管理',
    'onboarding.admin': 'API クライアントの管理',
    'webhooks.admin': 'Webhook の管理',
  },
};

export function roleLabels(roles: readonly Role[], language: Language): string {
  return roles.map((role) => ROLE_LABELS[language][role]).join(language === 'ja' ? '、' : ', ');
}
