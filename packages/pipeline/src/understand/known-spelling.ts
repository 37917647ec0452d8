/** The file's names in the spelling that the project knows them by: case does not tell columns apart. */
export function knownSpelling(names: readonly string[], known: readonly string[]): string[] {
  const byFolded = new Map(known.map((name) => [name.toLowerCase(), name]));
  return names.map((name) => byFolded.get(name.toLowerCase()) ?? name);
}
