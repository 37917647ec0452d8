/** A cell of a sheet, and where it says to be. */
const cellPlace = /<c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"/g;

/** A cell with a formula whose result the workbook does not hold. */
const formulaAlone = /(?:<\/f>|<f(?:\s[^>]*)?\/>)\s*(?:<v\s*\/>|<v>\s*<\/v>)?\s*<\/c>/g;

/** A cell is no longer than this; of anything longer the beginning is let go. */
const longestCell = 1 << 20;

/** So many places in a sheet are read however few cells it has, … */
const fewestPlaces = 20_000_000;
/** … and of more at least this share must be cells. */
const fewestFilled = 0.05;

/** What the text of a workbook's sheet tells before it is read whole. */
export class SheetLook {
  /** Cells with a formula and no result. */
  formulasAlone = 0;
  #cells = 0;
  readonly #lowest = { row: 0, cell: '' };
  readonly #rightmost = { column: 0, cell: '' };
  #rest = '';

  add(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    const end = text.lastIndexOf('<c ');
    this.#look(end < 0 ? '' : text.slice(0, end));
    this.#rest = text.slice(Math.max(0, end, text.length - longestCell));
  }

  end(): void {
    this.#look(this.#rest);
    this.#rest = '';
  }

  /**
   * A cell so far from the others that the sheet is nearly empty: reading it would take all of the memory. undefined: there is
   * none.
   */
  get strayCell(): string | undefined {
    const [rows, columns] = [this.#lowest.row, this.#rightmost.column];
    const places = rows * columns;
    if (places <= fewestPlaces || this.#cells >= places * fewestFilled) return undefined;
    return rows > columns ? this.#lowest.cell : this.#rightmost.cell;
  }

  #look(text: string): void {
    for (const [, letters = '', digits = ''] of text.matchAll(cellPlace)) {
      this.#cells++;
      const [row, column] = [Number(digits), columnNumber(letters)];
      if (row > this.#lowest.row) Object.assign(this.#lowest, { row, cell: letters + digits });
      if (column > this.#rightmost.column) Object.assign(this.#rightmost, { column, cell: letters + digits });
    }
    this.formulasAlone += [...text.matchAll(formulaAlone)].length;
  }
}

/** A is 1, Z is 26, AA is 27. */
function columnNumber(letters: string): number {
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}
