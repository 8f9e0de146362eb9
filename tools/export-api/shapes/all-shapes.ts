import { locator } from './locator.js';
import { nextLink } from './next-link.js';
import { offset } from './offset.js';
import type { Shape } from './shape.js';
import { v1 } from './v1.js';

export const SHAPES = { v1, locator, 'next-link': nextLink, offset } satisfies Record<string, Shape>;
export type ShapeName = keyof typeof SHAPES;
