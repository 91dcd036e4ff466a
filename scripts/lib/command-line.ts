import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CommandError } from './command-error.ts';

/** Throws a Complaint with the usage. */
export function readCommandLine<Config extends ParseArgsConfig, Read>(
  usage: string,
  config: Config,
  read: (parsed: ReturnType<typeof parseArgs<Config>>) => Read,
): Read {
  try {
    return read(parseArgs(config));
  } catch {
    throw new CommandError(`Usage: ${usage}`);
  }
}

export function takeNoArguments(usage: string): void {
  readCommandLine(usage, {}, () => {});
}
