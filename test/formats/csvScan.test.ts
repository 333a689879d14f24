import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { formatScanCsv, parseScanCsv } from '../../src/formats/csvScan.js';
import { fullScan } from './arbitraries.js';

const encode = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseScanCsv(encode(text), { file: 'scan.csv' });
const plain = 'x_mm,y_mm,z_mm,bz_uT\n1,2,5,-1.5\n3.5,4,5,2e-3\n';

function failure(text: string | Uint8Array): InputError {
  try {
    parseScanCsv(typeof text === 'string' ? encode(text) : text, { file: 'scan.csv' });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('was read without complaint');
}

describe('the same scan, written differently', () => {
  const expected = parse(plain);

  it('is read in SI', () => {
    expect([...expected.x]).toEqual([1e-3, 3.5e-3]);
    expect([...expected.y]).toEqual([2e-3, 4e-3]);
    expect([...expected.z]).toEqual([5e-3, 5e-3]);
    expect([...expected.components.bz!.values]).toEqual([-1.5e-6, 2e-9]);
  });

  it.each([
    ['byte-order mark', `\ufeff${plain}`],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['CR', plain.replaceAll('\n', '\r')],
    ['no line end at the end', plain.trimEnd()],
    ['blank lines and rows of empty cells', `\n${plain.replaceAll('\n', '\n\n')},,,\n   \n`],
    ['spaces around cells', plain.replaceAll(',', ' , ')],
    ['semicolons and decimal commas', plain.replaceAll(',', ';').replaceAll('.', ',')],
    ['semicolons and decimal points', plain.replaceAll(',', ';')],
    ['tabs and decimal commas', plain.replaceAll(',', '\t').replaceAll('.', ',')],
    ['quotes', plain.replace(/[^,\n]+/g, '"$&"')],
    [
      'quotes, semicolons, decimal commas',
      plain
        .replaceAll(',', ';')
        .replaceAll('.', ',')
        .replace(/[^;\n]+/g, '"$&"'),
    ],
    ['capitals', plain.replace('bz_uT', 'Bz_uT').replace('x_mm', 'X_mm')],
    ['comments anywhere', `# made by hand\n${plain.replace('\n3.5', '\n# pause\n3.5')}# end`],
    ['the micro sign', plain.replace('bz_uT', 'bz_\u00b5T')],
    ['the Greek letter mu', plain.replace('bz_uT', 'bz_\u03bcT')],
    ['other units', 'x_m,y_cm,z_um,bz_nT\n1e-3,.2,5000,-1500\n0.0035,0.4,5e3,+2\n'],
    ['gauss', 'x_mm,y_mm,z_mm,bz_G\n1,2,5,-0.015\n3.5,4,5,0.00002\n'],
    ['another order of columns', 'bz_uT,z_mm,y_mm,x_mm\n-1.5,5,2,1\n2e-3,5,4,3.5\n'],
  ])('%s', (_, text) => expect(parse(text)).toEqual(expected));

  it('the micro sign in one byte, as spreadsheets on Windows write it', () => {
    const bytes = encode(plain.replace('bz_uT', 'bz_@T'));
    expect(parseScanCsv(bytes.map(byte => (byte === 0x40 ? 0xb5 : byte)))).toEqual(expected);
  });
});

describe('noise, units, further columns', () => {
  it.each([
    ['# sigma_uT: 0.05', 5e-8],
    ['#sigma_nT:50', 5e-8],
    ['# sigma_T = 5e-8', 5e-8],
    ['# sigma_mG: 0.5', 5e-8],
    ['# nothing', undefined],
  ])('%s', (comment, sigma) => expect(parse(`${comment}\n${plain}`).sigma).toBe(sigma));

  it('noise with a decimal comma', () => {
    expect(parse(`# sigma_uT: 0,05\n${plain.replaceAll(',', ';')}`).sigma).toBe(5e-8);
  });

  it('a column sigma is one number where it is constant, else one per sample', () => {
    const text = (a: number, b: number) => `x_mm,y_mm,z_mm,bz_uT,sigma_nT\n1,2,5,1,${a}\n1,2,5,1,${b}\n`;
    expect(parse(text(50, 50)).sigma).toBe(5e-8);
    expect(parse(text(50, 60)).components.bz!.sigma).toEqual(Float64Array.of(5e-8, 6e-8));
  });

  it('relative units: known, declared in the file, declared by the caller', () => {
    const known = parse('# sigma_Phi0/A: 2\nx_um,y_um,z_um,bz_Phi_0/A\n1,2,5,-3\n');
    expect(known).toMatchObject({ relativeUnit: 'Phi0/A', sigma: 2 });
    expect(known.components.bz!.values[0]).toBe(-3);
    const declared = parse('# relative_unit: lock-in counts\nx_um,y_um,z_um,bz_lock-in counts,by\n1,2,5,-3,4\n');
    expect(declared.relativeUnit).toBe('lock-in counts');
    expect(declared.components.by!.values[0]).toBe(4);
    const told = parseScanCsv(encode('x_um,y_um,z_um,bz_counts\n1,2,5,-3\n'), { relativeUnit: 'counts' });
    expect(told.relativeUnit).toBe('counts');
  });

  it('sensors keep the order in which they appear, quoted or not', () => {
    const scan = parse('x_mm,y_mm,z_mm,bz_uT,sensor\n1,2,5,1,b\n1,2,5,1,"a, ""left"""\n1,2,5,1,b\n');
    expect(scan.sensorNames).toEqual(['b', 'a, "left"']);
    expect([...scan.sensor!]).toEqual([0, 1, 0]);
  });

  it('is written in millimetres and microtesla that a person can read', () => {
    const text = new TextDecoder().decode(formatScanCsv(fullScan));
    expect(text.split('\n').slice(0, 4)).toEqual([
      '# savart_file_version: 1',
      '# sigma_uT: 0.05',
      'x_mm,y_mm,z_mm,bx_uT,bz_uT,b_uT,bx_q_uT,sigma_z_uT,nx,ny,nz,t_s,line,current_A,soc,temperature_C,sensor',
      '0,1,5,1,12.5,48,0.001,0.05,0,0,1,0,0,10,0.5,24.5,amr1',
    ]);
  });
});

describe('bad input', () => {
  const header = 'x_mm,y_mm,z_mm,bz_uT';
  it.each<[string, string, number | undefined, string | undefined, RegExp, RegExp]>([
    ['nothing', '', 1, undefined, /empty/, /header/],
    ['white space', ' \n\n', 1, undefined, /no header/, /x_mm/],
    ['only comments', '# a\n# b\n', 1, undefined, /no header/, /x_mm/],
    ['only a header', `# a\n${header}\n`, 2, undefined, /no row/, /row per sample/],
    ['no header', '1,2,3,4\n', 1, '1', /no header/, /start the file/],
    ['no unit', 'x,y_mm,z_mm,bz_uT\n', 1, 'x', /no unit/, /x_mm/],
    ['no unit of the field', 'x_mm,y_mm,z_mm,bz\n', 1, 'bz', /no unit/, /bz_uT.*relative_unit/],
    ['an unknown unit', 'x_mm,y_mm,z_mm,bz_Oe\n', 1, 'bz_Oe', /'Oe'/, /bz_uT.*mT/],
    ['a unit of something else', 'x_uT,y_mm,z_mm,bz_uT\n', 1, 'x_uT', /no unit of length/, /x_mm/],
    ['a unit where none belongs', 'x_mm,y_mm,z_mm,bz_uT,soc_mm\n', 1, 'soc_mm', /no unit/, /'soc'/],
    ['an unknown column', `${header},foo_mm\n`, 1, 'foo_mm', /not a column/, /delete/],
    ['brackets', 'x_mm,y_mm,z_mm,Bz [uT]\n', 1, 'Bz [uT]', /not a column/, /'bz_uT'/],
    ['a column without a name', `${header},\n`, 1, undefined, /column 5 has no name/, /name it/],
    ['a column twice', `${header},bz_nT\n`, 1, 'bz_nT', /twice/, /keep one/],
    ['no x', 'y_mm,z_mm,bz_uT\n1,2,3\n', 1, 'x', /no position/, /x_mm/],
    ['no z', 'x_mm,y_mm,bz_uT\n1,2,3\n', 1, 'z', /no position/, /z_mm.*height/],
    ['no field', 'x_mm,y_mm,z_mm\n1,2,3\n', 1, undefined, /no field/, /bz_uT/],
    ['b without its direction', 'x_mm,y_mm,z_mm,b_uT\n1,2,3,4\n', 1, 'nx', /direction/, /nx, ny and nz/],
    ['a direction without b', `${header},nx,ny,nz\n1,2,3,4,0,0,1\n`, 1, 'b', /direction/, /b_uT/],
    ['quadrature without its component', `${header},bx_q_uT\n1,2,3,4,5\n`, 1, 'bx_q', /'bx'/, /add/],
    ['sigma without its component', `${header},sigma_x_uT\n1,2,3,4,5\n`, 1, 'sigma_x', /'bx'/, /add/],
    ['tesla and volts', `${header},bx_V\n1,2,3,4,5\n`, 1, 'bx', /is in V/, /one relative unit/],
    ['NaN', `${header}\n1,2,3,4\n1,2,3,NaN\n`, 3, 'bz_uT', /'NaN' is no reading/, /delete the row/],
    ['infinity', `${header}\n1,2,3,-inf\n`, 2, 'bz_uT', /'-inf'/, /delete the row/],
    ['an empty cell', `# c\n${header}\n\n1,,3,4\n`, 4, 'y_mm', /empty/, /delete the row/],
    ['an empty quoted cell', `${header}\n1,"",3,4\n`, 2, 'y_mm', /empty/, /delete the row/],
    ['text', `${header}\n1,2,left,4\n`, 2, 'z_mm', /'left' is not a number/, /sensor/],
    ['half a number', `${header}\n1,2,3mm,4\n`, 2, 'z_mm', /'3mm'/, /numbers like/],
    ['a number too large', `${header}\n1,2,3,1e999\n`, 2, 'bz_uT', /'1e999'/, /numbers like/],
    ['thousands separators', 'x_mm;y_mm;z_mm;bz_uT\n1.000,5;2;3;4\n', 2, 'x_mm', /1\.000,5/, /thousands/],
    ['a short row', `${header}\n1,2,3\n1,2,3,4\n`, 2, 'bz_uT', /3 cells, the header 4/, /complete the row/],
    ['a long row', `${header}\n1,2,3,4,5\n`, 2, 'bz_uT', /more cells/, /semicolons/],
    ['decimal commas between commas', `${header}\n1,5,2,3,4\n`, 2, 'bz_uT', /more cells/, /semicolons/],
    ['a truncated last line', `${header}\n1,2,3,4\n1,2`, 3, 'z_mm', /2 cells/, /middle of a row/],
    ['a last line that ends with a comma', `${header}\n1,2,3,4\n1,2,3,`, 3, 'bz_uT', /empty/, /middle of a row/],
    ['an open quote', `${header},sensor\n1,2,3,4,"a\n`, 2, 'sensor', /quote/, /close/],
    ['an empty sensor', `${header},sensor\n1,2,3,4,\n`, 2, 'sensor', /empty/, /./],
    [
      'a direction that is no unit vector',
      'x_mm,y_mm,z_mm,b_uT,nx,ny,nz\n1,2,3,4,0,0,1\n#\n1,2,3,4,0,1,1\n',
      4,
      'nx',
      /unit vector/,
      /length/,
    ],
    ['a noise of zero', `${header},sigma_z_uT\n1,2,3,4,1\n1,2,3,4,0\n`, 3, 'sigma_z_uT', /positive/, /noise/],
    ['noise without a unit', `# sigma: 5\n${header}\n1,2,3,4\n`, 1, 'sigma', /no unit/, /sigma_uT/],
    ['noise that is no number', `# a\n# sigma_uT: small\n${header}\n1,2,3,4\n`, 2, 'sigma_uT', /'small'/, /0\.05/],
    ['negative noise', `# sigma_uT: -1\n${header}\n1,2,3,4\n`, 1, 'sigma_uT', /'-1'/, /0\.05/],
    ['noise in volts', `# sigma_V: 1\n${header}\n1,2,3,4\n`, 1, 'sigma_V', /another unit/, /uT/],
    ['a newer file', `# savart_file_version: 99\n${header}\n1,2,3,4\n`, 1, 'savart_file_version', /99/, /update/],
    ['binary data', 'PNG\u0000\u0001\u0002', 1, undefined, /binary/, /CSV/],
  ])('%s', (_, text, line, column, message, advice) => {
    const error = failure(text);
    expect(error.message).toMatch(message);
    expect(error.advice).toMatch(advice);
    expect([error.file, error.line, error.column]).toEqual(['scan.csv', line, column]);
  });

  it('UTF-16', () => {
    const error = failure(Uint8Array.of(0xff, 0xfe, 0x78, 0));
    expect(error.message).toMatch(/UTF-16/);
    expect(error.advice).toMatch(/UTF-8/);
  });

  it('counts lines with every line end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(failure(['# a', '', header, '1,2,3,4', '', '1,2,3,x'].join(end)).line).toBe(6);
    }
  });

  it('a file of line ends does not allocate rows', () => {
    expect(failure(`${header}\n${'\n'.repeat(1e6)}`).message).toMatch(/no row/);
  });
});
