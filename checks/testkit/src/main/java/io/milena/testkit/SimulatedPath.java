package io.milena.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path of a {@link SimulatedFileSystem}, with the syntax and the rules of Linux. */
final class SimulatedPath implements Path {
    private final SimulatedFileSystem fileSystem;
    private final boolean isAbsolute;
    /** Never empty for a relative path: the empty path has one empty name, as Linux has it. */
    private final List<String> names;

    private SimulatedPath(SimulatedFileSystem fileSystem, boolean isAbsolute, List<String> names) {
        this.fileSystem = fileSystem;
        this.isAbsolute = isAbsolute;
        this.names = !isAbsolute && names.isEmpty() ? List.of("") : List.copyOf(names);
    }

    static SimulatedPath parse(SimulatedFileSystem fileSystem, String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split("/", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return new SimulatedPath(fileSystem, text.startsWith("/"), names);
    }

    static SimulatedPath of(Path path) {
        if (path instanceof SimulatedPath simulated) {
            return simulated;
        }
        throw new ProviderMismatchException(path + " is not on a simulated disk");
    }

    private SimulatedPath with(boolean absolute, List<String> newNames) {
        return new SimulatedPath(fileSystem, absolute, newNames);
    }

    private boolean isEmpty() {
        return !isAbsolute && names.equals(List.of(""));
    }

    /** The names from the root on, without dots. */
    List<String> resolvedNames() {
        return toAbsolutePath().normalize().names;
    }

    @Override
    public SimulatedFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return isAbsolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return isAbsolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : with(false, List.of(names.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (!isAbsolute && names.size() == 1)) {
            return null;
        }
        return with(isAbsolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        if (beginIndex < 0 || endIndex > names.size() || beginIndex >= endIndex) {
            throw new IllegalArgumentException("no names " + beginIndex + " to " + endIndex + " in " + this);
        }
        return with(false, names.subList(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof SimulatedPath that
                && that.fileSystem == fileSystem
                && that.isAbsolute == isAbsolute
                && that.names.size() <= names.size()
                && names.subList(0, that.names.size()).equals(that.names);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof SimulatedPath that) || that.fileSystem != fileSystem) {
            return false;
        }
        if (that.isAbsolute) {
            return equals(that);
        }
        int offset = names.size() - that.names.size();
        return offset >= 0 && names.subList(offset, names.size()).equals(that.names);
    }

    @Override
    public SimulatedPath normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names) {
            boolean isUp = name.equals("..");
            if (isUp && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".") && !(isUp && isAbsolute)) {
                kept.add(name);
            }
        }
        return with(isAbsolute, kept);
    }

    @Override
    public Path resolve(Path other) {
        SimulatedPath that = of(other);
        if (that.isAbsolute || isEmpty()) {
            return that;
        }
        if (that.isEmpty()) {
            return this;
        }
        List<String> joined = new ArrayList<>(names);
        joined.addAll(that.names);
        return with(isAbsolute, joined);
    }

    @Override
    public Path relativize(Path other) {
        SimulatedPath that = of(other);
        if (that.isAbsolute != isAbsolute) {
            throw new IllegalArgumentException("one of " + this + " and " + other + " is absolute, one is not");
        }
        if (isEmpty()) {
            return that;
        }
        List<String> mine = normalize().names;
        List<String> theirs = that.isEmpty() ? List.of() : that.normalize().names;
        int same = 0;
        while (same < mine.size() && same < theirs.size() && mine.get(same).equals(theirs.get(same))) {
            same++;
        }
        List<String> way = new ArrayList<>();
        for (int i = same; i < mine.size(); i++) {
            way.add("..");
        }
        way.addAll(theirs.subList(same, theirs.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        return URI.create(SimulatedFileSystemProvider.SCHEME + "://disk-" + fileSystem.number() + toAbsolutePath());
    }

    @Override
    public SimulatedPath toAbsolutePath() {
        return isAbsolute ? this : with(true, isEmpty() ? List.of() : names);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        SimulatedPath real = toAbsolutePath().normalize();
        fileSystem.attributes(real);
        return real;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("a simulated disk cannot be watched");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SimulatedPath that
                && that.fileSystem == fileSystem
                && that.isAbsolute == isAbsolute
                && that.names.equals(names);
    }

    /** Only from the text, so that it is the same in every run. */
    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return (isAbsolute ? "/" : "") + String.join("/", names);
    }
}
