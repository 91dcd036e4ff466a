import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestToken } from './support/api.ts';
import { freePort, isOpen } from './support/ports.ts';
import { alive } from './support/processes.ts';
import {
  endServer,
  npmStart,
  pastedCommands,
  type Run,
  readDemo,
  startScript,
  startServer,
  stopServer,
} from './support/server.ts';
import { cloneTree } from './support/tree.ts';
import { until } from './support/until.ts';

const tree = cloneTree();
let port: number;
let server: Run;

beforeAll(async () => {
  port = await freePort();
  server = await startServer(tree, npmStart, port);
  execFileSync('bash', ['-c', pastedCommands(server).join('\n')]);
});

afterAll(async () => {
  if (server !== undefined) await stopServer(server);
  tree.remove();
});

describe('npm start', () => {
  it('ends by Ctrl-C without leaving a process or the port behind, and finds its data when started again', async () => {
    const before = { demo: readDemo(tree), secrets: readFileSync(tree.path('.dev.vars'), 'utf8') };
    const { exitCode, members, left } = await endServer(server, 'SIGINT', 'group');
    expect(members.length).toBeGreaterThan(3);
    expect({ exitCode, left, open: await isOpen(port) }).toEqual({ exitCode: 0, left: [], open: false });

    server = await startServer(tree, npmStart, port);
    expect(readDemo(tree)).toEqual(before.demo);
    expect(readFileSync(tree.path('.dev.vars'), 'utf8')).toBe(before.secrets);
    const [token, create, list] = pastedCommands(server);
    const output = execFileSync('bash', ['-c', [token, create, list].join('\n')], { encoding: 'utf8' });
    expect(output).toContain('EMAIL_ALREADY_EXISTS');
    expect(output).toContain('"email":"user@example.com"');
  });

  it('ends likewise when npm alone gets the signal, and makes credentials anew where the file is gone', async () => {
    const before = readDemo(tree);
    const { exitCode, left } = await endServer(server, 'SIGTERM', 'process');
    expect({ exitCode, left, open: await isOpen(port) }).toEqual({ exitCode: 0, left: [], open: false });

    rmSync(tree.path('.demo.json'));
    server = await startServer(tree, startScript, port);
    const after = readDemo(tree);
    expect(after.reseller.id).toBe(before.reseller.id);
    expect(after.operator.clientSecret).not.toBe(before.operator.clientSecret);
    await requestToken(after.baseUrl, after.operator);
    await expect(requestToken(before.baseUrl, before.operator)).rejects.toThrow('401');
  });

  it('takes everything with it where it is killed outright', async () => {
    const { members } = await endServer(server, 'SIGKILL', 'process');
    await until('the end of its processes', () => alive(members).length === 0 || undefined, 10_000);
    expect(await isOpen(port)).toBe(false);
  });
});
