/** The kinds of answer, with the texts that name and explain each. */
export const tasks = [
  ['binary', 'create.taskBinary', 'create.taskBinaryText'],
  ['multiclass', 'create.taskMulticlass', 'create.taskMulticlassText'],
  ['regression', 'create.taskRegression', 'create.taskRegressionText'],
] as const;
