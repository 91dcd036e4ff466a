import * as v from 'valibot';
import { runNpm } from '../build/npm.ts';
import { CommandError } from '../command-error.ts';

const Report = v.object({
  vulnerabilities: v.record(v.string(), v.object({ name: v.string(), severity: v.string(), range: v.string() })),
  metadata: v.object({ dependencies: v.object({ total: v.number() }) }),
});

const TIMEOUT_MS = 20_000;

/** Throws a Complaint for a high or critical finding. */
export function auditPackages(): void {
  const retryOptions = ['--fetch-retries=0', `--fetch-timeout=${TIMEOUT_MS}`];
  const { stdout, stderr } = runNpm('audit', '--json', '--audit-level=high', ...retryOptions);
  console.log(`npm audit: ${verdictOf(stdout, stderr)}`);
}

/** An unreachable registry is no finding. */
export function verdictOf(stdout: string, stderr: string): string {
  const report = v.safeParse(v.pipe(v.string(), v.parseJson(), Report), stdout);
  if (!report.success) return `skipped: the registry did not answer it (${reasonIn(stderr)})`;
  const { vulnerabilities, metadata } = report.output;
  const found = Object.values(vulnerabilities).filter(({ severity }) => severity === 'high' || severity === 'critical');
  const lines = found.map(({ name, range, severity }) => `  ${name} ${range}: ${severity}`);
  if (found.length > 0) throw new CommandError(`npm audit found:\n${lines.join('\n')}`);
  return `ok (${metadata.dependencies.total} packages)`;
}

const reasonIn = (stderr: string) =>
  /^npm (?:warn|error) audit (.+)$/m.exec(stderr)?.[1] ?? 'for no reason that npm gives';
