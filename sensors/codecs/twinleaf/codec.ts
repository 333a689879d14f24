import type { Codec } from '../codec.js';
import type { TwinleafCommand, TwinleafMessage } from './packet.js';

/** SLIP and CRC-32 over a serial port. */
export declare const twinleafSerial: Codec<TwinleafMessage, TwinleafCommand>;
/** Bare packets over TCP (port 7855). */
export declare const twinleafTcp: Codec<TwinleafMessage, TwinleafCommand>;
