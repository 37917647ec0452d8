import { renameSync, rmSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileContainer } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { findContainer } from './container.ts';
import type { FileLimits } from './free-space.ts';
import { jsonLinesToCsv, parquetToCsv } from './read-records.ts';
import { workbookLimitBytes, workbookToCsv } from './read-workbook.ts';
import { SheetLook } from './look-at-sheet.ts';
import { Archive, gunzip, UnpackError } from './unpack-archive.ts';

/** What a file was packed in, or which form other than text it has, and what should be said of it. */
export interface Unpacked {
  readonly container: FileContainer;
  /** The sheet of a workbook, and all that it has. */
  readonly sheet?: string;
  readonly sheets?: readonly string[];
  /** Columns, from 0, whose values the file itself holds as numbers, and not as a text that someone wrote. Default none. */
  readonly numbers?: readonly number[];
  readonly notes: readonly StoredProblem[];
}

export interface UnpackRequest {
  /** As received; it stays as it is. */
  readonly file: string;
  /** Where the text is written; nothing is, when the file is text already. */
  readonly output: string;
  readonly limits: FileLimits;
  /** Names that the sheet of a workbook should have. */
  readonly wanted: readonly string[];
  /** The sheet of a workbook that shall be read, where it has it. */
  readonly sheet?: string | undefined;
}

/** An archive's file may be a workbook or Parquet file, not another archive's archive. */
const deepest = 2;

/**
 * Writes what a gzip file, a zip archive, an Excel workbook, a Parquet file or JSON lines hold as one text file.
 *
 * @returns undefined for a file that is text, or at least none of these
 * @throws UnpackError; KaeferError `disk_full` when what a gzip file, an archive or a workbook holds would leave too little space
 */
export async function unpackFile(
  connection: DuckDBConnection,
  request: UnpackRequest,
): Promise<Unpacked | undefined> {
  let unpacked: Unpacked | undefined;
  const packed = `${request.output}.packed`;
  try {
    for (let depth = 0; depth < deepest; depth++) {
      const next = await unpackOnce(connection, {
        ...request,
        file: unpacked === undefined ? request.file : packed,
      });
      if (next === undefined) break;
      unpacked = next;
      renameSync(request.output, packed);
    }
    if (unpacked !== undefined) renameSync(packed, request.output);
    return unpacked;
  } catch (error) {
    rmSync(request.output, { force: true });
    throw error;
  } finally {
    rmSync(packed, { force: true });
  }
}

async function unpackOnce(
  connection: DuckDBConnection,
  request: UnpackRequest,
): Promise<Unpacked | undefined> {
  const { file, output, limits } = request;
  const container = findContainer(file);
  switch (container) {
    case 'text':
      return undefined;
    case 'gzip':
      await gunzip(file, output, limits);
      return { container, notes: [] };
    case 'zip':
      return unpackArchive(request);
    case 'parquet':
      return { container, numbers: await parquetToCsv(connection, file, output), notes: [] };
    case 'json_lines':
      return { container, numbers: await jsonLinesToCsv(connection, file, output), notes: [] };
    case 'compound':
      throw new UnpackError({ code: 'old_workbook', parameters: {}, count: 1 });
  }
}

/** What a workbook's sheets are, before they are held in memory. @throws UnpackError */
async function lookAtSheets(archive: Archive, limitBytes: number): Promise<StoredProblem[]> {
  const looks = new Map<string, SheetLook>();
  await archive.requireAtMost(limitBytes, ({ fileName }, chunk) => {
    if (!fileName.startsWith('xl/worksheets/')) return;
    const look = looks.get(fileName) ?? new SheetLook();
    looks.set(fileName, look);
    look.add(chunk);
  });
  let cells = 0;
  for (const look of looks.values()) {
    look.end();
    cells += look.formulasAlone;
    const cell = look.strayCell;
    if (cell !== undefined) throw new UnpackError({ code: 'stray_cell', parameters: { cell }, count: 1 });
  }
  return cells === 0 ? [] : [{ code: 'formulas_without_results', parameters: { cells }, count: cells }];
}

async function unpackArchive({ file, output, limits, wanted, sheet }: UnpackRequest): Promise<Unpacked> {
  const archive = await Archive.open(file);
  try {
    if (archive.isWorkbook) {
      const formulas = await lookAtSheets(archive, Math.min(limits.unpackedBytes, workbookLimitBytes));
      const written = await workbookToCsv(file, output, limits.minFreeBytes, wanted, sheet);
      return { container: 'workbook', ...written, notes: [...written.notes, ...formulas] };
    }
    const [only, ...others] = archive.files;
    if (only === undefined || others.length > 0) {
      const names = archive.files.slice(0, 5).map(({ fileName }) => fileName.slice(0, 100));
      throw new UnpackError({
        code: 'archive_not_one_file',
        parameters: { count: archive.files.length, names: names.join(', ') },
        count: 1,
      });
    }
    await archive.extract(only, output, limits);
    return { container: 'zip', notes: [] };
  } finally {
    archive.close();
  }
}
