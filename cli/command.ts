import type { Command } from 'commander';
import { type CommonOptions, reportError } from './run.js';

/** An action that is loaded when it is called, so that `--help` starts at once. */
type Action = (args: string[], options: never, version: string) => Promise<void>;

/**
 * Declares a command.
 * @param args names of its arguments, all required; the last may end in `...`
 * @param load imports the module whose default export does the work
 */
export type Declare = (
  name: string,
  description: string,
  args: readonly string[],
  load: () => Promise<{ default: Action }>,
) => Command;

/** How commands of a program are declared: with the options of all, and with errors told in the way of all. */
export function declareFor(program: Command, version: string): Declare {
  return (name, description, args, load) => {
    const made = program.command(name).description(description).exitOverride();
    for (const arg of args) made.argument(`<${arg}>`);
    return made
      .option('--json', 'one JSON object on stdout, text for people on stderr')
      .option('--debug', 'show where an error came from')
      .action(async (...given: unknown[]) => {
        const options = made.opts<CommonOptions>();
        try {
          await (await load()).default(given.slice(0, args.length).flat() as string[], options as never, version);
        } catch (error) {
          process.exitCode = reportError(error, options);
        }
      });
  };
}
