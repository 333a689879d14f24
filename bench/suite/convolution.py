"""Periodic convolutions of one array with kernels whose spectra are known, all outputs at once."""
import numpy as np
import scipy.fft as sf


def prepare(settings, load):
    n, outputs = settings['n'], settings['outputs']
    values = load('values').reshape(n, n)
    kernels = load('kernels').view(complex).reshape(outputs, n, n // 2 + 1)

    def run():
        spectrum = sf.rfft2(values)
        return {'out': np.stack([sf.irfft2(k * spectrum, (n, n)) for k in kernels])}
    return run
