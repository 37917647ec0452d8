/**
 * A model's scores as columns of other classes than its own: of a class that it does not know the probability is 0.
 * A model that was trained before a class appeared is compared like this with one that knows it.
 *
 * @param scores row-major, rows × `own`; not copied when the classes are the same
 * @param own the model's classes
 * @param wanted the classes of the result, which is row-major, rows × `wanted`
 */
export function alignClasses(
  scores: Float32Array,
  own: readonly string[],
  wanted: readonly string[],
): Float32Array {
  if (own.length === wanted.length && own.every((name, index) => name === wanted[index])) return scores;
  const places = own.map((name) => wanted.indexOf(name));
  const rows = scores.length / own.length;
  const aligned = new Float32Array(rows * wanted.length);
  for (let row = 0; row < rows; row++) {
    places.forEach((place, index) => {
      if (place >= 0) aligned[row * wanted.length + place] = scores[row * own.length + index] as number;
    });
  }
  return aligned;
}
