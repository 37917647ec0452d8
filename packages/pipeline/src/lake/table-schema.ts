import type { Field } from '@kaefer/deltalake';
import { columnTypeOfDelta, deltaType, provenance, widerType, type TableColumn } from './column-types.ts';

/**
 * The table's columns: the file's in its order, then where a row came from and, in a training table, what it is for. Only
 * the key may not be missing.
 *
 * @param hasParts whether the rows are training rows; those of a source are not
 */
export function schemaOf(columns: readonly TableColumn[], key: string | null, hasParts = true): Field[] {
  const own: Field[] = columns.map(({ name, type }) => ({
    name,
    type: deltaType(type),
    nullable: name !== key,
  }));
  const row: Field[] = key === null ? [{ name: provenance.row, type: 'string', nullable: true }] : [];
  const joined: Field[] =
    key === provenance.key ? [{ name: provenance.key, type: 'string', nullable: false }] : [];
  return [
    ...own,
    ...row,
    ...joined,
    { name: provenance.upload, type: 'string', nullable: true },
    { name: provenance.line, type: 'long', nullable: true },
    ...(hasParts ? [{ name: provenance.part, type: 'string', nullable: true } as const] : []),
  ];
}

/** The table's schema with the file's new columns at its end and the wider type of each column. */
export function grownSchema(before: readonly Field[], added: readonly Field[]): Field[] {
  const incoming = new Map(added.map((field) => [field.name, field]));
  const kept = before.map((field) => {
    const other = incoming.get(field.name);
    return other === undefined
      ? field
      : {
          ...field,
          type: deltaType(widerType(columnTypeOfDelta(field.type), columnTypeOfDelta(other.type))),
        };
  });
  const known = new Set(before.map(({ name }) => name));
  return [...kept, ...added.filter(({ name }) => !known.has(name))];
}
