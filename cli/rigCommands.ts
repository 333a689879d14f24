import type { Declare } from './command.js';

/** What works with the sensors of a rig: `savart calibrate`, `savart devices` and `savart scan`. */
export function rigCommands(command: Declare): void {
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
    .option(
      '--wire-path-mm <path...>',
      "points of that wire in the direction of the current, such as '0,-100,0 0,100,0'",
    )
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
}
