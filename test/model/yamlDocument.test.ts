import { describe, expect, it } from 'vitest';
import { complaint, SOUND } from './support.js';

const START = 'name: a\noutline_mm: {width: 100, height: 130}\nthickness_mm: 8\n';

describe('YAML that cannot be read', () => {
  it.each([
    [
      'an open bracket',
      'name: a\nsheets_mm: [1, 2\nthickness_mm: 8\n',
      `cell.yaml, line 3: no valid YAML at character 1 of the line (flow sequence in block collection must be sufficiently indented and end with a ]); check brackets`,
    ],
    [
      'an open quote',
      'name: "a\n',
      `cell.yaml, line 2: no valid YAML at character 1 of the line (missing closing "quote)`,
    ],
    [
      'a tab as indent',
      'outline_mm:\n\twidth: 1\n',
      'cell.yaml, line 2: no valid YAML at character 1 of the line (tabs are not allowed as indentation); indent with spaces.',
    ],
    ['two colons', 'name: a: b\n', 'cell.yaml, line 1: no valid YAML at character 7 of the line'],
    ['two documents', `${START}---\nname: b\n`, 'cell.yaml, line 4: no valid YAML at character 1'],
    [
      'a tag',
      `${START}current_A: !amps 3\n`,
      'cell.yaml, line 4: no valid YAML at character 12 of the line (unresolved tag: !amps); leave the tag out.',
    ],
    [
      'an alias without anchor',
      `${START}tabs: *other\n`,
      'cell.yaml, line 4: an alias (*name) cannot be resolved (unresolved alias',
    ],
    [
      'a key that stands twice',
      `${START}name: b\n`,
      `cell.yaml, line 4, 'name': the key stands here for the second time; keep one of the two.`,
    ],
    [
      'a key that stands twice deep inside',
      SOUND.replace('share: -1', 'share: -1, share: -1'),
      `cell.yaml, line 8, 'tabs[1].share': the key stands here for the second time`,
    ],
    ['an empty file', '', `cell.yaml, line 1: the file is empty; start with 'name: ...'.`],
    ['a file of comments', '# nothing\n', 'the file is empty'],
    ['an image', '\x89PNG\0\0', 'cell.yaml: is no text file; give a YAML file.'],
    ['a list', '- name: a\n', 'cell.yaml, line 1: a list of 1 is no group of keys'],
    ['a sentence', 'hello\n', `cell.yaml, line 1: 'hello' is no group of keys`],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toContain(message);
  });
});

