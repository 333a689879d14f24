import type { Codec } from '../../../sensors/codecs/codec.js';
import type { SensorModel, VirtualDevice } from '../../../sensors/virtual/virtualDevice.js';

/** A field that grows with time, T/s. */
export const SLOPE = [1e-6, -2e-6, 3e-6];
/** A sensor in that field. */
export function ramp(channels: number, offset = 20e-6, flags = 0): SensorModel {
  return {
    channels,
    read(time, out) {
      for (let i = 0; i < channels; i++) out[i] = offset + SLOPE[i % 3] * time;
      return flags;
    },
  };
}
export const fieldAt = (time: number, axis: number, offset = 20e-6) => offset + SLOPE[axis] * time;

/** Speaks to a device and hears it for a while, from a time on. */
export function talk<Message, Command>(device: VirtualDevice, codec: Codec<Message, Command>, from = 0) {
  const decoder = codec.decoder();
  let time = from;
  const hear = (seconds: number): Message[] => {
    const out: Message[] = [];
    for (const end = time + seconds; ; time = Math.min(end, time + 0.0037)) {
      decoder.push(device.poll(time), out);
      if (time >= end) return out;
    }
  };
  const tell = (command: Command, seconds = 0) => {
    device.receive(codec.encode(command), time);
    return hear(seconds);
  };
  return { hear, tell, now: () => time };
}
