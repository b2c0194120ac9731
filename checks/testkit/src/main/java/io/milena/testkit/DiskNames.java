package io.milena.testkit;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds and changes names as Linux's system calls do, with their errors. Guarded by the lock of its {@link SimulatedFileSystem}. */
final class DiskNames {
    private final DiskTree tree;
    private final Clock clock;

    DiskNames(DiskTree tree, Clock clock) {
        this.tree = tree;
        this.clock = clock;
    }

    DiskTree tree() {
        return tree;
    }

    DiskNode node(SimulatedPath path) throws IOException {
        DiskNode node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    /** As {@link #node}, but a path below a file does not exist either, as where the JDK asks before it acts. */
    DiskNode existing(SimulatedPath path) throws IOException {
        try {
            return node(path);
        } catch (FileSystemException e) {
            throw new NoSuchFileException(path.toString());
        }
    }

    boolean exists(SimulatedPath path) throws IOException {
        return find(path) != null;
    }

    DiskFile file(SimulatedPath path) throws IOException {
        if (node(path) instanceof DiskFile file) {
            return file;
        }
        throw new FileSystemException(path.toString(), null, "Is a directory");
    }

    private @Nullable DiskNode find(SimulatedPath path) throws IOException {
        DiskNode node = tree.root();
        for (String name : path.resolvedNames()) {
            if (!(node instanceof DiskNode.Directory directory)) {
                throw new FileSystemException(path.toString(), null, "Not a directory");
            }
            node = directory.entries.get(name);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    DiskNode open(SimulatedPath path, OpenMode mode) throws IOException {
        DiskNode found = find(path);
        if (found == null) {
            return create(path, mode);
        }
        if (mode.isCreatingNew()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (found instanceof DiskNode.Directory && mode.isWrite()) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        if (found instanceof DiskFile file && mode.isTruncating() && file.cached.size() > 0) {
            file.resize(0);
            file.modifiedMs = clock.millis();
        }
        return found;
    }

    private DiskFile create(SimulatedPath path, OpenMode mode) throws IOException {
        Place place = place(path);
        if (!mode.isCreating()) {
            throw new NoSuchFileException(path.toString());
        }
        DiskFile file = new DiskFile(tree.nextNumber(), clock.millis());
        tree.link(place.directory, place.name, file);
        touch(place.directory);
        return file;
    }

    List<Path> list(SimulatedPath path) throws IOException {
        if (!(node(path) instanceof DiskNode.Directory directory)) {
            throw new NotDirectoryException(path.toString());
        }
        List<Path> children = new ArrayList<>();
        directory.entries.keySet().forEach(name -> children.add(path.resolve(name)));
        return children;
    }

    void createDirectory(SimulatedPath path) throws IOException {
        if (find(path) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        Place place = place(path);
        tree.link(place.directory, place.name, new DiskNode.Directory(tree.nextNumber(), clock.millis()));
        touch(place.directory);
    }

    void delete(SimulatedPath path) throws IOException {
        DiskNode node = node(path);
        refuseIfFilled(node, path);
        Place place = place(path);
        tree.unlink(place.directory, place.name);
        touch(place.directory);
    }

    void move(SimulatedPath source, SimulatedPath target, Set<?> options) throws IOException {
        if (source.getFileSystem() != target.getFileSystem()) {
            throw new FileSystemException(source.toString(), target.toString(), "Invalid cross-device link");
        }
        boolean isAtomic = options.contains(StandardCopyOption.ATOMIC_MOVE);
        if (isAtomic) {
            // The kernel walks to both names before it looks at either.
            place(source);
            place(target);
        }
        DiskNode node = existing(source);
        DiskNode replaced = find(target);
        if (node == replaced) {
            return;
        }
        if (isAtomic) {
            refuseKinship(source, target);
            refuseUnlessReplaceable(node, replaced, source, target);
        } else if (replaced != null) {
            if (!options.contains(StandardCopyOption.REPLACE_EXISTING)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            // The JDK deletes first, and does not bring back what it deleted when the move then fails.
            delete(target);
        }
        Place from = place(source);
        Place to = place(target);
        refuseKinship(source, target);
        tree.rename(from.directory, from.name, to.directory, to.name, node);
        touch(from.directory);
        touch(to.directory);
    }

    private static void refuseKinship(SimulatedPath source, SimulatedPath target) throws IOException {
        SimulatedPath from = source.toAbsolutePath().normalize();
        SimulatedPath to = target.toAbsolutePath().normalize();
        if (to.startsWith(from)) {
            throw new FileSystemException(source.toString(), target.toString(), "Invalid argument");
        }
        if (from.startsWith(to)) {
            throw new FileSystemException(source.toString(), target.toString(), "Directory not empty");
        }
    }

    /** rename(2) replaces a file by a file and an empty directory by a directory. */
    private static void refuseUnlessReplaceable(
            DiskNode node, @Nullable DiskNode replaced, SimulatedPath source, SimulatedPath target) throws IOException {
        if (replaced instanceof DiskNode.Directory directory) {
            if (node instanceof DiskFile) {
                throw new FileSystemException(source.toString(), target.toString(), "Is a directory");
            }
            if (!directory.entries.isEmpty()) {
                throw new FileSystemException(source.toString(), target.toString(), "Directory not empty");
            }
        } else if (replaced != null && node instanceof DiskNode.Directory) {
            throw new FileSystemException(source.toString(), target.toString(), "Not a directory");
        }
    }

    private static void refuseIfFilled(DiskNode node, SimulatedPath path) throws IOException {
        if (node instanceof DiskNode.Directory directory && !directory.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
    }

    private void touch(DiskNode.Directory directory) {
        directory.modifiedMs = clock.millis();
    }

    /** A name in an existing directory. */
    private record Place(DiskNode.Directory directory, String name) {}

    private Place place(SimulatedPath path) throws IOException {
        List<String> names = path.resolvedNames();
        if (names.isEmpty()) {
            throw new FileSystemException(path.toString(), null, "Device or resource busy");
        }
        DiskNode directory = tree.root();
        for (String name : names.subList(0, names.size() - 1)) {
            if (!(directory instanceof DiskNode.Directory parent)) {
                throw new FileSystemException(path.toString(), null, "Not a directory");
            }
            DiskNode next = parent.entries.get(name);
            if (next == null) {
                throw new NoSuchFileException(path.toString());
            }
            directory = next;
        }
        if (!(directory instanceof DiskNode.Directory parent)) {
            throw new FileSystemException(path.toString(), null, "Not a directory");
        }
        return new Place(parent, names.getLast());
    }
}
