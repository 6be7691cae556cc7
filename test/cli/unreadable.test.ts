import { describe, expect, it } from 'vitest';
import { checkTree } from '../../src/cli/files/check-tree.js';
import { largestInputMebibytes, readText } from '../../src/cli/files/read-text.js';
import { memoryHost, SystemError } from '../support/memory-host.js';

/** A host whose disk refuses every read. */
function closedHost() {
  const host = memoryHost({ files: { '/work/a.yaml': 'kind: Service\n', '/work/out/.ambit-output': '' } });
  host.disk.beforeRead = (path) => {
    throw new SystemError('EACCES', path);
  };
  return host;
}

describe('what cannot be read is a diagnostic, with the reason', () => {
  it('AMB0004: a file that the system refuses', () => {
    const { files } = closedHost();
    expect(readText(files, '/work/a.yaml', 'a.yaml', null)).toMatchObject({
      fault: { code: 'AMB0004', message: '`a.yaml` cannot be read: permission denied' },
    });
  });

  it('AMB0007: a file that is too large, by its size alone', () => {
    const { files } = closedHost();
    const size = largestInputMebibytes * 1024 * 1024 + 1;
    const large = { ...files, status: () => ({ kind: 'file' as const, size }) };
    expect(readText(large, '/work/a.yaml', 'a.yaml', null)).toMatchObject({ fault: { code: 'AMB0007' } });
  });

  it('AMB0024: an output directory that the system refuses', () => {
    const { diagnostics, isCurrent } = checkTree(closedHost(), '/work/out', []);
    expect(isCurrent).toBe(false);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'AMB0024 `out` cannot be compared: permission denied',
    ]);
  });
});
