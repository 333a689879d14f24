"""Currents of a pack's cells: weighted least squares with priors for patterns and sheets outside, several scans of the same
places at once, and the covariance of the currents. By the normal equations, which is what is fastest here."""
import numpy as np
from field_model import Model, backward, cholesky, forward, gram


def prepare(settings, load):
    model = Model(settings['model'], load)
    values = load('scans').reshape(settings['scans'], -1)
    weights, cells = 1 / load('sigma'), settings['cells']

    def run():
        rows = model.rows(weights)
        normal = gram(rows)
        right = rows.T @ (values * weights).T
        normal[np.arange(model.kept), np.arange(model.kept)] += 1 / model.sd ** 2
        at = model.kept
        for precision in model.precision:
            m = len(precision)
            normal[at:at + m, at:at + m] += precision
            at += m
        factor = cholesky(normal)
        x = backward(factor, forward(factor, np.c_[right, np.eye(model.unknowns, cells)]))
        return {'currents': x[:cells, :len(values)].T, 'covariance': x[:cells, len(values):]}
    return run
