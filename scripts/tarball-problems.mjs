/**
 * What is wrong with what a package would be published with.
 *
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function tarballProblems(files) {
  const missing = ['LICENSE-MIT', 'LICENSE-APACHE', 'dist/index.js', 'dist/index.d.ts'].filter(
    (file) => !files.includes(file),
  );
  const unwanted = files.filter((file) => file.includes('.test.') || file.endsWith('.tsbuildinfo'));
  return [
    ...missing.map((file) => `${file} is not in the tarball`),
    ...unwanted.map((file) => `${file} does not belong in a tarball`),
  ];
}
