import type { Strings } from './strings.ts';

export const ja: Strings = {
  hello: (firstName) => (firstName ? `${firstName} 様` : 'ご利用いただきありがとうございます。'),
  validity: (until) => `リンクの有効期限は ${until} です。ご利用は 1 回限りとなります。`,
  copy: 'ボタンが機能しない場合は、次のアドレスをブラウザーに貼り付けてください。',
  sentBy: (operator, tenant) => `このメールは ${tenant} に代わり ${operator} が送信しています。`,
  activation: {
    subject: (product) => `【${product}】アカウント有効化のお願い`,
    title: (product) => `${product} へようこそ`,
    reason: (product, email) =>
      `${email} のメールアドレスで ${product} のアカウントが作成されました。メールアドレスの確認とパスワードの設定が完了すると、すぐにご利用いただけます。`,
    button: 'アカウントを有効にする',
    unexpected:
      'このメールにお心当たりがない場合は、破棄していただいて問題ありません。リンクが使用されない限り、何も起こりません。',
  },
  'password-reset': {
    subject: (product) => `【${product}】パスワード再設定のご案内`,
    title: () => 'パスワードの再設定',
    reason: (product, email) =>
      `${email} の ${product} アカウントに新しいパスワードを設定できます。再設定のご依頼があったか、以前のパスワードまたはメールアドレスを管理者が設定していたため、設定が必要になりました。`,
    button: '新しいパスワードを設定する',
    unexpected: 'お心当たりがない場合は、このメールを破棄してください。リンクが使用されない限り、何も変わりません。',
  },
  'webhook-suspended': {
    subject: (webhook) => `Webhook「${webhook}」を停止しました`,
    title: 'Webhook を停止しました',
    reason: (product) =>
      `配信の失敗が続いたか、受信側から停止の要求があったため、${product} は次の Webhook へのイベント送信を停止しました。`,
    missing: '今後発生するイベントは、この Webhook には届きません。',
    since: '停止日時',
    next: '受信側の準備が整いましたら、API で次の 2 つの操作を行ってください。',
    enable: 'Webhook を再び有効にし、保留中の配信を送信します。',
    recover: '停止中に届かなかったイベントを再送します。',
  },
  'status-update': {
    kinds: {
      info: (product) => `${product} からのお知らせ`,
      maintenance: (product) => `${product} メンテナンス情報`,
      incident: (product) => `${product} 障害情報`,
      release: (product) => `${product} 更新情報`,
    },
    reason: (product) =>
      `このメールは、${product} のステータス更新とリリース情報の配信対象となっている方にお送りしています。`,
    unsubscribe: '配信を停止する',
  },
  'subscription-confirmation': {
    subject: (product) => `【${product}】ステータス更新メールの受信確認`,
    title: (product) => `${product} のステータス更新を受け取りますか？`,
    reason: (product, email) =>
      `${email} が、管理者によって ${product} のステータス更新とリリース情報の送信先に指定されました。ご承諾いただくまで送信は行われません。`,
    button: 'ステータス更新を受け取る',
    unexpected:
      'このメールにお心当たりがない場合は、破棄していただいて問題ありません。ご承諾がない限り、ステータス更新は届きません。',
    refusal: '今後このようなお問い合わせを希望されない場合は、次のリンクからお知らせください。',
    refuse: 'ステータス更新を受け取らない',
  },
  'membership-invitation': {
    subject: (tenant) => `【${tenant}】ご招待のお知らせ`,
    title: (tenant) => `${tenant} からのご招待`,
    reason: (tenant, email) =>
      `${tenant} が ${email} をアカウントに招待しています。承諾すると、お持ちのアカウントでそのままログインできます。`,
    tenant: '招待元',
    roles: 'できること',
    until: '有効期限',
    button: '招待を確認する',
    unexpected:
      'このメールにお心当たりがない場合は、破棄していただいて問題ありません。承諾しない限り、何も起こりません。',
    refusal: (tenant, days) => `辞退すると、${tenant} は ${days} 日間、再び招待することができません。`,
  },
  'security-notice': {
    changes: {
      'account.password-changed': 'パスワードが変更されました',
      'account.two-factor-enabled': '2要素認証が有効になりました',
      'account.two-factor-disabled': '2要素認証が無効になりました',
      'account.recovery-codes-created': '新しいリカバリーコードが発行されました',
      'account.recovery-code-used': 'リカバリーコードを使ってログインが行われました',
      'account.passkey-added': 'パスキーが追加されました',
      'account.passkey-removed': 'パスキーが削除されました',
      'account.google-linked': 'Google でのログインが有効になりました',
      'account.google-unlinked': 'Google でのログインが無効になりました',
      'account.second-factor-guessed': 'パスワードの入力後に、誤った確認コードが入力されました',
      'email-changed': 'メールアドレスが変更されました',
    },
    reason: (product) => `${product} へのログインに関する重要なお知らせです。`,
    account: '対象のアカウント',
    at: '日時',
    from: '接続元のアドレス',
    device: 'ブラウザーまたはアプリ',
    expected: 'ご本人による操作、または管理者が代わりに行った操作であれば、ご対応は不要です。',
    unexpected:
      'お心当たりがない場合は、すぐに新しいパスワードを設定し（すべてのセッションが終了します）、アカウントの管理者にご連絡ください。',
    unexpectedMove:
      'お心当たりがない場合は、すぐにアカウントの管理者にご連絡ください。アカウントに関するメールは、今後このアドレスには届きません。',
  },
};
