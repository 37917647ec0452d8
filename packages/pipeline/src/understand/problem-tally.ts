import type { ProblemExample, StoredProblem } from '@kaefer/contracts/messages';

/** Places that are shown of one finding. */
const shownExamples = 5;

interface Tallied {
  readonly first: StoredProblem;
  readonly examples: ProblemExample[];
  count: number;
}

/** Gathers findings of one kind on one column: how many there are, and examples of different values. */
export class ProblemTally {
  readonly #problems = new Map<string, Tallied>();

  add(problem: StoredProblem): void {
    const place = `${problem.code} ${problem.column ?? ''}`;
    const { line, value = '' } = problem;
    const known = this.#problems.get(place);
    if (known === undefined) {
      this.#problems.set(place, { first: problem, count: problem.count, examples: [{ line, value }] });
      return;
    }
    known.count += problem.count;
    if (known.examples.length < shownExamples && known.examples.every((other) => other.value !== value))
      known.examples.push({ line, value });
  }

  /** The most frequent first. */
  get problems(): StoredProblem[] {
    return [...this.#problems.values()]
      .map(({ first, count, examples }) => ({
        ...first,
        count,
        ...(examples.length > 1 ? { examples } : {}),
      }))
      .sort((a, b) => b.count - a.count);
  }
}
