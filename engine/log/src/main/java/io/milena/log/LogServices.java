package io.milena.log;

import io.milena.runtime.Clock;

/** What all logs of a data directory have in common. */
record LogServices(Clock clock, OpenFiles files, Flusher flusher, DiskSpace space, DirectoryHealth directory) {}
