package io.milena.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The door through which {@code java.nio.file.Files} reaches a {@link SimulatedFileSystem}; it has no state. */
final class SimulatedFileSystemProvider extends FileSystemProvider {
    static final String SCHEME = "simulated";
    static final SimulatedFileSystemProvider INSTANCE = new SimulatedFileSystemProvider();

    private SimulatedFileSystemProvider() {}

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException("simulated disks are made by SimulatedFileSystem.create");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new FileSystemNotFoundException("simulated disks have no global names: " + uri);
    }

    @Override
    public Path getPath(URI uri) {
        throw new FileSystemNotFoundException("simulated disks have no global names: " + uri);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return disk(path).open(SimulatedPath.of(path), options);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> children = disk(path).list(SimulatedPath.of(path));
        List<Path> accepted = new java.util.ArrayList<>();
        for (Path child : children) {
            if (filter.accept(child)) {
                accepted.add(child);
            }
        }
        return new Listing(accepted);
    }

    private static final class Listing implements DirectoryStream<Path> {
        private @Nullable List<Path> paths;

        Listing(List<Path> paths) {
            this.paths = paths;
        }

        @Override
        public Iterator<Path> iterator() {
            if (paths == null) {
                throw new IllegalStateException("closed, or already iterated");
            }
            Iterator<Path> iterator = paths.iterator();
            paths = null;
            return iterator;
        }

        @Override
        public void close() {
            paths = null;
        }
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        disk(path).createDirectory(SimulatedPath.of(path));
    }

    @Override
    public void delete(Path path) throws IOException {
        disk(path).delete(SimulatedPath.of(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        disk(source).move(SimulatedPath.of(source), SimulatedPath.of(target), Set.of(options));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        SimulatedAttributes attributes = disk(source).existing(SimulatedPath.of(source));
        if (isSameFile(source, target)) {
            return;
        }
        boolean isReplacing = List.of(options).contains(StandardCopyOption.REPLACE_EXISTING);
        if (!isReplacing && Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (isReplacing) {
            Files.deleteIfExists(target);
        }
        if (attributes.isDirectory()) {
            createDirectory(target);
            return;
        }
        try (FileChannel from = FileChannel.open(source);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < attributes.size(); ) {
                done += from.transferTo(done, attributes.size() - done, to);
            }
        }
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        if (path.equals(other)) {
            return true;
        }
        if (!(other instanceof SimulatedPath) || !path.getFileSystem().equals(other.getFileSystem())) {
            return false;
        }
        return Files.exists(other)
                && disk(path).attributes(SimulatedPath.of(path)).number()
                        == disk(other).attributes(SimulatedPath.of(other)).number();
    }

    @Override
    public boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        disk(path).attributes(SimulatedPath.of(path));
        return new SimulatedFileStore(disk(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        disk(path).attributes(SimulatedPath.of(path));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return type == BasicFileAttributeView.class ? type.cast(new View(SimulatedPath.of(path))) : null;
    }

    private record View(SimulatedPath path) implements BasicFileAttributeView {
        @Override
        public String name() {
            return "basic";
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return path.getFileSystem().attributes(path);
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
                throws IOException {
            if (modified != null) {
                path.getFileSystem().modified(path, modified.toMillis());
            }
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException("only basic attributes, not " + type.getName());
        }
        return type.cast(disk(path).attributes(SimulatedPath.of(path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return disk(path).attributes(SimulatedPath.of(path)).select(attributes);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        if (!attribute.equals("lastModifiedTime") && !attribute.equals("basic:lastModifiedTime")) {
            throw new UnsupportedOperationException("only the modification time can be set, not " + attribute);
        }
        disk(path).modified(SimulatedPath.of(path), ((FileTime) value).toMillis());
    }

    private static SimulatedFileSystem disk(Path path) {
        return SimulatedPath.of(path).getFileSystem();
    }
}
