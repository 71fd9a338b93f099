import { expect, it } from 'vitest';

import { StderrTail } from './stderr-tail.js';

const env = { TOKEN: 'secret-0123456789' };

it.each([3_990, 7_990])(
  '[modules.secret-cut] repeats no half of a secret where the tail is cut, after %d further characters',
  (further) => {
    const tail = new StderrTail(env);
    const rest = `\n${'x'.repeat(further - 2)}\n`;
    tail.read(Buffer.from(`it is ${env.TOKEN}${rest}`));
    expect(tail.lines.join('\n').length).toBeLessThanOrEqual(4_000);
    expect(tail.lines.join('\n').replaceAll('[secret]', '')).not.toMatch(/\d/);
    expect(tail.lines.at(-1)).toMatch(/^x+$/);
  },
);
