import { InputError } from '../../src/errors.js';
import { parseRegex, type RegexNode } from './regexSyntax.js';

/** One step of the compiled expression. */
type Instruction =
  | { readonly op: 'char'; readonly test: (code: number) => boolean }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'start' }
  | { readonly op: 'end' }
  | { readonly op: 'match' };

const MOST_INSTRUCTIONS = 2000;

/**
 * A regular expression from a settings file, matched in time proportional to the lengths of expression and text,
 * whatever both are: what a device sends can never hang the program. Backtracking with a note of every pair of
 * instruction and position that failed already (as in RE2's bit-state matcher; R. Cox, "Regular Expression Matching:
 * the Virtual Machine Approach", 2009), so that none is tried twice. Leftmost match, choices as in JavaScript.
 *
 * Known: literals, `.`, classes, `\d \w \s` and their opposites, `^ $`, groups (plain, `(?:)`, named), `|`,
 * `* + ? {n,m}` greedy and lazy. Look-around and back-references are not.
 */
export class LinearRegex {
  /** Groups by number (from 1, index 0 the whole match) and the numbers of the named ones. */
  readonly names: ReadonlyMap<string, number>;
  readonly groups: number;
  readonly #program: Instruction[] = [];
  readonly #most: number;
  readonly #visited: Uint32Array;

  /** @param most longest text, characters. @throws {InputError} syntax, too large, or what is not known */
  constructor(pattern: string, most: number) {
    const { root, names, groups } = parseRegex(pattern);
    this.names = names;
    this.groups = groups;
    this.#most = most;
    this.#emit({ op: 'save', slot: 0 });
    this.#compile(root);
    this.#emit({ op: 'save', slot: 1 });
    this.#emit({ op: 'match' });
    this.#visited = new Uint32Array(Math.ceil((this.#program.length * (most + 1)) / 32));
  }

  /** Whole match and groups; undefined entries took no part. Undefined: no match, or the text is too long. */
  exec(text: string): (string | undefined)[] | undefined {
    if (text.length > this.#most) return undefined;
    this.#visited.fill(0, 0, Math.ceil((this.#program.length * (text.length + 1)) / 32));
    const slots = new Int32Array(2 * this.groups + 2);
    for (let at = 0; at <= text.length; at++) {
      slots.fill(-1);
      if (!this.#run(text, at, slots)) continue;
      const groups: (string | undefined)[] = [];
      for (let i = 0; i < slots.length; i += 2) {
        groups.push(slots[i] < 0 || slots[i + 1] < 0 ? undefined : text.slice(slots[i], slots[i + 1]));
      }
      return groups;
    }
    return undefined;
  }

  /** Slots are put back when the way through them fails: entries (-1 - slot, old value) on the same stack. */
  #run(text: string, from: number, slots: Int32Array): boolean {
    const stack: number[] = [0, from];
    const width = text.length + 1;
    while (stack.length > 0) {
      let at = stack.pop()!;
      let pc = stack.pop()!;
      if (pc < 0) {
        slots[-1 - pc] = at;
        continue;
      }
      for (;;) {
        const bit = pc * width + at;
        if ((this.#visited[bit >>> 5] & (1 << (bit & 31))) !== 0) break;
        this.#visited[bit >>> 5] |= 1 << (bit & 31);
        const step = this.#program[pc];
        if (step.op === 'match') return true;
        if (step.op === 'char') {
          if (at >= text.length || !step.test(text.charCodeAt(at))) break;
          at++;
          pc++;
        } else if (step.op === 'jump') pc = step.to;
        else if (step.op === 'split') {
          stack.push(step.second, at);
          pc = step.first;
        } else if (step.op === 'save') {
          stack.push(-1 - step.slot, slots[step.slot]);
          slots[step.slot] = at;
          pc++;
        } else {
          if (at !== (step.op === 'start' ? 0 : text.length)) break;
          pc++;
        }
      }
    }
    return false;
  }

  #emit(instruction: Instruction): Instruction {
    if (this.#program.length >= MOST_INSTRUCTIONS) {
      throw new InputError('the regular expression is too large', { advice: 'use smaller counts in {n,m}' });
    }
    this.#program.push(instruction);
    return instruction;
  }

  #compile(node: RegexNode): void {
    const here = () => this.#program.length;
    switch (node.kind) {
      case 'char':
        this.#emit({ op: 'char', test: node.test });
        break;
      case 'start':
      case 'end':
        this.#emit({ op: node.kind });
        break;
      case 'sequence':
        for (const part of node.parts) this.#compile(part);
        break;
      case 'group':
        this.#emit({ op: 'save', slot: 2 * node.number });
        this.#compile(node.body);
        this.#emit({ op: 'save', slot: 2 * node.number + 1 });
        break;
      case 'choice': {
        const ends: { to: number }[] = [];
        node.options.forEach((option, i) => {
          if (i === node.options.length - 1) {
            this.#compile(option);
            return;
          }
          const split = this.#emit({ op: 'split', first: here() + 1, second: 0 }) as { second: number };
          this.#compile(option);
          ends.push(this.#emit({ op: 'jump', to: 0 }) as { to: number });
          split.second = here();
        });
        for (const end of ends) end.to = here();
        break;
      }
      default:
        this.#repeat(node);
    }
  }

  #repeat(node: Extract<RegexNode, { kind: 'repeat' }>): void {
    const split = () => {
      const step = this.#emit({ op: 'split', first: 0, second: 0 }) as { first: number; second: number };
      const inside = this.#program.length;
      return (outside: number) => {
        step.first = node.lazy ? outside : inside;
        step.second = node.lazy ? inside : outside;
      };
    };
    for (let i = 0; i < node.least; i++) this.#compile(node.body);
    if (node.most === Number.POSITIVE_INFINITY) {
      const loop = this.#program.length;
      const leave = split();
      this.#compile(node.body);
      this.#emit({ op: 'jump', to: loop });
      leave(this.#program.length);
      return;
    }
    const leaves: ((outside: number) => void)[] = [];
    for (let i = node.least; i < node.most; i++) {
      leaves.push(split());
      this.#compile(node.body);
    }
    for (const leave of leaves) leave(this.#program.length);
  }
}
