export const EXPORTED_ENTRIES = 1000;
export const EXPORTED_ROWS = 500;
