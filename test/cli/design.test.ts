import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, savart } from './support.js';

/** The reference cell of battery-physics.md. */
const cellYaml = (name: string, ohmCm2: number, counter: boolean, more = ''): string =>
  [
    `name: ${name}`,
    'outline_mm: {width: 140, height: 200}',
    'thickness_mm: 0.3',
    'current_A: 2',
    'tabs:',
    `  - {name: positive, at_mm: [[${counter ? 48 : 13}, 200], [${counter ? 92 : 57}, 200]], share: 1}`,
    `  - {name: negative, at_mm: [[${counter ? 48 : 83}, ${counter ? 0 : 200}], [${counter ? 92 : 127}, ${counter ? 0 : 200}]], share: -1}`,
    'electrical:',
    `  ${more}`,
    '  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}',
    '  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}',
    `  area_resistance_ohm_cm2: ${ohmCm2}`,
    '',
  ].join('\n');

describe('savart design', () => {
  const folder = emptyFolder();
  const path = (name: string) => join(folder, name);
  for (const ohmCm2 of [5, 10, 20, 40]) {
    for (const side of ['same', 'counter']) {
      writeFileSync(path(`${side}-${ohmCm2}.yaml`), cellYaml(`${side} ${ohmCm2}`, ohmCm2, side === 'counter'));
    }
  }

  it('prints the table of the reference designs, each value within 0.004', () => {
    const table = [
      ['same-5', 1.145, 0.944, 0.05],
      ['same-10', 1.073, 0.972, 0.026],
      ['same-20', 1.037, 0.986, 0.013],
      ['same-40', 1.019, 0.993, 0.0065],
      ['counter-5', 1.093, 0.983, 0.019],
      ['counter-10', 1.046, 0.991, 0.009],
      ['counter-20', 1.023, 0.996, 0.005],
      ['counter-40', 1.012, 0.998, 0.0023],
    ] as const;
    const { status, stdout, stderr } = savart(['design', ...table.map(([name]) => `${name}.yaml`), '--json'], folder);
    expect(status).toBe(0);
    const { designs } = JSON.parse(stdout);
    for (const [i, [name, most, least, deviation]] of table.entries()) {
      expect(designs[i].name).toBe(name.replace('-', ' '));
      expect(Math.abs(designs[i].maxOverMean - most)).toBeLessThan(4e-3);
      expect(Math.abs(designs[i].minOverMean - least)).toBeLessThan(4e-3);
      expect(Math.abs(designs[i].stdOverMean - deviation)).toBeLessThan(4e-3);
      expect(stderr).toContain(name.replace('-', ' '));
    }
    // ASR over the area, and the part of the foils.
    expect(designs[0].resistance_ohm).toBeGreaterThan(5e-4 / 0.028);
    expect(designs[0].resistance_ohm).toBeCloseTo(designs[0].constriction_ohm + 5e-4 / 0.028, 9);
    expect(stderr).toMatch(/counter 40 spreads the current best/);
  });

  it('divides the resistance of a pair by the number of pairs, and the current among them', () => {
    writeFileSync(path('many.yaml'), cellYaml('many', 5, false, 'pairs: 20'));
    const { stdout } = savart(['design', 'same-5.yaml', 'many.yaml', '--json', '--pitch-mm', '4'], folder);
    const [one, many] = JSON.parse(stdout).designs;
    expect(many.resistance_ohm * 20).toBeCloseTo(one.resistance_ohm, 9);
    expect(many.losses_W.total * 20).toBeCloseTo(one.losses_W.total, 9);
    expect(many.maxOverMean).toBeCloseTo(one.maxOverMean, 9);
    expect([one.current_A, many.current_A]).toEqual([2, 2]);
    expect(one.pixels).toEqual([35, 50]);
  });

  it('draws the designs side by side and writes a report', () => {
    const outputs = ['--figure', 'designs.svg', '--report', 'designs.html', '--pitch-mm', '4'];
    const { status, stdout } = savart(['design', 'same-10.yaml', 'counter-10.yaml', ...outputs], folder);
    expect(status).toBe(0);
    expect(stdout).toContain('Wrote designs.svg');
    const svg = readFileSync(path('designs.svg'), 'utf8');
    expect(svg).toContain('same 10');
    expect(svg.match(/<image/g)?.length).toBeGreaterThanOrEqual(8);
    const html = readFileSync(path('designs.html'), 'utf8');
    expect(html).toContain('2 designs side by side');
    expect(html).not.toContain('What this scan could');
  });

  it('says which file lacks what, and leaves nothing behind', () => {
    writeFileSync(path('bare.yaml'), cellYaml('bare', 5, false).split('electrical')[0]);
    const { status, stderr, stdout } = savart(
      ['design', 'same-5.yaml', 'bare.yaml', '--json', '--figure', 'none.png'],
      folder,
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/bare\.yaml, 'electrical': .*foils and electrodes/);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'input', file: 'bare.yaml' });
    expect(existsSync(path('none.png'))).toBe(false);
    expect(savart(['design'], folder).status).toBe(2);
    expect(savart(['design', 'same-5.yaml', '--figure', 'x.pdf'], folder).status).toBe(2);
    expect(savart(['design', 'same-5.yaml', '--pitch-mm', '-1'], folder).status).toBe(2);
  });
});
