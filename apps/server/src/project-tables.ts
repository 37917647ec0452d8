import type { CurrentTable, findTable } from '@kaefer/pipeline';

type Table = NonNullable<Awaited<ReturnType<typeof findTable>>>;

/** One open table a project: asking again reads only what was committed since. */
export class ProjectTables {
  readonly #find: (project: string) => Promise<Table | undefined>;
  readonly #tables = new Map<string, Table>();

  constructor(find: (project: string) => Promise<Table | undefined>) {
    this.#find = find;
  }

  /** Undefined before the first merge. */
  async table(project: string): Promise<Table | undefined> {
    const known = this.#tables.get(project) ?? (await this.#find(project));
    if (known !== undefined) this.#tables.set(project, known);
    return known;
  }

  async current(project: string): Promise<CurrentTable | undefined> {
    const table = await this.table(project);
    return table === undefined ? undefined : { table, snapshot: await table.snapshot() };
  }
}
