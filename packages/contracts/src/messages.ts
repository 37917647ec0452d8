// What a person may be told: errors, findings and languages. Needs no schema library, so that processes which only
// work and report load nothing else.
export * from './contract-rules.ts';
export * from './deciding-metric.ts';
export * from './error-catalogue.ts';
export * from './errors.ts';
export * from './leaks.ts';
export * from './locale.ts';
export * from './looks.ts';
export * from './upload-problem-catalogue.ts';
