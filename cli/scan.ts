import { OutputError, UsageError } from '../src/errors.js';
import { cellDrawing, fieldScanFigures, formatQuantity } from '../src/figures/index.js';
