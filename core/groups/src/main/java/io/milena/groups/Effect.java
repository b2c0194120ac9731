package io.milena.groups;

import io.milena.protocol.ApiMessage;

/** What the host has to do for the shard, in the order given. */
public sealed interface Effect {
    /**
     * Answers a request, now or long after it came. To be sent when every record that the shard had replayed by then is durable, see
     * {@link GroupShard}.
     *
     * @param response of the type and for the version of the request that the token stands for
     */
    record Reply(long token, ApiMessage response) implements Effect {}

    /** Sends {@link Command.TimerFired} at that time or later; replaces the running timer of the same key. */
    record SetTimer(TimerKey key, long atMs) implements Effect {}

    /** Something that people want to read in the log: why a round began, how it ended. One line, of bounded length. */
    record Note(String groupId, String text) implements Effect {}

    /** Something that people ask for later, and that is to be remembered for a while. */
    record Happened(String groupId, GroupEvent event) implements Effect {}

    /** Forgets a timer; it may be unknown or have fired. */
    record CancelTimer(TimerKey key) implements Effect {}
}
