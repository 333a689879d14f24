#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { declareFor } from './command.js';
import { inversionCommands } from './inversionCommands.js';
import { rigCommands } from './rigCommands.js';
import { EXIT, printJson } from './run.js';

/** The version in package.json, two folders above the built file. */
const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

const program = new Command('savart')
  .description('Magnetic-field imaging for batteries: from a measured field to the map of the current.')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(savart --help shows what there is)')
  .configureHelp({ showGlobalOptions: false });
const command = declareFor(program, VERSION);

command('demo', 'scan a cell with a simulated bench, invert the scan and write a report', [], () => import('./demo.js'))
  .option('-o, --out <folder>', 'folder for the report, the figures and the result', 'savart-demo')
  .option('--report <file.html>', 'where to write the report; default: report.html in that folder')
  .option('--measured', 'invert a measured example instead: a thin film under a scanning SQUID')
  .addHelpText('after', '\nExample:\n  savart demo');

inversionCommands(command);

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

rigCommands(command);

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

// Who reads the output may stop reading (`| head`); that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
// Nor is it one where nobody reads what is said beside.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
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
