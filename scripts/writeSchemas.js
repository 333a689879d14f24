/** Writes the JSON Schemas of the YAML files, for editors, from the built code into schemas/. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cellJsonSchema } from '../dist/src/model/cellSchema.js';
import { packJsonSchema } from '../dist/src/model/packSchema.js';
import { rigJsonSchema } from '../dist/src/model/rigSchema.js';
import { defectsJsonSchema } from '../dist/src/simulation/defects/defectSchema.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
mkdirSync('schemas', { recursive: true });
const schemas = { cell: cellJsonSchema(), pack: packJsonSchema(), rig: rigJsonSchema(), defects: defectsJsonSchema() };
for (const [name, { $schema, ...schema }] of Object.entries(schemas)) {
  const content = { $schema, $comment: `Written by Savart ${version}`, ...schema };
  writeFileSync(`schemas/${name}.schema.json`, `${JSON.stringify(content, undefined, 2)}\n`);
}
