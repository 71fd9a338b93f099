/** The place of a row in the history. */
export interface HistoryPlace {
  readonly updatedAtMs: number;
  readonly appendedUs: number;
  readonly rowId: string;
}

/** Before every row: nothing is appended at 0. */
export const BEGINNING: HistoryPlace = { updatedAtMs: 0, appendedUs: 0, rowId: '' };

const CURSOR = /^(?<updatedAtMs>\d{1,16})\.(?<appendedUs>\d{1,16})\.(?<rowId>[0-9a-f]{64})$/;

/** A place as callers are given it. */
export function toCursor({ updatedAtMs, appendedUs, rowId }: HistoryPlace): string {
  return `${updatedAtMs}.${appendedUs}.${rowId}`;
}

/** @throws TypeError for what no page had. */
export function fromCursor(cursor: string): HistoryPlace {
  const { updatedAtMs, appendedUs, rowId } = CURSOR.exec(cursor)?.groups ?? {};
  if (rowId === undefined) throw new TypeError('after is no cursor of this history');
  return { updatedAtMs: Number(updatedAtMs), appendedUs: Number(appendedUs), rowId };
}
