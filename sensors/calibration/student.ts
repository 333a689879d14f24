/**
 * What a standard error is multiplied with whose variance was itself estimated from `freedom` degrees of freedom: the error then
 * follows Student's distribution, whose standard deviation is sqrt(freedom / (freedom - 2)) of the stated one. With three
 * degrees or fewer that has no useful bound; that of three is taken.
 */
export function studentFactor(freedom: number): number {
  const degrees = Math.max(3, freedom);
  return Math.sqrt(degrees / (degrees - 2));
}
