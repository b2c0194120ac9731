package io.milena.replication;

import io.milena.protocol.ErrorCode;

/** What a follower is doing. */
public sealed interface FollowerPhase {
    /** It fetches from the end of its log, whenever all of that is forced. */
    record Fetching() implements FollowerPhase {}

    /** After an error it fetches again, later. */
    record BackingOff(ErrorCode error, long untilMs) implements FollowerPhase {}

    /** Its log begins or ends elsewhere than the leader's: it has asked where that does. */
    record AskingOffsets() implements FollowerPhase {}

    /** The end of its log is being taken away. Whatever else happens, this ends first. */
    record Truncating() implements FollowerPhase {}

    /** There is no leader, or it has a later epoch than this follower knows: the next assignment will say more. */
    record AwaitingAssignment() implements FollowerPhase {}
}
