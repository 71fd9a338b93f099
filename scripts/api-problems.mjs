/**
 * What is wrong with the reports that are kept, each in one line.
 *
 * @param {ReadonlyMap<string, string>} kept by file name
 * @param {ReadonlyMap<string, string>} current what the declarations say
 * @returns {string[]}
 */
export function apiProblems(kept, current) {
  const gone = [...kept.keys()].filter((name) => !current.has(name));
  return [
    ...[...current].flatMap(([name, text]) => changes(name, kept.get(name), text)),
    ...gone.map((name) => `${name}: there is no such door any more`),
  ];
}

/**
 * The exports of a report that no comment says anything about.
 *
 * @param {string} report
 * @returns {string[]} how they are declared
 */
export function undocumentedExports(report) {
  // Members are indented; what is not exported is only there because something else names it.
  return [...report.matchAll(/^\/\/ .*\(undocumented\)\n(export .*)$/gm)].map(([, line = '']) =>
    line.replace(/[ ={;]+$/, ''),
  );
}

/** Enough to see what it is about; the rest is in the diff after writing. */
const SHOWN = 6;

/**
 * @param {string} name
 * @param {string | undefined} kept
 * @param {string} current
 */
function changes(name, kept, current) {
  if (kept === current) return [];
  if (kept === undefined) return [`${name}: there is no report of this door yet`];
  const [before, after] = [kept.split('\n'), current.split('\n')];
  const lines = [
    ...without(before, after).map((line) => `- ${line}`),
    ...without(after, before).map((line) => `+ ${line}`),
  ];
  if (lines.length === 0) return [`${name}: the order changed`];
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN), ...more].map((line) => `${name}: ${line}`);
}

/**
 * @param {readonly string[]} lines
 * @param {readonly string[]} others
 */
function without(lines, others) {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}
