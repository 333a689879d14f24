/** A compiled kernel, and whether its memory can be shared with helper threads. */
export interface CompiledKernel {
  readonly module: WebAssembly.Module;
  readonly shared: boolean;
}

/** A module in base64 and the place of the byte that says the kind of its memory. */
interface KernelBytes {
  readonly base64: string;
  readonly memoryKind: number;
}

/** What scripts/buildKernel.js wrote. */
export interface Kernels {
  readonly fused: KernelBytes;
  readonly plain: KernelBytes;
}

/** The part of Node that we look for without importing it: this file runs in a page too. */
interface NodeProcess {
  getBuiltinModule?(name: 'node:v8'): { setFlagsFromString(flags: string): void };
}

/**
 * Compiles the kernel: with fused multiply-add where the engine has it (the products of matrices go up to 1.4 times as fast), and for
 * a memory that can be shared where there is one. Null where the engine lacks WebAssembly with vectors.
 */
export function compileKernel({ fused, plain }: Kernels): CompiledKernel | null {
  const bytes = bytesOf(fused);
  allowFused(bytes);
  return compiled(bytes, fused) ?? compiled(bytesOf(plain), plain) ?? null;
}

function bytesOf({ base64 }: KernelBytes): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < out.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function compiled(bytes: Uint8Array<ArrayBuffer>, { memoryKind }: KernelBytes): CompiledKernel | undefined {
  for (const shared of [true, false]) {
    try {
      if (shared && new WebAssembly.Memory({ initial: 1, maximum: 1, shared }).buffer instanceof ArrayBuffer) continue;
      bytes[memoryKind] = shared ? 3 : 1;
      return { module: new WebAssembly.Module(bytes), shared };
    } catch {}
  }
  return undefined;
}

/** Node 20 has relaxed SIMD, but behind a flag; it holds for what is compiled afterwards. */
function allowFused(bytes: Uint8Array<ArrayBuffer>): void {
  try {
    if (WebAssembly.validate(bytes)) return;
    const process = (globalThis as { process?: NodeProcess }).process;
    process?.getBuiltinModule?.('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
  } catch {}
}
