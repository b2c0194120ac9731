package io.milena.broker.controller;

import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.protocol.Uuids;
import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * As what this broker was registered last, in a file beside the metadata: whoever can name that epoch still has all that it has confirmed (KIP-966). It can when it has the directories of then, and when all that is confirmed was
 * forced, or else the last stop was clean. It is written before the broker serves, and the metadata need not have been heard for it to be read. Safe for use by many threads.
 *
 * <pre>
 * broker.epoch=17
 * directories=ID,ID
 * forced=true
 * </pre>
 */
public final class EpochNote {
    private static final System.Logger LOG = System.getLogger(EpochNote.class.getName());
    private static final String FILE = "broker-epoch.properties";
    private static final String EPOCH = "broker.epoch";
    private static final String DIRECTORIES = "directories";
    private static final String FORCED = "forced";
    private static final long UNKNOWN = -1;

    private final LogDirectories directories;
    private final long previousEpoch;
    private long epoch = UNKNOWN;
    private boolean isForced = true;

    /** Reads what an earlier process has left. */
    public EpochNote(LogDirectories directories) {
        this.directories = directories;
        this.previousEpoch = read();
    }

    /** That of the last registration, or -1 if something that was confirmed since may be missing here. */
    public long previousEpoch() {
        return previousEpoch;
    }

    private long read() {
        Path path = directories.metadataDirectory().path().resolve(FILE);
        try {
            Properties note = new Properties();
            note.load(new StringReader(Files.readString(path)));
            List<UUID> then = List.of(note.getProperty(DIRECTORIES, "").split(",")).stream()
                    .map(Uuids::parse)
                    .toList();
            boolean hasAll = ids().containsAll(then)
                    && (Boolean.parseBoolean(note.getProperty(FORCED, ""))
                            || directories.forLogs().stream().allMatch(LogDirectory::wasClean));
            return hasAll ? Long.parseLong(note.getProperty(EPOCH, "")) : UNKNOWN;
        } catch (NoSuchFileException e) {
            return UNKNOWN;
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "{0} cannot be read, so this broker starts as after the loss of a disk: {1}",
                    path,
                    e.toString());
            return UNKNOWN;
        }
    }

    private List<UUID> ids() {
        return directories.forLogs().stream().map(LogDirectory::id).toList();
    }

    /** The broker is registered, and will serve. */
    public synchronized void registered(long newEpoch) {
        if (newEpoch != epoch) {
            epoch = newEpoch;
            write();
        }
    }

    /** From now on something is confirmed before it is forced. */
    public synchronized void keepsUnforced() {
        if (isForced) {
            isForced = false;
            if (epoch != UNKNOWN) {
                write();
            }
        }
    }

    private void write() {
        String ids = ids().stream().map(Uuids::text).collect(Collectors.joining(","));
        try {
            directories
                    .metadataDirectory()
                    .replaceFile(
                            FILE,
                            EPOCH + "=" + epoch + "\n" + DIRECTORIES + "=" + ids + "\n" + FORCED + "=" + isForced
                                    + "\n");
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} cannot be written: {1}", FILE, e.toString());
            forget();
        }
    }

    /** What is not true any more must not be there, also where the disk is full. */
    private void forget() {
        Path directory = directories.metadataDirectory().path();
        try {
            Files.deleteIfExists(directory.resolve(FILE));
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException e) {
            directories.metadataDirectory().failed("deleting " + FILE, e);
        }
    }
}
