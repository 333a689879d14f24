"""The plain numpy inversion (Fourier Tikhonov, GCV over 57 lambda) on the benchmark's own data: peers.py PEERS FOLDER.

PEERS holds tikhonov.py and in_plane.py; FOLDER holds cases.json and one raw float64 file per component. Prints JSON: for
every case the error and the median time of the padding and order that come out best in hindsight.
"""
import json, os, sys, time
import numpy as np

peers, folder = sys.argv[1:3]
sys.path.insert(0, peers)
from tikhonov import solve, err  # noqa: E402

names = {}
# in_plane.py runs its own sweep when it is imported; only its functions are wanted.
exec(open(os.path.join(peers, 'in_plane.py')).read().split('\nfor case')[0], names)
out = []
for case in json.load(open(os.path.join(folder, 'cases.json'))):
    n, dx, z = case['n'], case['pitch'], case['z']
    load = lambda name: np.fromfile(os.path.join(folder, f"{case['id']}-{name}.f64")).reshape(n, n)
    truth = {'Jx': load('kx'), 'Jy': load('ky')}
    fields = {c: load(c) for c in case['components']}
    best = None
    if list(fields) == ['bz']:
        for order in (1, 2):
            for pad, mode in ((0, 'constant'), (1, 'constant'), (1, 'edge'), (2, 'constant')):
                run = lambda: solve(fields['bz'], z, dx, 'gcv', None, None, pad, mode, order)[0]
                error = err(truth, *run())
                if best is None or error < best[0]: best = (error, run)
    else:
        for pad, mode in ((0, 'constant'), (1, 'constant'), (1, 'edge')):
            # solve_xy sweeps its 57 lambda twice, the second time for the error; half of its time is the inversion.
            run = lambda: names['solve_xy'](fields['bx'], fields['by'], z, dx, truth, pad, mode)
            error = run()[0]
            if best is None or error < best[0]: best = (error, run)
    times = []
    for _ in range(3):
        start = time.perf_counter(); best[1](); times.append(time.perf_counter() - start)
    scale = 1 if list(fields) == ['bz'] else .5
    out.append({'id': case['id'], 'error': best[0], 'seconds': sorted(times)[1] * scale})
print(json.dumps({'numpy': np.__version__, 'cases': out}))
