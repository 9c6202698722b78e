// From how many elements on a chart does without what takes a second for thousands.
export const LARGE = 1000;
