/** SQL of a time as text that the check and the encoder read back as the same instant, to the microsecond. */
export function timestampTextSql(time: string): string {
  const fraction = `CASE WHEN epoch_us(${time}) % 1000000 = 0 THEN '' ELSE strftime(${time}, '.%f') END`;
  return `strftime(${time}, '%Y-%m-%dT%H:%M:%S') || ${fraction} || 'Z'`;
}
