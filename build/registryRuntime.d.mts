export function installRegistryRuntime(folders?: { runtimeFolder?: string; cacheFolder?: string }): Promise<string>;
