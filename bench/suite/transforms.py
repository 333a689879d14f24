"""Transforms by scipy.fft. Where `overwrite_x` is faster with the copy that it needs, that is what counts."""
import numpy as np
import scipy.fft as sf

KINDS = {'cosine1': (sf.dctn, 1), 'cosine2': (sf.dctn, 2), 'sine1': (sf.dstn, 1), 'sine2': (sf.dstn, 2)}


def prepare(settings, load):
    kind, shape = settings['kind'], tuple(settings['shape'])
    values = load('values')
    if kind == 'real':
        values = values.reshape(shape)
        return lambda: {'out': sf.rfft2(values)}
    if kind == 'real back':
        values = values.view(complex).reshape(shape[0], shape[1] // 2 + 1)
        return lambda: {'out': sf.irfft2(values, shape)}
    if kind == 'complex':
        values = values.view(complex).reshape(shape)
        return lambda: {'out': sf.fft2(values)}
    if kind == 'rows':
        values = values.view(complex).reshape(shape)
        return lambda: {'out': sf.fft(values, axis=-1)}
    values, (transform, number) = values.reshape(shape), KINDS[kind]
    return lambda: {'out': transform(values, number)}
