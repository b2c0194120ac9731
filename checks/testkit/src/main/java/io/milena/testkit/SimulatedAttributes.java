package io.milena.testkit;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;

/** The basic attributes of one node at one moment. */
record SimulatedAttributes(long number, boolean isDirectory, long size, long creationMs, long modifiedMs)
        implements BasicFileAttributes {
    static SimulatedAttributes of(DiskNode node) {
        return switch (node) {
            case DiskFile file ->
                new SimulatedAttributes(file.number, false, file.cached.size(), file.creationMs, file.modifiedMs);
            case DiskNode.Directory directory ->
                new SimulatedAttributes(directory.number, true, 4096, directory.creationMs, directory.modifiedMs);
        };
    }

    /** The attributes that {@code names} lists, as in {@code "size,lastModifiedTime"} or {@code "*"}. */
    Map<String, Object> select(String names) {
        Map<String, Object> all = new TreeMap<>();
        all.put("creationTime", creationTime());
        all.put("fileKey", fileKey());
        all.put("isDirectory", isDirectory());
        all.put("isOther", isOther());
        all.put("isRegularFile", isRegularFile());
        all.put("isSymbolicLink", isSymbolicLink());
        all.put("lastAccessTime", lastAccessTime());
        all.put("lastModifiedTime", lastModifiedTime());
        all.put("size", size());
        String list = names.startsWith("basic:") ? names.substring("basic:".length()) : names;
        if (list.equals("*")) {
            return all;
        }
        Map<String, Object> selected = new TreeMap<>();
        for (String name : list.split(",", -1)) {
            Object value = all.get(name);
            if (value == null) {
                throw new UnsupportedOperationException("no attribute " + name);
            }
            selected.put(name, value);
        }
        return selected;
    }

    @Override
    public FileTime lastModifiedTime() {
        return FileTime.fromMillis(modifiedMs);
    }

    @Override
    public FileTime lastAccessTime() {
        return FileTime.fromMillis(modifiedMs);
    }

    @Override
    public FileTime creationTime() {
        return FileTime.fromMillis(creationMs);
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public Object fileKey() {
        return number;
    }
}
