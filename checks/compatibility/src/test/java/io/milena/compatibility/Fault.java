package io.milena.compatibility;

/** What happens to a broker or its links, for a while. */
enum Fault {
    /** {@code kill -9}, and a new process at the end. */
    KILL,
    /** {@code SIGSTOP}, and {@code SIGCONT} at the end. */
    PAUSE,
    /** Nothing arrives any more between the broker and the others, in either direction; clients reach it. */
    ISOLATE,
    /** Nothing that it sends arrives at one of the others. */
    CUT_ONE_WAY,
    /** Its links work for a moment, and then do not, again and again. */
    FLAKY_LINKS,
    /** What it sends, to brokers and clients, goes at a hundredth of the speed, late, and some of it is lost. */
    SLOW_LINKS,
    /** Its disk has no space left. */
    FULL_DISK
}
