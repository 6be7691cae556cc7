/**
 * What is wrong with a `paths` value, or `undefined`. Braces stand only for whole segments, `{**}` is the last
 * operator, and the other segments of a template are plain (istio-security §1.5). Envoy refuses `=` in them.
 */
export function pathTemplateFault(path: string): string | undefined {
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  const operators = segments.filter(isOperator);
  const literals = segments.filter((segment) => !isOperator(segment));
  if (literals.some((segment) => /[{}]/.test(segment))) {
    return 'braces stand only for whole segments, as `{*}` or `{**}`';
  }
  if (operators.slice(0, -1).includes('{**}')) return '`{**}` must be the last operator';
  if (operators.length === 0) return undefined;
  const plain = literals.every((segment) => /^[a-zA-Z0-9\-._~%!$&'()+,;:@]+$/.test(segment));
  return plain ? undefined : 'a template has plain segments beside its operators';
}

function isOperator(segment: string): boolean {
  return segment === '{*}' || segment === '{**}';
}
