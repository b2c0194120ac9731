package io.milena.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All nodes of one disk and the journal of directory changes that are not yet safe. Guarded by the lock of its {@link SimulatedFileSystem}.
 */
final class DiskTree {
    private final DiskNode.Directory root;
    private final List<Change> journal = new ArrayList<>();
    private long nextNumber = 2;

    /** One entry appears, changes or, with no node, disappears. */
    private record Edit(
            DiskNode.Directory directory,
            String name,
            @Nullable DiskNode node) {}

    /** Edits that survive together or not at all: a rename is two. */
    private record Change(List<Edit> edits) {
        boolean touches(Set<DiskNode.Directory> directories) {
            return edits.stream().anyMatch(edit -> directories.contains(edit.directory));
        }
    }

    DiskTree(long nowMs) {
        this(new DiskNode.Directory(1, nowMs));
    }

    private DiskTree(DiskNode.Directory root) {
        this.root = root;
    }

    DiskNode.Directory root() {
        return root;
    }

    long nextNumber() {
        return nextNumber++;
    }

    void link(DiskNode.Directory directory, String name, DiskNode node) {
        make(new Change(List.of(new Edit(directory, name, node))));
    }

    void unlink(DiskNode.Directory directory, String name) {
        make(new Change(List.of(new Edit(directory, name, null))));
    }

    void rename(DiskNode.Directory from, String oldName, DiskNode.Directory to, String newName, DiskNode node) {
        make(new Change(List.of(new Edit(from, oldName, null), new Edit(to, newName, node))));
    }

    private void make(Change change) {
        journal.add(change);
        change.edits.forEach(edit -> enter(edit.directory.entries, edit));
    }

    private static void enter(Map<String, DiskNode> entries, Edit edit) {
        if (edit.node == null) {
            entries.remove(edit.name);
        } else {
            entries.put(edit.name, edit.node);
        }
    }

    /** The directory's entries become safe, and with a rename also what came before it in the other directory. */
    void force(DiskNode.Directory directory) {
        Set<DiskNode.Directory> forced = identitySet();
        forced.add(directory);
        List<Change> safe = new ArrayList<>();
        for (Change change : journal.reversed()) {
            if (change.touches(forced)) {
                safe.add(change);
                change.edits.forEach(edit -> forced.add(edit.directory));
            }
        }
        safe.reversed().forEach(DiskTree::makeDurable);
        Set<Change> done = identitySet();
        done.addAll(safe);
        journal.removeIf(done::contains);
    }

    private static void makeDurable(Change change) {
        change.edits.forEach(edit -> enter(edit.directory.durableEntries, edit));
    }

    /** Directory changes survive as a prefix of the journal, or as a prefix per directory. Whether a file that is still there has lost anything. */
    boolean losePower(RandomGenerator random) {
        if (random.nextBoolean()) {
            int survivors = random.nextInt(journal.size() + 1);
            journal.subList(0, survivors).forEach(DiskTree::makeDurable);
        } else {
            losePerDirectory(random);
        }
        journal.clear();
        boolean isLost = false;
        for (DiskFile file : files(root.durableEntries)) {
            isLost |= file.losePower(random);
        }
        restore(root);
        return isLost;
    }

    private void losePerDirectory(RandomGenerator random) {
        Set<DiskNode.Directory> cut = identitySet();
        // Long journals would hardly ever survive with an even coin for each change.
        double loss = random.nextDouble();
        for (Change change : journal) {
            if (change.touches(cut) || random.nextDouble() < loss) {
                change.edits.forEach(edit -> cut.add(edit.directory));
            } else {
                makeDurable(change);
            }
        }
    }

    void loseUnforced() {
        journal.clear();
        files(root.durableEntries).forEach(DiskFile::loseUnforced);
        restore(root);
    }

    private static void restore(DiskNode.Directory directory) {
        directory.entries.clear();
        directory.entries.putAll(directory.durableEntries);
        for (DiskNode node : directory.entries.values()) {
            if (node instanceof DiskNode.Directory child) {
                restore(child);
            }
        }
    }

    /** Every file that programs can reach, in the order of the names. */
    List<DiskFile> files() {
        List<DiskFile> files = new ArrayList<>();
        collect(root.entries, files, View.CACHED);
        return files;
    }

    private static List<DiskFile> files(Map<String, DiskNode> durableEntries) {
        List<DiskFile> files = new ArrayList<>();
        collect(durableEntries, files, View.DURABLE);
        return files;
    }

    private enum View {
        CACHED,
        DURABLE
    }

    private static void collect(Map<String, DiskNode> entries, List<DiskFile> files, View view) {
        for (DiskNode node : entries.values()) {
            switch (node) {
                case DiskFile file -> files.add(file);
                case DiskNode.Directory child ->
                    collect(view == View.CACHED ? child.entries : child.durableEntries, files, view);
            }
        }
    }

    DiskTree copy() {
        IdentityHashMap<DiskNode, DiskNode> copies = new IdentityHashMap<>();
        DiskTree copy = new DiskTree((DiskNode.Directory) copy(root, copies));
        copy.nextNumber = nextNumber;
        for (Change change : journal) {
            copy.journal.add(new Change(change.edits.stream()
                    .map(edit -> new Edit(
                            (DiskNode.Directory) copy(edit.directory, copies),
                            edit.name,
                            edit.node == null ? null : copy(edit.node, copies)))
                    .toList()));
        }
        return copy;
    }

    private static DiskNode copy(DiskNode node, IdentityHashMap<DiskNode, DiskNode> copies) {
        DiskNode known = copies.get(node);
        if (known != null) {
            return known;
        }
        return switch (node) {
            case DiskFile file -> {
                DiskFile copy = file.copy();
                copies.put(file, copy);
                yield copy;
            }
            case DiskNode.Directory directory -> {
                DiskNode.Directory copy = new DiskNode.Directory(directory.number, directory.creationMs);
                copy.modifiedMs = directory.modifiedMs;
                copies.put(directory, copy);
                directory.entries.forEach((name, child) -> copy.entries.put(name, copy(child, copies)));
                directory.durableEntries.forEach((name, child) -> copy.durableEntries.put(name, copy(child, copies)));
                yield copy;
            }
        };
    }

    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
