import type { Comparison } from '@kaefer/contracts';
import { section, table, text } from './evidence-blocks.ts';
import type { EvidenceSection } from './evidence-document.ts';
import { sidesOf } from './sides.ts';
import type { EvidenceLanguage } from './texts.ts';

const figures = ['recall', 'precision', 'auc'] as const;
const names = { recall: 'classFound', precision: 'classRight', auc: 'classRanking' } as const;

/** How each of several classes is told from the others, by both models; null for other tasks and older comparisons. */
export function classesSection(comparison: Comparison, language: EvidenceLanguage): EvidenceSection | null {
  const { say } = language;
  const { classes, byClass } = comparison;
  const sides = sidesOf(comparison, language).filter(({ result }) => result.byClass !== undefined);
  if (sides.length === 0) return null;
  return section(
    say('byClass'),
    text(say('byClassText')),
    ...figures.flatMap((figure) => [
      { kind: 'heading', text: say(names[figure]) } as const,
      table(
        [
          say('trueClass'),
          say('rows'),
          ...sides.map(({ name }) => name),
          ...(figure === 'recall' && byClass ? [say('difference'), say('pValue')] : []),
        ],
        classes.map((name, index) => [
          name,
          language.number(sides[0]?.result.byClass?.[index]?.rows, 0),
          ...sides.map(({ result }) => {
            const { estimate = null, low = null, high = null } = result.byClass?.[index]?.[figure] ?? {};
            return estimate === null || low === null || high === null
              ? language.number(estimate)
              : `${language.number(estimate)} (${language.number(low)}–${language.number(high)})`;
          }),
          ...(figure === 'recall' && byClass
            ? [
                language.number(byClass[index]?.recall.estimate),
                language.number(byClass[index]?.adjustedPValue),
              ]
            : []),
        ]),
      ),
    ]),
  );
}
