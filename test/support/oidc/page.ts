/** The provider's page: whoever one is, and whatever is true of them. */
export function page({ login_hint: hint = '', hd = '' }: Readonly<Record<string, unknown>>): string {
  return `<!doctype html>
<html lang="en">
<title>Provider</title>
<form method="post">
<p><label>Subject <input name="sub"></label>
<p><label>E-mail <input name="email" value="${escaped(hint)}"></label>
<p><label>Verified <input type="checkbox" name="email_verified" checked></label>
<p><label>Domain <input name="hd" value="${escaped(hd)}"></label>
<p><button name="answer" value="yes">Sign in</button> <button name="answer" value="no">Decline</button>
</form>
`;
}

const escaped = (value: unknown) => String(value).replace(/[&<"]/g, (character) => `&#${character.charCodeAt(0)};`);
