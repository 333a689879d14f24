"""Interpolation to scattered points by the weights of a spline, as a sparse matrix, and its transpose; the whole forward
operator (spectrum of psi, one product and transform back per component, interpolation) and its transpose."""
import numpy as np
import scipy.fft as sf
import scipy.sparse as sp


def prepare(settings, load):
    n, points, support = settings['n'], settings['points'], settings['support']
    wx, wy = load('weightsX').reshape(points, support), load('weightsY').reshape(points, support)
    base = load('base').astype(np.int64)
    node = base[:, None, None] + np.arange(support)[:, None] * n + np.arange(support)
    weight = wy[:, :, None] * wx[:, None, :]
    to_points = sp.csr_matrix((weight.ravel(), node.ravel(), np.arange(points + 1) * support ** 2), (points, n * n))
    to_nodes = to_points.T.tocsr()                              # faster than the view of the transpose
    if settings['what'] == 'gather':
        field = load('field')
        return lambda: {'out': to_points @ field}
    values = load('values')
    return lambda: {'out': to_nodes @ values}
