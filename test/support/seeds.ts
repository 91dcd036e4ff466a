type Value = string | number | null;
type Column = {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
  readonly dflt_value: string | null;
};
type Reference = { readonly table: string; readonly from: string; readonly to: string | null };
type Table = {
  readonly name: string;
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
};

const ROWS = 2;

/** Values that a column of this name takes in every version, where its type and its CHECKs do not tell. */
const KNOWN: Readonly<Record<string, Value>> = {
  events: '["*"]',
  redirect_uris: '[]',
  roles: '["user.admin"]',
  transports: '["internal"]',
  // A delivery has either an event or a body of its own.
  'webhook_deliveries.body': null,
};

/** Tables with their rows, as SQLite's own tables and wrangler's record of migrations are none of ours. */
export async function tablesOf(db: D1Database): Promise<Table[]> {
  const { results } = await db
    .prepare(
      "select name, sql from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like '\\_cf%' escape '\\' and name not like '%d1\\_migrations' escape '\\' order by name",
    )
    .all<{ name: string; sql: string }>();
  return Promise.all(
    results.map(async ({ name, sql }) => {
      const columns = await db.prepare('select * from pragma_table_info(?)').bind(name).all<Column>();
      const references = await db.prepare('select * from pragma_foreign_key_list(?)').bind(name).all<Reference>();
      return { name, sql, columns: columns.results, references: references.results };
    }),
  );
}

export async function countRows(db: D1Database): Promise<Record<string, number>> {
  const tables = await tablesOf(db);
  const counts = await Promise.all(
    tables.map(({ name }) => db.prepare(`select count(*) as count from ${name}`).first<number>('count')),
  );
  return Object.fromEntries(tables.map(({ name }, index) => [name, counts[index] ?? 0]));
}

/**
 * Puts rows into every table that there is, whatever the version of the database, made from the columns' types, foreign keys
 * and CHECKs. Throws where it knows no row that a table takes: then what is missing has to be added to KNOWN.
 */
export async function seedEveryTable(db: D1Database): Promise<void> {
  const waiting = await tablesOf(db);
  const done = new Set<string>();
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name, references }) =>
      references.every(({ table }) => table === name || done.has(table)),
    );
    const [table] = waiting.splice(next, 1);
    if (table === undefined || next === -1) throw new Error(`no table comes before ${waiting.map(({ name }) => name)}`);
    // What a trigger has put there already is as good.
    const { count } = (await db.prepare(`select count(*) as count from ${table.name}`).first<{ count: number }>()) ?? {
      count: 0,
    };
    const most = /CHECK \(id = 1\)/i.test(table.sql) ? 1 : ROWS;
    for (let row = count; row < most; row++) await seed(db, table, row);
    done.add(table.name);
  }
}

/** A row with all its columns, else one with only those that have to be there. */
async function seed(db: D1Database, table: Table, row: number): Promise<void> {
  const full = await valuesFor(db, table, row, true);
  const sparse = await valuesFor(db, table, row, false);
  const problems = [];
  for (const values of row === 0 ? [full, sparse] : [sparse, full]) {
    const names = Object.keys(values);
    const insert = `insert into ${table.name} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`;
    try {
      await db
        .prepare(insert)
        .bind(...Object.values(values))
        .run();
      return;
    } catch (error) {
      problems.push(String(error));
    }
  }
  throw new Error(
    `no row is known that the table ${table.name} takes:\n${problems.join('\n')}\n${JSON.stringify([full, sparse])}`,
  );
}

async function valuesFor(db: D1Database, table: Table, row: number, all: boolean): Promise<Record<string, Value>> {
  const wanted = table.columns.filter(({ notnull, dflt_value, pk, type }) =>
    all ? !(pk === 1 && type === 'INTEGER') : (notnull === 1 && dflt_value === null) || (pk > 0 && type !== 'INTEGER'),
  );
  const values: Record<string, Value> = {};
  for (const column of wanted) values[column.name] = await valueFor(db, table, column, row);
  return values;
}

async function valueFor(db: D1Database, table: Table, { name, type }: Column, row: number): Promise<Value> {
  const reference = table.references.find(({ from }) => from === name);
  if (reference !== undefined) {
    if (reference.table === table.name) return null;
    const { to, table: parent } = reference;
    return db
      .prepare(`select ${to ?? 'id'} as id from ${parent} limit 1 offset ?`)
      .bind(row)
      .first<Value>('id');
  }
  const known = [`${table.name}.${name}`, name].find((key) => key in KNOWN);
  if (known !== undefined) return KNOWN[known] ?? null;
  const listed = new RegExp(`\\b${name} IN \\(([^)]+)\\)`, 'i').exec(table.sql)?.[1];
  const [first = ''] = listed?.split(',').map((one) => one.trim()) ?? [];
  if (first.startsWith("'")) return first.slice(1, -1);
  if (first !== '') return Number(first);
  return type === 'INTEGER' ? 1 : `${table.name}-${name}-${row}`;
}
