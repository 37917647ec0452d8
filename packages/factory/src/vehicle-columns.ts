/** How a column is to be read: `key` and `category` are text, `count` is a whole number, `number` has decimals. */
export type ColumnType = 'key' | 'date' | 'category' | 'count' | 'number' | 'target';

export interface VehicleColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly english: string;
  readonly portuguese: string;
}

/** The columns of a simulated vehicle, in the order of the file. Minutes, Nm, °C, %, µm, V, mbar as described. */
export const vehicleColumns = [
  {
    name: 'knr',
    type: 'key',
    english: 'Production number of the vehicle',
    portuguese: 'Número de produção do veículo',
  },
  {
    name: 'build_date',
    type: 'date',
    english: 'Day on which the vehicle left the line',
    portuguese: 'Dia em que o veículo saiu da linha',
  },
  { name: 'weekday', type: 'category', english: 'Weekday', portuguese: 'Dia da semana' },
  {
    name: 'shift',
    type: 'category',
    english: 'Shift that finished the vehicle',
    portuguese: 'Turno que concluiu o veículo',
  },
  { name: 'line', type: 'category', english: 'Assembly line', portuguese: 'Linha de montagem' },
  { name: 'model', type: 'category', english: 'Model', portuguese: 'Modelo' },
  { name: 'body', type: 'category', english: 'Body style', portuguese: 'Tipo de carroceria' },
  { name: 'colour', type: 'category', english: 'Colour', portuguese: 'Cor' },
  { name: 'engine', type: 'category', english: 'Engine', portuguese: 'Motor' },
  { name: 'gearbox', type: 'category', english: 'Gearbox', portuguese: 'Câmbio' },
  { name: 'market', type: 'category', english: 'Market of destination', portuguese: 'Mercado de destino' },
  {
    name: 'gasket_supplier',
    type: 'category',
    english: 'Supplier of the cylinder-head gasket',
    portuguese: 'Fornecedor da junta do cabeçote',
  },
  {
    name: 'harness_supplier',
    type: 'category',
    english: 'Supplier of the wiring harness',
    portuguese: 'Fornecedor do chicote elétrico',
  },
  {
    name: 'damper_supplier',
    type: 'category',
    english: 'Supplier of the dampers',
    portuguese: 'Fornecedor dos amortecedores',
  },
  {
    name: 'seat_supplier',
    type: 'category',
    english: 'Supplier of the seats',
    portuguese: 'Fornecedor dos bancos',
  },
  {
    name: 'crew_experience_months',
    type: 'number',
    english: 'Mean experience of the crew, months',
    portuguese: 'Experiência média da equipe, meses',
  },
  {
    name: 'body_shop_min',
    type: 'number',
    english: 'Time in zone: body shop, minutes',
    portuguese: 'Tempo na zona: funilaria, minutos',
  },
  {
    name: 'paint_prep_min',
    type: 'number',
    english: 'Time in zone: paint preparation, minutes',
    portuguese: 'Tempo na zona: preparação da pintura, minutos',
  },
  {
    name: 'paint_booth_min',
    type: 'number',
    english: 'Time in zone: paint booth, minutes',
    portuguese: 'Tempo na zona: cabine de pintura, minutos',
  },
  {
    name: 'paint_oven_min',
    type: 'number',
    english: 'Time in zone: paint oven, minutes',
    portuguese: 'Tempo na zona: estufa de pintura, minutos',
  },
  {
    name: 'trim_1_min',
    type: 'number',
    english: 'Time in zone: trim zone 1, minutes',
    portuguese: 'Tempo na zona: montagem interna, zona 1, minutos',
  },
  {
    name: 'trim_2_min',
    type: 'number',
    english: 'Time in zone: trim zone 2, minutes',
    portuguese: 'Tempo na zona: montagem interna, zona 2, minutos',
  },
  {
    name: 'trim_3_min',
    type: 'number',
    english: 'Time in zone: trim zone 3, minutes',
    portuguese: 'Tempo na zona: montagem interna, zona 3, minutos',
  },
  {
    name: 'cockpit_min',
    type: 'number',
    english: 'Time in zone: cockpit assembly, minutes',
    portuguese: 'Tempo na zona: montagem do painel, minutos',
  },
  {
    name: 'engine_dress_min',
    type: 'number',
    english: 'Time in zone: engine dressing, minutes',
    portuguese: 'Tempo na zona: preparação do motor, minutos',
  },
  {
    name: 'marriage_min',
    type: 'number',
    english: 'Time in zone: marriage of body and drivetrain, minutes',
    portuguese: 'Tempo na zona: casamento da carroceria com o trem de força, minutos',
  },
  {
    name: 'chassis_1_min',
    type: 'number',
    english: 'Time in zone: chassis zone 1, minutes',
    portuguese: 'Tempo na zona: chassi, zona 1, minutos',
  },
  {
    name: 'chassis_2_min',
    type: 'number',
    english: 'Time in zone: chassis zone 2, minutes',
    portuguese: 'Tempo na zona: chassi, zona 2, minutos',
  },
  {
    name: 'fluids_min',
    type: 'number',
    english: 'Time in zone: filling of fluids, minutes',
    portuguese: 'Tempo na zona: abastecimento de fluidos, minutos',
  },
  {
    name: 'wheels_min',
    type: 'number',
    english: 'Time in zone: wheels, minutes',
    portuguese: 'Tempo na zona: rodas, minutos',
  },
  {
    name: 'electronics_min',
    type: 'number',
    english: 'Time in zone: flashing of control units, minutes',
    portuguese: 'Tempo na zona: gravação das centrais eletrônicas, minutos',
  },
  {
    name: 'final_line_min',
    type: 'number',
    english: 'Time in zone: final line, minutes',
    portuguese: 'Tempo na zona: linha final, minutos',
  },
  { name: 'rework_body', type: 'count', english: 'Reworks: body shop', portuguese: 'Retrabalhos: funilaria' },
  { name: 'rework_paint', type: 'count', english: 'Reworks: paint shop', portuguese: 'Retrabalhos: pintura' },
  {
    name: 'rework_trim',
    type: 'count',
    english: 'Reworks: trim',
    portuguese: 'Retrabalhos: montagem interna',
  },
  {
    name: 'rework_engine',
    type: 'count',
    english: 'Reworks: engine dressing',
    portuguese: 'Retrabalhos: preparação do motor',
  },
  { name: 'rework_chassis', type: 'count', english: 'Reworks: chassis', portuguese: 'Retrabalhos: chassi' },
  {
    name: 'rework_electric',
    type: 'count',
    english: 'Reworks: electrics',
    portuguese: 'Retrabalhos: elétrica',
  },
  {
    name: 'check_gaps',
    type: 'category',
    english: 'Check: gaps and flushness (ok, nok, not_run)',
    portuguese: 'Verificação: folgas e nivelamento (ok, nok, not_run)',
  },
  {
    name: 'check_paint',
    type: 'category',
    english: 'Check: paint surface (ok, nok, not_run)',
    portuguese: 'Verificação: superfície da pintura (ok, nok, not_run)',
  },
  {
    name: 'check_electric',
    type: 'category',
    english: 'Check: electrics (ok, nok, not_run)',
    portuguese: 'Verificação: elétrica (ok, nok, not_run)',
  },
  {
    name: 'check_brakes',
    type: 'category',
    english: 'Check: brake bench (ok, nok, not_run)',
    portuguese: 'Verificação: banco de freios (ok, nok, not_run)',
  },
  {
    name: 'check_lights',
    type: 'category',
    english: 'Check: lights and headlamp aim (ok, nok, not_run)',
    portuguese: 'Verificação: luzes e regulagem dos faróis (ok, nok, not_run)',
  },
  {
    name: 'head_torque_mean',
    type: 'number',
    english: 'Torque of the cylinder-head bolts: mean, Nm',
    portuguese: 'Torque dos parafusos do cabeçote: média, Nm',
  },
  {
    name: 'head_torque_sd',
    type: 'number',
    english: 'Torque of the cylinder-head bolts: standard deviation, Nm',
    portuguese: 'Torque dos parafusos do cabeçote: desvio padrão, Nm',
  },
  {
    name: 'head_torque_max',
    type: 'number',
    english: 'Torque of the cylinder-head bolts: maximum, Nm',
    portuguese: 'Torque dos parafusos do cabeçote: máximo, Nm',
  },
  {
    name: 'suspension_torque_mean',
    type: 'number',
    english: 'Torque of the suspension bolts: mean, Nm',
    portuguese: 'Torque dos parafusos da suspensão: média, Nm',
  },
  {
    name: 'suspension_torque_sd',
    type: 'number',
    english: 'Torque of the suspension bolts: standard deviation, Nm',
    portuguese: 'Torque dos parafusos da suspensão: desvio padrão, Nm',
  },
  {
    name: 'suspension_torque_max',
    type: 'number',
    english: 'Torque of the suspension bolts: maximum, Nm',
    portuguese: 'Torque dos parafusos da suspensão: máximo, Nm',
  },
  {
    name: 'steering_torque_mean',
    type: 'number',
    english: 'Torque of the steering bolts: mean, Nm',
    portuguese: 'Torque dos parafusos da direção: média, Nm',
  },
  {
    name: 'steering_torque_sd',
    type: 'number',
    english: 'Torque of the steering bolts: standard deviation, Nm',
    portuguese: 'Torque dos parafusos da direção: desvio padrão, Nm',
  },
  {
    name: 'steering_torque_max',
    type: 'number',
    english: 'Torque of the steering bolts: maximum, Nm',
    portuguese: 'Torque dos parafusos da direção: máximo, Nm',
  },
  {
    name: 'hall_temperature',
    type: 'number',
    english: 'Temperature of the hall, °C',
    portuguese: 'Temperatura do galpão, °C',
  },
  {
    name: 'humidity',
    type: 'number',
    english: 'Relative humidity of the hall, %',
    portuguese: 'Umidade relativa do galpão, %',
  },
  {
    name: 'oven_temperature',
    type: 'number',
    english: 'Temperature of the paint oven, °C',
    portuguese: 'Temperatura da estufa de pintura, °C',
  },
  {
    name: 'paint_thickness',
    type: 'number',
    english: 'Thickness of the paint, µm',
    portuguese: 'Espessura da pintura, µm',
  },
  {
    name: 'battery_voltage',
    type: 'number',
    english: 'Battery at rest, V',
    portuguese: 'Bateria em repouso, V',
  },
  {
    name: 'leak_rate',
    type: 'number',
    english: 'Leak test of the engine: pressure lost, mbar',
    portuguese: 'Teste de estanqueidade do motor: pressão perdida, mbar',
  },
  {
    name: 'paint_queue_min',
    type: 'number',
    english: 'Wait before the paint shop, minutes',
    portuguese: 'Espera antes da pintura, minutos',
  },
  {
    name: 'final_queue_min',
    type: 'number',
    english: 'Wait before the final line, minutes',
    portuguese: 'Espera antes da linha final, minutos',
  },
  {
    name: 'road_test',
    type: 'target',
    english: 'Result of the road test: ok or fail',
    portuguese: 'Resultado do teste de rodagem: ok ou fail',
  },
] as const satisfies readonly VehicleColumn[];

export type VehicleColumnName = (typeof vehicleColumns)[number]['name'];

/** One row: text for keys, dates and categories, numbers otherwise, null where nothing was recorded. */
export type Vehicle = Readonly<Record<VehicleColumnName, string | number | null>>;

/** Every row of this package is made up. Show this word wherever the rows are shown. */
export const DATA_LABEL = 'simulated';
