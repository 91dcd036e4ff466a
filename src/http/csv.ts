import { logFault } from '../model/log.ts';

type Cell = string | null;

/**
 * Where a spreadsheet would take what comes for a formula, and run it (OWASP, CSV Injection): at a cell's start, and behind
 * what some spreadsheets end a cell by, as many do by the semicolon in countries that write a comma within numbers.
 */
const FORMULA = /^(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n])[" ]*(?=[=+\-@＝＋－＠])/g;

function cell(value: Cell): string {
  const text = value ?? '';
  const harmless = text.replace(FORMULA, "$&'");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One record (RFC 4180), with its line's end. */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/**
 * A table as CSV while it is read: each chunk when the receiver has room for it, and no more once that has gone. The first is
 * read before there is an answer, so that what it refuses still can be; what fails later breaks the stream off.
 */
export async function csvStream<Row>(
  header: readonly string[],
  chunks: AsyncGenerator<readonly Row[]>,
  toCells: (row: Row) => readonly Cell[],
  requestId: string,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next = await chunks.next();
  let text = csvRecord(header);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (const row of next.value ?? []) text += csvRecord(toCells(row));
        controller.enqueue(encoder.encode(text));
        text = '';
        try {
          next = await chunks.next();
        } catch (error) {
          logFault('export', error, requestId);
          controller.error(new Error('the export broke off'));
          return;
        }
        if (next.done) controller.close();
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
