import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Complaint } from './complaint.ts';

/** What `read` makes of the command line. Throws a Complaint with the usage where that is not how it is used, or `read` throws. */
export function readCommandLine<Config extends ParseArgsConfig, Read>(
  usage: string,
  config: Config,
  read: (parsed: ReturnType<typeof parseArgs<Config>>) => Read,
): Read {
  try {
    return read(parseArgs(config));
  } catch {
    throw new Complaint(`Usage: ${usage}`);
  }
}

/** For a command that takes no arguments: one that is given is no command to do the work without it. */
export function takeNoArguments(usage: string): void {
  readCommandLine(usage, {}, () => {});
}
