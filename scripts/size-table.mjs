/** @typedef {import('./package-sizes.mjs').PackageSize} PackageSize */

/** How far a size may be from the one that is kept: a compressor or a platform of its own makes a little difference. */
const TOLERANCE = 0.15;

const [BEGIN, END] = ['<!-- written by npm run packages:sizes -- --write -->', '<!-- end -->'];
const HEAD = [
  '| package | tarball, kB | its files, kB | packages installed | all their files, kB |',
  '|---|--:|--:|--:|--:|',
];

/**
 * A text with the table of these sizes in place of the one between its marks.
 *
 * @param {string} text
 * @param {readonly PackageSize[]} sizes
 * @returns {string}
 */
export function withSizeTable(text, sizes) {
  const rows = sizes.map((size) => `| ${[`\`${size.name}\``, ...figures(size)].join(' | ')} |`);
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  if (before < BEGIN.length || after < 0)
    throw new Error(`There is no "${BEGIN}" … "${END}" to write between`);
  return [text.slice(0, before), ...HEAD, ...rows, text.slice(after)].join('\n');
}

/**
 * Where a text is not what was measured: counts to the one, sizes within 15 %.
 *
 * @param {string} text
 * @param {readonly PackageSize[]} sizes
 * @returns {string[]}
 */
export function sizeProblems(text, sizes) {
  const kept = readSizeTable(text);
  const gone = [...kept.keys()].filter((name) => !sizes.some((size) => size.name === name));
  return [
    ...sizes.flatMap((size) => differences(size, kept.get(size.name))),
    ...gone.map((name) => `${name} is not published any more`),
  ];
}

/** @param {string} text @returns {Map<string, number[]>} the figures, by package */
function readSizeTable(text) {
  const table = text.slice(text.indexOf(BEGIN), text.indexOf(END));
  return new Map(
    [...table.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name = '', cells = '']) => [
      name,
      cells.split(' | ').map(Number),
    ]),
  );
}

/**
 * @param {PackageSize} size
 * @param {readonly number[] | undefined} kept
 */
function differences(size, kept) {
  if (kept === undefined) return [`${size.name} has no row`];
  return figures(size).flatMap((now, column) => {
    const then = kept[column] ?? 0;
    const counted = column === 2;
    const same = counted ? now === then : Math.abs(now - then) <= Math.max(then, 1) * TOLERANCE;
    return same ? [] : [`${size.name}: ${now} ${counted ? 'packages' : 'kB'} in place of ${then}`];
  });
}

/** @param {PackageSize} size */
function figures({ packed, unpacked, packages, installed }) {
  const kB = (/** @type {number} */ bytes) => Math.max(Math.round(bytes / 1_000), 1);
  return [kB(packed), kB(unpacked), packages, kB(installed)];
}
