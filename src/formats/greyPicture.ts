/** No picture is larger than this, whatever its header says. */
export const MOST_PIXELS = 50e6;

/** The luminance of a colour (ITU-R BT.709), in the unit of its parts. */
export function greyOf(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
