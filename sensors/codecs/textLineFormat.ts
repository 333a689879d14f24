import { InputError } from '../../src/errors.js';
import { packRegisters } from './chipCounts.js';
import { parseNumber } from './numbers.js';
import { columnsOf, csvSeparator } from './textLineForms.js';
import type { TextLineColumn, TextLineSettings } from './textLineSettings.js';

/** A line that `lineForm` reads: what a simulated device sends. @throws {InputError} for a regular expression */
export function formatFields(settings: TextLineSettings, fields: ReadonlyMap<TextLineColumn, string>): string[] {
  const numbered = (filler: string) => {
    const most = Math.max(-1, ...[...fields.keys()].filter(column => typeof column === 'number'));
    return Array.from({ length: most + 1 }, (_, i) => fields.get(i) ?? filler);
  };
  const named = [...fields].filter(([column]) => typeof column === 'string') as [string, string][];
  switch (settings.format) {
    case 'csv': {
      const header = csvHeader(settings);
      if (header === undefined) return [numbered('0').join(csvSeparator(settings))];
      return [header.map(name => fields.get(name) ?? '0').join(csvSeparator(settings))];
    }
    case 'json': {
      const said = [...fields].filter(([, text]) => text !== 'nan');
      const member = (text: string) => (Number.isNaN(parseNumber(text)) ? JSON.stringify(text) : text);
      if (named.length === 0) {
        return [
          `[${numbered('nan')
            .map(text => (text === 'nan' ? 'null' : member(text)))
            .join(',')}]`,
        ];
      }
      return [`{${said.map(([name, text]) => `${JSON.stringify(String(name))}:${member(text)}`).join(',')}}`];
    }
    case 'words':
      return [[...numbered('0'), ...named.map(([name, text]) => `${name}: ${text}`)].join(' ')];
    case 'teleplot': {
      const time = settings.time === undefined ? undefined : fields.get(settings.time.column);
      const first = settings.columns[0].column;
      return named
        .filter(([name]) => name !== settings.time?.column)
        .map(([name, text]) => `>${name}:${name === first && time !== undefined ? `${time}:` : ''}${text}`);
    }
    case 'registers': {
      const bytes = packRegisters(
        settings.preset!,
        [0, 1, 2].map(i => Number(fields.get(i) ?? 0)),
      );
      return [[...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')];
    }
    default:
      throw new InputError('lines cannot be made from a regular expression', { advice: 'simulate csv, json or words' });
  }
}

/** The names of the columns of csv where it has such; the line that a device sends first. */
export function csvHeader(settings: TextLineSettings): readonly string[] | undefined {
  if (settings.header !== undefined) return settings.header;
  const columns = columnsOf(settings);
  if (settings.format !== 'csv' || !columns.every(column => typeof column === 'string')) return undefined;
  return [...new Set(columns)];
}
