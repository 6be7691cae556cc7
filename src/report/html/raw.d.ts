/** A file as text: the build and the tests read it so. */
declare module '*?raw' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: that is how bundlers give it.
  export default text;
}
