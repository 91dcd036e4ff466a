import type { StatusFanout } from '../status-updates.ts';
import { verdictOf } from './report.ts';

/** The row of the table. A duplicate is a mail that somebody had already, at the mail server or as a row. */
export type StatusLine = {
  title: string;
  requestMs: number;
  writtenMs: number;
  queuedPerSecond: number;
  receivedMs: number;
  receivedPerSecond: number;
  duplicates: number;
  missing: number;
  budget: number;
  met: boolean;
};

export function toStatusLine(measured: StatusFanout): StatusLine {
  const { subscribers, requestMs, writtenMs, receivedMs, rows, sink } = measured;
  const duplicates = sink.mails - sink.recipients + (rows.mails - rows.users);
  return {
    title: `1 update to ${subscribers.toLocaleString('en')} subscribers`,
    requestMs,
    writtenMs,
    queuedPerSecond: (rows.mails / writtenMs) * 1_000,
    receivedMs,
    receivedPerSecond: (sink.recipients / receivedMs) * 1_000,
    duplicates,
    missing: subscribers - sink.recipients,
    budget: 0,
    met: duplicates <= 0,
  };
}

/** The line as Markdown. */
export function statusToMarkdown(line: StatusLine): string {
  const { title, requestMs, writtenMs, queuedPerSecond, receivedMs, receivedPerSecond } = line;
  const written = [seconds(writtenMs), queuedPerSecond.toFixed(0)];
  const received = [seconds(receivedMs), receivedPerSecond.toFixed(0)];
  const cells = [
    title,
    requestMs.toFixed(1),
    ...written,
    ...received,
    `${line.duplicates}${verdictOf('≤', line)}`,
    line.missing,
  ];
  return [
    '| mails | request ms | all queued in s | mails queued/s | all received in s | mails received/s | duplicates | missing |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |',
    `| ${cells.join(' | ')} |`,
  ].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
