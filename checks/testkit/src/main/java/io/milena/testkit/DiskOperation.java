package io.milena.testkit;

/** What a program asks of its disk; the key by which faults are scripted. */
public enum DiskOperation {
    /** A channel is opened; the file may be created by it. */
    OPEN,
    READ,
    WRITE,
    TRUNCATE,
    /** A file or a directory is forced. */
    FORCE,
    CREATE_DIRECTORY,
    DELETE,
    MOVE,
    /** A directory is listed. */
    LIST
}
