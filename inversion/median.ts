/** The median of this room: of an even count the upper of the two middle values. */
export { upperMedian as median } from '../src/median.js';
