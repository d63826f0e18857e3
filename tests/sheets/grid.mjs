// grid.mjs: the cells of a spreadsheet, with the rules of Sheets v4: grid
// sizes, RAW and USER_ENTERED, null leaves a cell alone, "" empties it, a
// request is applied whole or not at all.

export class ApiError extends Error {
  constructor(code, status, message, details) {
    super(message);
    Object.assign(this, { code, status, details });
  }
}
const bad = (message) => new ApiError(400, 'INVALID_ARGUMENT', message);

const CELLS_MAX = 10_000_000;

export function columnName(index) {
  let name = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26))
    name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}
const columnIndex = (name) =>
  [...name].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;
const quoted = (title) => /^[A-Za-z][A-Za-z0-9_]*$/.test(title)
  ? title : `'${title.replaceAll("'", "''")}'`;

export class Spreadsheet {
  constructor(id) {
    this.id = id;
    this.sheets = [];
    this.addSheet({ sheetId: 0, title: 'Sheet1' });
  }

  addSheet({ sheetId, title, gridProperties = {} }) {
    const sheet = {
      sheetId, title, rows: [], formats: [],
      rowCount: gridProperties.rowCount ?? 1000,
      columnCount: gridProperties.columnCount ?? 26,
      frozenRowCount: gridProperties.frozenRowCount ?? 0,
    };
    this.sheets.push(sheet);
    return sheet;
  }

  sheet(title) {
    return this.sheets.find((s) => s.title === title);
  }

