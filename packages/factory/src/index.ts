export { FactoryError } from './factory-error.ts';
export { generateMonth, generateVehicles, type FactoryOptions } from './generate-vehicles.ts';
export { monthCsvChunks, monthFileName, writeMonthCsv } from './month-csv.ts';
export {
  checkNames,
  reportColumns,
  reportCsvChunks,
  reportFileName,
  reportNames,
  stationNames,
  type ReportName,
} from './month-reports.ts';
export { CHANGE_DAY, CHANGE_MONTH } from './process-change.ts';
export {
  DATA_LABEL,
  vehicleColumns,
  type ColumnType,
  type Vehicle,
  type VehicleColumn,
  type VehicleColumnName,
} from './vehicle-columns.ts';
