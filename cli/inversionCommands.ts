import { Option } from 'commander';
import type { Declare } from './command.js';

/** `savart invert` and `savart series`. */
export function inversionCommands(command: Declare): void {
  command(
    'invert',
    'from a scan to a map of the current or the susceptibility',
    ['scan...'],
    () => import('./invert.js'),
  )
    .option('-o, --out <result.h5>', 'write the result (NeXus/HDF5); of several scans: the folder of their results')
    .option('--workers <n>', 'several scans: how many are inverted at once; default: one per processor')
    .option('--resume', 'several scans: leave those whose result is there, made from the same files and options')
    .option('--report <file.html>', 'write a report, one file that opens by double click')
    .option('--figure <file>', 'write a figure, .png or .svg')
    .option('--cell <cell.yaml>', 'outline, tabs and sheets of the cell; makes bounded the default method')
    .addOption(
      new Option('--method <name>', 'inversion method; default: bounded with --cell, else fourier').choices([
        'bounded',
        'fourier',
      ]),
    )
    .addOption(
      new Option(
        '--target <name>',
        'what to map: the current; the conductance of a damaged foil and the current that follows (bounded); the susceptibility',
      )
        .choices(['current', 'conductance', 'susceptibility'])
        .default('current'),
    )
    .option('--variation-weight <1/m>', 'conductance: weight of the total variation; default: from the noise')
    .option(
      '--ensemble <n>',
      'conductance: further solutions, from which the ranges of the defects are told; default: 0',
    )
    .option('--reference <scan0>', 'a scan of the same places without current, which is subtracted')
    .option('--lambda <value>', 'weight of the smoothness; default: chosen from the data')
    .option('--no-errors', 'bounded, susceptibility: leave out errors and resolution, which take the longest')
    .addOption(
      new Option(
        '--place <what>',
        "bounded: 'given', or fit: the scan is moved against the outline where the data contradict its place (the default)",
      ).choices(['given', 'fit']),
    )
    .option('--swelling', 'bounded: fit how much higher the current lies in the middle of the cell than at its outline')
    .option(
      '--pitch-mm <mm>',
      'bounded, susceptibility: pitch of the map; default: 1 mm, or what the distance resolves',
    )
    .option('--gain-error-pct <%>', 'bounded: how much gains differ from reading to reading; default: fitted')
    .option('--position-error-mm <mm>', 'bounded: how much positions err along each axis; default: fitted')
    .option('--current-error-pct <%>', 'bounded: how uncertain the total current is; default: 0')
    .option('--standoff-mm <mm>', 'fourier: height of the sensors above the current; default: z of the samples')
    .option(
      '--sigma-uT <uT>',
      'noise of a reading (of a relative scan: in its unit); default: what the file says, else what the residual shows',
    )
    .option('--relative <unit>', 'fourier: the readings are in this unit, whose scale is unknown (V, Hz, ...)')
    .addOption(
      new Option('--sensor-disc-mm <mm>', 'the sensor averages over a disc of this diameter').conflicts([
        'sensorSquareMm',
        'psf',
      ]),
    )
    .addOption(new Option('--sensor-square-mm <mm>', 'the sensor averages over a square of this side').conflicts('psf'))
    .option('--psf <file>', 'fourier: measured point-spread function of the sensor (.npz)')
    .addOption(
      new Option(
        '--psf-kind <kind>',
        'fourier: what it shows: the image of a small dipole (the default), or the sensitivity over the area',
      ).choices(['dipole', 'area']),
    )
    .option('--psf-standoff-mm <mm>', 'fourier: height at which that image was taken; default: what its file says')
    .option('--order <p>', 'fourier: order of the penalty |grad^p psi|^2, 1 to 3; default: the best by GCV')
    .option(
      '--exterior <what>',
      "fourier: 'closed', or over how many windows the field goes on outside; default: least current",
    )
    .addOption(
      new Option(
        '--background <what>',
        'field that is not of the cell: constant (fit), with slopes (linear; bounded only), none; default: fit (bounded), auto (fourier)',
      ).choices(['auto', 'fit', 'none', 'linear']),
    )
    .option('--frequency-Hz <Hz>', 'of an alternating current (columns bx_q_uT, ...): the skin depth is checked')
    .option('--field-uT <x,y,z>', "susceptibility: the applied field; default: the cell's applied_field_uT")
    .option('--applied-field <scan>', 'susceptibility: the applied field as measured without the cell, in its place')
    .addOption(
      new Option('--prior <name>', 'susceptibility: default: what predicts left-out readings better').choices([
        'smooth',
        'variation',
      ]),
    )
    .addOption(
      new Option(
        '--drift <model>',
        'susceptibility: of every sensor and axis; default: linear where there are times, line where the data show it',
      ).choices(['constant', 'linear', 'line']),
    )
    .option('--second <scan>', 'susceptibility: the same places in another applied field: tells remanent from induced')
    .option('--second-field-uT <x,y,z>', 'susceptibility: the applied field of the second scan')
    .option('--remanence-along <x,y,z>', 'susceptibility: direction of the remanence; default: the applied field')
    .addHelpText(
      'after',
      [
        '',
        'Example:',
        '  savart invert scan.csv --cell cell.yaml -o result.h5 --report report.html',
        '  savart invert scan.csv --cell cell.yaml --target susceptibility -o chi.h5 --report chi.html',
        '  savart invert scan.csv --standoff-mm 6 -o result.h5 --report report.html',
        '  savart invert scans/*.csv --cell cell.yaml -o results --resume',
      ].join('\n'),
    );

  command(
    'series',
    'maps over state of charge, time or temperature: susceptibility, field or current',
    ['scan...'],
    () => import('./series.js'),
  )
    .addOption(new Option('--by <column>', 'the column that orders the scans').choices(['soc', 't_s', 'temperature_C']))
    .option('--at <values>', 'the state of every file, with commas; default: the column of the scans')
    .option(
      '--cell <cell.yaml>',
      'outline, thickness and applied field: maps of the susceptibility; without: the maps as they are',
    )
    .option('-o, --out <stack.h5>', 'write the maps as one stack (NeXus/HDF5)')
    .option('--report <file.html>', 'write a report, one file that opens by double click')
    .option('--figure <file>', 'write a figure, .png or .svg')
    .option(
      '--reference-at <value>',
      'the state that the others are compared with; default: that of the first scan given',
    )
    .option('--pitch-mm <mm>', 'pitch of the maps; default: what the distance resolves')
    .option('--sigma-uT <uT>', 'noise of a reading; default: what the files say, else what the residual shows')
    .option('--field-uT <x,y,z>', "the applied field; default: the cell's applied_field_uT")
    .option('--applied-field <scan>', 'the applied field as measured without the cell, in its place')
    .addOption(
      new Option('--prior <name>', 'default: what predicts left-out readings better').choices(['smooth', 'variation']),
    )
    .addOption(
      new Option('--drift <model>', 'of every sensor and axis; default: by the data').choices([
        'constant',
        'linear',
        'line',
      ]),
    )
    .addHelpText(
      'after',
      '\nExample:\n  savart series soc*.csv --cell cell.yaml --by soc -o stack.h5 --report series.html',
    );
}
