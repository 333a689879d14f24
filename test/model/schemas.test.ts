import { describe, expect, it } from 'vitest';
import { cellJsonSchema } from '../../src/model/cellSchema.js';
import { packJsonSchema } from '../../src/model/packSchema.js';
import { rigJsonSchema } from '../../src/model/rigSchema.js';

interface Node {
  type?: string;
  description?: string;
  properties?: Record<string, Node>;
  additionalProperties?: unknown;
  items?: Node | false;
  anyOf?: Node[];
}

/** Every object of a schema with its path. */
function objects(node: Node, path: string): [string, Node][] {
  return [
    ...(node.properties === undefined ? [] : [[path, node] as [string, Node]]),
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => objects(child, `${path}.${key}`)),
    ...(node.items ? objects(node.items, `${path}[]`) : []),
    ...(node.anyOf ?? []).flatMap(child => objects(child, path)),
  ];
}

describe.each([
  ['cell.yaml', cellJsonSchema(), ['name', 'outline_mm', 'thickness_mm']],
  ['pack.yaml', packJsonSchema(), ['name', 'cells']],
  ['rig.yaml', rigJsonSchema(), ['name', 'sensors']],
])('the JSON Schema of %s', (file, schema, required) => {
  it('is a document of its own that editors can use', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: `Savart ${file}` });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema.required).toEqual(required);
  });

  it('allows no unknown key anywhere and describes every key, with its unit where the name has one', () => {
    const units: Record<string, RegExp> = { _mm: /\bmm\b/, _um: /\bum\b/, _uT: /\buT\b/, _A: /\bA\b/, _deg: /degrees/ };
    for (const [path, node] of objects(schema as Node, file)) {
      expect(node.additionalProperties, path).toBe(false);
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        expect(child.description, `${path}.${key}`).toMatch(/^(the|a|an|what) /);
        for (const [suffix, unit] of Object.entries(units)) {
          if (key.endsWith(suffix)) expect(child.description, `${path}.${key}`).toMatch(unit);
        }
      }
    }
  });
});
