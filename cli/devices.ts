import { systemClock } from '../sensors/clock.js';
import type { Device } from '../sensors/devices/interfaces.js';
import { allDevices, rigDevices } from '../sensors/devices/openRig.js';
import { listPorts } from '../sensors/transport/ports.js';
import { probePort } from '../sensors/transport/probe.js';
import { SavartError } from '../src/errors.js';
import { readFileBytes } from '../src/formats/node.js';
import { parseRig } from '../src/model/parseRig.js';
import { askPerson } from './prompt.js';
import { bold, type CommonOptions, EXIT, printJson, say } from './run.js';
import { utf8 } from './textFile.js';
import { textTable } from './textTable.js';

export interface DevicesOptions extends CommonOptions {
  readonly rig?: string;
  readonly port?: string[];
  readonly list?: boolean;
}

/** `savart devices`: the ports and what answers on them, or what answers of the devices of a rig. */
export default async function devices(_: string[], options: DevicesOptions): Promise<void> {
  if (options.rig !== undefined) {
    await rigAnswers(options.rig, options);
    return;
  }
  const found = options.port?.map(path => ({ path })) ?? (await listPorts());
  if (found.length === 0) say(options, 'No serial ports. Plug a device in, or name a port with --port.');
  const ports = [];
  for (const port of found) ports.push({ ...port, ...(options.list ? {} : await probePort(port.path, systemClock)) });
  if (ports.length > 0) {
    const rows = ports.map(port => {
      const { path, usb = '', description = '', answer = '', fault = '' } = port as Row;
      return [path, [usb, description].filter(text => text !== '').join(' '), answer || fault];
    });
    say(options, textTable(['port', 'USB', options.list ? '' : 'what answers'], rows));
  }
  if (options.json) printJson({ ports });
}

interface Row {
  readonly path: string;
  readonly usb?: string;
  readonly description?: string;
  readonly answer?: string;
  readonly fault?: string;
}

/** Opens every device of a rig and says who it is; nothing is moved and no current is set. */
async function rigAnswers(path: string, options: DevicesOptions): Promise<void> {
  const rig = parseRig(utf8(path, await readFileBytes(path)), path);
  const all = allDevices(rigDevices(rig, { clock: systemClock, prompt: askPerson }));
  const answers = await Promise.all(all.map(answerOf));
  const rows = answers.map(({ name, identity, fault }) => [name, identity ?? '', fault ?? 'answers']);
  say(options, textTable(['device', 'who it is', 'state'], rows));
  const silent = answers.filter(({ fault }) => fault !== undefined).length;
  const text = silent === 0 ? 'All devices answer.' : `${silent} of ${answers.length} devices do not answer.`;
  say(options, bold(options, text));
  if (options.json) printJson({ devices: answers });
  if (silent > 0) process.exitCode = EXIT.failed;
}

async function answerOf(device: Device): Promise<{ name: string; identity?: string; fault?: string }> {
  try {
    await device.open();
    return { name: device.name, identity: device.identity };
  } catch (error) {
    return { name: device.name, fault: error instanceof SavartError ? error.sentence() : String(error) };
  } finally {
    await device.close();
  }
}
