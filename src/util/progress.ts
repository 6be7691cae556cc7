/** Told while work goes on, for whoever waits for it: what is being done, and how much of it is. */
export type Progress = (doing: string, done?: number, all?: number) => void;

/** For whoever does not wait. */
export const untold: Progress = () => {};
