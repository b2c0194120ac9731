package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a log on their way to another directory, copied in rounds while the log lives: each round brings what was appended, and takes out what retention or compaction has taken out,
 * since the one before. For one thread; others may ask how far it is.
 */
final class LogCopy {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final List<String> SEALED_ENDINGS = List.of(".index", ".timeindex", ".txnindex");

    private final Log log;
    private final FutureFolder future;
    private final Path folder;
    /** How much is copied of each segment. */
    private final Map<Segment, Integer> copied = new HashMap<>();

    private volatile long sizeInBytes;
    private volatile long endOffset;

    /** Asked before each chunk; throws when it is over. */
    @FunctionalInterface
    interface Toll {
        void pay(long bytes) throws IOException, InterruptedException;
    }

    LogCopy(Log log, FutureFolder future) {
        this.log = log;
        this.future = future;
        this.folder = future.path();
        this.endOffset = log.logStartOffset();
    }

    /** Of what is copied. */
    long sizeInBytes() {
        return sizeInBytes;
    }

    /** How far it is copied, roughly. */
    long endOffset() {
        return endOffset;
    }

    /** Begins with an empty folder. */
    void begin() throws IOException {
        future.empty();
        Checkpoint.forceDirectory(folder.resolveSibling(""));
    }

    /** Copies what there is by now. */
    void round(Toll toll) throws IOException, InterruptedException {
        List<Movable.Part> parts = log.movable().parts();
        dropOthers(parts);
        for (int i = 0; i < parts.size(); i++) {
            Segment segment = parts.get(i).segment();
            boolean isSealed = i + 1 < parts.size();
            try {
                copy(parts.get(i), isSealed, toll);
            } catch (NoSuchFileException | DamagedFileException e) {
                if (log.movable().holds(segment)) {
                    throw e;
                }
                return; // it has just gone, and the next round sees that
            }
            endOffset = isSealed ? parts.get(i + 1).segment().baseOffset() : log.logEndOffset();
        }
    }

    /** How many bytes the next round would copy. */
    long missingBytes() {
        long missing = 0;
        for (Movable.Part part : log.movable().parts()) {
            missing += part.sizeInBytes() - copied.getOrDefault(part.segment(), 0);
        }
        return missing;
    }

    /** A segment in whose place is another has the same name. */
    private void dropOthers(List<Movable.Part> parts) throws IOException {
        for (Segment segment : List.copyOf(copied.keySet())) {
            if (parts.stream().noneMatch(part -> part.segment() == segment)) {
                Files.deleteIfExists(fileOf(segment, ".log"));
                Files.deleteIfExists(fileOf(segment, ".snapshot"));
                for (String ending : SEALED_ENDINGS) {
                    Files.deleteIfExists(fileOf(segment, ending));
                }
                copied.remove(segment);
            }
        }
    }

    private Path fileOf(Segment segment, String ending) {
        return folder.resolve(segment.file(ending).getFileName().toString());
    }

    private void copy(Movable.Part part, boolean isSealed, Toll toll) throws IOException, InterruptedException {
        Segment segment = part.segment();
        int before = copied.getOrDefault(segment, -1);
        if (before == part.sizeInBytes() && !isSealed) {
            return;
        }
        if (before < part.sizeInBytes()) {
            copyBatches(segment, Math.max(0, before), part.sizeInBytes(), toll);
        }
        for (String ending : isSealed ? SEALED_ENDINGS : List.<String>of()) {
            copySmall(segment, ending);
        }
        copySmall(segment, ".snapshot");
    }

    private void copyBatches(Segment segment, int from, int end, Toll toll) throws IOException, InterruptedException {
        Path target = fileOf(segment, ".log");
        try (OpenFiles.Lease lease = segment.lease();
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            copied.putIfAbsent(segment, 0);
            ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK_BYTES, end - from));
            for (int position = from; position < end; position += chunk.limit()) {
                chunk.clear().limit(Math.min(CHUNK_BYTES, end - position));
                toll.pay(chunk.limit());
                segment.batches().readFully(lease.channel(), position, chunk);
                segment.batches().write(out, position, chunk.flip(), () -> {});
                copied.put(segment, position + chunk.limit());
                sizeInBytes =
                        copied.values().stream().mapToLong(Integer::longValue).sum();
            }
            out.force(false);
        }
    }

    /**
     * Copies the rest while the log stands still, and makes the copy whole and durable.
     *
     * @param there where it will be
     * @return its segments, to be opened in {@code there} when it is there
     */
    List<Movable.Part> complete(LogIdentity there, MoveMarker marker) throws IOException, InterruptedException {
        round(bytes -> {});
        List<Movable.Part> parts = log.movable().parts();
        if (missingBytes() != 0 || copied.size() != parts.size()) {
            throw new IOException("the copy of " + there.name() + " in " + folder + " is not complete");
        }
        if (!parts.isEmpty()) {
            copySmall(parts.getLast().segment(), ".txnindex");
        }
        LogIdentity here = new LogIdentity(folder, there.topic(), there.partition(), there.topicId());
        here.create();
        log.movable().writeEpochs(here);
        marker.write(folder);
        here.force();
        return parts;
    }

    /** Those of a sealed segment do not change any more. */
    private void copySmall(Segment segment, String ending) throws IOException {
        Path source = segment.file(ending);
        Path target = fileOf(segment, ending);
        if (Files.exists(source) && !Files.exists(target)) {
            Checkpoint.write(target, ByteBuffer.wrap(Files.readAllBytes(source)));
            Checkpoint.force(target);
        }
    }
}
