import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { addressProblem } from '../../src/domain/webhooks/webhook-address.ts';
import { readEnv } from '../../src/env.ts';
import worker from '../../src/index.ts';
import { makeReseller, rows } from '../support/world.ts';

const rulesWith = (settings: object) => readEnv({ ...env, ...settings }).addressRules;
const deployment = { ...env, PUBLIC_URL: 'https://edge.test', DEVELOPMENT: 'false' };
const production = rulesWith(deployment);
const development = rulesWith({ DEVELOPMENT: 'true' });

const NO_URL = 'Must be a URL.';
const START = 'Must start with https://.';
const USER = 'Must not hold a user name or password.';
const PORT = 'Must use port 443, 8443, 80 or 8080.';
const HOST = 'Must name a public host.';

const words = (text: string) => text.trim().split(/[ \n]+/);

/** Addresses by what is wrong with them for a deployment at https://edge.test. */
const REFUSED: readonly (readonly [problem: string, what: string, urls: readonly string[]])[] = [
  [NO_URL, 'no URL', words(`nowhere /hook //example.com/hook https:// https: https://? https://# https:///`)],
  [
    NO_URL,
    'no host',
    words(`https://exa%20mple.com/ https://exa<mple.com/ https://exa^mple.com/ https://example.com]/`),
  ],
  [NO_URL, 'no port', words(`https://example.com:65536/ https://example.com:-1/ https://a.com:b.com:443/`)],
  [
    NO_URL,
    'spaces',
    ['https://exa mple.com/', ' https://example.com/', 'https://example.com/a b', 'https://a.com/\u2003'],
  ],
  [
    NO_URL,
    'tabs and line ends, which URL drops',
    ['https://exa\tmple.com/', 'https://exa\nmple.com/', 'https://a.com/\r\nX: 1'],
  ],
  [NO_URL, 'the same before an address', ['https://1\t27.0.0.1/', 'ht\ntps://127.0.0.1/', 'https://127.\r0.0.1/']],
  [NO_URL, 'backslashes', ['https:\\\\example.com\\hook', 'https://a.com\\@127.0.0.1/', 'https://127.0.0.1\\@a.com/']],
  [
    NO_URL,
    'numbers that are no IPv4 address',
    words(`https://4294967296/ https://256.256.256.256/ https://1.2.3.4.5/ https://0x100000000/ https://127.0.0.0x1ff/
      https://09.0.0.1/ https://example.1/ https://example.0x1/`),
  ],
  [
    NO_URL,
    'brackets without an IPv6 address, zones',
    words(`https://[fe80::1%25eth0]/ https://[fe80::1%eth0]/ https://[::1%250]/ https://[::1].example.com/ https://[::1/
      https://::1/ https://[]/ https://[127.0.0.1]/ https://[1::2::3]/ https://[[::1]]/ https://[::ffff:127.1]/
      https://[::ffff:0x7f.0.0.1]/ https://%5B::1%5D/ https://[::ffff:127.0.0.1.]/ https://[::１]/`),
  ],
  [
    START,
    'another scheme',
    words(`http://example.com/ HTTP://EXAMPLE.COM/ http://example.com:443/ http://127.0.0.1/ http://[::1]/
      http://localhost:9000/ ftp://example.com/ file:///etc/passwd file://example.com/hook data:text/plain,https://a.com
      javascript:alert(1)//https://a.com gopher://example.com:70/_ ws://example.com/ wss://example.com/
      mailto:hook@example.com blob:https://example.com/1 x-https://example.com/`),
  ],
  [
    START,
    'no two slashes after the scheme',
    words(`https:example.com https:/example.com https:///example.com/ https:127.0.0.1 https:////127.0.0.1/`),
  ],
  [
    USER,
    'something before the host',
    words(`https://user@example.com/ https://user:pass@example.com/ https://:pass@example.com/ https://@example.com/
      https://:@example.com/ https://example.com@127.0.0.1/ https://a@b@example.com/ https://a.com:443@127.0.0.1/
      https://example.com%2F@127.0.0.1/ https://example.com%23@127.0.0.1/ https://example.com&@127.0.0.1#@example.com/`),
  ],
  [
    PORT,
    'ports of other services',
    words(`https://example.com:22/ https://example.com:25/ https://example.com:0/ https://example.com:444/
      https://example.com:65535/ https://example.com:3306/ https://127.0.0.1:6379/ https://8.8.8.8:53/ https://[::1]:22/
      https://example.com:000022/ https://localhost:9443/ https://edge.test:8787/`),
  ],
  [
    HOST,
    'loopback by IPv4: whole, short, decimal, hexadecimal, octal',
    words(`https://127.0.0.1/ https://127.0.0.1:8443/ https://127.0.0.1:80/ https://127.255.255.254:8080/ https://127.1/
      https://127.0.1/ https://2130706433/ https://0x7f000001/ https://0X7F000001/ https://017700000001/ https://0x7f.1/
      https://0177.0.0.01/ https://0x7f.0.0x0.01/ https://0177.0x0.1/ https://0x7f.0x0.0x0.0x1/ https://0000000177.0.0.1/
      https://00000000000000000000177.1/`),
  ],
  [
    HOST,
    'the same with a dot at its end, percent-encoded, in other digits and dots',
    words(`https://127.0.0.1./ https://127.1./ https://2130706433./ https://0x7f.1.:443/ https://%31%32%37.0.0.1/
      https://127%2E0%2E0%2E1/ https://%3127.0.0.1/ https://127%E3%80%820.0.1/ https://%EF%BC%91%EF%BC%92%EF%BC%97.1/
      https://１２７.0.0.1/ https://127。0。0。1/ https://127．0．0．1/ https://127｡0｡0｡1/ https://①②⑦.⓪.0.1/
      https://０ｘ7f.1/ https://12\u00ad7.0.0.1/ https://127.0\u200b.0.1/ https://𝟏𝟐𝟕.0.0.1/ https://¹²⁷.0.0.1/`),
  ],
  [
    HOST,
    'a public name that is no host',
    words(`https://127.0.0.1#@example.com https://127.0.0.1?@example.com https://127.0.0.1/@example.com
      https://127.0.0.1/?host=example.com https://10.0.0.1#.example.com`),
  ],
  [
    HOST,
    'this network, private and shared ones',
    words(`https://0/ https://0x/ https://0.0.0.0/ https://0.0.0.1/ https://10.0.0.1/ https://012.1/ https://10.16777215/
      https://100.64.0.1/ https://100.127.255.255/ https://172.16.0.1/ https://172.31.255.255/ https://192.168.1.1/
      https://192.168.257/ https://3232235777/ https://0xc0a80101/`),
  ],
  [
    HOST,
    'link-local and metadata services',
    words(`https://169.254.169.254/latest https://0xa9fea9fe/ https://2852039166/ https://0251.0376.0251.0376/
      https://169.254.43518/ https://169.254.170.2/ https://100.100.100.200/ https://192.0.0.192/ https://168.63.129.16/
      https://2822734096/`),
  ],
  [
    HOST,
    'documentation, 6to4 relays, benchmarks, multicast, reserved',
    words(`https://192.0.0.1/ https://192.0.2.1/ https://192.88.99.1/ https://198.18.0.1/ https://198.51.100.1/
      https://203.0.113.1/ https://224.0.0.1/ https://239.255.255.255/ https://240.0.0.1/ https://255.255.255.255/
      https://4294967295/ https://0xffffffff/`),
  ],
  [
    HOST,
    'IPv6 that is no public address',
    words(`https://[::1]/ https://[::1]:8443/ https://[0:0:0:0:0:0:0:1]/ https://[0000::0001]/ https://[::]/ https://[::2]/
      https://[fe80::1]/ https://[FE80::1]/ https://[fec0::1]/ https://[fc00::1]/ https://[fd00:ec2::254]/
      https://[ff02::1]/ https://[100::1]/ https://[100:0:0:1::1]/ https://[2001:db8::1]/ https://[2001:2::1]/
      https://[2001:20::1]/ https://[3fff::1]/ https://[4000::1]/ https://[5f00::1]/ https://[8000::1]/`),
  ],
  [
    HOST,
    'IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP',
    words(`https://[::ffff:127.0.0.1]/ https://[::ffff:7f00:1]/ https://[::FFFF:7F00:0001]/ https://[::ffff:8.8.8.8]/
      https://[0:0:0:0:0:ffff:169.254.169.254]/ https://[::127.0.0.1]/ https://[::8.8.8.8]/ https://[::ffff:0:127.0.0.1]/
      https://[64:ff9b::7f00:1]/ https://[64:ff9b::8.8.8.8]/ https://[64:ff9b:1::10.0.0.1]/ https://[64:ff9b:1:ffff::1]/
      https://[2002:7f00:1::]/ https://[2002::1]/ https://[2001:0:53aa:64c::80ff:fffe]/
      https://[2606:4700::5efe:127.0.0.1]/ https://[2606:4700::200:5efe:10.0.0.1]/ https://[fe80::200:5efe:a00:1]/`),
  ],
  [
    HOST,
    'localhost in any script',
    words(`https://localhost/ https://LOCALHOST/ https://localhost./ https://a.localhost/ https://ⓛocalhost/
      https://ｌｏｃａｌｈｏｓｔ/ https://loc\u00adalhost/ https://%6cocalhost/ https://localhost%2e/ https://a.localhoſt/`),
  ],
  [
    HOST,
    'names of private networks',
    words(`https://printer.local/ https://printer.local./ https://printer。local/ https://PRINTER.LOCAL/ https://local/
      https://db.internal/ https://db.internal./ https://kubernetes.default.svc.cluster.local/
      https://localhost.localdomain/ https://wiki.intranet/ https://nas.lan/ https://nas.home/ https://ad.corp/
      https://x.private/ https://nas.home.arpa/ https://home.arpa/`),
  ],
  [
    HOST,
    'names of metadata services',
    words(`https://metadata.google.internal/ https://metadata.google.internal./computeMetadata/v1/ https://metadata.goog/
      https://METADATA.GOOG./ https://metadata/ https://instance-data/ https://instance-data.ec2.internal/
      https://metadata.tencentyun.com/ https://api.metadata.cloud.ibm.com/ https://metadata.packet.net/
      https://metadata.platformequinix.com/`),
  ],
  [
    HOST,
    'no full DNS name',
    words(`https://intranet/ https://example/ https://com./ https://a/ https://127.0.0.1../ https://example.com../
      https://.example.com/ https://exa..mple.com/ https://./ https://-example.com/ https://example-.com/
      https://exa*mple.com/ https://example.com;.net/ https://a.b-/ https://a.1b/`),
  ],
  [
    HOST,
    'ourselves',
    words(`https://edge.test/oauth/token https://EDGE.test/ https://edge.test./ https://edge.test:8443/
      https://api.edge.test/ https://edge。test/ https://%65dge.test/ https://ｅdge.test/`),
  ],
];

