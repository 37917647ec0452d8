import type { Comparison } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import type { SideNames } from './side-names.ts';

/** When, how and on what each of the two was trained. */
export function ModelFacts({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { current, candidate, cost } = comparison;
  const sides = [
    ...(current ? [{ name: names.current, model: { ...current.model, cost: cost?.current } }] : []),
    { name: names.candidate, model: { ...candidate.model, cost: cost?.candidate } },
  ];
  const facts: Array<[string, (model: (typeof sides)[number]['model']) => string]> = [
    [t('results.trainedAt'), (model) => format.dateTime(model.trainedAt)],
    [t('data.version'), (model) => t('words.dataVersion', { version: model.datasetVersion })],
    [t('results.trainingRows'), (model) => format.integer(model.trainingRows)],
    [t('results.mode'), (model) => t(`words.${model.mode}`)],
    ...(cost === undefined
      ? []
      : ([
          [t('results.size'), (model) => (model.cost ? format.bytes(model.cost.bytes) : '–')],
          [
            t('results.latency'),
            (model) =>
              model.cost ? t('results.microseconds', { value: format.plain(model.cost.microseconds) }) : '–',
          ],
        ] satisfies typeof facts)),
  ];
  return (
    <Panel title={t('results.modelFacts')} text={comparison.current ? undefined : t('results.noCurrent')}>
      <Table
        caption={t('results.modelFacts')}
        head={
          <tr>
            <td />
            {sides.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        }
      >
        {facts.map(([fact, valueOf]) => (
          <tr key={fact}>
            <th scope="row">{fact}</th>
            {sides.map(({ name, model }) => (
              <td key={name}>{valueOf(model)}</td>
            ))}
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
