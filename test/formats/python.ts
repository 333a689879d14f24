import { execFileSync } from 'node:child_process';

/**
 * The system's own Python, which has h5py, numpy and scipy where Debian's packages are installed: another `python3` may
 * come first on the PATH.
 */
function findPython(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -pv python3'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

const python = findPython();

/** Whether a script can import these modules; says so on the console when it cannot. */
export function pythonHas(...modules: string[]): boolean {
  try {
    if (python === undefined) throw new Error();
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`skipped: the system's python3 lacks ${modules.join(' or ')} (Debian: python3-h5py python3-scipy)`);
    return false;
  }
}

/** Runs a script whose arguments are paths; returns what it printed as JSON. */
export function runPython(script: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync(python!, ['-c', script, ...args], { encoding: 'utf8' }));
}
