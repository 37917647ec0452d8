import type { Feature, Model } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Table } from '../../ui/Table.tsx';

const dayMs = 86_400_000;

/** The inputs of a model and what training saw in each. */
export function FeatureTable({ model }: { model: Pick<Model, 'version' | 'features'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = ({ type }: Feature, value: number) => {
    if (type === 'boolean') return value >= 0.5 ? t('words.yes') : t('words.no');
    if (type === 'date' || type === 'timestamp') return format.date(new Date(value * dayMs).toISOString());
    return format.plain(value);
  };
  const valuesOf = (feature: Feature) => {
    const { minimum, median, maximum, levels, mostFrequent } = feature;
    if (levels) {
      const known = t('models.levels', { count: levels.filter((level) => level !== '').length });
      return mostFrequent ? `${known} · ${t('create.frequent')}: ${mostFrequent}` : known;
    }
    if (minimum == null || median == null || maximum == null) return t('words.noValue');
    return t('models.range', {
      minimum: textOf(feature, minimum),
      maximum: textOf(feature, maximum),
      median: textOf(feature, median),
    });
  };
  return (
    <Table
      compact
      maxHeight={480}
      caption={t('models.featuresCaption', { version: model.version })}
      head={
        <tr>
          <th scope="col">{t('files.column')}</th>
          <th scope="col">{t('files.type')}</th>
          <th scope="col">{t('models.values')}</th>
          <th scope="col" data-number>
            {t('models.missing')}
          </th>
        </tr>
      }
    >
      {model.features.map((feature) => (
        <tr key={feature.name}>
          <th scope="row">{feature.name}</th>
          <td>{t(`types.${feature.type}`)}</td>
          <td>{valuesOf(feature)}</td>
          <td data-number>{format.percent(feature.missingShare, 1)}</td>
        </tr>
      ))}
    </Table>
  );
}
