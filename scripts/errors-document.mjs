/** docs/errors.md as the catalogues of @kaefer/contracts have it. */
export function errorsDocument(errors, findings) {
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const errorRows = Object.entries(errors)
    .sort(([, a], [, b]) => a.status - b.status)
    .map(
      ([code, { status, title, detail }]) =>
        `| \`${code}\` | ${status} | ${cell(title.en)} | ${cell(detail.en)} |`,
    );
  const findingRows = Object.entries(findings).map(
    ([code, { severity, rejects, message }]) =>
      `| \`${code}\` | ${severity} | ${rejects ? 'yes' : 'no'} | ${cell(message.en)} |`,
  );
  return `<!-- Made by scripts/write-error-docs.mjs out of packages/contracts/src; a test holds the two equal. -->

# Errors and findings

Every refusal of the API is a problem document (RFC 9457) whose \`code\` is one of the following; \`title\` and \`detail\` come
in the language of the request's \`Accept-Language\`, English or Brazilian Portuguese. Words in braces are filled in.

The packages that are useful on their own name their errors in their own READMEs:
[xgboost](../packages/xgboost/README.md), [deltalake](../packages/deltalake/README.md), [metrics](../packages/metrics/README.md).

## Errors

| code | HTTP status | title | what it says |
| --- | --- | --- | --- |
${errorRows.join('\n')}

## Findings in a file

What the check of an upload can find. An _error_ makes the file unusable. A _warning_ does not; where it rejects rows,
those are left out and can be downloaded with their reasons, and the others are used.

| code | severity | rejects rows | what it says |
| --- | --- | --- | --- |
${findingRows.join('\n')}
`;
}
