import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Table } from '../../ui/Table.tsx';
import classes from './Confusion.module.css';

interface Props {
  readonly model: string;
  readonly names: readonly string[];
  readonly matrix: ReadonlyArray<readonly number[]>;
}

/** Shade of the strongest cell; the text stays readable on it in both schemes. */
const strongestShade = 45;

/** True classes against predicted ones; each row is shaded by its share. */
export function ClassMatrix({ model, names, matrix }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes.side}>
      <p className={classes.model}>{model}</p>
      <Table
        compact
        caption={t('results.confusionCaption', { model })}
        head={
          <tr>
            <th scope="col">
              {t('results.classTrue')} ↓ {t('results.classPredicted')} →
            </th>
            {names.map((name) => (
              <th key={name} scope="col" data-number>
                {name}
              </th>
            ))}
          </tr>
        }
      >
        {matrix.map((row, index) => {
          const total = row.reduce((sum, count) => sum + count, 0);
          return (
            <tr key={names[index]}>
              <th scope="row">{names[index]}</th>
              {row.map((count, position) => (
                <td
                  key={names[position]}
                  data-number
                  className={classes.heat}
                  data-right={position === index || undefined}
                  style={{
                    background: `color-mix(in srgb, var(--kaefer-series-candidate) ${total === 0 ? 0 : Math.round((count / total) * strongestShade)}%, transparent)`,
                  }}
                >
                  {format.integer(count)}
                </td>
              ))}
            </tr>
          );
        })}
      </Table>
    </div>
  );
}
