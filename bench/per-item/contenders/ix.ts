import { from } from 'ix/asynciterable';
import { concatMap, filter, map } from 'ix/asynciterable/operators';
import { fromPages } from 'pageturn';
import { double, drain, isKept, isWanted, type Row, type Tasks, walk } from '../workload.js';

export const ix: Tasks = {
  pass: (pages) => drain(from(walk(pages)).pipe(concatMap((page) => page))),
  steps: (pages) =>
    drain(
      from(walk(pages)).pipe(
        concatMap((page) => page),
        filter(isKept),
        map(double),
        filter(isWanted),
      ),
    ),
};

/** A listing after operators of ix. */
export const pageturnThroughIx: Tasks = {
  steps: (pages) => drain(fromPages<Row>(pages.fetch).pipe(filter(isKept), map(double), filter(isWanted))),
};
