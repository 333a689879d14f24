"""Principal components of a stack of maps by numpy and scipy: singular values and vectors, or those of the small Gram matrix."""
import numpy as np
import scipy.linalg as la


def prepare(settings, load):
    maps = load('maps').reshape(settings['maps'], -1)
    k = settings['components']

    def by_svd():
        centred = maps - maps.mean(0)
        u, s, v = la.svd(centred, full_matrices=False)
        return {'variances': s[:k] ** 2 / (len(maps) - 1), 'loadings': v[:k], 'scores': (u[:, :k] * s[:k])}

    def by_gram():
        centred = maps - maps.mean(0)
        values, vectors = la.eigh(centred @ centred.T)
        values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
        s = np.sqrt(values)
        return {'variances': values / (len(maps) - 1), 'loadings': (vectors / s).T @ centred, 'scores': vectors * s}
    return by_svd if settings['by'] == 'svd' else by_gram
