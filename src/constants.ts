/** Vacuum permeability mu0 in T m / A (the pre-2019 exact value; CODATA 2022 differs by 1e-10 relative). */
export const MU0 = 4e-7 * Math.PI;