  /** "'Cash flows'!A2:K5", "Trades!A1:A", "Trades!1:1" on the grid. */
  range(text) {
    const m = text.match(/^(?:'((?:[^']|'')+)'|([^'!]+))!(?:([A-Z]*)(\d*))(?::([A-Z]*)(\d*))?$/);
    const sheet = m && this.sheet((m[1] ?? m[2]).replaceAll("''", "'"));
    if (!sheet) throw bad(`Unable to parse range: ${text}`);
    const [, , , c1, r1, c2 = c1, r2 = r1] = m;
    const range = {
      sheet,
      row: r1 ? Number(r1) - 1 : 0,
      column: c1 ? columnIndex(c1) : 0,
      lastRow: r2 ? Number(r2) - 1 : sheet.rowCount - 1,
      lastColumn: c2 ? columnIndex(c2) : sheet.columnCount - 1,
    };
    if (range.lastRow >= sheet.rowCount || range.lastColumn >= sheet.columnCount ||
        range.row >= sheet.rowCount || range.column >= sheet.columnCount)
      throw bad(`Range (${text}) exceeds grid limits. Max rows: ${sheet.rowCount}, `
        + `max columns: ${sheet.columnCount}`);
    range.name = `${quoted(sheet.title)}!${columnName(range.column)}${range.row + 1}:`
      + `${columnName(range.lastColumn)}${range.lastRow + 1}`;
    return range;
  }

  /** values.batchGet, UNFORMATTED_VALUE: rows or columns, the empty end cut. */
  read(text, majorDimension = 'ROWS') {
    const r = this.range(text);
    let rows = [];
    for (let i = r.row; i <= r.lastRow && i < r.sheet.rows.length; i++)
      rows.push((r.sheet.rows[i] ?? []).slice(r.column, r.lastColumn + 1)
        .map((v) => v ?? ''));
    if (majorDimension === 'COLUMNS') {
      const width = Math.max(0, ...rows.map((row) => row.length));
      rows = Array.from({ length: width }, (_, c) => rows.map((row) => row[c] ?? ''));
    }
    for (const row of rows) while (row.length && row.at(-1) === '') row.pop();
    while (rows.length && rows.at(-1).length === 0) rows.pop();
    const answer = { range: r.name, majorDimension };
    if (rows.length) answer.values = rows;
    return answer;
  }

  /** Checks a ValueRange and gives back what is to be set: nothing yet. */
  plan({ range, majorDimension = 'ROWS', values = [] }, option) {
    if (majorDimension !== 'ROWS') throw bad('the stand-in writes ROWS only');
    const r = this.range(range);
    const set = [];
    values.forEach((row, i) => {
      if (r.row + i > r.lastRow)
        throw bad(`Requested writing within range [${r.name}], but tried writing to row [${r.row + i + 1}]`);
      row.forEach((value, c) => {
        if (r.column + c > r.lastColumn)
          throw bad(`Requested writing within range [${r.name}], but tried writing to column [${columnName(r.column + c)}]`);
        if (value === null) return;
        if (!['string', 'number', 'boolean'].includes(typeof value))
          throw bad(`Invalid values[${i}][${c}]: ${JSON.stringify(value)}`);
        if (typeof value === 'string' && value.length > 50000)
          throw bad('Your input contains more than the maximum of 50000 characters in a single cell.');
        set.push([r.sheet, r.row + i, r.column + c, this.#entered(value, option)]);
      });
    });
    return set;
  }

  /** USER_ENTERED would make a formula of "=…": kept so that tests see it. */
  #entered(value, option) {
    if (option === 'RAW') return value;
    if (option !== 'USER_ENTERED') throw bad(`Invalid valueInputOption: ${option}`);
    if (typeof value === 'string' && value.startsWith('=')) return { formula: value };
    return value;
  }

  set(sheet, row, column, value) {
    while (sheet.rows.length <= row) sheet.rows.push([]);
    sheet.rows[row][column] = value === '' ? undefined : value;
  }

  /** Rows that a person protected: sheet.protected is [first, last], from 0. */
  #guard(sheet, first, last = first) {
    const p = sheet.protected;
    if (p && first <= p[1] && last >= p[0])
      throw bad('You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.');
  }

  /** values.batchUpdate: {totalUpdatedCells, …}. */
  write({ valueInputOption, data = [] }) {
    const set = data.flatMap((d) => this.plan(d, valueInputOption));
    for (const [sheet, row] of set) this.#guard(sheet, row);
    for (const [sheet, row, column, value] of set) this.set(sheet, row, column, value);
    return { spreadsheetId: this.id, totalUpdatedCells: set.length };
  }

  /** spreadsheets.batchUpdate, on a copy that takes the old one's place. */
  update({ requests = [] }) {
    if (requests.length === 0) throw bad('Must specify at least one request.');
    if (requests.length > 100000)
      throw bad('Cannot exceed 100000 requests in a single batch.');
    const copy = new Spreadsheet(this.id);
    copy.sheets = this.sheets.map((s) => ({ ...s, rows: s.rows.map((r) => r.slice()), formats: [...s.formats] }));
    const replies = requests.map((request, i) => copy.#one(request, i));
    this.sheets = copy.sheets;
    return { spreadsheetId: this.id, replies };
  }

  #one(request, i) {
    const [[kind, body]] = Object.entries(request);
    const known = { addSheet: '_add', updateSheetProperties: '_properties', repeatCell: '_repeat', updateCells: '_cells' };
    if (!known[kind])
      throw bad(`Invalid JSON payload received. Unknown name "${kind}" at 'requests[${i}]': Cannot find field.`);
    const answer = this[known[kind]](body, i) ?? {};
    if (this.sheets.reduce((n, s) => n + s.rowCount * s.columnCount, 0) > CELLS_MAX)
      throw bad(`Invalid requests[${i}].${kind}: This action would increase the number of cells in the workbook above the limit of 10000000 cells.`);
    return answer;
  }

  #byId(id, i, kind) {
    const sheet = this.sheets.find((s) => s.sheetId === (id ?? 0));
    if (!sheet) throw bad(`Invalid requests[${i}].${kind}: No grid with id: ${id}`);
    return sheet;
  }

  _add({ properties: p }, i) {
    if (this.sheet(p.title))
      throw bad(`Invalid requests[${i}].addSheet: A sheet with the name "${p.title}" already exists. Please enter another name.`);
    if (this.sheets.some((s) => s.sheetId === p.sheetId))
      throw bad(`Invalid requests[${i}].addSheet: Sheet with id ${p.sheetId} already exists.`);
    this.addSheet(p);
    return { addSheet: { properties: p } };
  }

  _properties({ properties: p, fields }, i) {
    const sheet = this.#byId(p.sheetId, i, 'updateSheetProperties');
    for (const field of fields.split(',')) {
      const name = field.match(/^gridProperties\.(rowCount|columnCount|frozenRowCount)$/)?.[1];
      if (!name) throw bad(`Invalid requests[${i}].updateSheetProperties: the stand-in does not know "${field}"`);
      sheet[name] = p.gridProperties[name];
    }
    sheet.rows.length = Math.min(sheet.rows.length, sheet.rowCount);
  }

  _repeat({ range, cell, fields }, i) {
    const sheet = this.#byId(range.sheetId, i, 'repeatCell');
    this.#guard(sheet, range.startRowIndex, sheet.rowCount);
    if (range.endColumnIndex > sheet.columnCount)
      throw bad(`Invalid requests[${i}].repeatCell: range exceeds grid limits`);
    if (fields !== 'userEnteredFormat.numberFormat')
      throw bad(`Invalid requests[${i}].repeatCell: the stand-in does not know "${fields}"`);
    for (let c = range.startColumnIndex; c < range.endColumnIndex; c++)
      sheet.formats.push({ column: c, from: range.startRowIndex, to: sheet.rowCount,
        ...cell.userEnteredFormat.numberFormat });
  }

  _cells({ start, rows }, i) {
    const sheet = this.#byId(start.sheetId, i, 'updateCells');
    rows.forEach((row, r) => row.values.forEach((cell, c) => {
      if (start.columnIndex + c >= sheet.columnCount || start.rowIndex + r >= sheet.rowCount)
        throw bad(`Invalid requests[${i}].updateCells: Attempting to write column: ${start.columnIndex + c}, beyond the last requested column of: ${sheet.columnCount - 1}`);
      this.set(sheet, start.rowIndex + r, start.columnIndex + c,
        cell.userEnteredValue?.stringValue ?? cell.userEnteredValue?.numberValue ?? '');
    }));
  }
}
