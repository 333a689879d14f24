"""The linear model of a scan (departures, patterns, sheets outside) as numpy makes it: rows of the matrix from point sources,
blocks of sites at a time so that the intermediate arrays stay in the cache, hats by a sparse product."""
import numpy as np
import scipy.linalg as la
import scipy.sparse as sp
from scipy.linalg.blas import dsyrk

MU0 = 4e-7 * np.pi
BLOCK = 48
HAT = np.array([.25, .5, .25, .5, 1, .5, .25, .5, .25])


class Sources:
    def __init__(self, about, name, load):
        self.kind, self.z, self.count = about['kind'], about['z'], about['count']
        self.x, self.y, self.area = load(f'{name}-x'), load(f'{name}-y'), load(f'{name}-area')
        self.hats = None
        if about['hats']:
            index = load(f'{name}-hats').astype(int)
            function = np.repeat(np.arange(self.count), 9)
            keep = index < len(self.x)
            weight = np.tile(HAT, self.count)
            self.hats = sp.csr_matrix((weight[keep], (function[keep], index[keep])), (self.count, len(self.x)))

    def fields(self, px, py, pz):
        """(Bx, By, Bz) of every function at the sites, each sites x functions, T/A."""
        rx, ry, rz = px[:, None] - self.x, py[:, None] - self.y, pz[:, None] - self.z
        r2 = rx * rx
        r2 += ry * ry
        r2 += rz * rz
        f = MU0 / (4 * np.pi) * self.area / (r2 * r2 * np.sqrt(r2))
        level = 3 * rz * f
        rx *= level
        ry *= level
        out = [rx, ry, (3 * rz * rz - r2) * f] if self.kind == 'psi' else [-ry, rx, None]
        if self.hats is None:
            return out
        return [None if b is None else (self.hats @ b.T).T for b in out]


class Model:
    """Rows in the order of the readings: sample by sample, the measured components of each."""

    def __init__(self, settings, load):
        self.departures = [Sources(s, f'inside{i}', load) for i, s in enumerate(settings['inside'])]
        self.outside = [Sources(s, f'outside{i}', load) for i, s in enumerate(settings['outside'])]
        self.precision = [load(f'precision{i}').reshape(s.count, s.count) for i, s in enumerate(self.outside)]
        self.axes = settings['axes']                                  # indices into (x, y, z)
        self.x, self.y, self.z = load('x'), load('y'), load('z')      # of the sites
        self.patterns = load('patterns').reshape(settings['patterns'], -1)
        self.sd = load('sd')
        self.kept = sum(s.count for s in self.departures) + len(self.patterns)
        self.unknowns = self.kept + sum(s.count for s in self.outside)

    def rows(self, weights):
        sites, axes = len(self.x), len(self.axes)
        out = np.zeros((sites, axes, self.unknowns))
        for first in range(0, sites, BLOCK):
            s = slice(first, first + BLOCK)
            at = 0
            for sources in [*self.departures, None, *self.outside]:
                if sources is None:
                    at = self.kept
                    continue
                b = sources.fields(self.x[s], self.y[s], self.z[s])
                for i, axis in enumerate(self.axes):
                    if b[axis] is not None:
                        out[s, i, at:at + sources.count] = b[axis]
                at += sources.count
        out = out.reshape(sites * axes, self.unknowns)
        out[:, self.kept - len(self.patterns):self.kept] = self.patterns.T
        out *= weights[:, None]
        return out


def gram(rows):
    """rows' rows, lower triangle of a matrix in C order."""
    return dsyrk(1., rows.T, trans=0, lower=0).T if rows.flags.c_contiguous else rows.T @ rows


def symmetric(lower):
    return np.tril(lower) + np.tril(lower, -1).T


def cholesky(matrix):
    """In place where it can be; the lower triangle is read."""
    return la.cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)


def forward(factor, right):
    return la.solve_triangular(factor, right, lower=True, check_finite=False)


def backward(factor, right):
    return la.solve_triangular(factor, right, lower=True, trans=1, check_finite=False)