const ALLOWED = words(`
  https://example.com https://example.com/hook HTTPS://EXAMPLE.COM/Hook https://example.com./hook
  https://example.com:443/ https://example.com:8443/ https://example.com:80/ https://example.com:8080/
  https://example.com:00443/ https://hooks.eu-1.example.co.uk/a/b;c=d?e=f&g#h https://xn--bcher-kva.example/
  https://bücher.example/ https://例え.jp/ https://example。com/ https://ｅxample.com/ https://ex%61mple.com/
  https://receiver.test/ https://receiver.invalid/ https://my_app.example.com/ https://1.example.com/
  https://127.0.0.1.example.com/ https://localhost.example.com/ https://notlocalhost.com/ https://local.dev/
  https://internal.example.com/ https://my.name/hook.local https://notedge.test/ https://edge.test.example.com/
  https://metadata.example.com/ https://thehome.arpa.example/ https://example.com/?to=http://127.0.0.1/
  https://example.com/user:pass@localhost https://example.com#@10.0.0.1 https://example.com?@127.0.0.1
  https://example.com/%0d%0a https://example.com/?q=%5C
  https://8.8.8.8/ https://134744072/ https://9.255.255.255/ https://11.0.0.0/ https://100.63.255.255/
  https://100.128.0.0:8443/ https://172.15.255.255/ https://172.32.0.0/ https://192.167.255.255/
  https://198.17.255.255/ https://198.20.0.0/ https://223.255.255.255/ https://1.1.1.1./
  https://[2606:4700:4700::1111]/ https://[2001:4860:4860::8888]:8443/ https://[2A00:1450::]/`);

