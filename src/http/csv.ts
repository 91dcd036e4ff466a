import { logFault } from '../model/log.ts';

type Cell = string | null;

/** Cells that a spreadsheet would run as a formula (OWASP, CSV Injection); some also split cells at semicolons. */
const FORMULA = /^(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n])[" ]*(?=[=+\-@＝＋－＠])/g;

function cell(value: Cell): string {
  const text = value ?? '';
  const harmless = text.replace(FORMULA, "$&'");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** RFC 4180. */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Reads on demand. The first chunk is read before the response begins, so that its refusal is still a response. */
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
