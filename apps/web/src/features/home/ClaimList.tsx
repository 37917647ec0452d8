import classes from './HomeScreen.module.css';

export interface Claim {
  readonly figure: string;
  readonly text: string;
}

/** Figures, each with a sentence that needs no explanation. */
export function ClaimList({ claims }: { claims: readonly Claim[] }) {
  return (
    <ul className={classes.claims}>
      {claims.map(({ figure, text }) => (
        <li key={text}>
          <strong>{figure}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
