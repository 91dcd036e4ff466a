import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setPasswordPage } from '../../../src/pages/links/set-password-page.ts';
import { listen } from './ports.ts';
import { root } from './tree.ts';

/** What an endpoint is to answer: `broken` cuts the connection, `silent` never answers. */
export type Answer = 'broken' | 'silent' | { status: number; body?: unknown; headers?: Record<string, string> };
export type Asked = { readonly path: string; readonly body: unknown };
export type Site = {
  readonly origin: string;
  /** The answers to a path's next requests; the last one stays. */
  readonly answer: (path: string, ...answers: Answer[]) => void;
  /** The requests to the endpoints so far. */
  readonly asked: Asked[];
  /** The addresses and headers of all requests as they came. */
  readonly heads: string[];
  readonly close: () => void;
};

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };

/** The real page and its files, with endpoints that answer as they are told. */
export async function openSite(): Promise<Site> {
  const answers = new Map<string, Answer[]>();
  const asked: Asked[] = [];
  const heads: string[] = [];
  const { server, port } = await listen(
    createServer(async (request, response) => {
      const path = request.url ?? '';
      heads.push(`${path}\n${JSON.stringify(request.headers)}`);
      if (request.method === 'GET') return serve(request, response);
      asked.push({ path, body: JSON.parse(await text(request)) });
      const waiting = answers.get(path) ?? [];
      play(response, (waiting.length > 1 ? waiting.shift() : waiting[0]) ?? { status: 404, body: {} });
    }),
  );
  return {
    origin: `http://127.0.0.1:${port}`,
    answer: (path, ...list) => answers.set(path, list),
    asked,
    heads,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve({ url = '', headers }: IncomingMessage, response: ServerResponse) {
  if (url === '/activate') {
    const language = headers['accept-language'] ?? '';
    const page = setPasswordPage({
      request: new Request('https://edge.localhost', { headers: { 'Accept-Language': language } }),
    });
    return response.writeHead(page.status, Object.fromEntries(page.headers)).end(await page.text());
  }
  const folder = extname(url) === '.json' ? 'activate/texts' : 'activate';
  const file = await readFile(join(root, 'src/pages/static', folder, basename(url))).catch(() => null);
  if (file === null) return response.writeHead(404).end();
  return response.writeHead(200, { 'Content-Type': TYPES[extname(url)] ?? '' }).end(file);
}

function play(response: ServerResponse, answer: Answer) {
  if (answer === 'silent') return;
  if (answer === 'broken') return response.destroy();
  const { status, body, headers } = answer;
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