describe('values that do not fit', () => {
  it.each([
    [
      'a missing key',
      'name: a\noutline_mm: {width: 1, height: 1}\n',
      `cell.yaml, line 1, 'thickness_mm': is missing; give the thickness of the stack, mm.`,
    ],
    [
      'a missing key of a tab',
      SOUND.replace(', share: -1', ''),
      `cell.yaml, line 8, 'tabs[1].share': is missing; give the part of current_A that it carries`,
    ],
    [
      'a missing outline',
      'name: a\nthickness_mm: 8\n',
      `cell.yaml, line 1, 'outline_mm': is missing; give the outline of the foils`,
    ],
    [
      'a key without value',
      `${START}current_A:\ntabs: []\n`,
      `cell.yaml, line 4, 'current_A': has no value; give the current that a share of 1 stands for, A`,
    ],
    [
      'an unknown key',
      `${START}colour: red\n`,
      `cell.yaml, line 4, 'colour': the key 'colour' is unknown; the keys here are name, outline_mm, thickness_mm`,
    ],
    [
      'a misspelt key',
      `${START}sheet_mm: [0]\n`,
      `cell.yaml, line 4, 'sheet_mm': the key 'sheet_mm' is unknown; write 'sheets_mm' if that is meant.`,
    ],
    [
      'a key without its unit',
      SOUND.replace('length_mm', 'length'),
      `cell.yaml, line 8, 'tabs[1].length': the key 'length' is unknown; write 'length_mm' if that is meant.`,
    ],
    [
      'an unknown key of the outline',
      START.replace('height', 'heigth'),
      `cell.yaml, line 2, 'outline_mm.heigth': the key 'heigth' is unknown; write 'height' if that is meant.`,
    ],
    [
      'one key too many of the outline',
      START.replace('130', '130, depth: 3'),
      `cell.yaml, line 2, 'outline_mm.depth': the key 'depth' is unknown; the keys here are width, height.`,
    ],
    [
      'a number with its unit',
      START.replace('8', '8 mm'),
      `cell.yaml, line 3, 'thickness_mm': '8 mm' is no number; write a plain number with a decimal point, without its unit.`,
    ],
    [
      'a decimal comma',
      `${START}current_A: 1,5\n`,
      `cell.yaml, line 4, 'current_A': '1,5' is no number; write a plain number with a decimal point`,
    ],
    [
      'a name that is a number',
      START.replace('name: a', 'name: 18650'),
      `cell.yaml, line 1, 'name': 18650 is no text; put it in quotes.`,
    ],
    [
      'not a number',
      `${START}current_A: .nan\n`,
      `cell.yaml, line 4, 'current_A': NaN is no finite number; give the current`,
    ],
    [
      'infinity',
      `${START}sheets_mm:\n  - 0\n  - -.inf\n`,
      `cell.yaml, line 6, 'sheets_mm[1]': -Infinity is no finite number`,
    ],
    ['a number beyond all doubles', `${START}current_A: 1e999\n`, `'current_A': Infinity is no finite number`],
    [
      'a thickness of zero',
      START.replace('8', '0'),
      `cell.yaml, line 3, 'thickness_mm': 0 is not more than 0; give the thickness of the stack, mm.`,
    ],
    [
      'a cell a kilometre wide',
      START.replace('100', '1e6'),
      `cell.yaml, line 2, 'outline_mm.width': 1000000 is more than 100000`,
    ],
    [
      'half a pair',
      `${START}electrical:\n  pairs: 1.5\n  positive_foil: {thickness_um: 1, conductivity_S_per_m: 1}\n  negative_foil: {thickness_um: 1, conductivity_S_per_m: 1}\n  area_resistance_ohm_cm2: 1\n`,
      `cell.yaml, line 5, 'electrical.pairs': 1.5 is no whole number`,
    ],
    ['no sheets', `${START}sheets_mm: []\n`, `cell.yaml, line 4, 'sheets_mm': has 0 values, fewer than the 1 needed`],
    [
      'two corners',
      START.replace('{width: 100, height: 130}', '[[0, 0], [1, 1]]'),
      `cell.yaml, line 2, 'outline_mm': has 2 values, fewer than the 3 needed`,
    ],
    [
      'a corner of three numbers',
      START.replace('{width: 100, height: 130}', '\n  - [0, 0]\n  - [1, 1, 1]\n  - [1, 0]'),
      `cell.yaml, line 4, 'outline_mm[1]': has 3 values, more than the 2 allowed; give a point [x, y], mm.`,
    ],
    [
      'a corner that is a word',
      START.replace('{width: 100, height: 130}', '\n  - [0, 0]\n  - left\n  - [1, 0]'),
      `cell.yaml, line 4, 'outline_mm[1]': 'left' is no list; give a point [x, y], mm.`,
    ],
    [
      'an outline that is a number',
      START.replace('{width: 100, height: 130}', '100'),
      `cell.yaml, line 2, 'outline_mm': 100 does not fit here; give the outline of the foils`,
    ],
    [
      'an unknown polarity',
      SOUND.replace('share: -1', 'share: -1, polarity: plus'),
      `cell.yaml, line 8, 'tabs[1].polarity': 'plus' is none of 'positive', 'negative'`,
    ],
    [
      'a name of two lines',
      START.replace('name: a', 'name: "a\\nb"'),
      `cell.yaml, line 1, 'name': 'a b' does not fit: holds a line break`,
    ],
    [
      'the first of several faults in the order of the text',
      `${START.replace('8', '-8')}colour: red\ncurrent_A: x\n`,
      `cell.yaml, line 3, 'thickness_mm'`,
    ],
    [
      'a fault behind an alias, where the value stands',
      `${START}sheets_mm: &list [0, x]\napplied_field_uT: [0, 0, 0]\n`,
      `cell.yaml, line 4, 'sheets_mm[1]': 'x' is no number`,
    ],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toContain(message);
  });
});

describe('hostile files', () => {
  it.each([
    [
      'a text that is far too long',
      `# ${'x'.repeat(1e6)}`,
      'holds 1000002 characters, more than the 1000000 that are read',
    ],
    ['brackets in brackets', `name: ${'['.repeat(1e5)}`, 'nested too deeply'],
    [
      'keys that are special to JavaScript',
      `${START}__proto__: {polluted: 1}\n`,
      `'__proto__': the key '__proto__' is unknown`,
    ],
    ['constructor', `${START}constructor: 1\n`, `'constructor': the key 'constructor' is unknown`],
    [
      'a hundred thousand unknown keys',
      Array.from({ length: 1e5 }, (_, i) => `k${i}: 1`).join('\n'),
      `line 1, 'k0': the key 'k0' is unknown`,
    ],
    [
      'a hundred thousand wrong sheets',
      `${START}sheets_mm: [${'x,'.repeat(1e5)}x]`,
      'has 100001 values, more than the 200 allowed',
    ],
    [
      'more corners than any outline has',
      START.replace('{width: 100, height: 130}', `[${'[0,0],'.repeat(3000)}[1,0]]`),
      'has 3001 values, more than the 2000 allowed',
    ],
    [
      'aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${new Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}\n`,
      'cell.yaml, line 2: an alias (*name) cannot be resolved (excessive alias count',
    ],
    [
      'a mask of a thousand corners',
      `${START}masked: [{at_mm: [${'[0,0],'.repeat(1000)}]}]\n`,
      'has 1000 values, more than the 200 allowed',
    ],
    ['an alias of itself', `${START}tabs: &t [*t]\n`, `'tabs[0]'`],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toContain(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('show no more of a text than fits a line', () => {
    expect(complaint(`${START}current_A: "${'y'.repeat(5000)}\\e[31m"\n`).length).toBeLessThan(250);
    expect(complaint(`${START}${'z'.repeat(900)}: 1\n`).length).toBeLessThan(350);
  });
});
