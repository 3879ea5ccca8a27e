export const debian: string;
export const executablePath: string;
export const flags: string[];
export const flagsWithGpu: string[];
