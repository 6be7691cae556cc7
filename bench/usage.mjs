import { writeFileSync } from 'node:fs';

/** Loaded before a program (`node --import`), it leaves behind how much memory the whole process used at its peak. */
process.on('exit', () => {
  writeFileSync(process.env.BENCH_USAGE, String(process.resourceUsage().maxRSS));
});
