import { plot, type PlotOptions } from '@observablehq/plot';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';
import classes from './PlotFigure.module.css';

interface Props {
  /** What the plot shows, with its main figures, for who cannot see it. */
  readonly label: string;
  /** Memoise it: a new one draws the plot again. */
  readonly options: (width: number) => PlotOptions;
  readonly legend?: ReactNode;
  readonly maxWidth?: number;
}

const narrowest = 240;

/** Draws with Observable Plot as SVG, as wide as there is room. */
export function PlotFigure({ label, options, legend, maxWidth = 1060 }: Props) {
  const { ref, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const drawn = Math.min(Math.max(Math.floor(width), narrowest), maxWidth);

  useEffect(() => {
    if (width === 0) return;
    const figure = plot({
      width: drawn,
      marginTop: 30,
      marginLeft: 52,
      marginBottom: 44,
      style: { background: 'transparent', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
      ...options(drawn),
    });
    // The marks' own labels say nothing to who cannot see them; the plot's does.
    for (const mark of figure.querySelectorAll('[aria-label]')) mark.removeAttribute('aria-label');
    figure.setAttribute('role', 'img');
    figure.setAttribute('aria-label', label);
    place.current?.replaceChildren(figure);
    return () => figure.remove();
  }, [width, drawn, options, label]);

  return (
    <figure className={classes.figure} ref={ref}>
      {legend}
      <div ref={place} className={classes.plot} />
    </figure>
  );
}