const refused = REFUSED.flatMap(([problem, what, urls]) => urls.map((url) => ({ problem, what, url })));

/** A token that the deployment issues itself. */
async function tokenOf({ id, secret }: { readonly id: string; readonly secret: string }) {
  const request = new Request<unknown, IncomingRequestCfProperties>('https://edge.test/oauth/token', {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const response = await worker.fetch(request, deployment, createExecutionContext());
  return (await response.json<{ access_token: string }>()).access_token;
}

/** The Worker as a deployment has it. An endpoint that it lets in is never called: it is not enabled. */
async function deployed(method: string, path: string, token: string, body: object) {
  const response = await worker.fetch(
    new Request<unknown, IncomingRequestCfProperties>(`https://edge.test${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
    deployment,
    createExecutionContext(),
  );
  const reply = await response.json<{ id: string; code?: string; errors?: { field: string }[] }>();
  return { ...reply, outcome: [response.status, reply.code, reply.errors?.[0]?.field] };
}
const hook = (url: string) => ({ name: 'hook', url, token: 'plain secret', enabled: false, events: ['*'] });
const REFUSAL = [400, 'VALIDATION_FAILED', 'url'];

test('the corpus is no small one', () => {
  expect(new Set(refused.map(({ url }) => url)).size).toBeGreaterThan(250);
  expect(new Set(ALLOWED).size).toBeGreaterThan(50);
});

test.each(refused)('$what: $url is refused', ({ url, problem }) => {
  expect(addressProblem(url, production)).toBe(problem);
});

test.each(ALLOWED)('%j is allowed', (url) => {
  expect(addressProblem(url, production)).toBeNull();
});

test('no webhook is created for a refused address, and nothing is left of the try', async () => {
  const { id, api } = await makeReseller();
  const token = await tokenOf(api.client);
  const replies = [];
  for (const { url } of refused) {
    const { outcome } = await deployed('POST', '/v3/webhooks', token, hook(url));
    replies.push([url, ...outcome]);
  }
  expect(replies).toEqual(refused.map(({ url }) => [url, ...REFUSAL]));
  expect(await rows('select id from webhook_endpoints where reseller_id = ?', id)).toEqual([]);
  expect(await rows("select id from events where reseller_id = ? and type like 'webhook.%'", id)).toEqual([]);
});

test('a webhook is created for an allowed address, and keeps it as it was given', async () => {
  const { api } = await makeReseller();
  const token = await tokenOf(api.client);
  for (const url of ALLOWED) {
    const made = await deployed('POST', '/v3/webhooks', token, hook(url));
    expect(made).toMatchObject({ outcome: [201, undefined, undefined], url });
  }
});

test('a webhook is not moved to a refused address', async () => {
  const { api } = await makeReseller();
  const token = await tokenOf(api.client);
  const { id } = await deployed('POST', '/v3/webhooks', token, hook('https://example.com/'));
  for (const { url } of refused.filter((_, index) => index % 8 === 0)) {
    const { outcome } = await deployed('PATCH', `/v3/webhooks/${id}`, token, { url });
    expect([url, ...outcome]).toEqual([url, ...REFUSAL]);
  }
  expect(await rows('select url from webhook_endpoints where id = ?', id)).toEqual([{ url: 'https://example.com/' }]);
});

/** The IANA special-purpose registries, what embeds IPv4, and what is not assigned. */
const BLOCKS = words(`
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
  203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32 ::/3 ::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96
  64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:1::/32 2001:2::/48 2001:3::/32 2001:4:112::/48
  2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 4000::/2 5f00::/16
  8000::/1 fc00::/7 fe80::/10 fec0::/10 ff00::/8 2606:4700::5efe:0:0/96`).map((cidr) => {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const first = bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  return { cidr, isV4: bytes.length === 4, first, last: first + 2n ** BigInt(bytes.length * 8 - prefix) - 1n };
});
const isSpecial = (isV4: boolean, number: bigint) =>
  BLOCKS.some((block) => block.isV4 === isV4 && block.first <= number && number <= block.last);

/** An IPv4 address in one to four parts, each in a base of its own. */
const ipv4 = (number: bigint) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(decimal, hex, octal), { minLength: 4, maxLength: 4 }),
      fc.constantFrom('.', '。', '．', '｡'),
      fc.constantFrom('', '.'),
      fc.constantFrom(asIs, upperCase, fullWidth, percentEncoded, (text: string) => percentEncoded(fullWidth(text))),
    )
    .map(([parts, bases, dot, end, disguise]) => {
      const bytes = [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n);
      const rest = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256n + byte, 0n);
      return disguise([...bytes.slice(0, parts - 1), rest].map((part, index) => bases[index]!(part)).join(dot) + end);
    });
const decimal = (part: bigint) => String(part);
const hex = (part: bigint) => `0x0${part.toString(16)}`;
const octal = (part: bigint) => `00${part.toString(8)}`;
const asIs = (text: string) => text;
const upperCase = (text: string) => text.toUpperCase();
const fullWidth = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0));
const percentEncoded = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** An IPv6 address with its zeros, without, or drawn together, in either case. */
const ipv6 = (number: bigint) =>
  fc.tuple(fc.constantFrom(4, 1), fc.boolean(), fc.constantFrom(asIs, upperCase)).map(([digits, short, disguise]) => {
    const groups = number.toString(16).padStart(32, '0').match(/.{4}/g) ?? [];
    const text = groups.map((group) => group.replace(/^0+(?=.)/, '').padStart(digits, '0')).join(':');
    return `[${disguise(short ? text.replace(/(^|:)0+(:0+)+(:|$)/, '::') : text)}]`;
  });
const host = (isV4: boolean, number: bigint) => (isV4 ? ipv4(number) : ipv6(number));
const isJudged = (problem: string | null) => (name: string, port: string) =>
  addressProblem(`https://${name}${port}/hook`, production) === problem;
const ports = fc.constantFrom('', ':443', ':8443', ':80', ':8080');

test('nothing in a special block is allowed, however it is written', () => {
  const special = fc
    .constantFrom(...BLOCKS)
    .chain(({ isV4, first, last }) => fc.bigInt(first, last).chain((number) => host(isV4, number)));
  fc.assert(fc.property(special, ports, isJudged(HOST)), { numRuns: 5000 });
});

test.each(BLOCKS)('the first and last address of $cidr are refused', ({ isV4, first, last }) => {
  for (const number of [first, last]) {
    fc.assert(fc.property(host(isV4, number), ports, isJudged(HOST)));
  }
});

test('an IPv4 address inside an IPv6 one is refused, even a public one', () => {
  const prefixes = words(':: ::ffff: ::ffff:0: 64:ff9b:: 64:ff9b:1:: 2606:4700::5efe: 2001:4860::200:5efe:');
  const embedded = fc.tuple(fc.constantFrom(...prefixes), fc.ipV4()).map(([prefix, inner]) => `[${prefix}${inner}]`);
  fc.assert(fc.property(embedded, ports, isJudged(HOST)));
});

test('every other address is allowed, however it is written', () => {
  const v4 = fc.bigInt(0n, 2n ** 32n - 1n).map((number) => [true, number] as const);
  const v6 = fc.bigInt(2n ** 125n, 2n ** 126n - 1n).map((number) => [false, number] as const);
  const usual = fc
    .oneof(v4, v6)
    .filter(([isV4, number]) => !isSpecial(isV4, number))
    .chain(([isV4, number]) => host(isV4, number));
  fc.assert(fc.property(usual, ports, isJudged(null)), { numRuns: 2000 });
});

test.each(
  words(`http://localhost/ http://localhost:9000/ https://localhost:22/ http://127.0.0.1:1/ https://127.9.9.9/
    http://2130706433:5000/ http://[::1]:3000/ https://[::1]/ http://[0:0:0:0:0:0:0:1]/`),
)('development alone lets webhooks go to %s', (url) => {
  expect(addressProblem(url, development)).toBeNull();
  expect(addressProblem(url, production)).not.toBeNull();
});

test.each([
  ['http://example.com/', START],
  ['http://localhost./', START],
  ['http://a.localhost/', START],
  ['ftp://localhost/', START],
  ['http:localhost', START],
  ['http://[::ffff:127.0.0.1]/', START],
  ['http://10.0.0.1/', START],
  ['http://0.0.0.0/', START],
  ['http://user@localhost/', USER],
  ['http://@127.0.0.1/', USER],
  ['https://example.com:22/', PORT],
  ['https://localhost./', HOST],
  ['https://a.localhost/', HOST],
  ['https://[::ffff:127.0.0.1]/', HOST],
  ['https://192.168.0.1/', HOST],
  ['https://edge.localhost/', HOST],
])('development lets nothing else in: %s', (url, problem) => {
  expect(addressProblem(url, development)).toBe(problem);
});

test('development at localhost lets webhooks go to localhost', () => {
  const rules = rulesWith({ PUBLIC_URL: 'http://localhost:8787', DEVELOPMENT: 'true' });
  expect(addressProblem('http://localhost:9000/', rules)).toBeNull();
});

test('blocked hosts are refused with all below them, in any notation and on any port', () => {
  const rules = rulesWith({ ...deployment, BLOCKED_HOSTS: 'Ops.Example.ORG., bücher.example,9.9.9.9' });
  const ours =
    words(`ops.example.org OPS.example.org. a.b.ops.example.org:8443 ops。example。org edge.test bücher.example
    xn--bcher-kva.example www.BÜCHER.example 9.9.9.9 0x09090909:8080`);
  for (const host of ours) expect(addressProblem(`https://${host}/`, rules)).toBe(HOST);
  for (const host of words('example.org devops.example.org ops.example.org.example 9.9.9.10'))
    expect(addressProblem(`https://${host}/`, rules)).toBeNull();
});

test('our own host is known by a PUBLIC_URL with a port or a dot at its end', () => {
  const rules = rulesWith({ PUBLIC_URL: 'https://API.example.com.:8443/edge', DEVELOPMENT: 'false' });
  expect(addressProblem('https://api.example.com/', rules)).toBe(HOST);
  expect(addressProblem('https://x.api.example.com./', rules)).toBe(HOST);
  expect(addressProblem('https://example.com/', rules)).toBeNull();
});

test('listed ports are allowed beside the usual ones, and named in the refusal', () => {
  const rules = rulesWith({ WEBHOOK_PORTS: '9443, 4443' });
  for (const port of [443, 8443, 80, 8080, 9443, 4443])
    expect(addressProblem(`https://example.com:${port}/`, rules)).toBeNull();
  expect(addressProblem('https://example.com:22/', rules)).toBe('Must use port 443, 8443, 80, 8080, 9443 or 4443.');
  expect(addressProblem('http://example.com:9443/', rules)).toBe(START);
});

/** The whole message: the reasons that there are, in our own words. */
const problemWith = (name: string, reason: string) =>
  new RegExp(`^wrong or missing settings: ${name} \\(${reason}\\)$`);

test.each(['0', '65536', '-1', '80a', '4.5', '9443 4443', '9443,,4443', '9443,', 'https'])(
  'WEBHOOK_PORTS does not take %j, and the value is not told',
  (value) => {
    expect(() => rulesWith({ WEBHOOK_PORTS: value })).toThrow(
      problemWith('WEBHOOK_PORTS', 'Must be ports from 1 to 65535 separated by commas'),
    );
  },
);

test.each(['https://a.com', 'a.com:443', '*.a.com', 'a b', 'a;b', 'a/b', 'a@b', '[::1]', 'a,,b', '256.256.1.1'])(
  'BLOCKED_HOSTS does not take %j, and the value is not told',
  (value) => {
    expect(() => rulesWith({ BLOCKED_HOSTS: value })).toThrow(
      problemWith('BLOCKED_HOSTS', 'Must be host names separated by commas'),
    );
  },
);

test.each(['WEBHOOK_PORTS', 'BLOCKED_HOSTS'])('an empty %s is as good as none', (name) => {
  expect(rulesWith({ [name]: ' ' })).toEqual(rulesWith({}));
});
