import classes from './PlotFigure.module.css';

export interface LegendItem {
  readonly name: string;
  readonly color: string;
  readonly look: 'line' | 'dashed' | 'box' | 'striped' | 'dot' | 'ring';
}

/** What each line or shape stands for; by its form as well as by its colour. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className={classes.legend}>
      {items.map(({ name, color, look }) => (
        <li key={name}>
          <svg width="26" height="12" aria-hidden>
            {(look === 'line' || look === 'dashed') && (
              <line
                x1="1"
                x2="25"
                y1="6"
                y2="6"
                stroke={color}
                strokeWidth="2.5"
                strokeDasharray={look === 'dashed' ? '5 3' : undefined}
              />
            )}
            {(look === 'box' || look === 'striped') && (
              <rect
                x="5"
                width="16"
                height="11"
                y="0.5"
                fill={color}
                fillOpacity={look === 'box' ? 0.75 : 0.3}
                stroke={color}
              />
            )}
            {look === 'dot' && <circle cx="13" cy="6" r="5" fill={color} />}
            {look === 'ring' && <circle cx="13" cy="6" r="4" fill="none" stroke={color} strokeWidth="2" />}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
