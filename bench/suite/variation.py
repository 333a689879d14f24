"""Total variation of the current by alternating directions: psi by a division per wave vector, the data inside the window and
the second differences split off. Pixel units, mu0 = 1, readings over their range."""
import numpy as np
import scipy.fft as sf

MU0 = 4e-7 * np.pi


def prepare(settings, load):
    n, z, pitch = settings['n'], settings['z'], settings['pitch']
    lam, m, steps = settings['lambda'], settings['domain'], settings['steps']
    readings = load('bz').reshape(n, n)
    window = np.s_[:n, :n]

    def run():
        span = np.ptp(readings)
        b = readings / span
        k = 2 * np.pi * np.fft.fftfreq(m)
        kx, ky = np.meshgrid(k[:m // 2 + 1], k)
        kk = np.hypot(kx, ky)
        response = .5 * kk * np.exp(-kk * z / pitch)
        ex, ey = np.exp(1j * kx) - 1, np.exp(1j * ky) - 1
        second = [-np.abs(ex) ** 2, -np.abs(ey) ** 2, np.sqrt(2) * ex * ey]
        rho = 20 * lam
        below = response ** 2 + rho * sum(np.abs(d) ** 2 for d in second)
        below[0, 0] = np.inf
        toward = [rho * d.conj() / below for d in second]
        data = response / below
        responses = [response] + second
        t = np.zeros((m, m))
        v_dual, duals = np.zeros((m, m)), [np.zeros((m, m)) for _ in second]
        t[window] = b                                       # nothing is found yet: the readings are given
        v_dual[window] = -b / 2
        given = [t] + [np.zeros((m, m)) for _ in second]
        for step in range(steps):
            psi = data * sf.rfft2(given[0])
            for factor, w in zip(toward, given[1:]):
                psi += factor * sf.rfft2(w)
            if step == steps - 1:
                break
            found, *differences = (sf.irfft2(r * psi, (m, m)) for r in responses)
            t = found + v_dual
            p = t.copy()
            p[window] = .5 * (b + t[window])
            v_dual = t - p
            given = [p - v_dual]
            ts = [d + u for d, u in zip(differences, duals)]
            norm = np.sqrt(ts[0] ** 2 + ts[1] ** 2 + ts[2] ** 2)
            keep = np.maximum(1 - lam / rho / np.maximum(norm, 1e-30), 0)
            for i, t in enumerate(ts):
                p = keep * t
                duals[i] = t - p
                given.append(p - duals[i])
        g = sf.irfft2(psi, (m, m)) * span * pitch / MU0
        kx = (np.roll(g, -1, 0) - np.roll(g, 1, 0)) / (2 * pitch)
        ky = -(np.roll(g, -1, 1) - np.roll(g, 1, 1)) / (2 * pitch)
        return {'kx': kx[window], 'ky': ky[window]}
    return run
