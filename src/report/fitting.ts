/** GitHub takes no comment, and no step summary, of more than some 65,000 characters. */
const mostCharacters = 60_000;

/** The sections, in order, that one comment has room for; of all others it is said how many there are. */
export function fitting(sections: readonly string[], inWords: (left: number) => string): readonly string[] {
  let room = mostCharacters;
  const shown = sections.filter((text) => {
    room -= text.length;
    return room >= 0;
  });
  const left = sections.length - shown.length;
  return left === 0 ? shown : [...shown, inWords(left)];
}
