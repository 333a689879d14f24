"""The bounded inversion by dense algebra of numpy and scipy, from the geometry on: rows, weights of the samples, normal equations
by dsyrk, sheets outside eliminated by Cholesky, lambda by GCV on the departures of a coarser lattice, reweighted sparse prior."""
import numpy as np
import scipy.linalg as la
import scipy.sparse as sp
from scipy.ndimage import correlate1d
from field_model import Model, backward, cholesky, forward, gram, symmetric

ROUNDS, COARSE_ROUNDS = 3, 2
HUBER, REJECT, STANDS_OUT, NEIGHBOURS = 2.5, 5, 4, 12
FLOOR, SMOOTHING = .1, 1.5e-3
RUNGS, SLIGHT = 4, .5


class Lattice:
    """Nodes of the departure: Laplacian as a sparse matrix."""

    def __init__(self, about, name, load):
        self.dx, self.dy, self.nx, self.ny = about['dx'], about['dy'], about['nx'], about['ny']
        self.unknown = load(f'{name}-unknown').astype(int).reshape(self.ny, self.nx)
        n = self.n = self.unknown.max() + 1
        rows, columns, values = [np.arange(n)], [np.arange(n)], [np.full(n, -2 / self.dx ** 2 - 2 / self.dy ** 2)]
        for shift, axis, weight in ((1, 1, 1 / self.dx ** 2), (-1, 1, 1 / self.dx ** 2), (1, 0, 1 / self.dy ** 2), (-1, 0, 1 / self.dy ** 2)):
            beside = np.roll(self.unknown, shift, axis)
            both = (self.unknown >= 0) & (beside >= 0)
            rows.append(self.unknown[both]); columns.append(beside[both]); values.append(np.full(both.sum(), weight))
        self.laplacian = sp.csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), (n, n))

    def prior(self, variance, sd):
        """Precision of departures and patterns."""
        own = (self.laplacian.T @ sp.diags(1 / variance) @ self.laplacian).tocoo()
        out = sp.block_diag([own, sp.diags(1 / sd ** 2)]) if len(sd) else own
        return out.tocsr()

    def smoothed(self, values):
        def along(data, axis, step):
            reach = int(np.ceil(3 * SMOOTHING / step))
            kernel = np.exp(-.5 * (np.arange(-reach, reach + 1) * step / SMOOTHING) ** 2)
            return correlate1d(data, kernel, axis, mode='constant')
        both = lambda data: along(along(data, 1, self.dx), 0, self.dy)
        inside = self.unknown >= 0
        grid = np.zeros(self.unknown.shape)
        grid[inside] = values[self.unknown[inside]]
        mean = both(grid) / np.maximum(both(inside.astype(float)), 1e-300)
        out = np.empty(self.n)
        out[self.unknown[inside]] = mean[inside]
        return out


