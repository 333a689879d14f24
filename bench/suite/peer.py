"""The numpy and scipy side of the benchmark: peer.py WORKERS. Reads one JSON object per line, answers with one.

{"open": JOB, "settings": {...}, "folder": F}  imports JOB.py beside this file and calls prepare(settings, load), which returns
                                               a function that does the work once; load(name) reads F/name.f64
{"run": N}                                     does it N times and says how many seconds each took, and all of the processor's time
{"result": true}                               writes the arrays that the last run returned to F/theirs-NAME.f64
"""
import importlib, json, os, platform, sys, time

workers = sys.argv[1]
for name in ('OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = workers                                        # read when numpy is loaded
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
import scipy
import scipy.fft


def answer(**found):
    print(json.dumps(found), flush=True)


def main():
    answer(numpy=np.__version__, scipy=scipy.__version__, python=platform.python_version())
    run, last, folder = None, {}, ''
    for line in sys.stdin:
        asked = json.loads(line)
        if 'open' in asked:
            folder = asked['folder']
            load = lambda name, folder=folder: np.fromfile(os.path.join(folder, f'{name}.f64'))
            run, last = importlib.import_module(asked['open']).prepare(asked['settings'], load), {}
            answer(ready=True)
        elif 'run' in asked:
            seconds, cpu = [], time.process_time()
            for _ in range(asked['run']):
                start = time.perf_counter()
                last = run()
                seconds.append(time.perf_counter() - start)
            answer(seconds=seconds, cpu=time.process_time() - cpu)
        else:
            for name, values in last.items():
                values = np.ascontiguousarray(values)
                values = values.view(np.float64) if np.iscomplexobj(values) else values.astype(np.float64)
                values.tofile(os.path.join(folder, f'theirs-{name}.f64'))
            answer(names=list(last))


with scipy.fft.set_workers(int(workers)):
    main()
