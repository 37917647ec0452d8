/** Current and new model look the same in every plot: colour and form. */
export const currentColor = 'var(--kaefer-series-current)';
export const candidateColor = 'var(--kaefer-series-candidate)';
export const positiveColor = 'var(--kaefer-positive)';
export const negativeColor = 'var(--kaefer-negative)';
export const currentDash = '5 4';
