"""Medians of scipy's transforms: scipyTransforms.py REPEATS SIZE... Prints JSON, seconds per kind, size and workers.

Output arrays are scipy's own business (it makes a new one each time); `overwrite_x` lets it reuse the complex input, which
is the fastest that it does.
"""
import json, sys, time
import numpy as np, scipy, scipy.fft as sf

repeats, sizes = int(sys.argv[1]), [int(s) for s in sys.argv[2:]]
rng = np.random.default_rng(1)


def median(run):
    for _ in range(3): run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter(); run(); times.append(time.perf_counter() - start)
    return sorted(times)[repeats // 2]


out = {}
for n in sizes:
    real = rng.standard_normal((n, n)); half = sf.rfft2(real); whole = real + 1j * rng.standard_normal((n, n))
    for workers in (1, 2):
        out[f'real {n} {workers}'] = median(lambda: sf.rfft2(real, workers=workers))
        out[f'real back {n} {workers}'] = median(lambda: sf.irfft2(half, (n, n), workers=workers))
        out[f'complex {n} {workers}'] = min(median(lambda: sf.fft2(whole, workers=workers)),
                                            median(lambda: sf.fft2(whole.copy(), workers=workers, overwrite_x=True)))
print(json.dumps({'scipy': scipy.__version__, 'seconds': out}))
