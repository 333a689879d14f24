#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { type CommonOptions, EXIT, printJson, reportError } from './run.js';

/** The version in package.json, two folders above the built file. */
const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

/** An action that is loaded when it is called, so that `--help` starts at once. */
type Action = (args: string[], options: never, version: string) => Promise<void>;

const program = new Command('savart')
  .description('Magnetic-field imaging for batteries: from a measured field to the map of the current.')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(savart --help shows what there is)')
  .configureHelp({ showGlobalOptions: false });

command('demo', 'scan a cell with a simulated bench, invert the scan and write a report', [], () => import('./demo.js'))
  .option('-o, --out <folder>', 'folder for the report, the figures and the result', 'savart-demo')
  .option('--report <file.html>', 'where to write the report; default: report.html in that folder')
  .option('--measured', 'invert a measured example instead: a thin film under a scanning SQUID')
  .addHelpText('after', '\nExample:\n  savart demo');

command('invert', 'from a scan to a map of the current or the susceptibility', ['scan...'], () => import('./invert.js'))
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
  .option('--ensemble <n>', 'conductance: further solutions, from which the ranges of the defects are told; default: 0')
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
  .option('--pitch-mm <mm>', 'bounded, susceptibility: pitch of the map; default: 1 mm, or what the distance resolves')
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

command('simulate', 'from a cell or a pack to a scan, with noise and defects', ['cell'], () => import('./simulate.js'))
  .requiredOption('-o, --out <scan>', 'write the scan (.csv, .h5, .npz, .mat)')
  .option('--truth <result.h5>', 'write the true current, laid out as a result of savart invert')
  .option('--report <file.html>', 'write a report, one file that opens by double click')
  .option('--figure <file>', 'write a figure, .png or .svg')
  .option(
    '--height-mm <mm,...>',
    'height of the samples above the middle of the cell; several with commas, below it negative; default: 5',
  )
  .option('--pitch-mm <mm>', 'distance of the samples; default: 2.5')
  .option('--margin-mm <mm>', 'how far the samples reach beyond the outline; default: 20')
  .option('--components <list>', 'what is read, of bx,by,bz; default: all')
  .option('--like <scan>', 'read at the places of this scan, with its components and its stated noise')
  .option('--noise-nT <nT>', 'white noise of a reading; default: 50')
  .option('--sensor <name>', 'noise, range and steps of a sensor: MMC5983MA, RM3100, HMC5883L, QMC5883L, OPM-...')
  .option('--seed <number>', 'seed of the noise; default: 1')
  .option(
    '--defect <yaml>',
    "a defect, such as 'hole: {foil: positive, at_mm: [50, 60], radius_mm: 8}', or a .yaml file; may be repeated",
    (text: string, before: string[] = []) => [...before, text],
  )
  .option('--current-A <A>', 'current through the cell or pack; default: what its file says')
  .addOption(
    new Option(
      '--leads <how>',
      'how the current goes on from the tabs: straight on in strips (the default where the cell knows no leads), or none',
    ).choices(['strips', 'none']),
  )
  .option('--model-pitch-mm <mm>', 'pitch of the model; default: some 256 pixels along the longer side')
  .addHelpText(
    'after',
    [
      '',
      'Example:',
      '  savart simulate cell.yaml -o scan.csv --truth truth.h5',
      "  savart simulate cell.yaml --defect 'slit: {foil: negative, from_mm: [20, 60], to_mm: [60, 60]}' -o scan.csv",
    ].join('\n'),
  );

