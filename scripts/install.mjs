/** Installs the packages of package-lock.json. Runs before anything is installed, so it is plain JavaScript. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (!isInstalled()) {
  checkWritable();
  console.error('Installing packages; this happens once and takes about half a minute …');
  install();
}

/** npm records its work in node_modules/.package-lock.json. The package `node` also downloads a binary. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  if (!existsSync(join(root, 'node_modules/.bin/node'))) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = present[path];
    if (path === '' || (found === undefined && optional)) return true;
    return found?.version === version && found?.integrity === integrity;
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

function checkWritable() {
  try {
    accessSync(root, constants.W_OK);
    if (existsSync(join(root, 'node_modules'))) accessSync(join(root, 'node_modules'), constants.W_OK);
  } catch (error) {
    fail(`this folder cannot be written (${error.code}).`);
  }
}

/** `npm ci` rejects a lock file that lacks other platforms' builds. `--no-save` keeps the lock file unchanged. */
function install() {
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts=false', '--loglevel=error'];
  const [command, ...first] = npm();
  const { status, stderr, error } = spawnSync(command, [...first, 'install', ...options], {
    cwd: root,
    env: { ...process.env, PATH: outerPath() },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) fail(error.message);
  if (status !== 0) fail(reason(stderr));
  if (!isInstalled()) fail('node_modules still differs from package-lock.json afterwards.');
}

/** Uses the outer Node: the one in node_modules may be replaced meanwhile. */
function npm() {
  const { npm_node_execpath: node, npm_execpath: cli } = process.env;
  return node && cli ? [node, cli] : ['npm'];
}

function outerPath() {
  const own = join(root, 'node_modules', '.bin');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== own)
    .join(delimiter);
}

function reason(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm error ?/, '').trim());
  return (
    lines
      .filter((line) => line !== '')
      .slice(0, 2)
      .join(': ') || 'npm gave no reason.'
  );
}

function fail(why) {
  console.error(`The packages could not be installed: ${why}`);
  process.exit(1);
}
