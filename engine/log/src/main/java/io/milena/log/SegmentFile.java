package io.milena.log;

import io.milena.log.disk.OpenFiles;
import io.milena.records.BatchHeader;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The batches of one {@code .log} file, found by walking from header to header. Knows no threads. */
final class SegmentFile {
    private final Path path;
    private final OpenFiles files;
    private volatile boolean isRetired;
    /** Touched by the thread that writes rounds of the journal only. */
    private int writtenOut;

    SegmentFile(Path path, OpenFiles files) {
        this.path = path;
        this.files = files;
    }

    Path path() {
        return path;
    }

    OpenFiles files() {
        return files;
    }

    /** Makes the file, with nothing in it, where there is none. */
    void create() throws IOException {
        files.create(path).close();
    }

    /** From now on the file bears another name, or is deleted, or another has its name. */
    void retire() {
        isRetired = true;
    }

    boolean isRetired() {
        return isRetired;
    }

    /** Up to which position it was written out without a force, or somebody is at it. */
    int writtenOut() {
        return writtenOut;
    }

    void writtenOut(int position) {
        writtenOut = position;
    }

    OpenFiles.Lease lease() throws IOException {
        return files.lease(path);
    }

    /** What {@link #find} looks for. */
    @FunctionalInterface
    interface Wanted {
        boolean isHere(BatchHeader batch) throws IOException;
    }

    /** Receives the batches of a walk. */
    @FunctionalInterface
    interface Visitor {
        void visit(BatchHeader batch) throws IOException;
    }

    /** A batch in the file. */
    record Found(BatchHeader header, int position) {}

    /** The first batch between two positions that is wanted; {@code from} is where a batch starts. */
    Optional<Found> find(int from, int end, Wanted wanted) throws IOException {
        try (OpenFiles.Lease lease = lease()) {
            HeaderWalk headers = new HeaderWalk(this, lease.channel(), end);
            int position = from;
            while (position < end) {
                BatchHeader batch = headers.at(position);
                if (wanted.isHere(batch)) {
                    return Optional.of(new Found(batch, position));
                }
                position += batch.sizeInBytes();
            }
            return Optional.empty();
        }
    }

    /** The first batch between two positions that ends at an offset or behind it; damage in between is stepped over, if the batch with that offset can be read. */
    Optional<Found> findOffset(int from, int end, long offset) throws IOException {
        try {
            return findByHeaders(from, end, offset);
        } catch (DamagedFileException e) {
            Optional<Found> behind = DamagedBatches.find(this, from, end, offset);
            if (behind.isPresent() && behind.get().header().baseOffset() <= offset) {
                return behind;
            }
            throw e;
        }
    }

    /** Where no batch says that it holds the offset, the one before may have held it: what its header says is not covered by a checksum that anybody has compared. */
    private Optional<Found> findByHeaders(int from, int end, long offset) throws IOException {
        int[] position = {from};
        int[] before = {-1};
        Optional<Found> found = find(from, end, batch -> {
            if (batch.lastOffset() >= offset) {
                return true;
            }
            before[0] = position[0];
            position[0] += batch.sizeInBytes();
            return false;
        });
        boolean isInGap = found.isEmpty() || found.get().header().baseOffset() > offset;
        if (isInGap && before[0] >= 0) {
            check(before[0], end);
        }
        return found;
    }

    /** Compares a batch with its checksum, where what its header says is strange. */
    void check(int position, int end) throws IOException {
        if (DamagedBatches.intactAt(this, position, end, 0).isEmpty()) {
            throw damaged(position, "a batch does not match its checksum");
        }
    }

    void forEach(int from, int end, DamagedBatches.Visitor visitor) throws IOException {
        int[] position = {from};
        find(from, end, batch -> {
            visitor.visit(new Found(batch, position[0]));
            position[0] += batch.sizeInBytes();
            return false;
        });
    }

    void forEachHeader(int from, int end, Visitor visitor) throws IOException {
        find(from, end, batch -> {
            visitor.visit(batch);
            return false;
        });
    }

    /** The whole batch, which matches its checksum. */
    RecordBatch batch(Found found) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(found.header.sizeInBytes());
        try (OpenFiles.Lease lease = lease()) {
            readFully(lease.channel(), found.position, bytes);
        }
        RecordBatch batch = RecordBatch.at(bytes.flip());
        if (!batch.isIntact()) {
            throw damaged(found.position, "a batch does not match its checksum");
        }
        return batch;
    }

    /** Something that is written together with batches, or not at all. */
    @FunctionalInterface
    interface Companion {
        void write() throws IOException;
    }

    /** Writes all bytes at the end of the file, and their companion; when that fails, what was written is cut off again. */
    void write(FileChannel channel, int end, ByteBuffer bytes, Companion companion) throws IOException {
        try {
            int position = end;
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
            companion.write();
        } catch (IOException e) {
            cutBack(channel, end, e);
            throw e;
        }
    }

    private void cutBack(FileChannel channel, int end, IOException cause) throws IOException {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw new IOException(path + " cannot be cut back to " + end + " bytes after a failed write", e);
        }
    }

    void readFully(FileChannel channel, long position, ByteBuffer into) throws IOException {
        readAtLeast(channel, position, into.remaining(), into);
    }

    /** So many bytes, or as many more as the buffer has room for and the file has. */
    void readAtLeast(FileChannel channel, long position, int bytes, ByteBuffer into) throws IOException {
        for (int count = 0; count < bytes; ) {
            int n = read(channel, position + count, into);
            if (n < 0) {
                throw damaged(position + count, "the file ends here");
            }
            count += n;
        }
    }

    private int read(FileChannel channel, long position, ByteBuffer into) throws IOException {
        try {
            return channel.read(into, position);
        } catch (IOException e) {
            throw new IOException(path + " cannot be read at position " + position + ": " + e.getMessage(), e);
        }
    }

    DamagedFileException damaged(long position, String why) {
        return new DamagedFileException(path, position, why);
    }
}
