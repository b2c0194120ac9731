package io.milena.log;

import io.milena.log.disk.ColdReads;
import io.milena.log.disk.DiskSpace;
import io.milena.log.disk.OpenFiles;
import io.milena.runtime.Clock;

/**
 * What all logs of a data directory have in common.
 *
 * @param checkpoints writes down durably what is known of them
 */
record LogServices(
        Clock clock,
        OpenFiles files,
        Flusher flusher,
        ColdReads coldReads,
        DiskSpace space,
        DirectoryHealth directory,
        Trash trash,
        Forcing.Forceable checkpoints) {}
