package io.milena.testkit;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One computer's disk in memory, behind {@code java.nio.file}: it behaves as Linux does while the power is on, and loses what was not forced
 * when the power goes.
 *
 * <p>The model. A file's bytes and size are safe once {@code force} on a channel of that file has returned; an entry of a directory (a created, deleted
 * or renamed name) is safe once {@code force} on a channel of that <em>directory</em> has returned. Everything else may survive a
 * {@link #crash(RandomGenerator) power loss} or not:
 * <ul>
 *   <li>each 512-byte sector of a file holds its bytes as of some moment since the last force, chosen for each sector, or the changes survive in order
 *       with the last one torn; the size may grow although the bytes did not come (they read as zeros), or not grow although they did (they are gone);
 *   <li>directory changes survive in their order, over the whole disk or directory by directory; a rename is never half done;
 *   <li>a file may be renamed, durably, before its bytes are safe.
 * </ul>
 * This is what POSIX allows and a little more than ext4 in ordered mode does: ext4 shows no zeros in a grown file, commits a directory's changes in one
 * global order, and forces a new file's name with its bytes. No program may rest on those kindnesses. We do assume that sectors are written whole, that a
 * forced sector stays as it is while its neighbours are written, and that the disk obeys flushes.
 *
 * <p>Safe for several threads; every operation first asks the {@link DiskFaults}, without holding the lock.
 */
public final class SimulatedFileSystem extends FileSystem {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;
    final DiskNames names;
    private final OpenFiles openFiles = new OpenFiles();
    private volatile DiskFaults faults = DiskFaults.none();
    private volatile @Nullable Runnable pause;
    private volatile long capacityBytes = Long.MAX_VALUE;
    private volatile int openFilesMax = Integer.MAX_VALUE;

    private SimulatedFileSystem(Clock clock, DiskTree tree) {
        this.clock = clock;
        this.names = new DiskNames(tree, clock);
    }

    /** An empty disk, endless and without faults, whose files bear the time of {@code clock}. */
    public static SimulatedFileSystem create(Clock clock) {
        return new SimulatedFileSystem(clock, new DiskTree(clock.millis()));
    }

    /** An empty disk on a clock that stands still. */
    public static SimulatedFileSystem create() {
        return create(new HandClock());
    }

    /** The path {@code /}. */
    public Path root() {
        return getPath("/");
    }

    /** Sets what goes wrong from now on. */
    public SimulatedFileSystem faults(DiskFaults newFaults) {
        faults = newFaults;
        return this;
    }

    /**
     * Sets the space for file contents, counted in blocks of 4 KiB; beyond it, writing fails with {@code No space left on device}, after a part was written if there is room for one. Nor
     * can anything be created where not one block is free.
     */
    public SimulatedFileSystem capacityBytes(long bytes) {
        capacityBytes = bytes;
        return this;
    }

    /** Sets how many files may be open at the same time; one more fails with {@code Too many open files}. */
    public SimulatedFileSystem openFilesMax(int files) {
        openFilesMax = files;
        return this;
    }

    public long capacityBytes() {
        return capacityBytes;
    }

    /** The space that file contents take, deleted files included as long as a channel holds them. */
    public long usedBytes() {
        lock.lock();
        try {
            return openFiles.usedBytes(names.tree().files());
        } finally {
            lock.unlock();
        }
    }

    /** The power goes: all channels are dead, and of what was not forced a seeded part survives. Whether a file that is still there has lost anything. */
    public boolean crash(RandomGenerator random) {
        lock.lock();
        try {
            openFiles.invalidateAll();
            return names.tree().losePower(random);
        } finally {
            lock.unlock();
        }
    }

    /** The worst power loss: only what was forced survives. */
    public void crashKeepingOnlyForced() {
        lock.lock();
        try {
            openFiles.invalidateAll();
            names.tree().loseUnforced();
        } finally {
            lock.unlock();
        }
    }

    /** The process dies, the computer lives: channels and locks go, the page cache stays. */
    public void processKill() {
        lock.lock();
        try {
            openFiles.invalidateAll();
        } finally {
            lock.unlock();
        }
    }

    /** A second disk in the same state, forced and unforced, with no open channels, no faults and no limit; for trying every way to crash. */
    public SimulatedFileSystem copy() {
        lock.lock();
        try {
            return new SimulatedFileSystem(clock, names.tree().copy());
        } finally {
            lock.unlock();
        }
    }

    /** Flips one seeded bit of a file that is not empty, in the page cache and on the platters. */
    public void rot(Path path, RandomGenerator random) throws IOException {
        lock.lock();
        try {
            DiskFile file = names.file(SimulatedPath.of(path));
            file.flip(random.nextLong(file.cached.size()), 1 << random.nextInt(8));
        } finally {
            lock.unlock();
        }
    }

    /** Flips the bits of {@code mask} in the byte at {@code position}. */
    public void rot(Path path, long position, int mask) throws IOException {
        lock.lock();
        try {
            DiskFile file = names.file(SimulatedPath.of(path));
            if (position >= file.cached.size()) {
                throw new IllegalArgumentException(path + " has no byte " + position);
            }
            file.flip(position, mask);
        } finally {
            lock.unlock();
        }
    }

    /** Called before every operation, so that a scheduler may let another thread go first. */
    void pause(Runnable newPause) {
        pause = newPause;
    }

    long number() {
        return number;
    }

    ReentrantLock lock() {
        return lock;
    }

    OpenFiles openFiles() {
        return openFiles;
    }

    long nowMs() {
        return clock.millis();
    }

    void before(DiskOperation operation, Path path) throws IOException {
        Runnable chance = pause;
        if (chance != null) {
            chance.run();
        }
        faults.before(operation, path);
    }

    FileChannel open(SimulatedPath path, Set<? extends OpenOption> options) throws IOException {
        OpenMode mode = OpenMode.of(options);
        before(DiskOperation.OPEN, path);
        lock.lock();
        try {
            if (openFiles.count() >= openFilesMax) {
                throw new FileSystemException(path.toString(), null, "Too many open files");
            }
            if (mode.isCreating()) {
                refuseNewIfFull(path);
            }
            SimulatedFileChannel channel = new SimulatedFileChannel(this, path, names.open(path, mode), mode);
            openFiles.add(channel);
            return channel;
        } finally {
            lock.unlock();
        }
    }

    private void refuseNewIfFull(SimulatedPath path) throws IOException {
        boolean isFull = capacityBytes != Long.MAX_VALUE
                && capacityBytes - openFiles.usedBytes(names.tree().files()) < SparseBytes.BLOCK_BYTES;
        if (isFull && !names.exists(path)) {
            throw new FileSystemException(path.toString(), null, "No space left on device");
        }
    }

    List<Path> list(SimulatedPath path) throws IOException {
        before(DiskOperation.LIST, path);
        lock.lock();
        try {
            return names.list(path);
        } finally {
            lock.unlock();
        }
    }

    void createDirectory(SimulatedPath path) throws IOException {
        before(DiskOperation.CREATE_DIRECTORY, path);
        lock.lock();
        try {
            refuseNewIfFull(path);
            names.createDirectory(path);
        } finally {
            lock.unlock();
        }
    }

    void delete(SimulatedPath path) throws IOException {
        before(DiskOperation.DELETE, path);
        lock.lock();
        try {
            names.delete(path);
        } finally {
            lock.unlock();
        }
    }

    void move(SimulatedPath source, SimulatedPath target, Set<?> options) throws IOException {
        before(DiskOperation.MOVE, source);
        lock.lock();
        try {
            names.move(source, target, options);
        } finally {
            lock.unlock();
        }
    }

    void force(DiskNode node, Path path) throws IOException {
        try {
            before(DiskOperation.FORCE, path);
        } catch (IOException e) {
            lock.lock();
            try {
                if (node instanceof DiskFile file) {
                    file.failForce();
                }
            } finally {
                lock.unlock();
            }
            throw e;
        }
        lock.lock();
        try {
            switch (node) {
                case DiskFile file -> file.force();
                case DiskNode.Directory directory -> names.tree().force(directory);
            }
        } finally {
            lock.unlock();
        }
    }

    SimulatedAttributes attributes(SimulatedPath path) throws IOException {
        lock.lock();
        try {
            return SimulatedAttributes.of(names.node(path));
        } finally {
            lock.unlock();
        }
    }

    SimulatedAttributes existing(SimulatedPath path) throws IOException {
        lock.lock();
        try {
            return SimulatedAttributes.of(names.existing(path));
        } finally {
            lock.unlock();
        }
    }

    void modified(SimulatedPath path, long modifiedMs) throws IOException {
        lock.lock();
        try {
            names.node(path).modifiedMs = modifiedMs;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FileSystemProvider provider() {
        return SimulatedFileSystemProvider.INSTANCE;
    }

    /** A disk is never closed; its programs are. */
    @Override
    public void close() {
        processKill();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(new SimulatedFileStore(this));
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        StringBuilder text = new StringBuilder(first);
        for (String name : more) {
            if (!name.isEmpty()) {
                text.append(text.isEmpty() ? "" : "/").append(name);
            }
        }
        return SimulatedPath.parse(this, text.toString());
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        if (syntaxAndPattern.startsWith("regex:")) {
            Pattern pattern = Pattern.compile(syntaxAndPattern.substring("regex:".length()));
            return path -> pattern.matcher(path.toString()).matches();
        }
        // Globs are the same on Linux: the machine's own file system reads them, the path goes over as text.
        PathMatcher matcher = java.nio.file.FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(Path.of(path.toString()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("a simulated disk knows no users");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("a simulated disk cannot be watched");
    }
}
