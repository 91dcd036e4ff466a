/** Preloaded into child processes: they end when the parent's channel closes, even after SIGKILL. */
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