command(
  'calibrate',
  'gain, axes, offset and place of sensors, from recorded readings',
  ['rig'],
  () => import('./calibrate.js'),
)
  .requiredOption('-o, --out <calibration.yaml>', 'write the calibration, to be named in the rig')
  .option('--sensor <name>', 'which sensor of the rig; default: the one that scans')
  .option('--update <calibration.yaml>', 'an earlier calibration, which keeps what is not measured again')
  .option(
    '--rotations <scan>',
    'readings of the sensor turned about all axes in a uniform field: gain, orthogonality, offset',
  )
  .option('--field-uT <uT>', 'size of that field; default: unknown, so that the mean gain stays 1')
  .option('--flips <scan...>', 'two files, readings after SET and after RESET in a constant field: offset')
  .option(
    '--temperature <scan>',
    'readings at several temperatures (temperature_C): slopes of offset, with current_A of gain',
  )
  .option('--wire <scan...>', 'readings over a straight or bent wire: how the sensor is turned, and its place')
  .option('--wire-path-mm <path...>', "points of that wire in the direction of the current, such as '0,-100,0 0,100,0'")
  .option('--coil <scan>', 'readings over a circular coil')
  .option('--coil-mm <x,y,z,radius>', 'its centre and radius')
  .option('--coil-axis <x,y,z>', 'its axis, about which the current runs anticlockwise; default: 0,0,1')
  .option('--coil-turns <n>', 'its turns; default: 1')
  .option('--current-A <A>', 'current through wire or coil; default: the column current_A')
  .option('--figure <file>', 'write a figure, .png or .svg')
  .option('--report <file.html>', 'write a report, one file that opens by double click')
  .addHelpText(
    'after',
    [
      '',
      'Example:',
      '  savart calibrate rig.yaml --rotations turned.csv --field-uT 48.2 -o top.yaml',
      "  savart calibrate rig.yaml --update top.yaml --wire wire.csv --wire-path-mm '0,-300,0 0,300,0' --current-A 5 -o top.yaml",
    ].join('\n'),
  );

command('devices', 'serial ports and what answers on them', [], () => import('./devices.js'))
  .option('--rig <rig.yaml>', 'open the devices of a rig instead; nothing is moved, no current is set')
  .option('--port <port...>', 'ask these ports only')
  .option('--list', 'list the ports without opening them')
  .addHelpText('after', '\nExample:\n  savart devices\n  savart devices --rig rig.yaml');

command('scan', 'record a scan with a rig', ['rig'], () => import('./scan.js'))
  .requiredOption('-o, --out <scan>', 'write the scan (.h5, .csv, .npz, .mat); its journal stands beside it')
  .option('--cell <cell.yaml>', 'outline and current of the cell; where the rig gives no area, what is scanned')
  .option('--resume', 'go on with the scan of this name after an interruption')
  .option('--view', 'show the scan in the browser while it runs, with pause and stop')
  .option('--no-open', '--view: only print the address, do not open the browser')
  .addHelpText(
    'after',
    [
      '',
      'Example:',
      '  savart scan rig.yaml --cell cell.yaml -o scan.h5',
      '  savart scan rig.yaml --cell cell.yaml -o scan.h5 --view',
      '  savart scan rig.yaml --cell cell.yaml -o scan.h5 --resume',
    ].join('\n'),
  );

command('convert', 'convert a scan between CSV, NPZ, NPY, MAT and HDF5', ['in', 'out'], () => import('./convert.js'))
  .option('--report <file.html>', 'write a report with pictures of the scan')
  .option('--relative <unit>', 'the readings are in this unit, whose scale is unknown (V, Hz, ...)')
  .option('--pitch-mm <mm>', 'distance of the pixels of a bare 2-D .npy array')
  .addOption(new Option('--component <name>', 'component of a bare array').choices(['bx', 'by', 'bz']).default('bz'))
  .option('--unit <unit>', 'unit of a bare array', 'T')
  .option('--z-mm <mm>', 'height of the measuring plane of a bare array')
  .addHelpText('after', '\nExample:\n  savart convert scan.csv scan.h5');

command('design', 'tab designs side by side, simulated', ['cells...'], () => import('./design.js'))
  .option('--figure <file>', 'write a figure, .png or .svg')
  .option('--report <file.html>', 'write a report, one file that opens by double click')
  .option('--pitch-mm <mm>', 'pitch of the pixels; default: 256 pixels or a few more along the longer side')
  .addHelpText('after', '\nExample:\n  savart design same-side.yaml counter-side.yaml --figure designs.png');

command('compare', 'two results or two scans: where and how much they differ', ['a', 'b'], () => import('./compare.js'))
  .option('-o, --out <file>', 'write A - B: of results a result (.h5), of scans a scan')
  .option('--figure <file>', 'write a figure, .png or .svg')
  .option('--report <file.html>', 'write a report, one file that opens by double click')
  .addOption(
    new Option('--register <how>', 'lay B over A before comparing, where that is significant; always reported')
      .choices(['none', 'shift', 'rigid', 'similarity'])
      .default('none'),
  )
  .addOption(
    new Option('--background <what>', 'scans: keep, or fit: the mean of A - B of each component is taken off A')
      .choices(['keep', 'fit'])
      .default('keep'),
  )
  .option('--odd <scan>', 'scans at +I and -I: write what reverses with the current, (A - B)/2')
  .option('--even <scan>', 'scans at +I and -I: write what does not, (A + B)/2')
  .option('--reference <scan0>', 'a scan of the same places without current, which is subtracted from both')
  .option('--relative <unit>', 'the readings are in this unit, whose scale is unknown (V, Hz, ...)')
  .addHelpText(
    'after',
    [
      '',
      'Example:',
      '  savart compare measured.h5 simulated.h5 --figure difference.png',
      '  savart compare charge.csv discharge.csv --odd current.csv --even magnets.csv --report report.html',
    ].join('\n'),
  );

