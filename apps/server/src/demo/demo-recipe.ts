import { checkNames, stationNames } from '@kaefer/factory';

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
const zones = stationNames.slice(0, -1);

/** The training table of the simulated factory, a row a vehicle, made of its three reports. */
export const demoRecipe = `-- Minutes in each zone: from entering it to entering the next.
WITH passages AS (
  SELECT *, date_diff('second', time, lead(time) OVER (PARTITION BY knr ORDER BY time)) / 60 AS minutes
  FROM stations
),
vehicles AS (
  SELECT knr,
    CAST(max(time) AS DATE) AS build_date,
    max(line) AS line,
    max(model) AS model,
    max(engine) AS engine,
${zones.map((zone) => `    max(minutes) FILTER (station = '${zone}') AS ${zone}_min`).join(',\n')}
  FROM passages
  GROUP BY knr
  HAVING count(*) FILTER (station = 'end_of_line') > 0
),
-- A column for each check.
measured AS (
  FROM (PIVOT checks ON name IN (${list(checkNames)}) USING max(value) GROUP BY knr)
)
-- A vehicle failed when it is listed among the failures.
SELECT vehicles.*, measured.* EXCLUDE (knr),
  CASE WHEN knr IN (SELECT knr FROM failures) THEN 'fail' ELSE 'ok' END AS road_test
FROM vehicles LEFT JOIN measured USING (knr)`;
