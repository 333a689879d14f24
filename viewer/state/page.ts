import type { ColourMapName, Limits } from '../../src/figures/index.js';
import type { Layer, ViewerDocument } from './document.js';
import type { Overlay } from './overlay.js';
import { createStore, type Store } from './store.js';

/** The part of the plane that every map shows: its middle, m, and how many metres one CSS pixel stands for. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly perPixel: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

/** What a drag with the main button does. */
export type Tool = 'move' | 'line' | 'region';
export type Direction = 'arrows' | 'streamlines' | 'none';
export type Theme = 'auto' | 'light' | 'dark';

/** A message about a file that could not be read, or another trouble. */
export interface Message {
  readonly id: number;
  readonly text: string;
}

/** Everything that the page knows; views draw it and nothing else. */
export interface PageState {
  readonly documents: readonly ViewerDocument[];
  /** Id of the document that is shown. */
  readonly current: string;
  /** Ids of the layers on screen, one per map. */
  readonly panels: readonly string[];
  /** How many maps there is room for. */
  readonly count: 1 | 2 | 4;
  /** Undefined: all of the map, fitted to the panel. */
  readonly viewport: Viewport | undefined;
  /** Under the pointer, or moved by keys; m. */
  readonly cursor: Point | undefined;
  /** Of a drag with the line tool, and of one with the region tool. */
  readonly line: Segment | undefined;
  readonly region: Segment | undefined;
  readonly tool: Tool;
  readonly direction: Direction;
  /** Overrides each layer's own colours of its kind. */
  readonly colours: Readonly<Record<'magnitude' | 'signed', ColourMapName | undefined>>;
  /** Limits that the user gave, by layer. */
  readonly limits: Readonly<Record<string, Limits>>;
  readonly samples: boolean;
  readonly outline: boolean;
  readonly theme: Theme;
  readonly frame: number;
  readonly messages: readonly Message[];
  /** What is being read, for the reader's patience. */
  readonly busy: string | undefined;
  /** Layers of the live inversion; they stand before the document's own. */
  readonly live: readonly Layer[];
  /** A picture of the cell over the maps. */
  readonly overlay: Overlay | undefined;
  /** Where the boundary between two compared maps stands, as a part of the plot's width. */
  readonly swipe: number;
}

export type PageStore = Store<PageState>;

export function createPage(count: 1 | 2 | 4): PageStore {
  return createStore<PageState>({
    documents: [],
    current: '',
    panels: [],
    count,
    viewport: undefined,
    cursor: undefined,
    line: undefined,
    region: undefined,
    tool: 'move',
    direction: 'arrows',
    colours: { magnitude: undefined, signed: undefined },
    limits: {},
    samples: false,
    outline: true,
    theme: 'auto',
    frame: 0,
    messages: [],
    busy: undefined,
    live: [],
    overlay: undefined,
    swipe: 0.5,
  });
}

/** The document on screen. */
export function currentDocument(state: PageState): ViewerDocument | undefined {
  return state.documents.find(document => document.id === state.current);
}

/** All layers that may be chosen, the live inversion's first. */
export function layersOf(state: PageState): readonly Layer[] {
  const document = currentDocument(state);
  return document === undefined ? [] : [...state.live, ...document.layers];
}

/** The layers on screen, in the order of the panels. */
export function shownLayers(state: PageState): Layer[] {
  const layers = layersOf(state);
  return state.panels.flatMap(id => layers.find(layer => layer.id === id) ?? []);
}

/** Adds a document and shows it. */
export function addDocument(page: PageStore, document: ViewerDocument): void {
  const { documents } = page.get();
  page.set({ documents: [...documents.filter(d => d.id !== document.id), document] });
  showDocument(page, document.id);
}

/** Shows a document from its beginning: its own first layers, all of the map. */
export function showDocument(page: PageStore, id: string): void {
  const document = page.get().documents.find(d => d.id === id);
  if (document === undefined) return;
  page.set({
    current: id,
    panels: firstPanels(document, Math.max(page.get().count, document.together ?? 1)),
    viewport: undefined,
    cursor: undefined,
    line: undefined,
    region: undefined,
    limits: {},
    live: [],
    frame: document.frames?.first ?? 0,
    direction: document.currents.every(current => current.smooth) ? 'streamlines' : 'arrows',
  });
}

/** Makes room for so many maps; the ones on screen stay. */
export function showCount(page: PageStore, count: 1 | 2 | 4): void {
  const state = page.get();
  const document = currentDocument(state);
  if (document === undefined) {
    page.set({ count });
    return;
  }
  const more = firstPanels(document, document.layers.length).filter(id => !state.panels.includes(id));
  page.set({ count, panels: [...state.panels, ...more].slice(0, Math.min(count, document.layers.length)) });
}

export function tell(page: PageStore, text: string): void {
  const { messages } = page.get();
  page.set({ messages: [...messages, { id: (messages.at(-1)?.id ?? 0) + 1, text }].slice(-4) });
}

function firstPanels({ layers, shown }: ViewerDocument, count: number): string[] {
  const rest = layers.map(layer => layer.id).filter(id => !shown.includes(id));
  return [...shown, ...rest].slice(0, Math.min(count, layers.length));
}