command('diagnose', 'which cell differs, where, and how', ['scan...'], () => import('./diagnose.js'))
  .option('--pack <pack.yaml>', 'which cell of a pack carries what current, and which is out of line')
  .option('--reference <scan...>', 'scans of good cells (or a series .npz), or one saved model (.h5); of a good pack')
  .option(
    '--cell <cell.yaml>',
    'with --reference: name the likely defect of each flagged scan, simulated for this cell',
  )
  .option('--threshold <%>', 'pack: deviation of a resistance below which nothing is flagged; default: 3')
  .option('-o, --out <file.json>', 'write what --json prints, with maps and contributions, for savart view')
  .option('--figure <file>', 'pack: write a figure, .png or .svg')
  .option('--save-reference <model.h5>', 'write the reference as a model that judges later scans')
  .option('--report <file.html>', 'write a report, one file that opens by double click')
  .option('--components <n>', 'number of components; default: by parallel analysis')
  .option('--whiten', "weigh pixels by the reference's own scatter; default: by the files' errors, if they say them")
  .option('--robust', 'median and median absolute deviation at each pixel, for references that may hold odd maps')
  .option('--false-alarms <%>', 'probability of any false flag in this run; default: 1')
  .option('--relative <unit>', 'the readings are in this unit, whose scale is unknown (V, Hz, ...)')
  .addHelpText(
    'after',
    [
      '',
      'Example:',
      '  savart diagnose scans/*.csv --pack pack.yaml --report report.html',
      '  savart diagnose new.csv --reference good1.csv good2.csv good3.csv --save-reference good.h5',
      '  savart diagnose new.csv --reference good.h5 --cell cell.yaml --report report.html',
    ].join('\n'),
  );

command('view', 'look at scans, results and stacks in the browser', ['file...'], () => import('./view.js'))
  .option('--cell <cell.yaml>', 'outline and tabs, drawn over a scan')
  .option('--no-open', 'print the address only')
  .addHelpText('after', '\nExample:\n  savart view result.h5\n  savart view scan.csv --cell cell.yaml');

command('plan', 'what a scan can detect, before it is made', ['cell'], () => import('./plan.js'))
  .requiredOption('--rig <rig.yaml>', 'sensors, stage, current and plan of the scan')
  .option(
    '--detect <yaml>',
    "a defect to be detected, such as 'hole: {foil: positive, at_mm: [50, 60], radius_mm: 2}', or a list; may be repeated; default: one of each kind",
    (text: string, before: string[] = []) => [...before, text],
  )
  .option('--dprime <d>', "with --detect: the detectability d' to be reached; default: what a search needs")
  .option('--figure <file>', 'write the maps of the smallest hole, .png or .svg')
  .option('--report <file.html>', 'write a report, one file that opens by double click')
  .addHelpText(
    'after',
    [
      '',
      'Example:',
      '  savart plan cell.yaml --rig rig.yaml --report plan.html',
      "  savart plan cell.yaml --rig rig.yaml --detect 'hole: {foil: negative, at_mm: [50, 60], radius_mm: 1}' --dprime 5",
    ].join('\n'),
  );

function command(name: string, description: string, args: string[], load: () => Promise<{ default: Action }>): Command {
  const made = program.command(name).description(description).exitOverride();
  for (const arg of args) made.argument(`<${arg}>`);
  return made
    .option('--json', 'one JSON object on stdout, text for people on stderr')
    .option('--debug', 'show where an error came from')
    .action(async (...given: unknown[]) => {
      const options = made.opts<CommonOptions>();
      try {
        await (await load()).default(given.slice(0, args.length).flat() as string[], options as never, VERSION);
      } catch (error) {
        process.exitCode = reportError(error, options);
      }
    });
}

// Who reads the output may stop reading (`| head`); that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error.exitCode !== 0 && process.argv.includes('--json')) {
    printJson({ error: { code: 'usage', message: error.message, advice: 'savart --help shows what there is' } });
  }
}
