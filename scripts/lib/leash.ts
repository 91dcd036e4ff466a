/**
 * Loaded into the processes that process-group.ts starts, before their own code: they end when the channel to the one
 * that started them closes. So not even SIGKILL, which lets nobody tidy up, leaves them behind.
 */
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
