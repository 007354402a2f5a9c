import type { PlannedStage } from '../plan.js';
import { PagesStage } from './pages-stage.js';

/** Whole pages in place of their items. */
export const pages: PlannedStage = {
  kind: 'async',
  name: 'pages',
  start: (upstream, context) => new PagesStage(upstream, context.pages),
};
