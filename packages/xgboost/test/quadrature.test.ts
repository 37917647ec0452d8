import { expect, test } from 'vitest';
import { unitQuadrature } from '../src/scorer/quadrature.ts';

test('integrates every power below twice its nodes', () => {
  for (let count = 1; count <= 40; count++) {
    const { nodes, weights } = unitQuadrature(count);
    expect(nodes.every((node) => node > 0 && node < 1)).toBe(true);
    for (let power = 0; power < 2 * count; power++) {
      const integral = nodes.reduce((sum, node, k) => sum + (weights[k] as number) * node ** power, 0);
      expect(integral, `${count} nodes, power ${power}`).toBeCloseTo(1 / (power + 1), 12);
    }
  }
});
