/** The golden folders are not among the files of the package, so that they are named and no links. */
export function withCase(text: string, golden: string | undefined): string {
  return golden === undefined ? text : `${text} (*${golden.replace(/^traffic\//, '')}*)`;
}