def upper_median(values):
    return np.partition(values, len(values) // 2)[len(values) // 2]


def sample_weights(residual, axes, places):
    """residual in deviations, sample by sample."""
    unit = max(1, 1.4826 * upper_median(np.abs(residual)))
    size = np.sqrt(((residual / unit) ** 2).reshape(-1, axes).mean(1))
    out = np.where(size > HUBER, HUBER / np.maximum(size, HUBER), 1)
    for s in np.flatnonzero(size > REJECT):
        distance = ((places - places[s]) ** 2).sum(1)
        distance[s] = np.inf
        near = np.sort(size[np.argpartition(distance, NEIGHBOURS)[:NEIGHBOURS]])
        if size[s] > STANDS_OUT * near[len(near) // 2]:
            out[s] = 0
    return out


class Form:
    """The quadratic form of the readings in departures and patterns, the sheets outside eliminated."""

    def __init__(self, normal, right, energy, model):
        kept = model.kept
        corner = normal[kept:, kept:].copy()
        at = 0
        for precision in model.precision:
            m = len(precision)
            corner[at:at + m, at:at + m] += precision
            at += m
        self.factor = cholesky(corner)
        self.cross = forward(self.factor, normal[kept:, :kept])
        self.solved = forward(self.factor, right[kept:])
        self.form = normal[:kept, :kept] - symmetric(gram(self.cross))
        self.right = right[:kept] - self.cross.T @ self.solved
        self.energy = energy - self.solved @ self.solved

    def outside(self, x):
        return backward(self.factor, self.solved - self.cross @ x)


def solve(form, right, prior, trace=False):
    matrix = form + prior.toarray()
    factor = cholesky(matrix)
    x = backward(factor, forward(factor, right))
    if not trace:
        return x
    inverse, _ = la.lapack.dpotri(factor, lower=1)
    inverse = symmetric(inverse)
    entries = prior.tocoo()
    return x, len(x) - inverse[entries.row, entries.col] @ entries.data


def restricted(form, to):
    """The form on the coarse lattice."""
    half = to.T @ form.form
    return np.ascontiguousarray((to.T @ half.T).T), to.T @ form.right


def choose(form, coarse, to, sd, count, centre):
    """Density of the prior by GCV among ten lambda and a parabola through the lowest, on rungs of a factor sqrt 2."""
    small, right = restricted(form, to)
    lambdas = 4.0 ** np.arange(-2, 8) / centre
    scores = []
    for lam in lambdas:
        prior = coarse.prior(np.full(coarse.n, 1 / lam / (coarse.dx * coarse.dy)), sd)
        x, degrees = solve(small, right, prior, True)
        residual = form.energy - right @ x - x @ (prior @ x)
        scores.append(np.log(residual / (count - degrees) ** 2))
    i = int(np.argmin(scores))
    if 0 < i < len(scores) - 1:
        a, b, c = scores[i - 1:i + 2]
        if a - 2 * b + c > 0:
            lam = lambdas[i] * 4 ** (.5 * (a - c) / (a - 2 * b + c))
            return centre / 4 ** (np.floor(RUNGS * np.log(lam * centre) / np.log(4) + .5) / RUNGS)
    return 1 / lambdas[i]


def prepare(settings, load):
    model = Model(settings['model'], load)
    fine, coarse = Lattice(settings['fine'], 'fine', load), Lattice(settings['coarse'], 'coarse', load)
    row, column, value = load('spread-row').astype(int), load('spread-column').astype(int), load('spread-value')
    spread = sp.csr_matrix((value, (row, column)), (fine.n, coarse.n))
    to = sp.block_diag([spread, sp.identity(len(model.sd))]).tocsr()
    readings, sigma, centre = load('values'), load('sigma'), settings['centre']
    places, axes = np.c_[model.x, model.y, model.z], len(model.axes)
    uniform = lambda density, lattice=fine: np.full(lattice.n, density / (lattice.dx * lattice.dy))

    def sparse(lattice, matrix, right, x, density):
        w = lattice.laplacian @ x[:lattice.n]
        variance = lattice.smoothed(w * w) + FLOOR ** 2 * uniform(density, lattice)[0]
        return solve(matrix, right, lattice.prior(variance, model.sd))

    def run():
        rows = model.rows(1 / sigma)
        values = readings / sigma
        normal, right, energy = symmetric(gram(rows)), rows.T @ values, values @ values
        form = Form(normal, right, energy, model)
        trust = np.ones(len(places))
        density, choice = 10 * centre, None
        for step in range(ROUNDS):
            if step > 0:
                choice = density = choose(form, coarse, to, model.sd, len(values), centre)
            x = solve(form.form, form.right, fine.prior(uniform(density), model.sd))
            fitted = rows[:, :model.kept] @ x + rows[:, model.kept:] @ form.outside(x)
            earned = sample_weights(values - fitted, axes, places)
            others = np.flatnonzero(np.abs(earned - trust) > .1 * np.maximum(earned, trust))
            settled = ((earned == 0) == (trust == 0)).all() and len(others) < .01 * len(trust)
            if step > 0 and settled:
                break
            if len(others) == 0 or settled and np.minimum(earned, trust).min() >= SLIGHT:
                continue
            which = (others[:, None] * axes + np.arange(axes)).ravel()
            factors = np.repeat(earned[others] ** 2 - trust[others] ** 2, axes)
            trust[others] = earned[others]
            some = rows[which]
            normal += (some * factors[:, None]).T @ some
            right += some.T @ (factors * values[which])
            energy += factors @ values[which] ** 2
            form, choice = Form(normal, right, energy, model), None
        count = np.count_nonzero(np.repeat(trust, axes))
        density = choice or choose(form, coarse, to, model.sd, count, centre)
        small, right = restricted(form, to)
        x = solve(small, right, coarse.prior(uniform(density, coarse), model.sd))
        for _ in range(COARSE_ROUNDS):
            x = sparse(coarse, small, right, x, density)
        x = sparse(fine, form.form, form.right, to @ x, density)
        return {'x': x, 'lambda': np.array([1 / density])}
    return run
